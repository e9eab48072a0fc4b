"""Brings a database to the present form (Alembic); outside the layers."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect

from resolve.kit.database import Database, transaction
from resolve.kit.errors import Unavailable
from resolve.migrations.statistics import tell

_HERE = Path(__file__).parent


class NotUpgraded(Unavailable):
    """The database has another form than this version works with."""

    code = "database_not_upgraded"


def upgrade(database: Database) -> None:
    """Bring the database to the newest form; twice is once."""
    # Every start asks for the form; only this needs Alembic, which is slow.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    with database.engine.connect().execution_options(resolve_writes=True) as connection:
        config = Config()
        config.set_main_option("script_location", str(_HERE))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    with transaction(database) as session:
        tell(session.connection())


def is_newest(database: Database) -> bool:
    """Tell whether the database has the form that this version works with."""
    with database.engine.connect() as connection:
        return _present(connection) == newest()


def newest() -> str:
    """Give the newest revision: the number that the name of its file begins with."""
    files = [file.name for file in (_HERE / "versions").glob("[0-9]*.py")]
    return max(files).partition("_")[0]


def require_newest(database: Database) -> None:
    """Refuse to work on a database of another form.

    Raises:
        NotUpgraded: with what to do.
    """
    with database.engine.connect() as connection:
        present = _present(connection)
    if present is None:
        raise NotUpgraded(
            "The database has no tables of Resolve yet.",
            hint="`resolve db upgrade` makes them.",
        )
    if present != newest():
        raise NotUpgraded(
            "The database was made by another version of Resolve.",
            hint="Make a copy of it, then run `resolve db upgrade`.",
        )


def _present(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version")
    return found.scalar()
