"""Publishing maps."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from sqlmodel import Session

from resolve.chain.model import ValueChain
from resolve.chain.reader import load
from resolve.departments.service import register
from resolve.journal.rules import digest as reason_digest
from resolve.journal.rules import map_chain
from resolve.journal.service import Draft, append
from resolve.kit.database import one_at_a_time
from resolve.kit.texts import new_salt, storable
from resolve.maps.errors import IdMismatch, MapChanged
from resolve.maps.models import Map, MapStatus, MapVersion
from resolve.maps.queries import the_map

_PUBLISHING = 7265739


def publish(  # noqa: PLR0913  what, on what, why
    session: Session,
    source: bytes,
    *,
    who: str,
    at: datetime,
    map_id: str | None = None,
    newest: int | None = None,
    reason: str = "",
) -> tuple[MapVersion, bool]:
    """Publish a map file as the next version; give it, and whether it is new.

    `map_id` is the id it must have, `newest` the version that it is made on (0: none),
    `reason` why, in words that can be erased. The same content again gives the version
    that is there. Its departments are taken into the register; cases on earlier
    versions are not touched.

    Raises:
        InvalidMap: the findings of `check`.
        IdMismatch: the file names another id than `map_id`.
        MapChanged: `newest` is not the newest version any more.
    """
    chain = load(source, name=map_id or "map")
    if map_id is not None and chain.id != map_id:
        raise IdMismatch(
            f"The map calls itself {chain.id!r}, not {map_id!r}.",
            hint="Change its id, or publish it under its own.",
            pointer="/id",
        )
    one_at_a_time(session, _PUBLISHING)
    known = session.get(Map, chain.id)
    _guard(chain.id, known.newest if known else 0, newest)
    digest = hashlib.sha256(source).hexdigest()
    if known:
        last = session.get_one(MapVersion, (chain.id, known.newest))
        if last.digest == digest and known.status == MapStatus.PUBLISHED:
            return last, False
    said = storable(reason.strip(), pointer="/reason", longest=2000)
    new = MapVersion(
        map_id=chain.id,
        version=known.newest + 1 if known else 1,
        source=source.decode("utf-8-sig"),
        digest=digest,
        published_at=at,
        published_by=who,
        reason=said or None,
        reason_salt=new_salt() if said else None,
    )
    _add(session, known, new, chain)
    append(
        session, [Draft(map_chain(chain.id), "published", _entry(new))], who=who, at=at
    )
    return new, True


def hold(session: Session, map_id: str) -> Map:
    """Give a map as it is, and let nobody else publish until we are done.

    Raises:
        UnknownMap: none was published under this id.
    """
    one_at_a_time(session, _PUBLISHING)
    known = the_map(session, map_id)
    session.refresh(known)
    return known


def _guard(map_id: str, present: int, expected: int | None) -> None:
    if expected is None or expected == present:
        return
    raise MapChanged(
        f"The newest version of the map {map_id} is {present}; "
        "this change is made on another.",
        hint="Read it anew and make the change on it.",
    )


def _add(
    session: Session, known: Map | None, new: MapVersion, chain: ValueChain
) -> None:
    entry = known or Map(id=chain.id, newest=new.version)
    entry.newest, entry.status = new.version, MapStatus.PUBLISHED
    session.add(entry)
    session.flush()
    session.add(new)
    session.flush()
    register(session, chain, who=new.published_by, at=new.published_at)


def _entry(new: MapVersion) -> dict[str, Any]:
    data: dict[str, Any] = {"version": new.version, "digest": new.digest}
    if new.reason and new.reason_salt:
        data["reason"] = reason_digest(new.reason_salt, new.reason)
    return data
