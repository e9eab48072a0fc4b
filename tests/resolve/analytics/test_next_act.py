"""The short way to the end of a case: one act at a time, the customer first."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from resolve.analytics.case_facts import facts_of, lines
from resolve.analytics.next_act import CaseFacts, NextAct, next_act
from resolve.cases.models import Case
from resolve.cases.queries import case as the_case
from resolve.complaints.models import ClosedAs
from resolve.complaints.service import answer as answer_customer
from resolve.complaints.service import close as close_complaint
from resolve.handling.closing import close_case
from resolve.kit.database import Database, reading, transaction
from resolve.reviews.service import open_review
from resolve.solutions.models import Solution
from resolve.solutions.service import Agreement, agree, say_outcome
from resolve.tasks.models import Task
from tests.builders import (
    MONDAY,
    answered,
    filed,
    published,
    tasks_by_department,
    work,
)


@pytest.mark.parametrize(
    ("facts", "act"),
    [
        (CaseFacts("to_place", unanswered=1, answer_is_due=True), NextAct.PLACE),
        (CaseFacts("tasks", round=0, unanswered=1), NextAct.AWAIT_ANSWERS),
        (CaseFacts("tasks", round=1, awaited=1), NextAct.AWAIT_ANSWERS),
        (
            CaseFacts("tasks", round=1, awaited=1, unanswered=1, answer_is_due=True),
            NextAct.ANSWER_CUSTOMER,
        ),
        (CaseFacts("tasks", round=1, unanswered=1), NextAct.OPEN_REVIEW),
        (CaseFacts("review", round=1, proposals=2, unanswered=1), NextAct.AGREE),
        (CaseFacts("review", round=1, unanswered=1), NextAct.ANSWER_CUSTOMER),
        (
            CaseFacts("improving", round=1, proposals=1, agreements=1, agreed=1),
            NextAct.SAY_OUTCOME,
        ),
        (
            # A division agreed on is an agreement that nobody has to put in place.
            CaseFacts("review", round=1, proposals=2, agreements=1, unanswered=1),
            NextAct.ANSWER_CUSTOMER,
        ),
        (
            CaseFacts("review", round=1, proposals=2, agreements=1),
            NextAct.CLOSE_CASE,
        ),
        (CaseFacts("review", round=1, answered=1), NextAct.CLOSE_COMPLAINT),
        (CaseFacts("improving", round=1, agreements=1), NextAct.CLOSE_CASE),
        (CaseFacts("closed"), NextAct.NOTHING),
        (CaseFacts("merged"), NextAct.NOTHING),
    ],
)
def test_what_is_next_follows_from_the_facts(facts: CaseFacts, act: NextAct) -> None:
    assert next_act(facts) is act


def test_a_case_is_led_from_the_first_act_to_the_last(database: Database) -> None:
    published(database)
    one = filed(database, promise="intact")
    seen = [_next(database, one.case_id)]
    work(database)
    tasks = [answered(database, t) for t in _tasks(database, one.case_id)]
    work(database)
    wanted = Agreement(tasks[0].id, 1, "head", MONDAY.date())
    acts: tuple[Callable[[Session], object], ...] = (
        lambda s: open_review(s, one.case_id, who="q", at=MONDAY),
        lambda s: agree(s, one.case_id, wanted, who="q", at=MONDAY),
        lambda s: answer_customer(s, one.number, text="Sorry.", who="q", at=MONDAY),
        lambda s: say_outcome(s, _agreed(s), in_place=True, who="q", at=MONDAY),
        lambda s: close_complaint(
            s, one.number, closed_as=ClosedAs.ACCEPTED, who="q", at=MONDAY
        ),
        lambda s: close_case(s, one.case_id, who="q", at=MONDAY),
    )
    for act in acts:
        seen.append(_next(database, one.case_id))
        with transaction(database) as session:
            act(session)
    assert [*seen, _next(database, one.case_id)] == [
        NextAct.AWAIT_ANSWERS,
        NextAct.OPEN_REVIEW,
        NextAct.AGREE,
        NextAct.ANSWER_CUSTOMER,
        NextAct.SAY_OUTCOME,
        NextAct.CLOSE_COMPLAINT,
        NextAct.CLOSE_CASE,
        NextAct.NOTHING,
    ]


def _agreed(session: Session) -> str:
    return session.exec(select(Solution.id)).one()


def test_a_line_stands_for_all_customers_of_its_case(database: Database) -> None:
    published(database)
    one = filed(database, "First")
    filed(database, "Other")
    with reading(database) as session:
        (line,) = lines(session, [one.case_id], at=MONDAY)
        facts = facts_of(session, [the_case(session, one.case_id)], at=MONDAY)
    assert line.first is not None
    assert (line.first.text, line.customers) == ("First", 1)
    assert facts[one.case_id].unanswered == 1


def _next(database: Database, case_id: str) -> NextAct:
    with reading(database) as session:
        case = session.get_one(Case, case_id)
        return next_act(facts_of(session, [case], at=MONDAY)[case_id])


def _tasks(database: Database, case_id: str) -> list[Task]:
    return list(tasks_by_department(database, case_id).values())
