"""Words that people of a case marked: they tell who the customer is.

Partners then see them masked, like the name itself. The stored texts stay as they are,
and marking never shows anything again that was masked before.
"""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from resolve.cases.models import HiddenWords
from resolve.cases.queries import case as the_case
from resolve.cases.said import hidden_rows
from resolve.journal.rules import case_chain
from resolve.journal.service import Draft, append
from resolve.kit.errors import Conflict, Invalid
from resolve.kit.ids import new_id
from resolve.kit.texts import storable

LONGEST = 200
MOST = 100
_FEWEST_SIGNS = 3
_SHORTEST_WORD = 2


class NothingMarked(Invalid):
    """Too little to be looked for in a text."""

    code = "nothing_marked"


class TooManyMarked(Conflict):
    """As many words are marked as are taken."""

    code = "too_many_marked"


def hide(
    session: Session, case_id: str, words: str, *, who: str, at: datetime
) -> HiddenWords:
    """Mark words of a case; the same ones twice are marked once.

    Raises:
        NothingMarked: a single letter, or fewer than three letters and digits.
        TooManyMarked: a hundred are marked already.
    """
    plain = " ".join(storable(words, pointer="/words", longest=LONGEST).split())
    if not _can_be_found(plain):
        raise NothingMarked(
            "This is too short to be looked for.",
            hint="Give the word, or several words in a row, as they stand in the text.",
            pointer="/words",
        )
    the_case(session, case_id, lock=True)
    known = hidden_rows(session, [case_id])
    for row in known:
        if (row.text or "").casefold() == plain.casefold():
            return row
    if len(known) >= MOST:
        raise TooManyMarked(
            f"{MOST} words are marked in this case already.", pointer="/words"
        )
    made = HiddenWords(id=new_id(), case_id=case_id, text=plain, who=who, at=at)
    session.add(made)
    session.flush()
    draft = Draft(case_chain(case_id), "words_hidden", {"hidden": made.id})
    append(session, [draft], who=who, at=at)
    return made


def _can_be_found(words: str) -> bool:
    signs = sum(sign.isalnum() for sign in words)
    return signs >= _FEWEST_SIGNS or (words.isalpha() and signs >= _SHORTEST_WORD)
