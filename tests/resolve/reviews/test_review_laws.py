"""Whatever a review does in whatever order, its laws hold."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resolve.analytics.replayed import differences
from resolve.handling.deciding import Decision, decide
from resolve.handling.reconciling import reconcile
from resolve.handling.upkeep import fire_all_due
from resolve.handling.voting import put_to_vote
from resolve.journal.models import JournalEntry
from resolve.kit.database import Database, open_database, reading, transaction
from resolve.kit.errors import ResolveError
from resolve.reviews import ballots
from resolve.reviews.models import (
    Ballot,
    BallotStatus,
    MetBy,
    Objection,
    ObjectionStatus,
    Position,
    Vote,
)
from resolve.reviews.motions import Motion
from resolve.reviews.objections import Meeting, meet, object_to, take_back
from resolve.reviews.rules import AGREEING
from resolve.reviews.service import open_review
from resolve.reviews.votes import Voting, vote
from resolve.solutions.models import Solution
from resolve.solutions.service import Agreement, agree
from resolve.tasks.models import Task
from tests.builders import (
    MONDAY,
    all_rows,
    answered,
    filed,
    published,
    tasks_by_department,
    work,
)

DEPARTMENTS = ("carrier", "packing", "sales", "stock")
Act = tuple[str, int, int]
# What leads on more often than what ends a ballot.
KINDS = (
    "put", "put", "vote", "vote", "vote", "all", "all", "object", "take_back", "meet",
    "decide", "decide", "mandate", "mandate", "change", "drop", "extend", "agree",
    "time", "time",
)  # fmt: skip
acts = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 3), st.integers(0, 11)),
    min_size=8, max_size=30,
)  # fmt: skip


class Reviewed:
    """A review in which people act by number, and what is refused changes nothing."""

    def __init__(self, file: Path) -> None:
        self.database: Database = open_database(f"sqlite:///{file}")
        self.at = MONDAY + timedelta(hours=1)
        self.tasks: list[Task] = sorted(
            all_rows(self.database, Task), key=lambda one: one.department_id
        )

    def act(self, kind: str, which: int, how: int) -> None:
        if kind == "time":
            self.at += timedelta(hours=40 * (1 + how))
            fire_all_due(self.database, at=self.at)
            work(self.database, at=self.at)
            return
        for one in DEPARTMENTS if kind == "all" else ("",):
            self.try_(self._chosen(kind, which, how, one))

    def _chosen(
        self, kind: str, which: int, how: int, department: str
    ) -> Callable[[Any], object] | None:
        task = self.tasks[which]
        ballot = self._last(Ballot, which)
        objection = self._last(Objection, which)
        who, until = "ab"[how % 2], self.at + timedelta(hours=how)
        known: dict[str, Any] = {"who": who, "at": self.at}
        soon = self.at.date()
        if kind == "put":
            motion = Motion(task.id, 1, None, "Ann", soon)
            return lambda s: put_to_vote(s, task.case_id, motion, **known)
        if kind == "agree":
            agreed = Agreement(task.id, 1, "Ann", soon)
            return lambda s: agree(s, task.case_id, agreed, **known)
        if kind in ("take_back", "meet"):
            if objection is None:
                return None
            meeting = Meeting(tuple(MetBy)[how % 3], "Yes", "Iryna")
            return {
                "take_back": lambda s: take_back(s, objection.id, **known),
                "meet": lambda s: meet(s, objection.id, meeting, **known),
            }[kind]
        if ballot is None:
            return None
        position = Position.AGREE if department else tuple(Position)[how % 4]
        voting = Voting(position, "" if position == Position.AGREE else "Because")
        voter = department or DEPARTMENTS[how % 4]
        decision = Decision(kind == "mandate", "r", "Ann", soon)
        changed = Motion(wording=f"Now {how}", owner="Ann", due=soon)
        of = ballot.id
        deciding = lambda s: decide(s, of, decision, **known)  # noqa: E731
        voting_so = lambda s: vote(s, of, voter, voting, **known)  # noqa: E731
        return {
            "vote": voting_so,
            "all": voting_so,
            "object": lambda s: object_to(s, of, "No", **known),
            "decide": deciding,
            "mandate": deciding,
            "change": lambda s: ballots.change(s, of, changed, **known),
            "drop": lambda s: ballots.drop(s, of, reason="r", **known),
            "extend": lambda s: ballots.extend(s, of, until=until, **known),
        }[kind]

    def _last(self, table: type[Any], which: int) -> Any:
        rows = all_rows(self.database, table)
        return rows[-1 - which] if which < len(rows) else rows[-1] if rows else None

    def try_(self, act: Callable[[Any], object] | None) -> None:
        if act is None:
            return
        before = len(all_rows(self.database, JournalEntry))
        try:
            with transaction(self.database) as session:
                act(session)
        except ResolveError:
            assert len(all_rows(self.database, JournalEntry)) == before

    def check(self) -> None:
        of = {one.id: one for one in all_rows(self.database, Ballot)}
        votes = all_rows(self.database, Vote)
        agreed = {
            (one.task_id, one.proposal) for one in all_rows(self.database, Solution)
        }
        for one in all_rows(self.database, Objection):
            about = of[one.ballot_id]
            if one.status == ObjectionStatus.OPEN:
                assert (about.task_id, about.proposal) not in agreed
        for ballot in of.values():
            if ballot.status == BallotStatus.AGREED and not ballot.by_mandate:
                given_to = [one for one in votes if one.ballot_id == ballot.id]
                said = {v.department_id for v in given_to if v.position in AGREEING}
                assert said == set(DEPARTMENTS)
            if ballot.by_mandate:
                assert ballot.reason
                assert ballot.decided_at is not None
                assert ballot.decided_at >= ballot.until
        with reading(self.database) as session:
            assert differences(session) == []
        with transaction(self.database) as session:
            assert reconcile(session, at=self.at) == 0


@pytest.fixture(scope="module")
def reviewed(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the file of a case in review, in which every department proposed."""
    file = tmp_path_factory.mktemp("review") / "review.db"
    shutil.copy(sqlite_template, file)
    database = open_database(f"sqlite:///{file}")
    published(database)
    case = filed(database).case_id
    work(database)
    for task in tasks_by_department(database, case).values():
        answered(database, task)
    work(database)
    with transaction(database) as session:
        open_review(session, case, who="qm", at=MONDAY)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.engine.dispose()
    return file


reached: set[str] = set()


@settings(max_examples=60)
@given(done=acts)
def test_nothing_is_agreed_over_what_the_customer_would_not_accept(
    reviewed: Path, done: list[Act]
) -> None:
    file = reviewed.with_name("try.db")
    for old in reviewed.parent.glob("try.db*"):
        old.unlink()
    shutil.copy(reviewed, file)
    review = Reviewed(file)
    try:
        for kind, which, how in done:
            review.act(kind, which, how)
        review.check()
        found = all_rows(review.database, Ballot)
        reached.update(one.status for one in found)
        reached.update("mandate" for one in found if one.by_mandate)
        reached.update(
            f"objection {one.status}" for one in all_rows(review.database, Objection)
        )
    finally:
        review.database.engine.dispose()


def test_the_acts_above_led_everywhere() -> None:
    if not reached:
        pytest.skip("runs after the test above")
    assert reached >= {
        *(str(one) for one in BallotStatus),
        *(f"objection {one}" for one in ObjectionStatus),
        "mandate",
    }
