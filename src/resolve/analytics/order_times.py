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
from resolve.steptimes.queries import of_order
from resolve.steptimes.strips import Strip, Worked, strip


@dataclass(frozen=True, slots=True)
class OrderTimes:
    """An order of a case; `strip` is None while nothing is known of its steps."""

    order: str
    complaint: str
    strip: Strip | None


def order_times(
    session: Session, of: Case, complaints: Iterable[Complaint]
) -> tuple[OrderTimes, ...]:
    """Give the orders that these complaints of a case name, each once."""
    chain = chain_of_case(session, of)
    if chain is None:
        return ()
    worked = _worked(session, chain)
    named: dict[str, str] = {}
    for one in complaints:
        if one.order_id:
            named.setdefault(one.order_id, one.number)
    return tuple(
        OrderTimes(order, number, _strip(session, chain, order, worked))
        for order, number in named.items()
    )


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
