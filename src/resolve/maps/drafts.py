"""Maps being written: begun, saved by several people without loss, published."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from resolve.chain.model import ValueChain
from resolve.chain.reader import Reading, read
from resolve.chain.tree import LARGEST
from resolve.kit.ids import is_id, new_id
from resolve.kit.kept import Kept
from resolve.kit.texts import storable
from resolve.maps.errors import DraftChanged, UnknownDraft
from resolve.maps.models import MapDraft, MapVersion
from resolve.maps.queries import version
from resolve.maps.service import publish


def begin(
    session: Session,
    source: str,
    *,
    who: str,
    at: datetime,
    map_id: str | None = None,
    based_on: int = 0,
) -> MapDraft:
    """Begin a draft with this text; `based_on` is the version of `map_id` it changes.

    Raises:
        Invalid: no database can hold the text.
    """
    made = MapDraft(
        id=new_id(),
        map_id=map_id,
        based_on=based_on,
        source=_kept(source),
        created_at=at,
        saved_by=who,
        saved_at=at,
    )
    session.add(made)
    session.flush()
    return made


def begin_from_version(
    session: Session, map_id: str, number: int | None = None, *, who: str, at: datetime
) -> MapDraft:
    """Begin a draft with a version of a map, by default the newest; it changes that.

    Raises:
        UnknownMap, UnknownVersion: there is none.
    """
    found = version(session, map_id, number)
    return begin(
        session, found.source, who=who, at=at, map_id=map_id, based_on=found.version
    )


def drafts(session: Session, map_id: str | None = None) -> Sequence[MapDraft]:
    """Give the drafts, of one map or of all, the last saved first."""
    query = select(MapDraft).order_by(col(MapDraft.saved_at).desc(), col(MapDraft.id))
    if map_id is not None:
        query = query.where(MapDraft.map_id == map_id)
    return session.exec(query).all()


def the_draft(session: Session, draft_id: str, *, lock: bool = False) -> MapDraft:
    """Give a draft; `lock` keeps others from saving it meanwhile.

    Raises:
        UnknownDraft: there is none with this id.
    """
    found = (
        session.get(
            MapDraft, draft_id, with_for_update=lock or None, populate_existing=lock
        )
        if is_id(draft_id)
        else None
    )
    if found is None:
        raise UnknownDraft(
            "There is no such draft.",
            hint="It may have been published or deleted; look at the list of maps.",
        )
    return found


def save(
    session: Session,
    draft_id: str,
    source: str,
    *,
    revision: int,
    who: str,
    at: datetime,
) -> MapDraft:
    """Save a draft; `revision` is the one that the text was made on.

    Raises:
        UnknownDraft: there is none with this id.
        DraftChanged: somebody else saved another text in between.
        Invalid: no database can hold the text.
    """
    found = the_draft(session, draft_id, lock=True)
    text = _kept(source)
    if text == found.source:
        return found
    _guard(found, revision)
    found.source, found.saved_by, found.saved_at = text, who, at
    found.revision += 1
    session.add(found)
    return found


def go_on_from(
    session: Session, draft_id: str, number: int, *, revision: int
) -> MapDraft:
    """Say that a draft takes in what another version changed meanwhile.

    Raises:
        UnknownDraft, UnknownVersion: there is none.
        DraftChanged: somebody else saved it in between.
    """
    found = the_draft(session, draft_id, lock=True)
    _guard(found, revision)
    base = version(session, found.map_id or _id_of(found.source), number)
    found.map_id, found.based_on = base.map_id, base.version
    found.revision += 1
    session.add(found)
    return found


def delete(session: Session, draft_id: str, *, revision: int) -> None:
    """Delete a draft as it was seen.

    Raises:
        UnknownDraft: there is none with this id.
        DraftChanged: somebody else saved it in between.
    """
    found = the_draft(session, draft_id, lock=True)
    _guard(found, revision)
    session.delete(found)


def publish_draft(
    session: Session,
    draft_id: str,
    *,
    revision: int,
    reason: str,
    who: str,
    at: datetime,
) -> tuple[MapVersion, bool]:
    """Publish a draft as it was seen, as the next version of its map; it then ends.

    Raises:
        UnknownDraft: there is none with this id.
        DraftChanged: somebody else saved it in between.
        InvalidMap, IdMismatch, MapChanged, OtherKind: as for `publish`.
    """
    found = the_draft(session, draft_id, lock=True)
    _guard(found, revision)
    published = publish(
        session,
        found.source.encode(),
        who=who,
        at=at,
        map_id=found.map_id,
        newest=found.based_on,
        reason=reason,
    )
    session.delete(found)
    session.flush()
    return published


def _guard(draft: MapDraft, revision: int) -> None:
    if draft.revision != revision:
        raise DraftChanged(
            "Somebody else saved this draft in between.",
            hint="Look at both texts, then save what shall stay.",
            revision=draft.revision,
        )


def _kept(source: str) -> str:
    return storable(source, pointer="/source", longest=LARGEST)


def _id_of(source: str) -> str:
    chain = read(source).chain
    return chain.id if chain else ""


def chain_in(draft: MapDraft) -> ValueChain | None:
    """Give the chain that a draft describes, None while it has errors."""
    return _READ.get((draft.id, draft.revision), lambda: read(draft.source)).chain


_READ: Kept[Reading] = Kept(50)
