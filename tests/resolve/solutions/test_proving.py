"""From a change in place to its verdict, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from numpy.random import default_rng

from resolve.analytics.replayed import differences
from resolve.cases.errors import NotFinished
from resolve.cases.models import CaseStatus
from resolve.cases.queries import case as the_case
from resolve.complaints import service as complaints
from resolve.complaints.models import ClosedAs, Complaint
from resolve.handling.closing import close_case
from resolve.handling.duties import Duty, duties
from resolve.handling.proving import judge_all_due, judge_now
from resolve.handling.upkeep import fire_all_due
from resolve.journal.models import JournalEntry
from resolve.kit.database import Database, reading, transaction
from resolve.kit.errors import ResolveError
from resolve.messages.models import Message, MessageKind
from resolve.reviews.service import open_review
from resolve.solutions import errors
from resolve.solutions.aims import Aim
from resolve.solutions.judging import Measure
from resolve.solutions.models import Solution, SolutionStatus
from resolve.solutions.proving import prove_longer
from resolve.solutions.service import Agreement, agree, say_outcome, set_aim
from resolve.solutions.thanks import contributors
from resolve.steptimes.rows import Timing, keyed
from resolve.steptimes.service import take
from tests.builders import (
    MONDAY,
    all_rows,
    answered,
    filed,
    published,
    tasks_by_department,
    work,
)

DAY = timedelta(days=1)
CHANGE = MONDAY + 40 * DAY  # the change is in place in the middle of the log
LATER = MONDAY + 100 * DAY
STEP = Aim(Measure.STEP, expected=-0.2, days=30)


def orders_made(
    *, shift: float, began: datetime = MONDAY, days: int = 80, seed: int = 1
) -> Iterator[Timing]:
    """Make a log of four orders a day; packing takes less from the change on."""
    rng = default_rng(seed)
    for number in range(days * 4):
        start = began + timedelta(days=number / 4)
        packing = 8 * rng.lognormal(0, 0.3)
        if start >= CHANGE.replace(hour=0):
            packing *= 1 - shift
        yield from _order(f"{began:%j}-{number}", start, packing)


def _order(name: str, start: datetime, packing: float) -> Iterator[Timing]:
    hours = {"take-order": 2.0, "pick": 3.0, "pack": packing, "check": 1.0,
             "load": 2.0, "deliver": 20.0}  # fmt: skip
    at = start
    for step, took in hours.items():
        ended = at + timedelta(hours=took)
        yield Timing(name, step, ended, at)
        at = ended + timedelta(minutes=30)


def log(database: Database, rows: Iterator[Timing], *, at: datetime = LATER) -> None:
    with transaction(database) as session:
        for_take = list(keyed(rows, source="test", map_id="order", secret=b"s"))
        take(session, for_take, map_id="order", source="test", who="w", at=at)


def reviewed(database: Database) -> tuple[str, str]:
    """Give a case in its review and the task of packing; everybody answered."""
    published(database)
    case_id = filed(database).case_id
    work(database)
    for task in tasks_by_department(database, case_id).values():
        answered(database, task)
    with transaction(database) as session:
        open_review(session, case_id, who="qm", at=MONDAY)
    return case_id, tasks_by_department(database, case_id)["packing"].id


def agreed(
    database: Database, aim: Aim | None = STEP, *, at: datetime = MONDAY
) -> Solution:
    case_id, task = reviewed(database)
    with transaction(database) as session:
        change = Agreement(task, 1, "Ann", at.date() + DAY, aim)
        return agree(session, case_id, change, who="qm", at=at)


def in_place(
    database: Database, of: Solution, *, on: date | None = None, at: datetime = CHANGE
) -> None:
    with transaction(database) as session:
        say_outcome(session, of.id, in_place=True, on=on, who="qm", at=at)


def now(database: Database, of: Solution) -> Solution:
    with reading(database) as session:
        return session.get_one(Solution, of.id)


def status(database: Database, case_id: str) -> str:
    with reading(database) as session:
        assert not list(differences(session))
        return the_case(session, case_id).status


def told(database: Database, kind: MessageKind) -> set[str]:
    return {one.recipient for one in all_rows(database, Message) if one.kind == kind}


def done(database: Database) -> list[str]:
    return [one.what for one in all_rows(database, JournalEntry)]


def test_a_known_shift_of_a_fifth_is_proven_and_everybody_is_thanked(
    database: Database,
) -> None:
    of = agreed(database)
    log(database, orders_made(shift=0.2))
    in_place(database, of)
    with reading(database) as session:
        assert Duty.JUDGE not in duties(session, at=CHANGE + 29 * DAY)
        assert Duty.JUDGE in duties(session, at=CHANGE + 30 * DAY)
    fire_all_due(database, at=CHANGE + 30 * DAY)
    assert judge_all_due(database, at=CHANGE + 30 * DAY) == 1
    found = now(database, of)
    assert found.status == SolutionStatus.PROVEN
    assert found.verdict is not None
    assert found.verdict["orders"] == [114, 114]
    assert found.verdict["high"] < 0
    share = found.verdict["effect"] / found.verdict["before"]["value"]
    assert -0.3 < share < -0.1
    assert status(database, of.case_id) == CaseStatus.IMPROVING
    everybody = {
        f"department:{one}" for one in ("sales", "stock", "packing", "carrier")
    }
    assert told(database, MessageKind.PROVEN) == everybody
    with reading(database) as session:
        assert contributors(session, [found])[of.id][0] == "Ann"
    assert judge_all_due(database, at=LATER) == 0


def test_where_nothing_changed_the_case_is_back_in_its_review(
    database: Database,
) -> None:
    of = agreed(database)
    log(database, orders_made(shift=0.0))
    in_place(database, of)
    judge_all_due(database, at=LATER)
    found = now(database, of)
    assert found.status == SolutionStatus.NOT_PROVEN
    assert found.judged_at == LATER
    assert status(database, of.case_id) == CaseStatus.REVIEW
    assert "person:quality-manager" in told(database, MessageKind.NOT_PROVEN)
    assert "department:carrier" in told(database, MessageKind.NOT_PROVEN)
    with reading(database) as session:
        assert the_case(session, of.case_id).round == 1


def test_a_day_inside_the_log_is_allowed_and_marked(database: Database) -> None:
    of = agreed(database, at=LATER - 50 * DAY)
    log(database, orders_made(shift=0.2))
    in_place(database, of, on=CHANGE.date(), at=LATER)
    assert now(database, of).is_backdated
    fire_all_due(database, at=LATER)
    judge_all_due(database, at=LATER)
    assert now(database, of).status == SolutionStatus.PROVEN
    with pytest.raises(errors.DayToCome):
        in_place(database, of_another(database), on=date(2030, 1, 1))


def of_another(database: Database) -> Solution:
    case_id, task = reviewed(database)
    with transaction(database) as session:
        change = Agreement(task, 1, "Ann", LATER.date())
        return agree(session, case_id, change, who="qm", at=MONDAY)


def test_by_orders_it_is_looked_at_when_step_times_came_in(database: Database) -> None:
    of = agreed(database, Aim(Measure.STEP, orders=60))
    log(database, orders_made(shift=0.2, days=39))
    in_place(database, of)
    assert judge_all_due(database, at=CHANGE) == 1
    assert now(database, of).orders_so_far == 0
    assert judge_all_due(database, at=CHANGE + DAY) == 0
    log(database, orders_made(shift=0.2, began=CHANGE, days=10, seed=2))
    assert judge_all_due(database, at=CHANGE + 10 * DAY) == 1
    assert now(database, of).orders_so_far == 40
    with pytest.raises(errors.StillProving):
        judge_now(database, of.id, who="qm", at=CHANGE + 10 * DAY)
    log(database, orders_made(shift=0.2, began=CHANGE + 10 * DAY, days=10, seed=3))
    judge_all_due(database, at=CHANGE + 20 * DAY)
    found = now(database, of)
    assert found.status == SolutionStatus.PROVEN
    assert found.verdict is not None
    assert found.verdict["orders"][1] == 60


def test_too_few_to_say_goes_on_until_there_are_enough(database: Database) -> None:
    of = agreed(database)
    log(database, orders_made(shift=0.2, days=42))
    in_place(database, of)
    over = CHANGE + 31 * DAY
    fire_all_due(database, at=over)
    judge_all_due(database, at=over)
    found = now(database, of)
    assert (found.status, found.verdict["verdict"]) == ("in_place", "too_few")  # type: ignore[index]
    assert told(database, MessageKind.TOO_FEW) == {"person:quality-manager"}
    assert judge_all_due(database, at=over + DAY) == 0
    log(database, orders_made(shift=0.2, began=CHANGE + 3 * DAY, days=40, seed=2))
    assert judge_all_due(database, at=over + 2 * DAY) == 1
    assert now(database, of).status == SolutionStatus.PROVEN
    assert done(database).count("too_few_to_say") == 1
    assert done(database).count("proving_over") == 1


def test_what_is_not_proven_may_be_proven_longer_or_given_up(
    database: Database,
) -> None:
    of = agreed(database)
    log(database, orders_made(shift=0.0))
    in_place(database, of)
    judge_all_due(database, at=LATER)
    with transaction(database) as session:
        prove_longer(session, of.id, days=10, reason="A holiday", who="qm", at=LATER)
    assert status(database, of.case_id) == CaseStatus.IMPROVING
    with pytest.raises(errors.StillProving):
        judge_now(database, of.id, who="qm", at=LATER)
    fire_all_due(database, at=LATER + 11 * DAY)
    judge_all_due(database, at=LATER + 11 * DAY)
    assert now(database, of).status == SolutionStatus.NOT_PROVEN
    with transaction(database) as session:
        say_outcome(session, of.id, in_place=False, reason="No use", who="qm", at=LATER)
    assert now(database, of).status == SolutionStatus.GIVEN_UP
    assert status(database, of.case_id) == CaseStatus.REVIEW
    with pytest.raises(errors.OutcomeKnown):
        in_place(database, of, at=LATER)


def test_a_change_being_proven_keeps_its_case_open(database: Database) -> None:
    of = agreed(database)
    in_place(database, of)
    complaint = all_rows(database, Complaint)[0]
    with transaction(database) as session:
        complaints.close(
            session, complaint.id, closed_as=ClosedAs.WITHDRAWN, who="qm", at=CHANGE
        )
    with pytest.raises(NotFinished), transaction(database) as session:
        close_case(session, of.case_id, who="qm", at=CHANGE)
    with transaction(database) as session:
        say_outcome(session, of.id, in_place=False, reason="r", who="qm", at=CHANGE)
        close_case(session, of.case_id, who="qm", at=CHANGE)
    assert status(database, of.case_id) == CaseStatus.CLOSED
    assert judge_all_due(database, at=LATER) == 0


def test_without_a_measure_nothing_is_proven(database: Database) -> None:
    of = agreed(database, None)
    in_place(database, of)
    with pytest.raises(errors.NotProving):
        judge_now(database, of.id, who="qm", at=LATER)
    with pytest.raises(errors.OutcomeKnown), transaction(database) as session:
        say_outcome(session, of.id, in_place=False, reason="r", who="qm", at=LATER)


def test_what_it_is_to_change_may_be_said_until_it_is_in_place(
    database: Database,
) -> None:
    of = agreed(database, None)
    with transaction(database) as session:
        set_aim(session, of.id, Aim(Measure.ON_TIME, orders=60), who="qm", at=MONDAY)
    assert now(database, of).measure == Measure.ON_TIME
    in_place(database, of)
    with pytest.raises(errors.OutcomeKnown), transaction(database) as session:
        set_aim(session, of.id, STEP, who="qm", at=CHANGE)


def test_two_who_look_at_once_enter_it_once(database: Database) -> None:
    of = agreed(database)
    log(database, orders_made(shift=0.2))
    in_place(database, of)
    judge_now(database, of.id, who="qm", at=LATER)
    with pytest.raises(errors.NotProving):
        judge_now(database, of.id, who="qm", at=LATER)
    assert done(database).count("proven") == 1


@pytest.mark.parametrize(
    ("aim", "error"),
    [
        (Aim(Measure.WAIT), errors.PlaceDoesNotFit),
        (Aim(Measure.STEP, handover=("pick", "pack")), errors.PlaceDoesNotFit),
        (Aim(Measure.STEP, step="pick", handover=("pick", "pack")),
         errors.PlaceDoesNotFit),
        (Aim(Measure.STEP, step="bill"), errors.PlaceNotOnWalk),
        (Aim(Measure.WAIT, handover=("take-order", "bill")), errors.PlaceNotOnWalk),
        (Aim(expected=-0.2), errors.MeasureMissing),
        (Aim(days=3), errors.MeasureMissing),
        (replace(STEP, expected=0.2), errors.ExpectedNotBetter),
        (replace(STEP, expected=-1.1), errors.ExpectedNotBetter),
        (replace(STEP, expected=float("nan")), errors.ExpectedNotBetter),
        (Aim(Measure.ON_TIME, expected=-0.1), errors.ExpectedNotBetter),
        (replace(STEP, orders=50), errors.PeriodOutOfRange),
        (replace(STEP, days=0), errors.PeriodOutOfRange),
        (Aim(Measure.STEP, orders=19), errors.PeriodOutOfRange),
    ],
)  # fmt: skip
def test_an_aim_that_does_not_go_together_is_refused(
    database: Database, aim: Aim, error: type[ResolveError]
) -> None:
    with pytest.raises(error):
        agreed(database, aim)
    assert not all_rows(database, Solution)


@pytest.mark.parametrize(
    ("aim", "proven"),
    [
        (Aim(Measure.STEP), True),
        (Aim(Measure.STEP, step="deliver"), False),
        (Aim(Measure.ORDER), True),
        (Aim(Measure.ON_TIME), False),
        (Aim(Measure.WAIT, handover=("pick", "pack")), False),
    ],
    ids=["its step", "another step", "the order", "in time anyway", "a wait"],
)
def test_each_measure_is_judged(
    database: Database,
    aim: Aim,
    proven: bool,  # noqa: FBT001  a parameter
) -> None:
    of = agreed(database, aim)
    log(database, orders_made(shift=0.4))
    in_place(database, of)
    judge_all_due(database, at=LATER)
    wanted = SolutionStatus.PROVEN if proven else SolutionStatus.NOT_PROVEN
    assert now(database, of).status == wanted


@pytest.mark.parametrize(
    ("year", "said"), [(1, "day_too_long_ago"), (202, "day_too_long_ago"), (1948, "")]
)
def test_a_mistyped_year_does_not_stop_who_judges(
    database: Database, year: int, said: str
) -> None:
    change = agreed(database, replace(STEP, days=None, orders=20))
    log(database, orders_made(shift=0.2))
    refused = ""
    try:
        in_place(database, change, on=date(year, 1, 1))
    except errors.DayTooLongAgo as why:
        refused = why.code
    assert refused == said
    judge_all_due(database, at=LATER)
    status = SolutionStatus.AGREED if said else SolutionStatus.IN_PLACE
    assert now(database, change).status == status  # no order is older than the change
