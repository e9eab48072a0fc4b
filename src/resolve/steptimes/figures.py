"""What is said of the orders of a promise: shares, times, the weakest link (pure)."""

from __future__ import annotations

from datetime import UTC, datetime
from math import isfinite
from typing import Any

import numpy as np

from resolve.chain.allotment import allotted
from resolve.chain.model import Concern, Handover, PromiseConcern, ValueChain
from resolve.chain.timing import (
    FEWEST,
    Flags,
    Lever,
    Numbers,
    Share,
    levers,
    on_longest_way,
    on_time,
    still_open,
    wait_levers,
)
from resolve.kit.clock import iso
from resolve.steptimes.samples import Orders

Figures = dict[str, Any]
"""As the interfaces show them: times in seconds, None where too few are known."""

_QUARTILES = (0.25, 0.5, 0.75, 0.9)


def figures(chain: ValueChain, concern: Concern, orders: Orders) -> Figures:
    """Say what these orders tell of a promise or a hand-over.

    What is said of late orders and of the longest way is said of those that ended;
    how long it takes counts the open ones as well, for as long as they took so far.
    """
    within = _promised(chain, concern)
    ended = ~np.isnan(orders.totals)
    totals, so_far = orders.totals[ended], orders.so_far[~ended]
    share = both = None
    if within is not None:
        share = on_time(totals, within)
        both = still_open(totals, so_far, within) if len(so_far) else None
    links = _links(chain, orders, ended, within)
    return {
        "orders": {
            "known": orders.known,
            "looked_at": len(orders.began),
            "ended": len(totals),
            "open": len(so_far),
        },
        "began": _moment(orders.began) if len(orders.began) else None,
        "as_of": iso(orders.as_of) if orders.known else None,
        "within": within,
        "allotted": _allotted(chain, concern),
        "on_time": _share(share),
        "on_time_with_open": _share(both),
        "time": _times(totals, so_far),
        "chain": links,
        "inside_loops": _inside(orders),
        "weakest": next((at for at, one in enumerate(links) if one["weakest"]), None),
    }


def _moment(began: Numbers) -> str:
    return iso(datetime.fromtimestamp(float(began.min()), UTC))


def _promised(chain: ValueChain, concern: Concern) -> float | None:
    if isinstance(concern, PromiseConcern):
        promised = chain.promises[concern.promise].within
        return None if promised is None else promised.total_seconds()
    return None


def _allotted(chain: ValueChain, concern: Concern) -> float | None:
    if not isinstance(concern, PromiseConcern):
        return None
    found = allotted(chain, concern.touchpoint, concern.promise)
    return None if found is None else found.total_seconds()


def _share(share: Share | None) -> Figures | None:
    if share is None:
        return None
    low, high = (one if isfinite(one) else None for one in (share.low, share.high))
    return {"share": share.value, "low": low, "high": high}


def _times(totals: Numbers, so_far: Numbers) -> Figures | None:
    """Give quartiles and 9 of 10 of all orders; None where they are still too open."""
    if len(totals) < FEWEST:
        return None
    low, median, high, nine = _quantiles(totals, so_far)
    return {"median": median, "quartiles": [low, high], "nine_of_ten": nine}


def _quantiles(totals: Numbers, so_far: Numbers) -> list[float | None]:
    if not len(so_far):
        return [float(one) for one in np.quantile(totals, _QUARTILES)]
    from scipy.stats import CensoredData, ecdf  # noqa: PLC0415  slow to import

    left = ecdf(CensoredData(uncensored=totals, right=so_far)).sf
    found: list[float | None] = []
    for share in _QUARTILES:
        reached = np.flatnonzero(left.probabilities <= 1 - share)
        found.append(float(left.quantiles[reached[0]]) if len(reached) else None)
    return found


# ---------------------------------------------------------- steps and hand-overs


def _links(
    chain: ValueChain, orders: Orders, ended: Flags, within: float | None
) -> list[Figures]:
    """Give the hand-overs into each step and the step, in the order of the chain."""
    way = orders.way
    told = _Told(orders, ended, within)
    handover = {(one.source, one.target): one for one in chain.handovers}
    found = []
    for place, members in enumerate(way.members):
        for column in way.waits[place]:
            edge = handover[orders.handovers[column]]
            found.append(_wait(told, edge, column))
        found.append(_step(told, chain, members, place))
    return found


class _Told:
    """What the orders tell, reckoned once for all steps and waits."""

    def __init__(self, orders: Orders, ended: Flags, within: float | None) -> None:
        self.orders = orders
        work, wait = orders.work[ended], orders.wait[ended]
        passed = orders.work > 0 if orders.passed is None else orders.passed
        self.passed = passed
        self.went = orders.wait > 0 if orders.went is None else orders.went
        steps, waits = on_longest_way(orders.way, work, wait)
        enough = len(work) >= FEWEST
        self.on_step = (steps & passed[ended]).mean(axis=0) if enough else None
        self.on_wait = (waits & self.went[ended]).mean(axis=0) if enough else None
        self.levers: tuple[Lever, ...] | None = None
        self.wait_levers: tuple[Lever, ...] | None = None
        if within is not None:
            asked = (orders.way, work, wait, orders.totals[ended], within)
            self.levers, self.wait_levers = levers(*asked), wait_levers(*asked)
        self.weakest = _weakest((self.levers or ()) + (self.wait_levers or ()))


def _weakest(found: tuple[Lever, ...]) -> Lever | None:
    """Give the link that helps most, if any helps."""
    helping = [one for one in found if one.gain > 0]
    return max(helping, key=lambda one: (one.gain, one.late), default=None)


def _step(
    told: _Told, chain: ValueChain, members: tuple[str, ...], place: int
) -> Figures:
    steps = [chain.steps[one] for one in members]
    times = [one.time.total_seconds() for one in steps if one.time is not None]
    passed = told.passed[:, place]
    worked = told.orders.worked
    lever = told.levers[place] if told.levers else None
    return {
        "step": members[0],
        "steps": list(members),
        "departments": list(dict.fromkeys(one.department for one in steps)),
        "allotted": sum(times) if times else None,
        **_spread(told.orders.work[passed, place]),
        "worked": None if worked is None else _spread(worked[passed, place])["median"],
        "longest_way": None if told.on_step is None else float(told.on_step[place]),
        **_lever(lever, told),
    }


def _wait(told: _Told, edge: Handover, column: int) -> Figures:
    went = told.went[:, column]
    lever = told.wait_levers[column] if told.wait_levers else None
    within = edge.within
    return {
        "handover": {"from": edge.source, "to": edge.target},
        "allotted": None if within is None else within.total_seconds(),
        **_spread(told.orders.wait[went, column]),
        "longest_way": None if told.on_wait is None else float(told.on_wait[column]),
        **_lever(lever, told),
    }


def _inside(orders: Orders) -> list[Figures]:
    """Give the waits inside the loops, of an order all together; in no link above."""
    return [
        {"handover": {"from": source, "to": target}} | _spread(times[~np.isnan(times)])
        for (source, target), times in orders.inside.items()
    ]


def _spread(times: Numbers) -> Figures:
    """Give the median and 9 of 10; None where there are too few to say."""
    if len(times) < FEWEST:
        return {"orders": len(times), "median": None, "nine_of_ten": None}
    median, nine = (float(one) for one in np.quantile(times, (0.5, 0.9)))
    return {"orders": len(times), "median": median, "nine_of_ten": nine}


def _lever(lever: Lever | None, told: _Told) -> Figures:
    return {
        "late_by": None if lever is None else lever.late,
        "gain": None if lever is None else lever.gain,
        "weakest": lever is not None and lever is told.weakest,
    }
