"""The order behind a complaint: one strip, the same for everybody on the case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter
from starlette.responses import Response

from resolve.analytics.order_times import OrderTimes, order_times
from resolve.cases.models import Case
from resolve.cases.queries import chain_of_case
from resolve.chain.model import PromiseConcern, ValueChain
from resolve.complaints.queries import complaints_of
from resolve.departments.models import DepartmentRecord
from resolve.departments.queries import departments
from resolve.kit.database import reading
from resolve.maps.queries import concern_of
from resolve.steptimes.promises import Promised
from resolve.steptimes.strips import Bar, Strip, Wait
from resolve_api.pages.case_words import internal_customer, title_of, title_of_case
from resolve_api.pages.showing import page
from resolve_api.pages.visits import Reader, Visit
from resolve_api.seen import the_case

router = APIRouter(prefix="/cases")
_MOST_ORDERS = 5
_WIDTH = 1000
_THINNEST = 3


@router.get("/{case}/times")
def show(visit: Reader, case: str) -> Response:
    """Show what each step took in the orders of a case, and the waits between."""
    with reading(visit.database) as session:
        found = the_case(session, visit.client, case)
        chain = chain_of_case(session, found)
        complaints = complaints_of(session, [found.id])
        orders = order_times(session, found, complaints)
        register = {one.id: one for one in departments(session)}
    return page(
        visit,
        "times/order.html",
        case=found,
        title=title_of_case(found, chain, visit.language),
        internal=internal_customer(found, chain, visit.language),
        number=complaints[0].number if complaints else "",
        orders=drawn(visit, chain, register, orders[:_MOST_ORDERS]),
        more=max(0, len(orders) - _MOST_ORDERS),
        all_orders=_all_orders(found, chain),
        span=visit.language.measured,
    )


def drawn(
    visit: Visit,
    chain: ValueChain | None,
    register: Mapping[str, DepartmentRecord],
    orders: Iterable[OrderTimes],
) -> list[dict[str, Any]]:
    """Give orders as `times/strip.html` shows them."""
    if chain is None:
        return []
    drawing = _Drawing(visit, chain, register)
    return [drawing.order(one) for one in orders]


def _all_orders(case: Case, chain: ValueChain | None) -> str | None:
    """Give where all orders of the promise are looked at that the case is about."""
    if chain is None or case.concern is None:
        return None
    concern = concern_of(case.concern)
    if not isinstance(concern, PromiseConcern):
        return None
    asked = urlencode({"about": f"{concern.touchpoint}/{concern.promise}"})
    return f"/maps/{quote(chain.id, safe='')}/timing?{asked}"


@dataclass(frozen=True, slots=True)
class _Drawing:
    """Puts strips into words and places of a picture 1,000 wide."""

    visit: Visit
    chain: ValueChain
    register: Mapping[str, DepartmentRecord]

    def order(self, one: OrderTimes) -> dict[str, Any]:
        """Give an order: its rows in the order of the chain.

        What follows only after what was promised is a part of its own, `after`, drawn
        from the beginning of the order to its end.
        """
        shown: dict[str, Any] = {"order": one.order, "complaint": one.complaint}
        laid, promised = one.strip, one.promised
        if laid is None:
            return shown | {"rows": []}
        behind = promised.behind if promised else frozenset()
        here = [bar for bar in laid.bars if bar.step not in behind]
        after = [bar for bar in laid.bars if bar.step in behind]
        return (
            shown
            | self._part(laid, here, promised)
            | {
                "promised": self._promised(promised) if promised else None,
                "after": self._part(laid, after, promised) if after else None,
            }
        )

    def _part(
        self, laid: Strip, bars: Sequence[Bar], promised: Promised | None
    ) -> dict[str, Any]:
        ended = max(one.ended for bar in bars for one in bar.passes)
        frame = _Frame(laid.began, ended)
        steps = {bar.step for bar in bars}
        return {
            "began": frame.began,
            "ended": frame.ended,
            "whole": frame.ended - frame.began,
            "due": frame.at(promised.due) if promised else None,
            "rows": [self._bar(frame, laid, bar) for bar in bars],
            "waits": [self._wait(one) for one in laid.waits if one.target in steps],
        }

    def _promised(self, promised: Promised) -> dict[str, Any]:
        touchpoint = self.chain.touchpoints[promised.touchpoint]
        return {
            "touchpoint": touchpoint.title.in_(self.visit.language.code),
            "ended": promised.ended,
            "took": promised.took,
            "within": promised.within,
            "due": promised.due,
        }

    def _bar(self, frame: _Frame, laid: Strip, bar: Bar) -> dict[str, Any]:
        allotted = []
        if bar.allotted is not None:
            allotted = [
                frame.place(one.started, one.started + bar.allotted)
                for one in bar.passes
            ]
        return {
            "step": self._step(bar.step),
            "department": title_of(bar.department, self.register, self.visit.language),
            "time": bar.time,
            "working": bar.working,
            "allotted": bar.allotted,
            "passes": len(bar.passes),
            "only_end": not all(one.known for one in bar.passes),
            "bands": allotted,
            "bars": [frame.place(one.started, one.ended) for one in bar.passes],
            "waits": [
                frame.place(wait.began, wait.ended)
                for wait in laid.waits
                if wait.target == bar.step and wait.time > timedelta()
            ],
        }

    def _wait(self, wait: Wait) -> dict[str, Any]:
        return {
            "source": self._step(wait.source),
            "target": self._step(wait.target),
            "time": wait.time,
            "within": wait.within,
        }

    def _step(self, step: str) -> str:
        return self.chain.steps[step].title.in_(self.visit.language.code)


@dataclass(frozen=True, slots=True)
class _Frame:
    """The time that a picture shows, from its left edge to its right."""

    began: datetime
    ended: datetime

    def place(self, start: datetime, end: datetime) -> dict[str, int]:
        """Give where a span lies in the picture, at least so wide that it is seen."""
        left, width = self._far(start), self._far(end) - self._far(start)
        begin = min(max(0.0, left), float(_WIDTH - _THINNEST))
        fitting = min(round(width), _WIDTH - round(begin))
        return {"x": round(begin), "w": max(_THINNEST, fitting)}

    def at(self, moment: datetime) -> int | None:
        """Give where a moment lies in the picture; None: outside."""
        inside = self.began <= moment <= self.ended
        return round(self._far(moment)) if inside else None

    def _far(self, moment: datetime) -> float:
        whole = (self.ended - self.began).total_seconds() or 1.0
        return (moment - self.began).total_seconds() / whole * _WIDTH
