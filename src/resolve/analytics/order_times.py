"""The orders behind a case: what each step took, the same for everybody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from resolve.cases.models import Case
from resolve.cases.queries import chain_of_case
from resolve.chain.model import ValueChain
from resolve.clocks.working_time import working_time
from resolve.complaints.models import Complaint
from resolve.departments.queries import by_id, calendar, calendars_of
from resolve.maps.queries import concern_of
from resolve.steptimes.promises import Promised, TimedPromise, timed_promise
from resolve.steptimes.queries import of_order
from resolve.steptimes.strips import Strip, Worked, strip


@dataclass(frozen=True, slots=True)
class OrderTimes:
    """An order of a case; `strip` is None while nothing is known of its steps.

    `promised` is there if the case is about a promise with a time and the step of its
    touchpoint has ended.
    """

    order: str
    complaint: str
    strip: Strip | None
    promised: Promised | None = None


def order_times(
    session: Session, of: Case, complaints: Iterable[Complaint]
) -> tuple[OrderTimes, ...]:
    """Give the orders that these complaints of a case name, each once."""
    chain = chain_of_case(session, of)
    if chain is None:
        return ()
    worked = _worked(session, chain)
    promise = timed_promise(chain, concern_of(of.concern)) if of.concern else None
    named: dict[str, str] = {}
    for one in complaints:
        if one.order_id:
            named.setdefault(one.order_id, one.number)
    return tuple(
        _times(number, order, _strip(session, chain, order, worked), promise)
        for order, number in named.items()
    )


def _times(
    complaint: str, order: str, laid: Strip | None, promise: TimedPromise | None
) -> OrderTimes:
    promised = promise.of(laid) if promise and laid else None
    return OrderTimes(order, complaint, laid, promised)


def _strip(
    session: Session, chain: ValueChain, order: str, worked: Worked
) -> Strip | None:
    return strip(chain, of_order(session, chain.id, order), worked=worked)


def _worked(session: Session, chain: ValueChain) -> Worked:
    """Reckon with the calendar that each department has now."""
    known = calendars_of(session, by_id(session, chain.departments))
    default = calendar(session).calendar

    def worked(department: str, start: datetime, end: datetime) -> timedelta:
        found = known.get(department)
        return working_time(found.calendar if found else default, start, end)

    return worked
