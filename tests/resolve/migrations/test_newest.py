"""The form of a database, asked for without the library that changes it."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

import resolve.migrations
from resolve.kit.database import Database, open_database
from resolve.migrations import NotUpgraded, is_newest, newest, require_newest, upgrade


def test_newest_revision_is_the_one_that_alembic_ends_at() -> None:
    config = Config()
    config.set_main_option(
        "script_location", str(Path(resolve.migrations.__file__).parent)
    )
    assert newest() == ScriptDirectory.from_config(config).get_current_head()


def test_upgraded_database_has_the_newest_form(database: Database) -> None:
    upgrade(database)  # twice is once
    assert is_newest(database)


def test_empty_database_is_not_worked_on(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(NotUpgraded):
        require_newest(database)
    database.engine.dispose()
