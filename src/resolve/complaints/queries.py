"""Looking at complaints."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func
from sqlmodel import Session, col, select

from resolve.complaints.errors import UnknownComplaint
from resolve.complaints.models import Complaint, ComplaintStatus
from resolve.kit.ids import is_id


def complaint(session: Session, name: str) -> Complaint:
    """Give a complaint by its id or its number.

    Raises:
        UnknownComplaint: there is none.
    """
    by = Complaint.id == name if is_id(name) else Complaint.number == name
    found = session.exec(select(Complaint).where(by)).first()
    if found is None:
        raise unknown(name)
    return found


def unknown(name: str) -> UnknownComplaint:
    """Make the error for a complaint that does not exist, or not for who is asking."""
    return UnknownComplaint(
        f"There is no complaint {name!r}.",
        hint="Give its id, or its number like C-2026-000123.",
    )


def complaints_of(session: Session, case_ids: Sequence[str]) -> Sequence[Complaint]:
    """Give the complaints of these cases, in the order filed."""
    return session.exec(
        select(Complaint)
        .where(col(Complaint.case_id).in_(case_ids))
        .order_by(col(Complaint.serial))
    ).all()


def first_words(session: Session, case_ids: Sequence[str]) -> dict[str, str]:
    """Give what the first customer of each of these cases says, if it is kept."""
    first = (
        select(func.min(Complaint.serial))
        .where(col(Complaint.case_id).in_(case_ids))
        .group_by(col(Complaint.case_id))
    )
    rows = session.exec(
        select(Complaint.case_id, Complaint.text).where(
            col(Complaint.serial).in_(first)
        )
    )
    return {case_id: text for case_id, text in rows if text}


def customers_of(session: Session, case_ids: Sequence[str]) -> dict[str, int]:
    """Count the customers that each of these cases stands for."""
    rows = session.exec(
        select(Complaint.case_id, func.count())
        .where(col(Complaint.case_id).in_(case_ids))
        .group_by(col(Complaint.case_id))
    )
    return dict(rows.all())


def still_open(session: Session, case_id: str) -> Sequence[Complaint]:
    """Give the complaints of a case whose customer's side has not ended."""
    return session.exec(
        select(Complaint).where(
            Complaint.case_id == case_id, Complaint.status != ComplaintStatus.CLOSED
        )
    ).all()
