"""What tells who the customers of a case are: it is held back from partners."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlmodel import Session, col, select

from resolve.cases.said import hidden_words
from resolve.complaints.masking import Identity
from resolve.complaints.models import Complaint


def identities(session: Session, case_ids: Iterable[str]) -> dict[str, Identity]:
    """Give what tells who the customers of each case are."""
    ids = set(case_ids)
    rows = session.exec(select(Complaint).where(col(Complaint.case_id).in_(ids)))
    found: dict[str, list[Complaint]] = {case_id: [] for case_id in ids}
    for row in rows:
        found[row.case_id].append(row)
    marked = hidden_words(session, ids)
    return {case_id: _identity(of, marked[case_id]) for case_id, of in found.items()}


def _identity(of: Sequence[Complaint], marked: Sequence[str]) -> Identity:
    customers = [row.customer or {} for row in of]
    names = [customer.get("name") for customer in customers]
    names += [row.on_behalf_of for row in of]
    # A single marked word is masked in its forms like a name, several as they stand.
    names += [words for words in marked if words.isalpha()]
    return Identity(
        names=tuple(n for n in names if n),
        others=tuple(
            str(customer[field])
            for customer in customers
            for field in ("email", "phone")
            if customer.get(field)
        )
        + tuple(words for words in marked if not words.isalpha()),
        kept=tuple(k for row in of for k in (row.order_id, row.reference) if k),
    )
