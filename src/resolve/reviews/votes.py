"""What departments say to what is put to the vote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from resolve.cases.models import Case
from resolve.departments.models import TouchKind
from resolve.departments.touching import note as touch
from resolve.journal.rules import case_chain, digest
from resolve.journal.service import Draft, append
from resolve.kit.ids import new_id
from resolve.kit.texts import new_salt, storable
from resolve.reviews import queries
from resolve.reviews.ballots import open_ballot
from resolve.reviews.errors import (
    NotOnTheCase,
    NotYourObjection,
    VotedThemselves,
)
from resolve.reviews.models import (
    Ballot,
    Objection,
    Position,
    Vote,
)
from resolve.reviews.objections import (
    needed_words,
    open_objection,
    raise_one,
    take_back_one,
)
from resolve.reviews.readiness import moved


@dataclass(frozen=True, slots=True)
class Voting:
    """What a department says, with the words that belong to it."""

    position: Position
    text: str = ""


def vote(  # noqa: PLR0913  one vote
    session: Session,
    ballot_id: str,
    department: str,
    voting: Voting,
    *,
    who: str,
    at: datetime,
    by_word_of_mouth: bool = False,
) -> Vote:
    """Vote for a department; it may be changed while the ballot is open.

    To agree with words is to agree with a note. "The customer would not accept it"
    raises an objection, which is everybody's to see and nobody's to outvote; only who
    raised it takes it back by voting otherwise. `by_word_of_mouth`: the facilitator
    enters what the department said, which never replaces what it entered itself; it
    stays the department's, so whoever votes for it takes it back as well.

    Raises:
        AlreadyAgreed, BallotEnded: nothing is voted on here any more.
        NotOnTheCase: the department does not take part in this round.
        WordsMissing: this position needs words.
        VotedThemselves: the department voted already, itself.
        NotYourObjection: a colleague objects; it is theirs to take back.
    """
    case, ballot = open_ballot(session, ballot_id)
    _guard_asked(session, case, department)
    said = _clear(voting)
    present = _vote_of(session, ballot, department)
    _guard_own(present, department, by_word_of_mouth=by_word_of_mouth)
    if present and _says_the_same(session, present, said):
        return present
    states = _objecting(session, ballot, department, said, who=who, at=at)
    made = present or Vote(
        id=new_id(), ballot_id=ballot.id, case_id=case.id, department_id=department,
        position=said.position, who=who, at=at,
    )  # fmt: skip
    made.position, text = _kept(said)
    made.text, made.salt = text or None, new_salt() if text else None
    made.who, made.at, made.by_word_of_mouth = who, at, by_word_of_mouth
    made.revision += present is not None
    session.add(made)
    session.flush()
    states[f"vote:{made.id}"] = made.position
    append(session, [_voted(made, states)], who=who, at=at)
    touch(session, [department], TouchKind.TOOK_PART, at=at)
    moved(session, case, at=at)
    return made


# ------------------------------------------------------------------------------------


def _guard_asked(session: Session, case: Case, department: str) -> None:
    if department not in queries.asked(session, case):
        raise NotOnTheCase(
            f"{department} does not take part in this review.",
            hint="The case shows who does.",
            pointer="/department",
        )


def _guard_own(
    present: Vote | None, department: str, *, by_word_of_mouth: bool
) -> None:
    if present and by_word_of_mouth and not present.by_word_of_mouth:
        raise VotedThemselves(
            f"{department} voted itself.", hint="Ask it to change its vote."
        )


def _says_the_same(session: Session, present: Vote, said: Voting) -> bool:
    if (present.position, present.text or "") != _kept(said):
        return False
    if said.position != Position.CUSTOMER_WOULD_NOT:
        return True
    voter = f"department:{present.department_id}"
    stands = open_objection(session, present.ballot_id, voter)
    return stands is not None and stands.text == said.text


def _voted(made: Vote, states: dict[str, str]) -> Draft:
    data: dict[str, Any] = {
        "ballot": made.ballot_id,
        "department": made.department_id,
        "position": made.position,
        "states": states,
    }
    if made.text and made.salt:
        data["text"] = digest(made.salt, made.text)
    if made.by_word_of_mouth:
        data["by_word_of_mouth"] = True
    return Draft(case_chain(made.case_id), "voted", data)


def _clear(voting: Voting) -> Voting:
    """Give what is said, as clearly as it was meant."""
    text = storable(voting.text, pointer="/text").strip()
    if voting.position == Position.AGREE and text:
        return Voting(Position.AGREE_WITH_NOTE, text)
    if voting.position == Position.AGREE:
        return Voting(Position.AGREE)
    return Voting(voting.position, needed_words(text))


def _kept(said: Voting) -> tuple[str, str]:
    """Give what the vote itself keeps: the reason of an objection stands there."""
    objects = said.position == Position.CUSTOMER_WOULD_NOT
    return str(said.position), "" if objects else said.text


def _vote_of(session: Session, ballot: Ballot, department: str) -> Vote | None:
    return session.exec(
        select(Vote).where(
            Vote.ballot_id == ballot.id, Vote.department_id == department
        )
    ).first()


def _objecting(
    session: Session,
    ballot: Ballot,
    department: str,
    said: Voting,
    *,
    who: str,
    at: datetime,
) -> dict[str, str]:
    """Raise, keep or take back what a department's vote objects; give the states."""
    voter = f"department:{department}"
    stands = open_objection(session, ballot.id, voter)
    if stands and stands.who != who and not _was_entered(session, stands):
        raise NotYourObjection(
            "A colleague said that the customer would not accept this.",
            hint="It is theirs to take back, or it is met in the review.",
        )
    if said.position == Position.CUSTOMER_WOULD_NOT:
        raise_one(session, ballot, voter, department, said.text, who=who, at=at)
        return {}
    return take_back_one(session, stands) if stands is not None else {}


def _was_entered(session: Session, objection: Objection) -> bool:
    """Tell whether it was said by word of mouth, and who raised it only entered it."""
    entered = session.exec(
        select(Vote.id).where(
            Vote.case_id == objection.case_id,
            Vote.department_id == objection.department_id,
            Vote.who == objection.who,
            col(Vote.by_word_of_mouth),
        )
    )
    return entered.first() is not None
