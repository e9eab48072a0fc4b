"""Filing with files: one act, one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from resolve.attachments.rules import Checked
from resolve.attachments.service import Belongs, attach
from resolve.complaints.filing import Filed, Filing, House, file
from resolve.complaints.models import Complaint


def file_with(
    session: Session,
    filing: Filing,
    files: Sequence[Checked],
    *,
    house: House,
    who: str,
    at: datetime,
) -> Filed:
    """Take in a complaint together with the files that came with it.

    Raises:
        NothingSaid, Invalid, AlreadyFiled: as for `filing.file`; nothing is kept then.
    """
    filed = file(session, filing, house=house, who=who, at=at)
    if files:
        salt = session.get_one(Complaint, filed.complaint_id).salt or ""
        to = Belongs(filed.complaint_id, filed.case_id, salt)
        attach(session, files, to, who=who, at=at)
    return filed
