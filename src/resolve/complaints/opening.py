"""The case of a new complaint: a like one that still awaits answers, or its own."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from resolve.cases import queries as cases
from resolve.cases.models import CaseStatus
from resolve.complaints.placing import Placing
from resolve.kit.ids import new_id
from resolve.maps import queries as maps


def cases_for(
    session: Session,
    placings: Sequence[Placing],
    newest: Mapping[str, int],
    *,
    owner: str,
    at: datetime,
    alone: Container[int] = (),
) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """Give the rows of the cases to open, by id, and the case of each placing.

    `newest`: the newest version of each published map; `alone`: the places of those
    whose case is their own.
    """
    opened: dict[str, dict[str, Any]] = {}
    case_ids: list[str] = []
    concerns = [_concern(placing, newest) for placing in placings]
    joins = _joins(session, concerns)
    like = _to_join(session, joins, at)
    for n, concern in enumerate(concerns):
        joinable = n not in alone
        case_id = like.get(concern) if concern and joinable else None
        if case_id is None:
            row = _case(concern, owner=owner, at=at)
            case_id = row["id"]
            opened[case_id] = row
            if concern in joins and joinable:
                like[concern] = case_id
        case_ids.append(case_id)
    return opened, case_ids


_Concern = tuple[str, int, str]


def _concern(placing: Placing, newest: Mapping[str, int]) -> _Concern | None:
    if placing.map_id is None or placing.concern is None:
        return None
    return (
        placing.map_id,
        newest[placing.map_id],
        maps.concern_text(placing.concern),
    )


def _joins(
    session: Session, concerns: Sequence[_Concern | None]
) -> dict[_Concern, timedelta]:
    """Give for how long like complaints join, for the concerns where they do."""
    placed = {concern for concern in concerns if concern}
    join = {c: maps.chain_of(session, c[0], c[1]).join for c in placed}
    return {c: length for c, length in join.items() if length is not None}


def _to_join(
    session: Session, joins: Mapping[_Concern, timedelta], at: datetime
) -> dict[_Concern, str]:
    found = cases.joinable(session, sorted(joins))
    return {
        concern: case.id
        for concern, case in found.items()
        if case.opened_at >= at - joins[concern]
    }


def _case(concern: _Concern | None, *, owner: str, at: datetime) -> dict[str, Any]:
    map_id, version, about = concern or (None, None, None)
    return {
        "id": new_id(),
        "status": CaseStatus.TASKS if concern else CaseStatus.TO_PLACE,
        "round": 0,
        "asked_round": 0,
        "owner": owner,
        "facilitator": owner,
        "opened_at": at,
        "revision": 1,
        "map_id": map_id,
        "map_version": version,
        "concern": about,
    }
