"""A draft is kept while typing, seen by no journal, and never written over unseen."""

from __future__ import annotations

import pytest

from resolve.journal.models import JournalEntry
from resolve.kit.database import Database, reading, transaction
from resolve.kit.errors import Invalid
from resolve.tasks import drafts
from resolve.tasks.drafts import DraftChanged
from resolve.tasks.models import Task, TaskDraft
from tests.builders import (
    MONDAY,
    all_rows,
    filed,
    published,
    tasks_by_department,
    work,
)


@pytest.fixture
def task(database: Database) -> Task:
    """The task of a department in a case about a late delivery."""
    published(database)
    case_id = filed(database).case_id
    work(database)
    return tasks_by_department(database, case_id)["stock"]


def save(
    database: Database, task: Task, text: str, *, revision: int, who: str = "olena"
) -> TaskDraft:
    with transaction(database) as session:
        return drafts.save(
            session, task.id, {"change-1": text}, revision=revision, who=who, at=MONDAY
        )


def test_what_is_typed_is_there_again_and_the_journal_knows_nothing_of_it(
    database: Database, task: Task
) -> None:
    before = len(all_rows(database, JournalEntry))

    first = save(database, task, "Pick", revision=0)
    save(database, task, "Pick earlier", revision=first.revision)

    with reading(database) as session:
        kept = drafts.draft(session, task.id)
        assert kept is not None
        assert kept.content == {"change-1": "Pick earlier"}
    assert len(all_rows(database, JournalEntry)) == before


def test_the_second_of_two_who_write_is_told_and_the_first_loses_nothing(
    database: Database, task: Task
) -> None:
    save(database, task, "Pick earlier", revision=0)

    with pytest.raises(DraftChanged) as refused:
        save(database, task, "Count twice", revision=0, who="petro")

    assert refused.value.extra["draft"]["content"] == {"change-1": "Pick earlier"}
    with reading(database) as session:
        kept = drafts.draft(session, task.id)
        assert kept is not None
        assert (kept.content, kept.saved_by) == ({"change-1": "Pick earlier"}, "olena")


def test_who_has_seen_the_other_text_may_put_theirs_in_its_place(
    database: Database, task: Task
) -> None:
    seen = save(database, task, "Pick earlier", revision=0)

    kept = save(database, task, "Count twice", revision=seen.revision, who="petro")

    assert (kept.content, kept.saved_by) == ({"change-1": "Count twice"}, "petro")


def test_the_same_text_twice_is_no_conflict(database: Database, task: Task) -> None:
    first = save(database, task, "Pick earlier", revision=0)

    again = save(database, task, "Pick earlier", revision=0, who="petro")

    assert again.revision == first.revision


def test_an_answer_is_not_sent_over_a_draft_that_its_writer_has_not_seen(
    database: Database, task: Task
) -> None:
    there = save(database, task, "Pick earlier", revision=0)

    with transaction(database) as session:
        with pytest.raises(DraftChanged):
            drafts.guard(session, task.id, {"change-1": "Count"}, revision=0)
        drafts.guard(session, task.id, {"change-1": "Pick earlier"}, revision=0)
        drafts.guard(session, task.id, {"change-1": "x"}, revision=there.revision)


def test_a_used_up_draft_is_gone_and_its_revision_is_never_used_again(
    database: Database, task: Task
) -> None:
    before = save(database, task, "Pick earlier", revision=0).revision
    with transaction(database) as session:
        drafts.use_up(session, task.id, at=MONDAY)

    with reading(database) as session:
        assert drafts.draft(session, task.id) is None
    assert (
        save(database, task, "Another thought", revision=before).revision > before + 1
    )


def test_a_text_that_no_database_holds_is_refused(
    database: Database, task: Task
) -> None:
    with pytest.raises(Invalid) as refused:
        save(database, task, "a\0b", revision=0)

    assert refused.value.pointer == "/change-1"
