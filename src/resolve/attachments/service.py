"""Attaching files to a complaint; the same content is stored once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from resolve.attachments.models import AttachedContent, Attachment
from resolve.attachments.rules import Checked
from resolve.journal.rules import case_chain, digest
from resolve.journal.service import Draft, append
from resolve.kit.database import lock_number, one_at_a_time
from resolve.kit.ids import new_id


@dataclass(frozen=True, slots=True)
class Belongs:
    """Whose files they are; the salt is that of the complaint's own texts."""

    complaint_id: str
    case_id: str
    salt: str


def attach(
    session: Session,
    files: Sequence[Checked],
    to: Belongs,
    *,
    who: str,
    at: datetime,
) -> list[Attachment]:
    """Keep files with a complaint, in the order given."""
    if not files:
        return []
    _store(session, files)
    added = [_attachment(one, to, who=who, at=at) for one in files]
    session.add_all(added)
    session.flush()
    # A name or what a file holds may tell who somebody is: only salted digests.
    marks = {one.id: digest(to.salt, one.name, one.digest) for one in added}
    data = {"complaint": to.complaint_id, "attachments": marks}
    append(session, [Draft(case_chain(to.case_id), "attached", data)], who=who, at=at)
    return added


def _store(session: Session, files: Sequence[Checked]) -> None:
    """Write the contents that are not there yet; who stores the same one waits."""
    contents = {one.digest: one.content for one in files}
    one_at_a_time(session, *(lock_number("attached", mark) for mark in contents))
    there = session.exec(
        select(AttachedContent.digest).where(
            col(AttachedContent.digest).in_(list(contents))
        )
    ).all()
    for mark in contents.keys() - set(there):
        content = contents[mark]
        session.add(AttachedContent(digest=mark, size=len(content), content=content))
    session.flush()


def _attachment(file: Checked, to: Belongs, *, who: str, at: datetime) -> Attachment:
    return Attachment(
        id=new_id(),
        complaint_id=to.complaint_id,
        name=file.name,
        media_type=file.media_type,
        size=len(file.content),
        digest=file.digest,
        added_by=who,
        at=at,
    )
