"""Looking at published maps; chains and walks are kept per version."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import tuple_
from sqlmodel import Session, col, select

from resolve.chain.model import Concern, ValueChain, concern_from_json
from resolve.chain.reader import load
from resolve.chain.walk import Walk, walk
from resolve.kit.kept import Kept
from resolve.maps.errors import MapRetired, UnknownMap, UnknownVersion
from resolve.maps.models import Map, MapStatus, MapVersion


def concern_text(concern: Concern) -> str:
    """Write a concern so that equal ones are equal texts."""
    return json.dumps(concern.as_json(), sort_keys=True, ensure_ascii=False)


def concern_of(text: str) -> Concern:
    """Read back what `concern_text` wrote."""
    return concern_from_json(json.loads(text))


def the_map(session: Session, map_id: str) -> Map:
    """Give a map.

    Raises:
        UnknownMap: none was published under this id.
    """
    found = session.get(Map, map_id)
    if found is None:
        raise UnknownMap(
            f"There is no published map {map_id!r}.",
            hint="`resolve map list` shows them.",
        )
    return found


def maps(session: Session) -> Sequence[Map]:
    """Give all maps by id."""
    return session.exec(select(Map).order_by(col(Map.id))).all()


def newest_for_cases(session: Session, map_id: str) -> int:
    """Give the version of a map on which cases are placed now.

    Raises:
        UnknownMap: none was published under this id.
        MapRetired: nothing new is placed on it.
    """
    found = the_map(session, map_id)
    if found.status == MapStatus.RETIRED:
        raise MapRetired(
            f"The map {map_id!r} is retired.",
            hint="Choose another map, or bring this one back first.",
        )
    return found.newest


def published_ids(session: Session) -> Sequence[str]:
    """Give the ids of the maps that new complaints are placed on."""
    return session.exec(
        select(Map.id).where(Map.status == MapStatus.PUBLISHED).order_by(col(Map.id))
    ).all()


def newest_published(session: Session) -> dict[str, int]:
    """Give the newest version of each map that new complaints are placed on, by id.

    Their chains are then given without asking again.
    """
    rows = session.exec(
        select(Map.id, Map.newest, MapVersion.digest)
        .where(
            Map.status == MapStatus.PUBLISHED,
            MapVersion.map_id == Map.id,
            MapVersion.version == Map.newest,
        )
        .order_by(col(Map.id))
    ).all()
    known = _known_digests(session)
    known.update({(map_id, number): digest for map_id, number, digest in rows})
    return {map_id: number for map_id, number, _ in rows}


def versions(session: Session, map_id: str) -> Sequence[MapVersion]:
    """Give the versions of a map, newest first."""
    the_map(session, map_id)
    return session.exec(
        select(MapVersion)
        .where(MapVersion.map_id == map_id)
        .order_by(col(MapVersion.version).desc())
    ).all()


def version(session: Session, map_id: str, number: int | None = None) -> MapVersion:
    """Give a version of a map, the newest if none is named.

    Raises:
        UnknownMap: none was published under this id.
        UnknownVersion: the map has no such version.
    """
    found = the_map(session, map_id)
    wanted = session.get(MapVersion, (map_id, number or found.newest))
    if wanted is None:
        raise UnknownVersion(
            f"The map {map_id!r} has no version {number}.",
            hint=f"Its newest version is {found.newest}.",
        )
    return wanted


def chain_of(session: Session, map_id: str, number: int | None = None) -> ValueChain:
    """Give the chain of a version of a map, the newest if none is named."""
    number = number or the_map(session, map_id).newest
    return _CHAINS.get(
        _digest(session, map_id, number),
        lambda: load(
            version(session, map_id, number).source, name=f"{map_id} version {number}"
        ),
    )


def walk_of(session: Session, map_id: str, number: int, concern: str) -> Walk:
    """Give the walk for a concern (its text) on a version of a map."""
    chain = chain_of(session, map_id, number)
    return _WALKS.get(
        (_digest(session, map_id, number), concern),
        lambda: walk(chain, concern_of(concern)),
    )


_CHAINS: Kept[ValueChain] = Kept(200)
_WALKS: Kept[Walk] = Kept(5000)


def _digest(session: Session, map_id: str, number: int) -> str:
    known = _known_digests(session)
    digest = known.get((map_id, number))
    if digest is None:
        digest = known[map_id, number] = version(session, map_id, number).digest
    return digest


def _known_digests(session: Session) -> dict[tuple[str, int], str]:
    """Give what this session found out; a version never changes."""
    found: dict[tuple[str, int], str] = session.info.setdefault("map_digests", {})
    return found


def know_versions(session: Session, wanted: Iterable[tuple[str, int]]) -> None:
    """Find out about these versions of maps at once; their chains are given then."""
    known = _known_digests(session)
    missing = sorted(set(wanted) - known.keys())
    if not missing:
        return
    key = tuple_(col(MapVersion.map_id), col(MapVersion.version))
    rows = session.exec(
        select(MapVersion.map_id, MapVersion.version, MapVersion.digest).where(
            key.in_(missing)
        )
    )
    known.update({(map_id, number): digest for map_id, number, digest in rows})


def newest_versions(session: Session) -> Sequence[tuple[Map, datetime, str]]:
    """Give every map by id, with when and by whom its newest version was published.

    Their chains are then given without asking again for what was read before.
    """
    rows = session.exec(
        select(Map, MapVersion.published_at, MapVersion.published_by, MapVersion.digest)
        .where(MapVersion.map_id == Map.id, MapVersion.version == Map.newest)
        .order_by(col(Map.id))
    ).all()
    known = _known_digests(session)
    known.update({(row.id, row.newest): digest for row, _, _, digest in rows})
    return [(row, at, who) for row, at, who, _ in rows]
