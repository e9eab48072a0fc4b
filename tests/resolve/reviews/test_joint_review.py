"""A joint review: what is put to the vote, votes, objections and decisions."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlmodel import col

from resolve.analytics.replayed import differences
from resolve.cases.errors import NotFinished, WrongState
from resolve.cases.models import Case
from resolve.cases.remarks import ReasonMissing
from resolve.clocks.models import Clock, ClockKind
from resolve.complaints.models import ClosedAs
from resolve.complaints.queries import complaints_of
from resolve.complaints.service import close
from resolve.handling.closing import close_case
from resolve.handling.deciding import Decision, OwnerMissing, decide
from resolve.handling.reconciling import anything_stranded, reconcile
from resolve.handling.upkeep import fire_all_due
from resolve.handling.voting import put_to_vote
from resolve.journal.models import JournalEntry
from resolve.kit.database import Database, reading, transaction
from resolve.kit.errors import ResolveError
from resolve.messages.models import Message, MessageKind
from resolve.reviews import ballots, queries
from resolve.reviews.asking import ask_once_more
from resolve.reviews.errors import (
    AlreadyAgreed,
    AlreadyPut,
    BallotEnded,
    ManagerMissing,
    MandateNeeded,
    NotAManager,
    NothingChanged,
    NotMetLikeThis,
    NotOnTheCase,
    NotYourObjection,
    ObjectionEnded,
    ObjectionUnmet,
    VotedThemselves,
    VotesAwaited,
    VotesTimeTooLong,
    VotesTimeTooShort,
    WordsMissing,
)
from resolve.reviews.models import Ballot, MetBy, Objection, Position, Vote
from resolve.reviews.motions import Motion
from resolve.reviews.objections import Meeting, meet, object_to, take_back
from resolve.reviews.service import open_review
from resolve.reviews.votes import Voting, vote
from resolve.solutions.models import Solution
from resolve.solutions.service import Agreement, agree
from resolve.tasks.errors import DueInThePast
from resolve.tasks.models import Task
from resolve.tasks.requests import ask
from tests.builders import (
    MONDAY,
    all_rows,
    answered,
    filed,
    published,
    tasks_by_department,
    work,
)
from tests.people import MAP_FILE, take_in_people

SOON = date(2026, 4, 1)
AGREE, NOT_YET = Position.AGREE, Position.NOT_YET
WOULD_NOT = Position.CUSTOMER_WOULD_NOT


class Review:
    """The review of a delay, in which every department proposed something."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.at = MONDAY
        published(database)
        self.case = filed(database, at=self.at).case_id
        work(database, at=self.at)
        for task in tasks_by_department(database, self.case).values():
            answered(database, task, at=self.at)
        work(database, at=self.at)
        self.do(open_review, self.case)
        self.tasks: dict[str, Task] = tasks_by_department(database, self.case)

    def do(self, act: Callable[..., Any], /, *given: Any, **more: Any) -> Any:
        known = {"who": "person:qm", "at": self.at} | more
        with transaction(self.database) as session:
            done = act(session, *given, **known)
            session.flush()
            session.refresh(done)
            session.expunge_all()
            return done

    def put(self, department: str = "packing", **more: Any) -> Ballot:
        motion: dict[str, Any] = {
            "task_id": self.tasks[department].id, "proposal": 1, "owner": "Olena",
            "due": SOON,
        } | more  # fmt: skip
        made: Ballot = self.do(put_to_vote, self.case, Motion(**motion))
        return made

    def says(
        self, on: Ballot, department: str, position: Position, text: str = "", **m: Any
    ) -> Vote:
        known = {"who": f"department:{department}"} | m
        voting = Voting(position, text)
        made: Vote = self.do(vote, on.id, department, voting, **known)
        return made

    def all_agree(self, on: Ballot) -> None:
        for one in self.tasks:
            self.says(on, one, AGREE)

    def decide(self, on: Ballot, **decision: Any) -> Ballot:
        found: Ballot = self.do(decide, on.id, Decision(**decision))
        return found

    def later(self, days: int) -> None:
        self.at += timedelta(days=days)
        fire_all_due(self.database, at=self.at)
        work(self.database, at=self.at)

    def told(self, kind: MessageKind) -> list[str]:
        found = all_rows(self.database, Message)
        return sorted(one.recipient for one in found if one.kind == kind)

    @property
    def objection(self) -> Objection:
        newest: Objection = all_rows(self.database, Objection)[-1]
        return newest

    def sound(self) -> None:
        with reading(self.database) as session:
            assert differences(session) == []
            assert not anything_stranded(session, at=self.at)


@pytest.fixture
def review(database: Database) -> Review:
    return Review(database)


def test_departments_agree_on_what_the_customer_would_accept(review: Review) -> None:
    first = review.put(customer_says="I want to know it the day before.")
    assert review.told(MessageKind.VOTE) == [
        f"department:{one}" for one in sorted(review.tasks)
    ]
    review.says(first, "carrier", AGREE)
    review.says(first, "stock", NOT_YET, "A second scanner first.")
    review.says(first, "sales", WOULD_NOT, "They ordered it because it comes today.")
    assert "person:quality-manager" in review.told(MessageKind.OBJECTION)
    review.later(days=5)
    for mandate in (False, True):
        with pytest.raises(ObjectionUnmet):
            review.decide(first, mandate=mandate, reason="We have to go on.")
    second = review.do(
        ballots.change, first.id, Motion(wording="Pack by promised day, with a call.")
    )
    assert (second.owner, second.due, second.instead_of) == ("Olena", SOON, first.id)
    assert (review.objection.status, review.objection.met_by) == ("met", "change")
    with pytest.raises(VotesAwaited):
        review.decide(second)
    review.all_agree(second)
    work(review.database, at=review.at)
    assert review.told(MessageKind.ALL_VOTED) == ["person:quality-manager"]
    decided = review.decide(second)
    assert (decided.status, decided.by_mandate) == ("agreed", False)
    [solution] = all_rows(review.database, Solution)
    assert (solution.task_id, solution.owner) == (review.tasks["packing"].id, "Olena")
    assert review.told(MessageKind.DECIDED) == review.told(MessageKind.VOTE)[::2]
    with pytest.raises(AlreadyAgreed):
        review.says(second, "stock", NOT_YET, "Wait.")
    review.sound()


def test_over_silence_and_not_yet_it_is_decided_by_mandate_once_the_time_is_over(
    review: Review,
) -> None:
    ballot = review.put()
    review.says(ballot, "stock", NOT_YET, "A second scanner first.")
    with pytest.raises(VotesAwaited) as awaited:
        review.decide(ballot, mandate=True, reason="The season begins.")
    assert set(awaited.value.extra["departments"]) == set(review.tasks)
    review.later(days=4)
    assert "person:quality-manager" in review.told(MessageKind.PAST_DUE)
    with pytest.raises(MandateNeeded):
        review.decide(ballot)
    with pytest.raises(ReasonMissing):
        review.decide(ballot, mandate=True)
    decided = review.decide(ballot, mandate=True, reason="The season begins.")
    assert (decided.by_mandate, decided.reason) == (True, "The season begins.")
    review.sound()


def test_votes_are_awaited_for_two_working_days_or_as_the_facilitator_says(
    review: Review,
) -> None:
    ballot = review.put()
    assert ballot.until.date() == date(2026, 3, 4)
    sooner = ballot.until - timedelta(days=1)
    assert review.do(ballots.extend, ballot.id, until=sooner).until == sooner
    with pytest.raises(DueInThePast):
        review.do(ballots.extend, ballot.id, until=review.at)
    own = review.put("stock", until=sooner)
    review.later(days=2)
    assert review.told(MessageKind.PAST_DUE) == ["person:quality-manager"] * 2
    review.do(ballots.extend, own.id, until=review.at + timedelta(hours=1))
    review.later(days=1)
    assert len(review.told(MessageKind.PAST_DUE)) == 3
    review.sound()


def test_departments_have_a_working_day_for_their_votes_unless_all_have_voted(
    review: Review,
) -> None:
    ballot = review.put()
    at_once = review.at + timedelta(minutes=2)
    with pytest.raises(VotesTimeTooShort) as short:
        review.do(ballots.extend, ballot.id, until=at_once)
    assert short.value.pointer == "/until"
    with pytest.raises(VotesTimeTooShort):
        review.put("stock", until=at_once)
    months = review.at + timedelta(days=61)
    with pytest.raises(VotesTimeTooLong):
        review.do(ballots.extend, ballot.id, until=months)
    with pytest.raises(VotesTimeTooLong):
        review.put("stock", until=months)
    for one in review.tasks:
        review.says(ballot, one, NOT_YET, "A scanner first.")
    assert review.do(ballots.extend, ballot.id, until=at_once).until == at_once
    review.sound()


def test_an_objection_is_met_by_the_customers_yes_or_a_named_managers_reason(
    review: Review,
) -> None:
    ballot = review.put()
    review.says(ballot, "sales", WOULD_NOT, "Too late for them.", who="person:ann")
    objection = review.objection
    for meeting, wrong in (
        (Meeting(MetBy.CHANGE, "Changed."), NotMetLikeThis),
        (Meeting(MetBy.CUSTOMER, " "), WordsMissing),
        (Meeting(MetBy.MANAGER, "It saves all others a day."), ManagerMissing),
    ):
        with pytest.raises(wrong):
            review.do(meet, objection.id, meeting)
    reason = Meeting(MetBy.MANAGER, "It saves all others a day.", "Iryna Bondar")
    met = review.do(meet, objection.id, reason)
    assert (met.status, met.met_name, met.met_text) == (
        "met", "Iryna Bondar", "It saves all others a day.",
    )  # fmt: skip
    assert review.told(MessageKind.OBJECTION_MET) == ["department:sales"]
    with pytest.raises(ObjectionEnded):
        review.do(meet, objection.id, reason)
    with pytest.raises(VotesAwaited):  # an objection that is met is no agreement yet
        review.decide(ballot)
    review.all_agree(ballot)
    assert review.decide(ballot).status == "agreed"
    assert review.objection.met_text == "It saves all others a day."
    review.sound()


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("quality-manager", "Quality Manager"),
        ("stock-head@company.example", "Stock Head"),
        ("stock HEAD ", "Stock Head"),
        ("Mickey Mouse", None),
        ("stock-member", None),
        ("Carrier Head", None),
    ],
)
def test_where_people_are_registered_the_reason_is_that_of_a_manager_of_the_house(
    review: Review, typed: str, name: str | None
) -> None:
    published(review.database, MAP_FILE.read_bytes())
    take_in_people(review.database)
    ballot = review.put()
    review.says(ballot, "sales", WOULD_NOT, "Too late for them.", who="person:ann")
    meeting = Meeting(MetBy.MANAGER, "It saves all others a day.", typed)
    if name is None:
        with pytest.raises(NotAManager) as wrong:
            review.do(meet, review.objection.id, meeting)
        assert wrong.value.pointer == "/manager"
        assert review.objection.status == "open"
        return
    assert review.do(meet, review.objection.id, meeting).met_name == name
    review.sound()


def test_anybody_on_the_case_may_object_and_only_they_take_it_back(
    review: Review,
) -> None:
    ballot = review.put()
    review.all_agree(ballot)
    found = review.do(object_to, ballot.id, "They will be abroad.", who="person:front")
    again = review.do(object_to, ballot.id, "They are abroad.", who="person:front")
    assert (again.id, again.text) == (found.id, "They are abroad.")
    with pytest.raises(ObjectionUnmet):
        review.decide(ballot)
    with pytest.raises(NotYourObjection):
        review.do(take_back, found.id, who="person:qm")
    review.do(take_back, found.id, who="person:front")
    assert review.decide(ballot).status == "agreed"
    with pytest.raises(AlreadyAgreed):
        review.do(object_to, ballot.id, "Now they would not.", who="person:front")
    review.sound()


def test_a_colleague_does_not_vote_away_what_was_said_for_the_customer(
    review: Review,
) -> None:
    ballot = review.put()
    review.says(ballot, "stock", WOULD_NOT, "It breaks.", who="person:ann")
    for position in (AGREE, WOULD_NOT):
        with pytest.raises(NotYourObjection):
            review.says(ballot, "stock", position, "Well.", who="person:head")
    review.says(ballot, "stock", AGREE, who="person:ann")
    assert review.objection.status == "taken_back"
    review.says(ballot, "stock", WOULD_NOT, "It does break.", who="person:head")
    assert review.objection.status == "open"
    review.sound()


def test_the_facilitator_enters_a_vote_given_by_word_of_mouth_and_replaces_none(
    review: Review,
) -> None:
    ballot = review.put()
    mouth: dict[str, Any] = {"who": "person:qm", "by_word_of_mouth": True}
    assert review.says(ballot, "stock", AGREE, **mouth).by_word_of_mouth
    review.says(ballot, "stock", NOT_YET, "A scanner.")
    with pytest.raises(VotedThemselves):
        review.says(ballot, "stock", AGREE, **mouth)
    review.sound()


def test_a_department_takes_back_what_was_entered_for_it(review: Review) -> None:
    ballot = review.put()
    mouth: dict[str, Any] = {"who": "person:qm", "by_word_of_mouth": True}
    review.says(ballot, "stock", WOULD_NOT, "It breaks.", **mouth)
    review.says(ballot, "stock", AGREE, who="person:head")
    assert review.objection.status == "taken_back"
    review.sound()


def test_what_was_entered_for_a_department_is_its_own_once_it_says_so(
    review: Review,
) -> None:
    ballot = review.put()
    mouth: dict[str, Any] = {"who": "person:qm", "by_word_of_mouth": True}
    review.says(ballot, "stock", WOULD_NOT, "It breaks.", **mouth)
    review.says(ballot, "stock", WOULD_NOT, "It breaks at once.", who="person:head")
    with pytest.raises(NotYourObjection):
        review.says(ballot, "stock", AGREE, who="person:ann")
    review.says(ballot, "stock", AGREE, who="person:head")
    assert review.objection.status == "taken_back"
    review.sound()


def test_what_was_said_twice_is_said_once(review: Review) -> None:
    ballot = review.put()
    for position, text in ((AGREE, ""), (NOT_YET, "A scanner."), (WOULD_NOT, "No.")):
        review.says(ballot, "stock", position, text)
        before = len(all_rows(review.database, JournalEntry))
        review.says(ballot, "stock", position, text)
        assert len(all_rows(review.database, JournalEntry)) == before
    with pytest.raises(AlreadyPut):
        review.put()


def test_words_belong_to_what_needs_them(review: Review) -> None:
    ballot = review.put()
    for position in (NOT_YET, WOULD_NOT, Position.AGREE_WITH_NOTE):
        with pytest.raises(WordsMissing):
            review.says(ballot, "stock", position, " ")
    noted = review.says(ballot, "stock", AGREE, "From Monday on.")
    assert (noted.position, noted.text) == ("agree_with_note", "From Monday on.")
    with pytest.raises(NotOnTheCase):
        review.says(ballot, "billing", AGREE)
    with pytest.raises(NothingChanged):
        review.do(
            ballots.change, ballot.id, Motion(wording=" Hand it over  an hour earlier")
        )


def test_at_the_table_nothing_is_agreed_over_a_ballot_or_an_objection(
    review: Review,
) -> None:
    at_the_table = Agreement(review.tasks["packing"].id, 1, "Olena", SOON)
    ballot = review.put()
    with pytest.raises(VotesAwaited):
        review.do(agree, review.case, at_the_table)
    review.says(ballot, "sales", WOULD_NOT, "They leave before.")
    with pytest.raises(ReasonMissing):
        review.do(ballots.drop, ballot.id, reason=" ")
    review.do(ballots.drop, ballot.id, reason="Another way was found.")
    with pytest.raises(BallotEnded):
        review.says(ballot, "stock", AGREE)
    with pytest.raises(ObjectionUnmet):  # it outlives its ballot
        review.do(agree, review.case, at_the_table)
    again = review.put()
    review.all_agree(again)
    with pytest.raises(ObjectionUnmet):
        review.decide(again)
    review.do(meet, review.objection.id, Meeting(MetBy.CUSTOMER, "By phone today: yes"))
    review.do(agree, review.case, at_the_table)
    assert [one.status for one in all_rows(review.database, Ballot)] == [
        "dropped", "agreed",
    ]  # fmt: skip
    with pytest.raises(AlreadyAgreed):
        review.put()
    review.sound()


def test_who_sees_to_it_is_said_at_the_latest_when_it_is_decided(
    review: Review,
) -> None:
    ballot = review.put(owner="", due=None)
    review.all_agree(ballot)
    with pytest.raises(OwnerMissing):
        review.decide(ballot)
    decided = review.decide(ballot, owner="Taras", due=SOON)
    assert (decided.owner, decided.due) == ("Taras", SOON)


def test_a_neighbour_who_was_asked_for_something_votes_too(database: Database) -> None:

    review = Review(database)
    sales = review.tasks["sales"].id
    review.do(ask, sales, department="billing", what="The address", who="person:qm")
    with reading(database) as session:
        case = session.get_one(Case, review.case)
        assert queries.asked(session, case) == (
            "carrier", "packing", "stock", "sales", "billing",
        )  # fmt: skip
        assert [d for _, d in queries.awaiting(session, ["billing"], limit=9)] == []
    ballot = review.put()
    with reading(database) as session:
        assert [d for _, d in queries.awaiting(session, ["billing"], limit=9)] == [
            "billing"
        ]
    review.all_agree(ballot)
    with pytest.raises(VotesAwaited):
        review.decide(ballot)
    review.says(ballot, "billing", AGREE)
    assert review.decide(ballot).status == "agreed"


def test_a_case_is_not_closed_while_something_is_voted_on(review: Review) -> None:

    ballot = review.put()
    with reading(review.database) as session:
        [complaint] = complaints_of(session, [review.case])
    review.do(close, complaint.id, closed_as=ClosedAs.WITHDRAWN)
    with pytest.raises(NotFinished):
        review.do(close_case, review.case)
    review.do(ballots.drop, ballot.id, reason="The customer withdrew it.")
    assert review.do(close_case, review.case).status == "closed"
    review.sound()


def test_the_review_asks_the_departments_once_more(review: Review) -> None:
    ballot = review.put()
    review.says(ballot, "stock", AGREE)
    with pytest.raises(ReasonMissing):
        review.do(ask_once_more, review.case, reason="")
    review.do(ask_once_more, review.case, reason="Nobody proposed for Fridays.")
    review.sound()
    work(review.database, at=review.at)
    asked = tasks_by_department(review.database, review.case)
    assert {one.round for one in asked.values()} == {2}
    with pytest.raises(BallotEnded):
        review.says(ballot, "stock", AGREE)
    with pytest.raises(WrongState):
        review.do(ask_once_more, review.case, reason="Again.")
    for task in asked.values():
        answered(review.database, task, at=review.at)
    work(review.database, at=review.at)
    assert len(review.told(MessageKind.ALL_IN)) == 2
    review.do(open_review, review.case)
    review.tasks = asked
    again = review.put()
    review.all_agree(again)
    assert review.decide(again).round == 2
    review.sound()


def test_two_votes_at_once_both_count_and_a_vote_comes_before_or_after_a_decision(
    review: Review,
) -> None:
    ballot = review.put()
    names = sorted(review.tasks)

    def say(name: str) -> str:
        try:
            return str(review.says(ballot, name, AGREE).position)
        except ResolveError as why:
            return why.code

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(say, names)) == ["agree"] * 4

    def late(_: int) -> str:
        try:
            review.says(ballot, "stock", WOULD_NOT, "It breaks.")
        except ResolveError as why:
            return why.code
        return "voted"

    def deciding(_: int) -> str:
        try:
            return str(review.decide(ballot).status)
        except ResolveError as why:
            return why.code

    with ThreadPoolExecutor(2) as pool:
        voting, decision = pool.submit(late, 0), pool.submit(deciding, 0)
        outcome = (voting.result(), decision.result())
    assert outcome in {
        ("voted", "objection_unmet"), ("already_agreed", "agreed"),
    }  # fmt: skip
    review.sound()


def test_a_ballot_that_no_clock_watches_is_wound_up_again(review: Review) -> None:

    review.put()
    for spoil in (
        update(Clock).where(col(Clock.kind) == ClockKind.VOTE).values(state="stopped"),
        delete(Clock).where(col(Clock.kind) == ClockKind.VOTE),
    ):
        with transaction(review.database) as session:
            session.execute(spoil)
        with reading(review.database) as session:
            assert anything_stranded(session, at=review.at)
        with transaction(review.database) as session:
            assert reconcile(session, at=review.at) == 1
            assert reconcile(session, at=review.at) == 0
        work(review.database, at=review.at)
        review.sound()


def _objected_and_changed(review: Review) -> Ballot:
    """Object to a proposal, and put a changed wording to the vote instead."""
    first = review.put()
    review.says(first, "sales", WOULD_NOT, "They leave before.")
    changed: Ballot = review.do(ballots.change, first.id, Motion(wording="With a call"))
    return changed


def test_what_was_changed_for_the_customer_is_not_agreed_as_it_was_before(
    review: Review,
) -> None:
    changed = _objected_and_changed(review)
    review.do(ballots.drop, changed.id, reason="Too dear.")
    at_the_table = Agreement(review.tasks["packing"].id, 1, "Olena", SOON)
    with pytest.raises(ObjectionUnmet):
        review.do(agree, review.case, at_the_table)
    again = review.put()
    assert (review.objection.status, review.objection.ballot_id) == ("open", again.id)
    assert review.objection.text == "They leave before."
    review.later(days=5)
    with pytest.raises(ObjectionUnmet):
        review.decide(again, mandate=True, reason="We have to go on.")
    review.do(meet, review.objection.id, Meeting(MetBy.CUSTOMER, "By phone: yes"))
    review.do(ballots.drop, again.id, reason="It is clear now.")
    review.do(agree, review.case, at_the_table)
    review.sound()


def test_a_change_back_brings_back_what_was_said_for_the_customer(
    review: Review,
) -> None:
    changed = _objected_and_changed(review)
    with reading(review.database) as session:
        case = session.get_one(Case, review.case)
        words = queries.change_of(session, case, changed.task_id or "", 1)
    back = review.do(ballots.change, changed.id, Motion(wording=f" {words}. "))
    for one in ("carrier", "packing", "stock"):
        review.says(back, one, AGREE)
    with pytest.raises(ObjectionUnmet):
        review.decide(back)
    assert review.objection.who == "department:sales"
    with pytest.raises(NotYourObjection):
        review.says(back, "sales", AGREE, who="person:another")
    review.says(back, "sales", AGREE)  # who said it takes it back
    review.decide(back)
    review.sound()


def test_what_the_customer_would_not_accept_stands_in_the_next_round_too(
    review: Review,
) -> None:
    first = review.put()
    review.says(first, "sales", WOULD_NOT, "They leave before.")
    review.do(ask_once_more, review.case, reason="Nobody proposed for Fridays.")
    work(review.database, at=review.at)
    with reading(review.database) as session:
        case = session.get_one(Case, review.case)
    review.tasks = {
        one.department_id: one
        for one in all_rows(review.database, Task)
        if one.round == case.round and one.status == "open"
    }
    for task in review.tasks.values():
        answered(review.database, task, at=review.at)
    work(review.database, at=review.at)
    review.do(open_review, review.case)
    with pytest.raises(ObjectionUnmet):
        review.do(
            agree, review.case,
            Agreement(review.tasks["packing"].id, 1, "Olena", SOON),
        )  # fmt: skip
    again = review.put()
    assert review.objection.ballot_id == again.id
    other = review.put("stock")
    review.all_agree(other)
    review.decide(other)
    review.sound()
