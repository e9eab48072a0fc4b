"""The times of some orders, as the company's systems told them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlmodel import Session

from resolve.clocks.calendar import Calendar
from resolve.clocks.working_time import add_working_time
from resolve.demo.company import WHO, past, read
from resolve.demo.moments import Past
from resolve.departments.queries import by_id, calendars_of
from resolve.maps.queries import chain_of
from resolve.steptimes.rows import Timing, keyed
from resolve.steptimes.service import take

Spec = dict[str, Any]
_SPREAD = 0.45  # of the logarithm of a time: one in six takes half as long again
_OPENING = "9:05"


def tell_orders(session: Session, *, now: datetime) -> None:
    """Take in when the steps of the company's orders began and ended; twice is once."""
    before = past(now)
    known = read("orders.yaml")
    for order in known["told"]:
        rows = [_timing(order, step, before) for step in order["steps"]]
        _take(session, rows, order, now)
    usual = known["usual"]
    rows = list(_usual(usual, _calendars(session, usual["map"]), before))
    _take(session, rows, usual, now)


def _take(session: Session, rows: list[Timing], spec: Spec, now: datetime) -> None:
    map_id, source = spec["map"], spec["source"]
    # Nobody is named in them, so there is nothing to hash.
    named = list(keyed(rows, source=source, map_id=map_id, secret=b"demonstration"))
    take(session, named, map_id=map_id, source=source, who=WHO, at=now)


def _timing(order: Spec, step: list[str], before: Past) -> Timing:
    name, began, ended = step
    return Timing(
        order=order["order"],
        step=name,
        started=before.moment(began),
        ended=before.moment(ended),
    )


def _calendars(session: Session, map_id: str) -> Mapping[str, Calendar]:
    """Give when people work at each step of a map."""
    steps = chain_of(session, map_id).steps
    found = by_id(session, {one.department for one in steps.values()})
    known = calendars_of(session, found)
    return {name: known[one.department].calendar for name, one in steps.items()}


def _usual(spec: Spec, works: Mapping[str, Calendar], before: Past) -> Iterator[Timing]:
    """Give orders of which each waits and takes a little otherwise, always the same."""
    chance = Random(spec["numbers_from"])  # noqa: S311  no secret
    for back in range(spec["first"], spec["last"] - 1, -1):
        order = f"WH-{spec['numbers_from'] + spec['first'] - back}"
        ended = before.moment(f"{back} {_OPENING}")
        for step in spec["steps"]:
            passed = chance.random() < step.get("share", 1)
            wait, takes = (
                timedelta(hours=hours * chance.lognormvariate(0, _SPREAD))
                for hours in (step["wait"], step["takes"])
            )
            if not passed:
                continue
            wait *= _shortened(spec["shorter"], step["step"], back)
            started = add_working_time(works[step["step"]], ended, wait)
            ended = add_working_time(works[step["step"]], started, takes)
            if ended >= before.now:
                break
            yield Timing(order, step["step"], ended, started)


def _shortened(shorter: Spec, step: str, back: int) -> float:
    changed = step == shorter["step"] and back <= shorter["from"]
    return float(shorter["to"]) if changed else 1.0
