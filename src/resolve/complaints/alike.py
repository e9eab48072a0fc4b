"""Recent complaints like one that is being written, at the same cost among millions.

Looked at are the newest some hundred complaints; like is what was felt at the same
place, and whose words are near.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.utils import default_process
from sqlalchemy import func
from sqlalchemy import select as select_core
from sqlmodel import Session, col, select

from resolve.cases.models import Case
from resolve.chain.model import PromiseConcern
from resolve.complaints.models import Complaint
from resolve.maps.queries import concern_of

LOOKED_AT = 500
_SHOWN = 5
_WORDS = 400
_NEAR = 62
_PLACE = 25
_PROMISE = 15
_ENOUGH = 40

Where = tuple[str | None, str | None, str | None]
"""Map, touchpoint and promise, as far as they are known."""


@dataclass(frozen=True, slots=True)
class _Earlier:
    id: str
    text: str
    where: Where


def alike(
    session: Session, text: str, where: Where, *, most: int = _SHOWN
) -> Sequence[Complaint]:
    """Give the recent complaints that are most like these words at this place."""
    words = default_process(text[:_WORDS])
    if not words and where[1] is None:
        return []
    ranked = sorted(
        ((_likeness(one, words, where), one.id) for one in _newest(session)),
        reverse=True,
    )
    ids = [id_ for likeness, id_ in ranked[:most] if likeness >= _ENOUGH]
    found = session.exec(select(Complaint).where(col(Complaint.id).in_(ids))).all()
    return sorted(found, key=lambda one: ids.index(one.id))


def _newest(session: Session) -> list[_Earlier]:
    rows = session.connection().execute(
        select_core(
            col(Complaint.id),
            func.substr(Complaint.text, 1, _WORDS),
            col(Complaint.map_id),
            col(Complaint.touchpoint),
            col(Complaint.promise),
            col(Case.map_id),
            col(Case.concern),
        )
        .join(Case, col(Case.id) == col(Complaint.case_id))
        .order_by(col(Complaint.id).desc())
        .limit(LOOKED_AT)
    )
    return [
        _Earlier(id_, text or "", _where((map_id, touchpoint, promise), *placed))
        for id_, text, map_id, touchpoint, promise, *placed in rows
    ]


def _where(named: Where, map_id: str | None, concern: str | None) -> Where:
    """Give where a complaint was placed, else where its client said it belongs."""
    placed = concern_of(concern) if concern else None
    if map_id and isinstance(placed, PromiseConcern):
        return map_id, placed.touchpoint, placed.promise
    return named


def _likeness(one: _Earlier, words: str, where: Where) -> float:
    near = fuzz.token_set_ratio(words, default_process(one.text)) if words else 0.0
    same_place = where[1] is not None and one.where[:2] == where[:2]
    same_promise = same_place and where[2] is not None and one.where[2] == where[2]
    close = near if near >= _NEAR else 0.0
    placed = _ENOUGH if same_promise else _PLACE if same_place else 0
    return close + placed
