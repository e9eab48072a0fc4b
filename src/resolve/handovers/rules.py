"""What follows from the standard of a hand-over (pure)."""

from __future__ import annotations

from datetime import timedelta

from resolve.chain.model import Promise, PromiseConcern, Touchpoint, ValueChain
from resolve.chain.walk import promises_of
from resolve.chain.way_of import runs_during
from resolve.handovers.models import HandoverStandard
from resolve.kit.language import Language


def shorter_promises(
    chain: ValueChain, of: HandoverStandard
) -> tuple[tuple[Touchpoint, Promise], ...]:
    """Give the promises whose time runs meanwhile, and that leave less of it.

    A standard that alone takes longer than the customer was promised may be agreed:
    both sides are told.
    """
    if of.within is None:
        return ()
    within, ends = timedelta(seconds=of.within), (of.source, of.target)
    return tuple(
        (touchpoint, promise)
        for touchpoint, promise in promises_of(chain)
        if promise.within is not None
        and promise.within < within
        and runs_during(chain, ends, PromiseConcern(touchpoint.id, promise.id))
    )


def shorter_in_words(
    chain: ValueChain, of: HandoverStandard, it: Language
) -> tuple[str, ...]:
    """Say of each promise that the standard alone may take longer than it."""
    return tuple(
        it.say(
            "This time alone is longer than the promise “{promise}” at “{touchpoint}”: "
            "{time}.",
            promise=promise.title.in_(it.code),
            touchpoint=touchpoint.title.in_(it.code),
            time=it.duration(promise.within),
        )
        for touchpoint, promise in shorter_promises(chain, of)
        if promise.within is not None
    )
