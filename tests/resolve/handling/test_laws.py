"""Whatever people do in whatever order, the laws of the house hold."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from resolve.cases.models import Case
from resolve.cases.service import place
from resolve.chain.model import PromiseConcern
from resolve.complaints import service as complaints
from resolve.complaints.filing import Filing, file
from resolve.complaints.models import ClosedAs, Complaint
from resolve.handling.closing import close_case
from resolve.handling.deciding import Decision, decide
from resolve.handling.proving import judge_all_due
from resolve.handling.reconciling import reconcile
from resolve.handling.upkeep import fire_all_due
from resolve.handling.voting import put_to_vote
from resolve.journal.models import JournalEntry
from resolve.journal.rules import replay
from resolve.journal.service import seal
from resolve.journal.verify import verify
from resolve.kit.database import Database, open_database, reading, transaction
from resolve.kit.errors import ResolveError
from resolve.reviews import ballots
from resolve.reviews.asking import ask_once_more
from resolve.reviews.models import (
    Ballot,
    MetBy,
    Objection,
    ObjectionStatus,
    Position,
    Vote,
)
from resolve.reviews.motions import Motion
from resolve.reviews.objections import Meeting, meet, object_to, take_back
from resolve.reviews.service import open_review
from resolve.reviews.votes import Voting, vote
from resolve.solutions.aims import Aim
from resolve.solutions.judging import Measure
from resolve.solutions.models import Solution
from resolve.solutions.proving import prove_longer
from resolve.solutions.service import Agreement, agree, say_outcome
from resolve.steptimes.rows import Timing, keyed
from resolve.steptimes.service import take
from resolve.tasks.answers import Answering, Need, Proposal
from resolve.tasks.models import Request, Task
from resolve.tasks.queries import participant
from resolve.tasks.requests import reply
from resolve.tasks.service import answer, change_answer, extend, withdraw
from tests.builders import HOUSE, MONDAY, ORDER, all_rows, published, work

KEY = b"key"
CONCERNS = (
    ("door", "on-time"), ("door", "intact"), ("payment", "correct-bill"),
    ("door", None), (None, None), ("nowhere", "on-time"),
)  # fmt: skip
AIMS = (
    None, Aim(Measure.STEP, days=2), Aim(Measure.ORDER, orders=20),
    Aim(Measure.WAIT, handover=("pick", "pack")), Aim(Measure.ON_TIME, days=3),
)  # fmt: skip
pick = st.integers(0, 10_000)


class House(RuleBasedStateMachine):
    """Everybody acts at random; what is refused must change nothing."""

    def __init__(self, template: Path) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="resolve-laws-"))
        shutil.copy(template, self.folder / "resolve.db")
        self.database: Database = open_database(f"sqlite:///{self.folder}/resolve.db")
        self.at: datetime = MONDAY
        self.edits = 0
        self.logs = 0

    def teardown(self) -> None:
        self.database.engine.dispose()
        shutil.rmtree(self.folder)

    def one(self, table: type, number: int) -> Any:  # a row, if there is one
        rows = all_rows(self.database, table)
        return rows[number % len(rows)] if rows else None

    @initialize()
    def a_map_is_published(self) -> None:
        published(
            self.database, ORDER.replace(b"id: order\n", b"id: order\njoin: P1D\n")
        )

    @rule(
        concern=st.sampled_from(CONCERNS),
        reference=st.sampled_from(["a", None]),
        settled=st.sampled_from([False, False, True]),
    )
    def somebody_complains(
        self,
        concern: tuple[str | None, str | None],
        reference: str | None,
        *,
        settled: bool,
    ) -> None:
        touchpoint, promise = concern
        filing = Filing(
            text="Late", source="test", touchpoint=touchpoint, promise=promise,
            reference=reference, settled_at_once=settled,
        )  # fmt: skip
        self.try_(lambda s: file(s, filing, house=HOUSE, who="w", at=self.at))

    @rule()
    def the_worker_works(self) -> None:
        work(self.database, at=self.at)

    @rule(hours=st.integers(1, 60))
    def time_passes(self, hours: int) -> None:
        self.at += timedelta(hours=hours)
        fire_all_due(self.database, at=self.at)

    @rule()
    def the_map_changes(self) -> None:
        self.edits += 1
        title = b"title: Pick %d" % self.edits
        published(self.database, ORDER.replace(b"title: Pick", title), at=self.at)

    @rule(number=pick)
    def a_case_is_placed(self, number: int) -> None:
        case = self.one(Case, number)
        concern = PromiseConcern(
            *(("door", "intact"), ("payment", "correct-bill"))[number % 2]
        )
        self.try_(
            lambda s: place(
                s, case.id, map_id="order", concern=concern, who="qm", at=self.at
            ),
            case,
        )

    @rule(number=pick, proposes=st.booleans(), again=st.booleans())
    def a_task_is_answered(self, number: int, *, proposes: bool, again: bool) -> None:
        task = self.one(Task, number)
        if task is None:
            return
        with reading(self.database) as session:
            to = participant(session, task)
        need = Need(to.neighbours[0], "Earlier") if to.neighbours else None
        given = (
            Answering((Proposal("Change", to.steps[0], need=need),))
            if proposes
            else Answering(observed="All as agreed")
        )
        if again:
            self.try_(
                lambda s: change_answer(
                    s, task.id, given, revision=task.revision, who="d", at=self.at
                )
            )
        else:
            self.try_(lambda s: answer(s, task.id, given, who="d", at=self.at))

    @rule(number=pick, accept=st.booleans())
    def a_neighbour_replies(self, number: int, *, accept: bool) -> None:
        asked = self.one(Request, number)
        instead = None if accept else "On Friday"
        self.try_(
            lambda s: reply(
                s, asked.id, accept=accept, instead=instead, who="n", at=self.at
            ),
            asked,
        )

    @rule(number=pick, more=st.booleans())
    def the_facilitator_tends_a_task(self, number: int, *, more: bool) -> None:
        task = self.one(Task, number)
        due = self.at + timedelta(days=3)
        act = (
            (lambda s: extend(s, task.id, due=due, reason="r", who="qm", at=self.at))
            if more
            else (lambda s: withdraw(s, task.id, reason="r", who="qm", at=self.at))
        )
        self.try_(act, task)

    @rule(number=pick)
    def a_review_opens(self, number: int) -> None:
        case = self.one(Case, number)
        self.try_(lambda s: open_review(s, case.id, who="qm", at=self.at), case)

    @rule(number=pick, owner=st.booleans())
    def a_proposal_is_put_to_the_vote(self, number: int, *, owner: bool) -> None:
        task = self.one(Task, number)
        if task is None:
            return
        named = ("Ann", self.at.date()) if owner else ("", None)
        motion = Motion(task.id, 1, None, *named)
        self.try_(lambda s: put_to_vote(s, task.case_id, motion, who="qm", at=self.at))

    @rule(number=pick, position=st.sampled_from(Position), who=st.sampled_from("ab"))
    def a_department_votes(self, number: int, position: Position, who: str) -> None:
        ballot, task = self.one(Ballot, number), self.one(Task, number // 7)
        voting = Voting(position, "" if position == Position.AGREE else "Because")
        self.try_(
            lambda s: vote(
                s, ballot.id, task.department_id, voting, who=who, at=self.at,
                by_word_of_mouth=number % 3 == 0,
            ),
            ballot, task,
        )  # fmt: skip

    @rule(number=pick)
    def everybody_agrees(self, number: int) -> None:
        ballot = self.one(Ballot, number)
        if ballot is None:
            return
        for task in all_rows(self.database, Task):
            if task.case_id == ballot.case_id:
                self.try_(
                    lambda s, of=task.department_id: vote(
                        s, ballot.id, of, Voting(Position.AGREE), who="a", at=self.at
                    )
                )

    @rule(number=pick, back=st.booleans())
    def somebody_speaks_for_the_customer(self, number: int, *, back: bool) -> None:
        ballot, objection = self.one(Ballot, number), self.one(Objection, number)
        if back:
            self.try_(
                lambda s: take_back(s, objection.id, who="a", at=self.at), objection
            )
        else:
            self.try_(
                lambda s: object_to(s, ballot.id, "No", who="a", at=self.at), ballot
            )

    @rule(number=pick, by=st.sampled_from(MetBy))
    def an_objection_is_met(self, number: int, by: MetBy) -> None:
        objection = self.one(Objection, number)
        meeting = Meeting(by, "Yes", "Iryna")
        self.try_(
            lambda s: meet(s, objection.id, meeting, who="qm", at=self.at), objection
        )

    @rule(number=pick, mandate=st.booleans())
    def a_ballot_is_decided(self, number: int, *, mandate: bool) -> None:
        ballot = self.one(Ballot, number)
        decision = Decision(mandate, "r" if mandate else "", "Ann", self.at.date())
        self.try_(
            lambda s: decide(s, ballot.id, decision, who="qm", at=self.at), ballot
        )

    @rule(number=pick, how=st.sampled_from(["change", "drop", "extend", "again"]))
    def the_facilitator_tends_a_ballot(self, number: int, how: str) -> None:
        ballot = self.one(Ballot, number)
        until = self.at + timedelta(hours=number % 90)
        acts = {
            "change": lambda s: ballots.change(
                s, ballot.id, Motion(wording=f"Now {number}"), who="qm", at=self.at
            ),
            "drop": lambda s: ballots.drop(
                s, ballot.id, reason="r", who="qm", at=self.at
            ),
            "extend": lambda s: ballots.extend(
                s, ballot.id, until=until, who="qm", at=self.at
            ),
            "again": lambda s: ask_once_more(
                s, ballot.case_id, reason="r", who="qm", at=self.at
            ),
        }
        self.try_(acts[how], ballot)

    @rule(number=pick)
    def a_proposal_is_agreed(self, number: int) -> None:
        task = self.one(Task, number)
        if task is None:
            return
        aim = AIMS[number % len(AIMS)]
        agreed = Agreement(task.id, 1, "Ann", self.at.date(), aim)
        self.try_(lambda s: agree(s, task.case_id, agreed, who="qm", at=self.at))

    @rule(number=pick, in_place=st.booleans())
    def an_outcome_is_known(self, number: int, *, in_place: bool) -> None:
        solution = self.one(Solution, number)
        self.try_(
            lambda s: say_outcome(
                s, solution.id, in_place=in_place, reason="r", who="qm", at=self.at
            ),
            solution,
        )

    @rule(number=pick, days_ago=st.integers(0, 40))
    def a_change_is_in_place_since_a_past_day(self, number: int, days_ago: int) -> None:
        solution = self.one(Solution, number)
        day = (self.at - timedelta(days=days_ago)).date()
        self.try_(
            lambda s: say_outcome(
                s, solution.id, in_place=True, on=day, who="qm", at=self.at
            ),
            solution,
        )

    @rule(faster=st.sampled_from([1.0, 0.3]))
    def orders_come_in(self, faster: float) -> None:
        self.logs += 1
        rows = [
            Timing(
                f"{self.logs}-{n}", step, began + timedelta(minutes=60 * faster + n),
                began,
            )
            for n in range(25)
            for began in [self.at - timedelta(days=2, hours=n)]
            for step in ("take-order", "pick", "pack", "load", "deliver")
        ]  # fmt: skip
        keys = list(keyed(rows, source="log", map_id="order", secret=b"s"))
        with transaction(self.database) as session:
            take(session, keys, map_id="order", source="log", who="w", at=self.at)

    @rule()
    def the_orders_are_looked_at(self) -> None:
        judge_all_due(self.database, at=self.at)

    @rule(number=pick, days=st.integers(1, 20))
    def it_is_proven_longer(self, number: int, days: int) -> None:
        solution = self.one(Solution, number)
        self.try_(
            lambda s: prove_longer(s, solution.id, days=days, who="qm", at=self.at),
            solution,
        )

    @rule(number=pick, how=st.sampled_from(ClosedAs), answers=st.booleans())
    def the_customer_is_answered(
        self, number: int, how: ClosedAs, *, answers: bool
    ) -> None:
        complaint = self.one(Complaint, number)
        act = (
            (
                lambda s: complaints.answer(
                    s, complaint.id, text="A", who="q", at=self.at
                )
            )
            if answers
            else (
                lambda s: complaints.close(
                    s, complaint.id, closed_as=how, who="q", at=self.at
                )
            )
        )
        self.try_(act, complaint)

    @rule(number=pick)
    def an_answer_is_not_accepted(self, number: int) -> None:
        complaint = self.one(Complaint, number)
        self.try_(
            lambda s: complaints.not_accept(
                s, complaint.id, why="No", answer_within=3, who="c", at=self.at
            ),
            complaint,
        )

    @rule(number=pick)
    def a_case_is_closed(self, number: int) -> None:
        case = self.one(Case, number)
        self.try_(lambda s: close_case(s, case.id, who="qm", at=self.at), case)

    @rule()
    def the_journal_is_sealed(self) -> None:
        with transaction(self.database) as session:
            seal(session, key=KEY, at=self.at)

    @invariant()
    def the_journal_is_sound_and_replays_to_what_is_stored(self) -> None:
        with reading(self.database) as session:
            assert verify(session, key=KEY).sound
        entries: dict[str, list[dict[str, object]]] = {}
        for one in sorted(all_rows(self.database, JournalEntry), key=lambda e: e.seq):
            entries.setdefault(one.chain, []).append(one.data)
        for case in all_rows(self.database, Case):
            told = replay(entries[f"case:{case.id}"])
            assert told["case"] == case.status
        stored = {
            f"{kind}:{row.id}": row.status
            for kind, table in (
                ("task", Task), ("complaint", Complaint),
                ("request", Request), ("agreement", Solution),
                ("ballot", Ballot), ("objection", Objection),
            )
            for row in all_rows(self.database, table)
        }  # fmt: skip
        stored |= {f"vote:{v.id}": v.position for v in all_rows(self.database, Vote)}
        replayed = {
            thing: state
            for chain, data in entries.items()
            if chain.startswith("case:")
            for thing, state in replay(data).items()
            if thing != "case"
        }
        assert replayed == stored

    @invariant()
    def what_is_closed_proves_nothing(self) -> None:
        closed = {c.id for c in all_rows(self.database, Case) if c.status == "closed"}
        proving = {s.case_id for s in all_rows(self.database, Solution) if s.is_proving}
        assert not closed & proving

    @invariant()
    def nobody_has_two_tasks_in_a_round(self) -> None:
        tasks = all_rows(self.database, Task)
        counted = Counter((t.case_id, t.department_id, t.round) for t in tasks)
        assert not counted or max(counted.values()) == 1

    @invariant()
    def nothing_is_agreed_over_what_the_customer_would_not_accept(self) -> None:
        of = {b.id: (b.task_id, b.proposal) for b in all_rows(self.database, Ballot)}
        unmet = {
            of[one.ballot_id]
            for one in all_rows(self.database, Objection)
            if one.status == ObjectionStatus.OPEN
        }
        agreed = all_rows(self.database, Solution)
        assert not unmet & {(one.task_id, one.proposal) for one in agreed}

    @invariant()
    def no_open_case_stands_still(self) -> None:
        with transaction(self.database) as session:
            assert reconcile(session, at=self.at) == 0

    def try_(self, act, *needed: object) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
        if None in needed:
            return
        before = len(all_rows(self.database, JournalEntry))
        try:
            with transaction(self.database) as session:
                act(session)
        except ResolveError:
            assert len(all_rows(self.database, JournalEntry)) == before


@pytest.mark.timeout(240)
def test_the_laws_hold_whatever_happens(sqlite_template: Path) -> None:
    run_state_machine_as_test(
        lambda: House(sqlite_template),  # type: ignore[arg-type]
        settings=settings(
            max_examples=25, stateful_step_count=40, deadline=None, derandomize=True
        ),
    )
