"""The worker: claims what waits in the outbox and calls the flow that handles it.

One thread creates flow runs one after the other: Prefect's SQLite server cannot take
two at once. Nothing is handled without Prefect; while it is away, events wait.
"""

from __future__ import annotations

import threading
import time

import structlog

from resolve.kit.errors import Unavailable
from resolve.launcher.prefect_address import PrefectAddress
from resolve_flows.case_moves import move_cases
from resolve_flows.chain_walk import walk_the_chain
from resolve_flows.claims import Claim, claimed, given_back, nothing_left
from resolve_flows.runtime import connected
from resolve_flows.upkeep import DutyFailed, due, upkeep

POLL = 0.15
_LOOK_AROUND = 2.0
_LOOK_EVERYWHERE = 60.0
_MAIL_UNDER_LOAD = 10.0
_REST_OF_UPKEEP = 30.0
_LONGEST_PAUSE = 15.0

log = structlog.get_logger(__name__)


class Worker:
    """Handles events until it is told to stop, or until none are left."""

    def __init__(
        self, prefect: PrefectAddress, stop: threading.Event, *, drain: bool = False
    ) -> None:
        self._prefect = prefect
        self._stop = stop
        self._drain = drain
        self._often = _Every(_LOOK_AROUND)
        self._seldom = _Every(_LOOK_EVERYWHERE)
        self._mail = _Every(_MAIL_UNDER_LOAD)
        self._pause = 0.0

    def run(self) -> None:
        """Work on, through whatever is away for a while."""
        log.info("worker starts", drain=self._drain)
        self._wait_for_prefect()
        with connected():
            while not self._stop.is_set() and self._go_on():
                pass
        log.info("worker stops")

    def _go_on(self) -> bool:
        """Take one turn; tell whether another one is to follow."""
        try:
            busy = self.turn()
            if not busy and self._drain and nothing_left():
                self._keep_up(rare=True)
                return False
        except Unavailable as why:
            self._back_off("database", why)
        except Exception as why:  # noqa: BLE001  Prefect's own, whichever it is
            self._back_off("prefect", why)
            self._wait_for_prefect()
        else:
            self._pause = 0.0
            if not busy:
                self._stop.wait(POLL)
        return True

    def turn(self) -> bool:
        """Handle one batch, if there is one, then what upkeep has to do."""
        claim = claimed()
        if claim:
            handle(claim)
        if self._often.has_come():
            began = time.monotonic()
            self._keep_up(rare=self._seldom.has_come())
            if claim:  # events that wait come first: upkeep gets a tenth of the time
                self._often.at_least(9 * (time.monotonic() - began))
        return bool(claim)

    def _keep_up(self, *, rare: bool) -> None:
        found = due(rare=rare)
        if not found:
            return
        try:
            upkeep([str(duty) for duty in found])
        except DutyFailed:  # logged; not every two seconds
            self._often.rest(_REST_OF_UPKEEP)

    def _back_off(self, what: str, why: Exception) -> None:
        self._pause = min(max(0.5, 2 * self._pause), _LONGEST_PAUSE)
        log.warning("has to wait", for_=what, why=str(why)[:300], pause=self._pause)
        self._stop.wait(self._pause)

    def _wait_for_prefect(self) -> None:
        while not self._stop.is_set() and not self._prefect.answers():
            self._stop.wait(0.5)


def handle(claim: Claim) -> None:
    """Call the flows for a claim: one run for those to walk, one for those to move."""
    with given_back(claim):
        if claim.to_walk:
            walk_the_chain(claim.token, claim.to_walk)
    with given_back(claim):
        if claim.to_move:
            move_cases(claim.token, claim.to_move)


class _Every:
    """Comes once in so many seconds, the first time at once."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._next = 0.0

    def has_come(self) -> bool:
        now = time.monotonic()
        if now < self._next:
            return False
        self._next = now + self._seconds
        return True

    def at_least(self, seconds: float) -> None:
        self._next = max(self._next, time.monotonic() + seconds)

    def rest(self, seconds: float) -> None:
        self._next = time.monotonic() + seconds
