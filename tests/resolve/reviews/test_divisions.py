"""Divisions of a promised time: tried together, agreed, written into the map."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from resolve.analytics.replayed import differences
from resolve.cases.errors import WrongState
from resolve.cases.models import Case
from resolve.chain.model import ValueChain
from resolve.chain.rewriting import Part, with_times
from resolve.handling.deciding import Decision, decide
from resolve.handling.dividing import apply
from resolve.handling.voting import put_to_vote
from resolve.journal.models import JournalEntry
from resolve.kit.database import Database, reading, transaction
from resolve.kit.errors import ResolveError
from resolve.maps.errors import MapRetired
from resolve.maps.models import MapVersion
from resolve.maps.queries import chain_of, version
from resolve.maps.retiring import retire
from resolve.maps.service import publish
from resolve.reviews import ballots, divisions
from resolve.reviews.division_errors import (
    AbovePromise,
    DivisionChanged,
    DivisionEmpty,
    DivisionEnded,
    DivisionPut,
    HandoverNotOnWalk,
    MapWentOn,
    NegativeTime,
    NothingToDivide,
    StepNotOnWalk,
)
from resolve.reviews.division_queries import current, the_division
from resolve.reviews.errors import NothingChanged, ObjectionUnmet
from resolve.reviews.models import Division, DivisionStatus, Position
from resolve.reviews.motions import Motion
from resolve.reviews.service import open_review
from resolve.reviews.votes import Voting, vote
from tests.builders import (
    MONDAY,
    ORDER,
    all_rows,
    answered,
    filed,
    published,
    tasks_by_department,
    work,
)

HOUR = timedelta(hours=1)
Times = dict[Part, timedelta]
WHO = "person:facilitator"


class Review:
    """The open review of a delay; several of them are of one chain."""

    def __init__(self, database: Database, *, first: bool = True) -> None:
        self.database = database
        if first:
            published(database)
        self.case = filed(database).case_id
        work(database)
        for task in tasks_by_department(database, self.case).values():
            answered(database, task)
        work(database)
        with transaction(database) as session:
            open_review(session, self.case, who=WHO, at=MONDAY)

    def begin(self, times: Times) -> Division:
        with transaction(self.database) as session:
            return divisions.begin(session, self.case, times, who=WHO, at=MONDAY)

    def save(self, division: Division, times: Times, *, revision: int = 1) -> Division:
        with transaction(self.database) as session:
            return divisions.save(
                session, division.id, times, revision=revision, who=WHO, at=MONDAY
            )

    def put(self, division: Division) -> str:
        motion = Motion(division_id=division.id, customer_says="As promised")
        with transaction(self.database) as session:
            return put_to_vote(session, self.case, motion, who=WHO, at=MONDAY).id

    def voted(self, ballot: str, *departments: str) -> None:
        with transaction(self.database) as session:
            for one in departments:
                yes = Voting(Position.AGREE)
                vote(session, ballot, one, yes, who=f"department:{one}", at=MONDAY)

    def objected(self, ballot: str) -> None:
        would_not = Voting(Position.CUSTOMER_WOULD_NOT, "They wait for it.")
        with transaction(self.database) as session:
            vote(session, ballot, "sales", would_not, who="department:sales", at=MONDAY)

    def decided(self, ballot: str) -> None:
        with transaction(self.database) as session:
            decide(session, ballot, Decision(), who=WHO, at=MONDAY)

    def applied(self, division: Division) -> MapVersion:
        with transaction(self.database) as session:
            return apply(session, division.id, who=WHO, at=MONDAY)

    def chain(self, number: int | None = None) -> ValueChain:
        with reading(self.database) as session:
            return chain_of(session, "order", number)

    def division(self, division: Division) -> Division:
        with reading(self.database) as session:
            return the_division(session, division.id)


ALL = ("carrier", "packing", "stock", "sales")


def test_an_agreed_division_becomes_the_next_version_of_the_map(
    database: Database,
) -> None:
    review = Review(database)
    times: Times = {("pick",): 6 * HOUR, ("check", "load"): 14 * HOUR}
    ballot = review.put(review.begin(times))
    review.voted(ballot, *ALL)

    review.decided(ballot)

    with reading(database) as session:
        newest = version(session, "order")
        assert newest.version == 2
        assert newest.reason == "Carrier, Packing, Stock, Sales"
        before = version(session, "order", 1).source.splitlines()
    after = newest.source.splitlines()
    assert len(before) == len(after)
    assert sum(a != b for a, b in zip(before, after, strict=True)) == 2
    assert review.chain(2) == with_times(review.chain(1), times)
    [division] = all_rows(database, Division)
    assert (division.status, division.agreed_version) == (DivisionStatus.AGREED, 2)
    with reading(database) as session:
        assert not differences(session)


def test_who_agreed_stands_in_the_journal_of_the_case(database: Database) -> None:
    review = Review(database)
    ballot = review.put(review.begin({("pick",): 6 * HOUR}))
    review.voted(ballot, *ALL)
    review.decided(ballot)

    entries = all_rows(database, JournalEntry)

    [agreed] = [one for one in entries if one.what == "division_agreed"]
    assert agreed.data["agreed_by"] == list(ALL)
    assert agreed.data["version"] == 2


def test_two_reviews_of_one_chain_do_not_overwrite_each_other(
    database: Database,
) -> None:
    one, other = Review(database), Review(database, first=False)
    first = one.begin({("pick",): 6 * HOUR, ("pack",): 3 * HOUR})
    second = other.begin({("pick",): 7 * HOUR, ("load",): 5 * HOUR})
    one.applied(first)

    with pytest.raises(MapWentOn) as refused:
        other.applied(second)

    assert refused.value.extra["changes"] == [
        {"step": "pick", "what": "changed", "before": "PT8H", "now": "PT6H"}
    ]
    assert other.chain().steps["load"].time == 6 * HOUR
    assert other.division(second).status == DivisionStatus.DRAFT
    # Looked at together with what the other one agreed, it can be.
    with transaction(database) as session:
        divisions.go_on_from_newest(session, second.id, revision=1, who=WHO, at=MONDAY)
    other.applied(second)
    newest = other.chain()
    assert newest.steps["pick"].time == 7 * HOUR
    assert newest.steps["pack"].time == 3 * HOUR
    assert newest.steps["load"].time == 5 * HOUR


def test_divisions_of_other_steps_both_come_into_the_map(database: Database) -> None:
    one, other = Review(database), Review(database, first=False)
    first = one.begin({("pick",): 6 * HOUR})
    second = other.begin({("load",): 5 * HOUR})

    one.applied(first)
    other.applied(second)

    assert one.chain(3) == with_times(
        one.chain(1), {("pick",): 6 * HOUR, ("load",): 5 * HOUR}
    )


def test_what_only_together_is_above_the_promise_is_not_applied(
    database: Database,
) -> None:
    one, other = Review(database), Review(database, first=False)
    first = one.begin({("pick",): 48 * HOUR})
    second = other.begin({("load",): 48 * HOUR})
    one.applied(first)

    with pytest.raises(MapWentOn) as refused:
        other.applied(second)

    assert refused.value.extra["changes"][0]["what"] == "above_promise"
    assert one.chain().steps["load"].time == 6 * HOUR


def test_applied_at_the_same_moment_neither_is_lost(database: Database) -> None:
    one, other = Review(database), Review(database, first=False)
    drafts = [
        (one, one.begin({("pick",): 6 * HOUR})),
        (other, other.begin({("load",): 5 * HOUR})),
    ]

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda pair: pair[0].applied(pair[1]), drafts))

    newest = one.chain()
    assert newest.steps["pick"].time == 6 * HOUR
    assert newest.steps["load"].time == 5 * HOUR
    assert len(all_rows(database, MapVersion)) == 3


def test_a_step_that_is_gone_is_said_and_nothing_applied(database: Database) -> None:
    review = Review(database)
    division = review.begin({("pick",): 6 * HOUR})
    later = ORDER.decode().replace("within: P5D}", "within: P5D, since: pack}")
    with transaction(database) as session:
        publish(session, later.encode(), who="administrator", at=MONDAY)

    with pytest.raises(MapWentOn) as refused:
        review.applied(division)

    assert refused.value.extra["changes"] == [
        {"step": "pick", "what": "not_on_walk", "before": "PT8H", "now": None}
    ]
    assert len(all_rows(database, MapVersion)) == 2


def test_nothing_is_applied_to_a_retired_map(database: Database) -> None:
    review = Review(database)
    division = review.begin({("pick",): 6 * HOUR})
    with transaction(database) as session:
        retire(session, "order", who=WHO, at=MONDAY)

    with pytest.raises(MapRetired):
        review.applied(division)


def test_an_agreed_division_is_not_agreed_again(database: Database) -> None:
    review = Review(database)
    division = review.begin({("pick",): 6 * HOUR})
    review.applied(division)

    with pytest.raises(DivisionEnded):
        review.applied(division)


def test_two_people_do_not_overwrite_each_other(database: Database) -> None:
    review = Review(database)
    division = review.begin({("pick",): 6 * HOUR})
    review.save(division, {("pick",): 5 * HOUR})

    with pytest.raises(DivisionChanged) as refused:
        review.save(division, {("pack",): HOUR})

    assert refused.value.extra["revision"] == 2
    # The same times again are no change, whoever saves them.
    assert review.save(division, {("pick",): 5 * HOUR}).revision == 2


def test_a_case_has_one_draft_that_all_work_on(database: Database) -> None:
    review = Review(database)
    review.begin({("pick",): 6 * HOUR})

    with pytest.raises(DivisionChanged):
        review.begin({("pack",): HOUR})


@pytest.mark.parametrize(
    ("times", "error"),
    [
        ({("bill",): HOUR}, StepNotOnWalk),
        ({("fly",): HOUR}, StepNotOnWalk),
        ({("pick", "load"): HOUR}, HandoverNotOnWalk),
        ({("pick",): -HOUR}, NegativeTime),
    ],
)
def test_times_that_cannot_be_are_not_kept(
    database: Database, times: Times, error: type[ResolveError]
) -> None:
    review = Review(database)

    with pytest.raises(error):
        review.begin(times)

    division = review.begin({})
    with pytest.raises(error):
        review.save(division, times)


def test_above_the_promise_it_is_kept_but_not_put_to_the_vote(
    database: Database,
) -> None:
    review = Review(database)
    division = review.begin({("pick",): timedelta(days=4)})

    for act in (review.put, review.applied):
        with pytest.raises(AbovePromise):
            act(division)

    assert review.division(division).times["steps"] == {"pick": 4 * 86_400}


def test_what_changes_nothing_is_not_put_to_the_vote(database: Database) -> None:
    review = Review(database)
    division = review.begin({("pick",): 8 * HOUR})  # as the map has it

    with pytest.raises(DivisionEmpty):
        review.put(division)


def test_what_is_voted_on_is_not_changed_under_the_voters(database: Database) -> None:
    review = Review(database)
    division = review.begin({("pick",): 6 * HOUR})
    ballot = review.put(division)

    with pytest.raises(DivisionPut):
        review.save(division, {("pick",): 5 * HOUR})

    another = review.begin({("pick",): 5 * HOUR})
    with transaction(database) as session:
        motion = Motion(division_id=another.id)
        ballots.change(session, ballot, motion, who=WHO, at=MONDAY)
    with reading(database) as session:
        case = session.get_one(Case, review.case)
        now = current(session, case)
    assert now is not None
    assert now.id == another.id
    assert review.division(division).status == DivisionStatus.LEFT
    with reading(database) as session:
        assert not differences(session)


def test_a_division_that_is_left_is_not_followed(database: Database) -> None:
    review = Review(database)
    division = review.begin({("pick",): 6 * HOUR})

    with transaction(database) as session:
        divisions.leave(session, division.id, revision=1, who=WHO, at=MONDAY)

    with pytest.raises(DivisionEnded):
        review.save(division, {("pick",): HOUR}, revision=2)
    with reading(database) as session:
        assert current(session, session.get_one(Case, review.case)) is None
        assert not differences(session)
    assert review.begin({}).revision == 1


def test_a_promise_without_time_has_nothing_to_divide(database: Database) -> None:
    published(database)
    case = filed(database, promise="intact").case_id
    work(database)

    with pytest.raises(NothingToDivide), transaction(database) as session:
        divisions.begin(session, case, who=WHO, at=MONDAY)


def test_before_a_case_is_placed_nothing_is_divided(database: Database) -> None:
    published(database)
    case = filed(database, touchpoint=None, promise=None).case_id
    work(database)

    with pytest.raises(WrongState), transaction(database) as session:
        divisions.begin(session, case, who=WHO, at=MONDAY)


def test_a_copy_is_no_changed_division(database: Database) -> None:
    review = Review(database)
    first = review.begin({("pick",): 6 * HOUR})
    ballot = review.put(first)
    review.objected(ballot)
    copy = review.begin({("pick",): 6 * HOUR})
    motion = Motion(division_id=copy.id)
    with transaction(database) as session, pytest.raises(NothingChanged):
        ballots.change(session, ballot, motion, who=WHO, at=MONDAY)


def test_the_same_times_begun_anew_are_not_agreed_over_what_was_said_of_them(
    database: Database,
) -> None:
    review = Review(database)
    times: Times = {("pick",): 6 * HOUR}
    first = review.begin(times)
    ballot = review.put(first)
    review.objected(ballot)
    with transaction(database) as session:
        ballots.drop(session, ballot, reason="Another one.", who=WHO, at=MONDAY)
    with transaction(database) as session:
        divisions.leave(session, first.id, revision=1, who=WHO, at=MONDAY)
    again = review.put(review.begin(times))
    review.voted(again, "carrier", "packing", "stock")
    mandate = Decision(mandate=True, reason="We go on.")
    with transaction(database) as session, pytest.raises(ObjectionUnmet):
        decide(session, again, mandate, who=WHO, at=MONDAY + timedelta(days=9))
    with transaction(database) as session:
        ballots.drop(session, again, reason="Another one.", who=WHO, at=MONDAY)
    with reading(database) as session:
        assert differences(session) == []
        case = session.get_one(Case, review.case)
        draft = current(session, case)
        assert draft is not None
    review.save(draft, {("pick",): 7 * HOUR})
    with reading(database) as session:
        assert differences(session) == []
