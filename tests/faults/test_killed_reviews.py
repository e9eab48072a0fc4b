"""Killed while departments vote and while changes are judged: once is once."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

import pytest
from sqlmodel import col, func, select

from resolve.handling.voting import put_to_vote
from resolve.journal.models import JournalEntry
from resolve.kit.clock import now
from resolve.kit.database import Database, reading, transaction
from resolve.launcher.prefect_address import PrefectAddress
from resolve.messages.models import Message, MessageKind
from resolve.reviews.models import Ballot, BallotStatus, Vote
from resolve.reviews.motions import Motion
from resolve.reviews.service import open_review
from resolve.solutions.aims import Aim
from resolve.solutions.judging import Measure
from resolve.solutions.models import Solution, SolutionStatus
from resolve.solutions.service import Agreement, agree, say_outcome
from resolve.steptimes.rows import Timing
from tests.builders import all_rows, answered, filed, tasks_by_department, work
from tests.faults.conftest import Company
from tests.faults.people import at_once, caller
from tests.faults.processes import Served, until
from tests.faults.truth import assert_all_is_well, count, wait_until_settled
from tests.resolve.steptimes.orders import TO_THE_DOOR, took

API, WORKER = "resolve_api", "resolve_flows"
ASKED = ("sales", "stock", "packing", "carrier")
MANAGER = "person:quality-manager"
DAY = timedelta(days=1)


# ------------------------------------------------------------------------- the votes


@pytest.mark.timeout(300)
def test_killing_api_and_worker_while_departments_vote_and_it_is_decided(
    sqlite_company: Company, chance: Random, scale: float
) -> None:
    company, many = sqlite_company, max(4, int(20 * scale))
    ballots = [one for case in _in_review(company, many) for one in _put(company, case)]
    served = company.processes.serve()

    order = {one: chance.sample(ballots, len(ballots)) for one in ASKED}
    voting = [partial(_votes, served, company, d, order[d]) for d in ASKED]
    votes = len(ballots) * len(ASKED)
    moments = sorted(chance.sample(range(1, votes), 2))
    killing = partial(_kill, served, company.database, [API, WORKER], moments)
    *said, _ = at_once([*voting, killing])
    wait_until_settled(company.database)
    told = {key: text for one in said for key, text in one.items()}
    _every_vote_is_there_once(company.database, told, ballots)

    decided = at_once(
        [
            partial(_decide, served, company, ballots),
            partial(_kill_after, served, chance.uniform(0, 0.5)),
        ]
    )[0]
    wait_until_settled(company.database)
    assert decided == set(ballots)
    _each_is_agreed_once(company.database, ballots)
    assert_all_is_well(company.database, company.settings)


def _in_review(company: Company, many: int) -> list[str]:
    """Give so many cases to which every department has proposed something."""
    made = [filed(company.database, at=now()).case_id for _ in range(many)]
    work(company.database, at=now())
    for case in made:
        for task in tasks_by_department(company.database, case).values():
            answered(company.database, task, at=now())
    work(company.database, at=now())
    with transaction(company.database) as session:
        for case in made:
            open_review(session, case, who=MANAGER, at=now())
    return made


def _put(company: Company, case: str) -> list[str]:
    """Put two of the proposals to the vote."""
    tasks = tasks_by_department(company.database, case)
    due = (now() + 30 * DAY).date()
    with transaction(company.database) as session:
        return [
            put_to_vote(
                session, case, Motion(tasks[one].id, 1, owner="Olena", due=due),
                who=MANAGER, at=now(),
            ).id
            for one in ("packing", "stock")
        ]  # fmt: skip


def _votes(
    served: Served, company: Company, department: str, ballots: Sequence[str]
) -> dict[tuple[str, str], str]:
    """Let a department agree to everything, with a note; give what got its answer."""
    told: dict[tuple[str, str], str] = {}
    with caller(served, company.keys[department], timeout=5) as by:
        for ballot in ballots:
            note = f"{department} helps with {ballot}"
            body = {"position": "agree", "text": note}
            answer = by.call("POST", f"/ballots/{ballot}/vote", json=body)
            assert answer.status_code == 200, answer.text
            told[ballot, department] = note
            time.sleep(0.05)
    return told


def _kill(
    served: Served, database: Database, victims: Sequence[str], moments: Sequence[int]
) -> None:
    """Kill one after the other, as soon as so many votes are there."""
    for victim, votes in zip(victims, moments, strict=True):
        until(partial(_voted, database, votes), within=90, what=f"{votes} votes")
        until(partial(served.kill_child, victim), within=30, what=f"{victim} runs")


def _voted(database: Database, votes: int) -> bool:
    return count(database, Vote) >= votes


def _kill_after(served: Served, seconds: float) -> None:
    time.sleep(seconds)
    until(partial(served.kill_child, API), within=30, what="the API runs")


def _decide(served: Served, company: Company, ballots: Sequence[str]) -> set[str]:
    """Let the manager agree on all; what was decided unheard is decided."""
    decided: set[str] = set()
    with caller(served, company.keys["manager"], timeout=5) as by:
        for ballot in ballots:
            answer = by.call("POST", f"/ballots/{ballot}/decide", json={})
            if answer.status_code != 200:
                assert answer.json()["code"] == "already_agreed", answer.text
            decided.add(ballot)
    return decided


def _every_vote_is_there_once(
    database: Database, told: dict[tuple[str, str], str], ballots: Sequence[str]
) -> None:
    votes = all_rows(database, Vote)
    assert {(v.ballot_id, v.department_id): v.text for v in votes} == told
    assert len(votes) == len(told) == len(ballots) * len(ASKED)
    entered = [e for e in all_rows(database, JournalEntry) if e.what == "voted"]
    _once((e.data["ballot"], e.data["department"]) for e in entered)
    assert len(entered) == len(votes)
    ready = _messages(database, MessageKind.ALL_VOTED)
    assert sorted(m.facts["ballot"] for m in ready) == sorted(ballots)


def _each_is_agreed_once(database: Database, ballots: Sequence[str]) -> None:
    stored = all_rows(database, Ballot)
    assert {one.status for one in stored} == {BallotStatus.AGREED}
    agreed = [(one.task_id, one.proposal) for one in all_rows(database, Solution)]
    assert sorted(agreed) == sorted((one.task_id, one.proposal) for one in stored)
    entered = [e for e in all_rows(database, JournalEntry) if e.what == "decided"]
    assert sorted(e.data["ballot"] for e in entered) == sorted(ballots)
    told = Counter(
        (m.facts["ballot"], m.recipient)
        for m in _messages(database, MessageKind.DECIDED)
    )
    expected = [(b, f"department:{one}") for b in ballots for one in ASKED]
    assert told == Counter(expected)


# ----------------------------------------------------------------------- the verdicts


@pytest.mark.timeout(300)
def test_killing_the_worker_while_it_judges_gives_each_change_one_verdict(
    company: Company, prefect: PrefectAddress, chance: Random, scale: float
) -> None:
    many = max(8, int(40 * scale))
    made = _in_place(company, many)

    for judged in sorted(chance.sample(range(1, many), 2)):
        worker = company.processes.worker(prefect)
        until(
            partial(_judged, company.database, judged),
            within=60, what=f"{judged} of {many} are judged", every=0.01,
        )  # fmt: skip
        worker.kill()
        worker.wait(10)
    company.processes.worker(prefect)
    until(
        partial(_judged, company.database, many),
        within=60, what="all are judged",
    )  # fmt: skip
    wait_until_settled(company.database)

    _each_has_one_verdict(company.database, made)
    assert_all_is_well(company.database, company.settings)


def _in_place(company: Company, many: int) -> dict[str, str]:
    """Put so many changes in place, forty days ago; give the department of each.

    Packing has taken less since then, picking has not.
    """
    took(company.database, list(_orders(now() - 80 * DAY)), at=now())
    made: dict[str, str] = {}
    day = (now() - 40 * DAY).date()
    for number, case in enumerate(_in_review(company, many)):
        department = ("packing", "stock")[number % 2]
        task = tasks_by_department(company.database, case)[department].id
        aim = Aim(Measure.STEP, expected=-0.2, days=30)
        with transaction(company.database) as session:
            change = Agreement(task, 1, "Olena", now().date() + DAY, aim)
            found = agree(session, case, change, who=MANAGER, at=now())
            say_outcome(session, found.id, in_place=True, on=day, who=MANAGER, at=now())
            made[found.id] = department
    return made


def _orders(began: datetime) -> Iterator[Timing]:
    """Make four orders a day; from the middle on, packing takes half of its time."""
    chance = Random("orders")  # noqa: S311  made orders, no secrets
    for number in range(300):
        at = began + DAY * (number / 4)
        for step in TO_THE_DOOR:
            hours = chance.uniform(3, 5)
            if step == "pack" and number >= 150:
                hours /= 2
            ended = at + timedelta(hours=hours)
            yield Timing(f"A-{number}", step, ended, at)
            at = ended


def _judged(database: Database, many: int) -> bool:
    ended = (SolutionStatus.PROVEN, SolutionStatus.NOT_PROVEN)
    asked = select(func.count()).where(col(Solution.status).in_(ended))
    with reading(database) as session:
        return session.exec(asked).one() >= many


def _each_has_one_verdict(database: Database, made: dict[str, str]) -> None:
    expected = {
        of: SolutionStatus.PROVEN if who == "packing" else SolutionStatus.NOT_PROVEN
        for of, who in made.items()
    }
    assert {one.id: one.status for one in all_rows(database, Solution)} == expected
    entered = Counter(
        (e.data["agreement"], e.what)
        for e in all_rows(database, JournalEntry)
        if e.what in set(SolutionStatus) - {SolutionStatus.IN_PLACE}
    )
    verdicts = {of: n for of, n in entered.items() if of[1] in expected.values()}
    assert verdicts == dict.fromkeys(expected.items(), 1)
    everybody = {f"department:{one}" for one in ASKED}
    _told_once(database, MessageKind.PROVEN, made, "packing", everybody)
    _told_once(database, MessageKind.NOT_PROVEN, made, "stock", everybody | {MANAGER})


def _told_once(
    database: Database, kind: MessageKind, made: dict[str, str], of: str, to: set[str]
) -> None:
    told = Counter(
        (m.facts["agreement"], m.recipient) for m in _messages(database, kind)
    )
    of_those = [one for one, department in made.items() if department == of]
    assert told == Counter((one, who) for one in of_those for who in to)


# --------------------------------------------------------------------------- for both


def _messages(database: Database, kind: MessageKind) -> list[Message]:
    return [one for one in all_rows(database, Message) if one.kind == kind]


def _once(keys: Iterator[Any]) -> None:
    twice = [key for key, n in Counter(keys).items() if n > 1]
    assert not twice, f"twice: {twice[:3]}"
