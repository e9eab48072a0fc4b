"""Looking at attachments; what a file holds is read only when it is asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlmodel import Session, col, select

from resolve.attachments.errors import UnknownAttachment
from resolve.attachments.models import AttachedContent, Attachment
from resolve.kit.ids import is_id


def of(
    session: Session, complaint_ids: Iterable[str]
) -> Mapping[str, Sequence[Attachment]]:
    """Give the files of each of these complaints, in the order they came."""
    found: dict[str, list[Attachment]] = defaultdict(list)
    for one in session.exec(
        select(Attachment)
        .where(col(Attachment.complaint_id).in_(list(complaint_ids)))
        .order_by(col(Attachment.id))
    ):
        found[one.complaint_id].append(one)
    return found


def attachment(session: Session, attachment_id: str) -> Attachment:
    """Give a file's entry.

    Raises:
        UnknownAttachment: there is none.
    """
    found = session.get(Attachment, attachment_id) if is_id(attachment_id) else None
    if found is None:
        raise unknown(attachment_id)
    return found


def content(session: Session, of: Attachment) -> bytes:
    """Give what a file holds.

    Raises:
        UnknownAttachment: it was erased.
    """
    kept = session.get(AttachedContent, of.digest) if of.digest else None
    if kept is None:
        raise unknown(of.id)
    return kept.content


def unknown(attachment_id: str) -> UnknownAttachment:
    """Make the error for a file that is not there, or not for who is asking."""
    return UnknownAttachment(
        f"There is no attachment {attachment_id!r}.", hint="It may have been erased."
    )
