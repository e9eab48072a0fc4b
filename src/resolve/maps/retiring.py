"""What becomes of a published map: an earlier version again, retired, brought back."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from resolve.journal.rules import map_chain
from resolve.journal.service import Draft, append
from resolve.kit.errors import Invalid
from resolve.maps.errors import MapChanged, NothingBefore
from resolve.maps.models import Map, MapStatus, MapVersion
from resolve.maps.queries import the_map, version
from resolve.maps.service import publish


class WhyMissing(Invalid):
    """Taking back needs a reason that others can read."""

    code = "reason_missing"


def publish_again(  # noqa: PLR0913  what, on what, why
    session: Session,
    map_id: str,
    number: int,
    *,
    newest: int,
    reason: str,
    who: str,
    at: datetime,
) -> MapVersion:
    """Publish an earlier version once more, as the newest; `newest` is the one so far.

    Open cases go on with the version that they are on.

    Raises:
        UnknownMap, UnknownVersion: there is none.
        NothingBefore: it is the newest itself.
        MapChanged: another version became the newest in between.
        WhyMissing: nobody says why.
    """
    if not reason.strip():
        raise WhyMissing(
            "A reason is missing.", hint="Say in a sentence why.", pointer="/reason"
        )
    if the_map(session, map_id).newest != newest:
        raise MapChanged(
            f"Version {newest} of the map {map_id} is not the newest any more.",
            hint="Look at it again.",
        )
    if not 0 < number < newest:
        raise NothingBefore(
            "No earlier version can be published again.",
            hint="Retire the map if no new complaint shall be placed on it.",
        )
    source = version(session, map_id, number).source.encode()
    made, _ = publish(
        session, source, who=who, at=at, map_id=map_id, newest=newest, reason=reason
    )
    return made


def retire(session: Session, map_id: str, *, who: str, at: datetime) -> Map:
    """Place no new complaint on a map; open cases go on. Twice is once.

    Raises:
        UnknownMap: none was published under this id.
    """
    return _become(session, map_id, MapStatus.RETIRED, "retired", who, at)


def bring_back(session: Session, map_id: str, *, who: str, at: datetime) -> Map:
    """Place new complaints on a retired map again. Twice is once.

    Raises:
        UnknownMap: none was published under this id.
    """
    return _become(session, map_id, MapStatus.PUBLISHED, "brought_back", who, at)


def _become(
    session: Session, map_id: str, status: MapStatus, what: str, who: str, at: datetime
) -> Map:
    the_map(session, map_id)
    found = session.get_one(Map, map_id, with_for_update=True, populate_existing=True)
    if found.status != status:
        found.status = status
        session.add(found)
        data = {"version": found.newest, "states": {"map": str(status)}}
        append(session, [Draft(map_chain(map_id), what, data)], who=who, at=at)
    return found
