"""Databases of earlier versions go on with this one; models and migrations agree."""

from __future__ import annotations

import gzip
from collections import Counter
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from resolve.access.models import Person
from resolve.analytics.replayed import differences
from resolve.attachments.models import Attachment
from resolve.cases.models import Case, TalkEntry
from resolve.complaints.models import Complaint
from resolve.handovers.models import HandoverStandard
from resolve.journal.verify import verify
from resolve.kit.database import Database, open_database, reading
from resolve.messages.models import Delivery
from resolve.migrations import require_newest, upgrade
from resolve.reviews.models import Ballot, Division, Objection, Vote
from resolve.solutions.models import Solution
from resolve.steptimes.models import StepTime
from resolve.tables import metadata
from resolve.tasks.models import Task
from tests.builders import all_rows, work

# The company of the demonstration as each version left it: key of its seals, contents.
EARLIER = {
    "0.1.0": (b"0.1.0", {Case: 20, Complaint: 22, Task: 69}),
    "0.2.0": (
        b"0.2.0",
        {Case: 20, Task: 69, Person: 28, Delivery: 0, TalkEntry: 1, Attachment: 1},
    ),
    "0.3.0": (
        b"0.3.0",
        {Case: 21, Ballot: 1, Vote: 1, Objection: 1, Division: 1, StepTime: 25}
        | {HandoverStandard: 2, Solution: 6},
    ),
    "0.4.0": (b"0.4.0", {Case: 23, Ballot: 2, Vote: 5, Division: 2, StepTime: 1026}),
}


@pytest.mark.parametrize("version", EARLIER)
def test_a_database_of_an_earlier_version_is_upgraded_whole(
    version: str, tmp_path: Path
) -> None:
    packed = Path(__file__).with_name(f"{version}.db.gz")
    (tmp_path / "resolve.db").write_bytes(gzip.decompress(packed.read_bytes()))
    database = open_database(f"sqlite:///{tmp_path / 'resolve.db'}")
    upgrade(database)
    require_newest(database)
    key, contents = EARLIER[version]
    for table, count in contents.items():
        assert len(all_rows(database, table)) == count
    with reading(database) as session:
        assert verify(session, key=key).sound
        assert not list(differences(session))
    work(database)
    database.engine.dispose()


def test_the_tables_of_the_models_are_those_of_the_migrations(
    database: Database,
) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": _says_more_than_text,
                "include_name": _is_no_index_of_words,
            },
        )
        found = compare_metadata(context, metadata)
    assert Counter(map(str, found)) == Counter()


def _is_no_index_of_words(name: str | None, _kind: str, _parents: object) -> bool:
    """Leave out what finds words, which no model names: each database has its own."""
    return not (name or "").startswith(("findable_words", "ix_findable_words"))


def _says_more_than_text(
    _context: object, _column: object, _meta: object, there: object, wanted: object
) -> bool | None:
    """Let a text without a length be a text: SQLModel has a type of its own for it."""
    unbounded = getattr(wanted, "length", 0) is None
    return False if unbounded and str(there) in {"TEXT", "VARCHAR"} else None
