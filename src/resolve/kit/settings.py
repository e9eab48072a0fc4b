"""Settings: the one reader of the environment and of a `.env` file."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from resolve.kit.errors import Invalid


class Settings(BaseSettings):
    """What an administrator can set; `resolve settings` lists it with these texts."""

    model_config = SettingsConfigDict(
        env_prefix="RESOLVE_", env_file=".env", extra="ignore", frozen=True
    )

    home: Path = Field(
        Path(".resolve"),
        description="Folder that holds everything the embedded default writes.",
    )
    database_url: SecretStr | None = Field(
        None,
        description="Database of Resolve; by default an SQLite file under the home.",
    )
    host: str = Field("127.0.0.1", description="Address that the API listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port that the API listens on.")
    address: str | None = Field(
        None,
        pattern="^https?://[^/\\s]+$",
        description="Where people open Resolve in a browser, for links in letters; "
        "by default http://HOST:PORT.",
    )
    rate_limit: int = Field(
        6000, ge=0, description="Requests per key and minute and process; 0 = no limit."
    )
    prefect_url: str | None = Field(
        None,
        description="API of a Prefect server that runs already; by default ours.",
    )
    prefect_auth: SecretStr | None = Field(
        None, description="Auth string of that Prefect server."
    )
    quality_manager: str = Field(
        "quality-manager",
        min_length=1,
        max_length=100,
        description="Quality manager on duty: owns and facilitates cases by default.",
    )
    language: str = Field(
        "en",
        pattern="^(en|ru|uk)$",
        description="Language where a reader's is not known: en, ru or uk.",
    )
    answer_within: int = Field(
        10,
        ge=1,
        le=365,
        description="Working days of the default calendar for the customer's answer.",
    )
    public_form: bool = Field(
        default=True,
        description="Whether customers can complain at /complain, without an account.",
    )
    public_rate: int = Field(
        30,
        ge=0,
        description="Complaints that one address may send by the public form, per hour "
        "and process; 0 = no limit.",
    )
    files: int = Field(
        5, ge=0, le=20, description="Files that a complaint may come with by a form."
    )
    file_size: int = Field(
        10, ge=1, le=100, description="Megabytes that such a file may have."
    )
    batch: int = Field(
        500, ge=1, le=5000, description="Events that one flow run handles at most."
    )
    smtp_host: str | None = Field(
        None,
        min_length=1,
        description="Mail server; without one, letters are put into a folder.",
    )
    smtp_port: int | None = Field(
        None, ge=1, le=65535, description="Its port; by default 587, 465 or 25, by TLS."
    )
    smtp_user: str | None = Field(None, description="Name to sign in to it with.")
    smtp_password: SecretStr | None = Field(None, description="Password for that name.")
    smtp_tls: str = Field(
        "starttls",
        pattern="^(starttls|tls|none)$",
        description="How the way to it is protected: starttls, tls or none.",
    )
    smtp_from: str = Field(
        "resolve@localhost",
        pattern=r"^[^\s<>@]{1,64}@[A-Za-z0-9.-]{1,189}$",
        description="Address that letters come from.",
    )
    seal_key: SecretStr | None = Field(
        None,
        description="Key of the journal's seals; by default the file seal.key at home.",
    )
    log_level: str = Field(
        "INFO",
        pattern="^(DEBUG|INFO|WARNING|ERROR)$",
        description="Least important line that is logged.",
    )

    @property
    def url(self) -> str:
        """Address of the database, the embedded one if none is set."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{(self.home / 'resolve.db').absolute()}"

    def link(self, path: str) -> str:
        """Give the whole address of one of our pages."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104
        host = f"[{host}]" if ":" in host else host
        return f"{self.address or f'http://{host}:{self.port}'}{path}"

    def file(self, *parts: str) -> Path:
        """Give a path under the home and make its folder."""
        path = self.home.absolute().joinpath(*parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        return path


@cache
def settings() -> Settings:
    """Read the settings once per process.

    Raises:
        Invalid: a variable holds a value that cannot be used.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "RESOLVE_" + str(first["loc"][0]).upper()
        raise Invalid(
            f"The setting {name} cannot be used: {first['msg']}.",
            hint="`resolve settings` lists what each setting takes.",
        ) from None
