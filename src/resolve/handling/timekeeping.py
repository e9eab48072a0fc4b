"""What is kept about the times of promises, made anew when step times came in."""

from __future__ import annotations

from datetime import datetime

from resolve.kit.database import Database, reading, transaction
from resolve.kit.errors import ResolveError
from resolve.maps.queries import chain_of, the_map
from resolve.steptimes.keeping import About, forget_before, forget_odd, keep, make, old


def remake_old(database: Database, *, at: datetime) -> int:
    """Make anew what is kept and no longer right, one transaction each."""
    with reading(database) as session:
        found = old(session, at=at)
    for map_id, concern, period in found:
        with reading(database) as session:
            version = the_map(session, map_id).newest
            about = About(chain_of(session, map_id, version), version, concern, period)
            try:
                made = make(session, about, at=at)
            except ResolveError:  # the newest version has no such promise
                made = None
        with transaction(database) as session:
            if made is not None:
                keep(session, made)
            else:
                forget_before(session, map_id, version)
    with transaction(database) as session:
        forget_odd(session, at=at)
    return len(found)
