"""Looking at what was said in the talk of a case, and at the words marked in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from resolve.cases.models import HiddenWords, TalkEntry

AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Talk:
    """Some entries in the order of time; `earlier`: there are more before them."""

    entries: Sequence[TalkEntry]
    earlier: bool


def newest(
    session: Session, case_id: str, *, before: str | None = None, most: int = AT_ONCE
) -> Talk:
    """Give the newest entries of a talk, or the newest of those before an entry."""
    query = select(TalkEntry).where(TalkEntry.case_id == case_id)
    if before is not None:
        query = query.where(col(TalkEntry.id) < before)
    rows = session.exec(query.order_by(col(TalkEntry.id).desc()).limit(most + 1)).all()
    return Talk(rows[:most][::-1], len(rows) > most)


def hidden_words(session: Session, case_ids: Iterable[str]) -> dict[str, list[str]]:
    """Give the words marked in these cases, by case, in the order marked."""
    found: dict[str, list[str]] = {case_id: [] for case_id in case_ids}
    for row in hidden_rows(session, list(found)):
        if row.text:
            found[row.case_id].append(row.text)
    return found


def hidden_rows(session: Session, case_ids: Sequence[str]) -> Sequence[HiddenWords]:
    """Give the marks of these cases in the order made."""
    return session.exec(
        select(HiddenWords)
        .where(col(HiddenWords.case_id).in_(case_ids))
        .order_by(col(HiddenWords.id))
    ).all()
