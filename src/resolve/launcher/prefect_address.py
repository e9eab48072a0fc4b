"""Where Prefect's API is: the server that is set, else the one `serve` runs here."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException
from urllib.request import Request, urlopen

from resolve.kit.errors import Unavailable
from resolve.kit.settings import Settings
from resolve.launcher.home import is_served

_PATIENCE = 3.0


class NoPrefect(Unavailable):
    """There is no server of Prefect to work with."""

    code = "no_prefect"


@dataclass(frozen=True, slots=True)
class PrefectAddress:
    """The API of a Prefect server, and what it asks its clients for."""

    url: str
    auth: str | None

    def answers(self) -> bool:
        """Tell whether it answers a question that takes it to its database."""
        request = Request(  # noqa: S310  an address of the administrator's
            f"{self.url.rstrip('/')}/work_pools/filter",
            data=json.dumps({"limit": 1}).encode(),
            headers={"Content-Type": "application/json"} | self.credentials(),
        )
        try:
            with urlopen(request, timeout=_PATIENCE) as answer:  # noqa: S310
                return bool(answer.status == HTTPStatus.OK)
        except (OSError, HTTPException):
            return False

    def credentials(self) -> dict[str, str]:
        if not self.auth:
            return {}
        coded = base64.b64encode(self.auth.encode()).decode("ascii")
        return {"Authorization": f"Basic {coded}"}


def prefect_of(settings: Settings) -> PrefectAddress:
    """Give the server that is set, else that of the `serve` that runs on this home.

    Raises:
        NoPrefect: neither is there.
    """
    if settings.prefect_url:
        auth = settings.prefect_auth
        return PrefectAddress(
            settings.prefect_url, auth.get_secret_value() if auth else None
        )
    address = kept_address(settings) if is_served(settings) else None
    if address is None:
        raise NoPrefect(
            f"There is no Prefect server to work with: `resolve serve` does not run on "
            f"{settings.home}, and RESOLVE_PREFECT_URL is not set.",
            hint="Start `resolve serve`, or name a server that runs already.",
        )
    return address


def kept_address(settings: Settings) -> PrefectAddress | None:
    """Read what `keep_address` wrote."""
    try:
        kept = json.loads(settings.file("prefect", "server.json").read_text("utf-8"))
        return PrefectAddress(str(kept["url"]), str(kept["auth"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def keep_address(settings: Settings, address: PrefectAddress) -> None:
    """Write down where our server is, for this user's eyes only."""
    file = settings.file("prefect", "server.json")
    fresh = file.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps({"url": address.url, "auth": address.auth}), "utf-8")
    fresh.replace(file)
