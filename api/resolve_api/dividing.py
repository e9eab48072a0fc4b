"""Who divides the promised time of a case, and what they try."""

from __future__ import annotations

from sqlmodel import Session

from resolve.access.service import Client
from resolve.access.table import Right
from resolve.analytics import lists
from resolve.analytics.time_division import Look
from resolve.chain.rewriting import Times
from resolve.chain.simulating import Effect, NotInARow, WhatIf
from resolve.kit.errors import Forbidden, Invalid
from resolve.reviews.division_errors import HandoverNotOnWalk, StepNotOnWalk


class NotOfTheCase(Forbidden):
    """Its departments divide the time of a case, and who leads its review."""

    code = "not_of_the_case"


class NotNeighbours(Invalid):
    """Two steps of which neither hands over to the other."""

    code = "steps_not_in_a_row"


def may_divide(session: Session, client: Client, case_id: str) -> bool:
    """Tell whether a client takes part in a case with a department, or handles it."""
    if Right.HANDLE in client.rights:
        return True
    answers = Right.ANSWER in client.rights and bool(client.departments)
    return answers and lists.takes_part(session, case_id, client.departments)


def must_divide(session: Session, client: Client, case_id: str) -> None:
    """Refuse who does not take part.

    Raises:
        NotOfTheCase: the departments of the case do this.
    """
    if not may_divide(session, client, case_id):
        raise NotOfTheCase(
            "The departments of a case divide its time, and who leads its review.",
            hint="Ask one of them.",
        )


def tried(found: Look, times: Times, what_if: WhatIf) -> Effect | None:
    """Say what times would do; None: too few orders to say.

    Raises:
        StepNotOnWalk, HandoverNotOnWalk: something else than that is supposed.
        NotNeighbours: two that do not follow each other, side by side.
    """
    steps = {part[0] for part in found.of.parts if len(part) == 1}
    named = [*what_if.shrink, *(one for pair in what_if.side_by_side for one in pair)]
    if unknown := next((one for one in named if one not in steps), None):
        raise StepNotOnWalk(f"`{unknown}` is not a step on the way to this promise.")
    waits = set(found.past.sample.handovers)
    if lost := next((one for one in sorted(what_if.no_wait) if one not in waits), None):
        raise HandoverNotOnWalk(
            f"There is no wait `{' -> '.join(lost)}` on the way to this promise."
        )
    try:
        return found.effect(times, what_if)
    except NotInARow as why:
        raise NotNeighbours(
            f"These two cannot run side by side: {why}.",
            hint="Name two steps of which one hands over to the other.",
            pointer="/side_by_side",
        ) from None
