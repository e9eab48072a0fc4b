"""Brings a database to the present form (Alembic); outside the layers."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from resolve.kit.database import Database
from resolve.kit.errors import Unavailable


class NotUpgraded(Unavailable):
    """The database has another form than this version works with."""

    code = "database_not_upgraded"


def upgrade(database: Database) -> None:
    """Bring the database to the newest form; twice is once."""
    with database.engine.connect().execution_options(resolve_writes=True) as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_newest(database: Database) -> bool:
    """Tell whether the database has the form that this version works with."""
    with database.engine.connect() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
    return present == ScriptDirectory.from_config(_config()).get_current_head()


def require_newest(database: Database) -> None:
    """Refuse to work on a database of another form.

    Raises:
        NotUpgraded: with what to do.
    """
    if not is_newest(database):
        raise NotUpgraded(
            "The database was made by another version of Resolve.",
            hint="Make a copy of it, then run `resolve db upgrade`.",
        )


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config
