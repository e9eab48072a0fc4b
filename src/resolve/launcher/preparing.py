"""Before anything starts: the database has the form that this version works with."""

from __future__ import annotations

from alembic.util.exc import CommandError
from sqlalchemy import inspect

from resolve.kit.database import Database, open_database, reading
from resolve.kit.settings import Settings
from resolve.migrations import NotUpgraded, is_newest, require_newest, upgrade


def prepare_database(settings: Settings) -> None:
    """Make or upgrade an SQLite database; PostgreSQL only if it is empty.

    Raises:
        NotUpgraded: it holds data of another version, and a copy comes first.
        DatabaseAway: it cannot be reached.
    """
    database = open_database(settings.url)
    try:
        with reading(database) as session:
            session.connection()
        if not is_newest(database):
            _upgrade(database)
    finally:
        database.engine.dispose()


def _upgrade(database: Database) -> None:
    if not database.is_sqlite and inspect(database.engine).get_table_names():
        require_newest(database)
    try:
        upgrade(database)
    except CommandError as why:
        raise NotUpgraded(
            "The database was made by a newer version of Resolve.",
            hint="Use that version, or a copy of the database from before.",
        ) from why
