"""Following the orders of a change in place: what they say of it by now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlmodel import Session, col, select

from resolve.cases.models import Case
from resolve.cases.queries import case as the_case
from resolve.cases.queries import chain_of_case
from resolve.chain.model import Concern, ValueChain
from resolve.chain.way_of import apart, way_of
from resolve.clocks.models import Clock, ClockKind
from resolve.departments.queries import calendar
from resolve.journal.models import JournalHead
from resolve.journal.rules import HOUSE
from resolve.maps.queries import concern_of
from resolve.solutions import queries
from resolve.solutions.aims import promised
from resolve.solutions.errors import NotProving
from resolve.solutions.judging import (
    Followed,
    Judged,
    Measure,
    Verdict,
    ends_with,
    finished,
    how_many,
    judge,
    kept,
)
from resolve.solutions.models import Solution
from resolve.steptimes.samples import Orders, orders_of


@dataclass(frozen=True, slots=True)
class Looked:
    """What the orders say of a change by now; not judged while its time is not over.

    `revision` is that of the solution looked at; `ended` how many orders began since
    the day and have ended; both windows are in seconds since 1970.
    """

    revision: int
    seq: int
    ended: int
    day: float
    ends: float = 0.0
    judged: Judged | None = None


def look(session: Session, solution_id: str, *, at: datetime) -> Looked:
    """Look at the orders of a change that is being proven.

    Where the time agreed on ends with too few orders, all later ones count, too.

    Raises:
        NotProving: nothing is measured, or it was judged before.
    """
    of = queries.solution(session, solution_id)
    guard_proving(of)
    head = session.get(JournalHead, HOUSE, populate_existing=True)
    seq = head.seq if head else 0
    about = _about(session, the_case(session, of.case_id))
    day = start_of(session, of.in_place_on or at.date())
    found = _orders(session, about, since=day)
    after, begins = _followed(found, of), day.timestamp()
    ended = _of_all(how_many(after, begins=begins), found)
    ends = _over(session, of, after, begins=begins, at=at)
    if ends is None:
        return Looked(of.revision, seq, ended, begins)
    last = found.as_of.timestamp()
    judged, until = Judged(Verdict.TOO_FEW, (0, 0)), begins
    for until in dict.fromkeys((min(ends, last), last)):
        judged = _compared(session, about, of, after, begins=begins, ends=until)
        if judged.verdict is not Verdict.TOO_FEW:
            break
    return Looked(of.revision, seq, ended, begins, until, judged)


def start_of(session: Session, day: date) -> datetime:
    """Give when a day begins, by the clock of the default calendar."""
    return datetime.combine(day, time(), calendar(session).calendar.tz).astimezone(UTC)


def guard_proving(of: Solution) -> None:
    """Refuse what is not being proven.

    Raises:
        NotProving: nothing is measured, or it was judged before.
    """
    if not of.is_proving:
        raise NotProving(
            f"This agreement is {of.status}; nothing of it is being proven.",
            hint="A change is judged once it is in place, if it has a measure.",
        )


def _about(session: Session, case: Case) -> tuple[ValueChain, Concern]:
    chain = chain_of_case(session, case)
    if chain is None or case.concern is None:
        raise NotProving("The case is not placed any more.")
    return chain, concern_of(case.concern)


def _orders(
    session: Session,
    about: tuple[ValueChain, Concern],
    *,
    since: datetime,
    until: datetime | None = None,
) -> Orders:
    """Give orders with the times of single steps, those in loops too."""
    way = apart(way_of(*about))
    return orders_of(session, *about, since=since, until=until, way=way)


def _followed(orders: Orders, of: Solution) -> Followed:
    """Give the orders with what is measured of each."""
    match of.measure:
        case Measure.STEP:
            values = orders.work[:, [of.step == one for one in orders.way.steps]]
        case Measure.WAIT:
            edge = (of.from_step, of.step)
            values = orders.wait[:, [edge == one for one in orders.handovers]]
        case _:
            return Followed(orders.began, orders.totals, orders.totals)
    return Followed(orders.began, orders.totals, values.sum(axis=1))


def _of_all(sampled: int, of: Orders) -> int:
    seen = len(of.began)
    return round(sampled * of.known / seen) if of.known > seen else sampled


def _over(
    session: Session, of: Solution, after: Followed, *, begins: float, at: datetime
) -> float | None:
    """Give when the time to prove it ended; None: it is not over."""
    if of.prove_orders is not None:
        return ends_with(after, of.prove_orders, begins=begins)
    due = session.exec(
        select(Clock.due_at).where(
            Clock.kind == ClockKind.PROVING, col(Clock.subject_id) == of.id
        )
    ).one()
    return due.timestamp() if due <= at else None


def _compared(
    session: Session,
    about: tuple[ValueChain, Concern],
    of: Solution,
    after: Followed,
    *,
    begins: float,
    ends: float,
) -> Judged:
    """Compare the orders after the day with those of as long a time before it."""
    length = ends - begins
    if length <= 0:
        return Judged(Verdict.TOO_FEW, (0, 0))
    day = datetime.fromtimestamp(begins, UTC)
    since = day - timedelta(seconds=length)
    before = _followed(_orders(session, about, since=since, until=day), of)
    windows = ((before, begins - length, begins), (after, begins, ends))
    within = promised(*about) if of.measure == Measure.ON_TIME else None
    values = [
        finished(side, begins=start, ends=end)
        if within is None
        else kept(side, within, begins=start, ends=end)
        for side, start, end in windows
    ]
    return judge(Measure(of.measure or ""), *values)
