"""Answers fit their task, change until the review opens, and carry requests."""

from __future__ import annotations

import pytest

from resolve.journal.models import JournalEntry
from resolve.kit.database import Database, reading, transaction
from resolve.kit.errors import Invalid
from resolve.reviews.service import open_review
from resolve.tasks.answers import Answering, Need, Proposal
from resolve.tasks.errors import (
    AlreadyAnswered,
    AlreadyReplied,
    AnswerForm,
    NotANeighbour,
    NotAnswered,
    ReviewOpen,
    StepNotInTask,
    TaskChanged,
    TaskNotOpen,
    TaskWithdrawn,
)
from resolve.tasks.models import Request, Task, TaskStatus
from resolve.tasks.queries import answers_to, task
from resolve.tasks.requests import ask, reply
from resolve.tasks.service import (
    answer,
    answer_several,
    change_answer,
    pass_on,
    withdraw,
)
from tests.builders import (
    MONDAY,
    all_rows,
    answered,
    filed,
    published,
    tasks_by_department,
    work,
)

OBSERVED = Answering(observed="Everything left us on time that day.")


@pytest.fixture
def tasks(database: Database) -> dict[str, Task]:
    """The tasks of a complaint about a late delivery."""
    published(database)
    case_id = filed(database).case_id
    work(database)
    return tasks_by_department(database, case_id)


def give(database: Database, task_id: str, given: Answering) -> Task:
    with transaction(database) as session:
        return answer(session, task_id, given, who="department:x", at=MONDAY)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        (Answering(), AnswerForm),
        (Answering((Proposal("a", "pick"),), observed="b"), AnswerForm),
        (Answering((Proposal("   ", "pick"),)), AnswerForm),
        (Answering(observed=""), AnswerForm),
        (Answering((Proposal("a", "pick"),), minutes=-1), AnswerForm),
        (Answering((Proposal("a", "deliver"),)), StepNotInTask),
        (Answering((Proposal("a", "pick", need=Need("carrier", "b")),)), NotANeighbour),
        (Answering((Proposal("a\0b", "pick"),)), Invalid),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_and_changes_nothing(
    database: Database,
    tasks: dict[str, Task],
    given: Answering,
    refusal: type[Exception],
) -> None:
    before = len(all_rows(database, JournalEntry))
    with pytest.raises(refusal):
        give(database, tasks["stock"].id, given)
    with reading(database) as session:
        assert task(session, tasks["stock"].id).status == TaskStatus.OPEN
    assert len(all_rows(database, JournalEntry)) == before


def test_a_second_answer_shows_the_first(
    database: Database, tasks: dict[str, Task]
) -> None:
    answered(database, tasks["stock"], "Count in the evening")
    with pytest.raises(AlreadyAnswered) as refused:
        give(database, tasks["stock"].id, OBSERVED)
    [shown] = refused.value.extra["answer"]["proposals"]
    assert shown == {"number": 1, "change": "Count in the evening", "step": "pick"}


def test_an_answer_changes_until_the_review_opens(
    database: Database, tasks: dict[str, Task]
) -> None:
    for one in tasks.values():
        answered(database, one)
    stock = tasks["stock"].id
    with transaction(database) as session:
        changed = change_answer(
            session, stock, OBSERVED, revision=2, who="d", at=MONDAY
        )
        assert changed.revision == 3
        kept = answers_to(session, [stock])[stock]
        assert kept.content == {"observed": OBSERVED.observed}
    with pytest.raises(TaskChanged), transaction(database) as session:
        change_answer(session, stock, OBSERVED, revision=2, who="d", at=MONDAY)
    with transaction(database) as session:
        open_review(session, tasks["stock"].case_id, who="qm", at=MONDAY)
    with pytest.raises(ReviewOpen), transaction(database) as session:
        change_answer(session, stock, OBSERVED, revision=3, who="d", at=MONDAY)


def test_there_must_be_an_answer_to_change(
    database: Database, tasks: dict[str, Task]
) -> None:
    with pytest.raises(NotAnswered), transaction(database) as session:
        change_answer(
            session, tasks["stock"].id, OBSERVED, revision=1, who="d", at=MONDAY
        )


def test_no_answer_is_taken_to_a_withdrawn_task(
    database: Database, tasks: dict[str, Task]
) -> None:
    with transaction(database) as session:
        withdraw(session, tasks["stock"].id, reason="no need", who="qm", at=MONDAY)
    with pytest.raises(TaskWithdrawn):
        give(database, tasks["stock"].id, OBSERVED)


def test_one_answer_is_given_to_several_like_tasks_or_to_none(
    database: Database, tasks: dict[str, Task]
) -> None:
    other = filed(database).case_id
    work(database)
    both = [tasks["stock"].id, tasks_by_department(database, other)["stock"].id]
    wrong = [*both, tasks["sales"].id]
    one = Answering((Proposal("Count twice", "pick"),))
    with pytest.raises(StepNotInTask), transaction(database) as session:
        answer_several(session, wrong, one, who="department:stock", at=MONDAY)
    with transaction(database) as session:
        done = answer_several(session, both, one, who="department:stock", at=MONDAY)
    assert {row.status for row in done} == {TaskStatus.ANSWERED}


def test_a_need_becomes_one_request_to_the_neighbour(
    database: Database, tasks: dict[str, Task]
) -> None:
    need = Need("packing", "Crates by noon")
    given = Answering((Proposal("Pick in the morning", "pick", need=need),))
    give(database, tasks["stock"].id, given)
    with transaction(database) as session:
        change_answer(session, tasks["stock"].id, given, revision=2, who="d", at=MONDAY)
    [made] = all_rows(database, Request)
    assert (made.from_department_id, made.department_id) == ("stock", "packing")
    with transaction(database) as session:
        reply(session, made.id, accept=True, who="department:packing", at=MONDAY)
    with pytest.raises(AlreadyReplied), transaction(database) as session:
        reply(session, made.id, accept=False, instead="At one", who="p", at=MONDAY)


def test_a_reply_either_accepts_or_proposes_something_else(
    database: Database, tasks: dict[str, Task]
) -> None:
    with transaction(database) as session:
        made = ask(
            session, tasks["sales"].id, department="billing", what="The price list",
            who="department:sales", at=MONDAY,
        )  # fmt: skip
        with pytest.raises(AnswerForm):
            reply(session, made.id, accept=False, who="b", at=MONDAY)
        with pytest.raises(AnswerForm):
            reply(session, made.id, accept=True, instead="no", who="b", at=MONDAY)
        replied = reply(
            session, made.id, accept=False, instead="On Friday", who="b", at=MONDAY
        )
    assert replied.status == "other_proposal"


def test_a_task_is_passed_on_to_a_colleague_while_it_is_open(
    database: Database, tasks: dict[str, Task]
) -> None:
    with transaction(database) as session:
        passed = pass_on(session, tasks["stock"].id, to="Petro", who="d", at=MONDAY)
        assert passed.assignee == "Petro"
    answered(database, tasks["stock"])
    with pytest.raises(TaskNotOpen), transaction(database) as session:
        pass_on(session, tasks["stock"].id, to="Olha", who="d", at=MONDAY)


def test_the_journal_holds_no_words_of_an_answer(
    database: Database, tasks: dict[str, Task]
) -> None:
    answered(database, tasks["stock"], "Kolibri nests above the shelf")
    filed(database, "Kolibri feathers in my parcel", customer={"name": "Kolibri"})
    with transaction(database) as session:
        withdraw(session, tasks["sales"].id, reason="Kolibri", who="qm", at=MONDAY)
    texts = [str(entry.data) for entry in all_rows(database, JournalEntry)]
    assert not any("Kolibri" in one for one in texts)


def test_an_answer_changed_by_word_of_mouth_says_so(
    database: Database, tasks: dict[str, Task]
) -> None:
    answered(database, tasks["stock"])
    with transaction(database) as session:
        change_answer(
            session, tasks["stock"].id, OBSERVED, revision=2, who="qm", at=MONDAY,
            by_word_of_mouth=True,
        )  # fmt: skip
        [kept] = answers_to(session, [tasks["stock"].id]).values()
        assert kept.by_word_of_mouth
