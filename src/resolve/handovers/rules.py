"""What follows from the standard of a hand-over (pure)."""

from __future__ import annotations

from datetime import timedelta

from resolve.chain.model import Promise, PromiseConcern, Touchpoint, ValueChain
from resolve.chain.walk import promises_of
from resolve.chain.way_of import handovers_inside, handovers_of, way_of
from resolve.handovers.models import HandoverStandard
from resolve.kit.language import Language


def shorter_promises(
    chain: ValueChain, of: HandoverStandard
) -> tuple[tuple[Touchpoint, Promise], ...]:
    """Give the promises on whose way the hand-over lies, and that leave less time.

    A standard that alone takes longer than the customer was promised may be agreed:
    both sides are told.
    """
    if of.within is None:
        return ()
    within = timedelta(seconds=of.within)
    return tuple(
        (touchpoint, promise)
        for touchpoint, promise in promises_of(chain)
        if promise.within is not None
        and promise.within < within
        and _lies_on_way(chain, of, PromiseConcern(touchpoint.id, promise.id))
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


def _lies_on_way(
    chain: ValueChain, of: HandoverStandard, concern: PromiseConcern
) -> bool:
    way = way_of(chain, concern)
    ends = (of.source, of.target)
    return ends in handovers_of(chain, way) or ends in handovers_inside(chain, way)
