"""The times of a promise, as every interface shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session

from resolve.chain.model import Concern, PromiseConcern, ValueChain
from resolve.chain.walk import promise_at, promises_of
from resolve.kit.clock import iso
from resolve.kit.errors import Invalid
from resolve.maps.queries import chain_of, the_map
from resolve.steptimes.keeping import About, Found
from resolve.steptimes.periods import ALL, Period


class NothingPromised(Invalid):
    """The map makes no promise, so there is no time to look at."""

    code = "nothing_promised"


def chosen(
    chain: ValueChain, touchpoint: str | None, promise: str | None
) -> PromiseConcern:
    """Give the promise that is meant; what is not named is the first with a time.

    Raises:
        UnknownTouchpoint, UnknownPromise, PromiseNotHere: as for a walk.
        NothingPromised: the map makes none.
    """
    if touchpoint and promise:
        promise_at(chain, touchpoint, promise)
        return PromiseConcern(touchpoint, promise)
    fitting = [
        (there, promised)
        for there, promised in promises_of(chain)
        if touchpoint in (None, "", there.id) and promise in (None, "", promised.id)
    ]
    if not fitting:
        raise NothingPromised(
            f"The map {chain.id} makes no such promise.",
            hint="Name a touchpoint and one of its promises.",
        )
    there, promised = min(fitting, key=lambda one: one[1].within is None)
    return PromiseConcern(there.id, promised.id)


def about(
    session: Session,
    map_id: str,
    touchpoint: str | None = None,
    promise: str | None = None,
    period: Period = ALL,
) -> About:
    """Say what is asked of the newest version of a map.

    Raises:
        UnknownMap, and as `chosen`.
    """
    version = the_map(session, map_id).newest
    chain = chain_of(session, map_id, version)
    return About(chain, version, chosen(chain, touchpoint, promise), period)


def shape(asked: About, found: Found) -> dict[str, Any]:
    """Give the times of a promise as JSON: seconds, None where too few are known.

    `more_since` counts the step times that came in after it was reckoned.
    """
    last = found.figures["as_of"]
    since, until = asked.period.bounds(datetime.fromisoformat(last)) if last else _NONE
    return {
        "map": asked.chain.id,
        "version": asked.version,
        "concern": _concern(asked.concern),
        "period": {
            "since": since and iso(since),
            "until": until and iso(until),
        },
        "made_at": iso(found.made_at),
        "more_since": found.since,
        "inside_loops": [],  # of what was kept before they were told
        **found.figures,
    }


_NONE = (None, None)


def _concern(concern: Concern) -> dict[str, Any]:
    return concern.as_json()
