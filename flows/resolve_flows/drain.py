"""The flow of a deployment: empty the outbox for a while.

Its process takes seconds to start, so one run handles whatever waits.
"""

from __future__ import annotations

import time
from contextlib import suppress

from prefect import flow
from prefect.runtime import flow_run

from resolve_flows.case_moves import move_events
from resolve_flows.chain_walk import walk_events
from resolve_flows.claims import Claim, claimed, given_back
from resolve_flows.upkeep import DutyFailed, do_due


@flow(name="drain", persist_result=False)
def drain(seconds: float = 60.0) -> int:
    """Handle what waits, until nothing does or the time is over; give how many."""
    run_id = str(flow_run.id)
    until = time.monotonic() + seconds
    handled = 0
    _look_after()
    while time.monotonic() < until:
        claim = claimed()
        if not claim:
            break
        handle(claim, run_id=run_id)
        handled += len(claim)
    _look_after()
    return handled


def _look_after() -> None:
    with suppress(DutyFailed):  # logged; what waits is handled all the same
        do_due()


def handle(claim: Claim, *, run_id: str) -> None:
    """Handle a claim inside the present flow run."""
    with given_back(claim):
        if claim.to_walk:
            walk_events(claim.token, claim.to_walk, run_id=run_id)
    with given_back(claim):
        if claim.to_move:
            move_events(claim.token, claim.to_move, run_id=run_id)
