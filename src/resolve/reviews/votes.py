"""What departments say to a ballot, and objections for the customer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from resolve.cases.models import Case
from resolve.cases.queries import case as the_case
from resolve.departments.models import TouchKind
from resolve.departments.touching import note as touch
from resolve.journal.rules import case_chain, digest
from resolve.journal.service import Draft, append
from resolve.kit.ids import new_id
from resolve.kit.texts import new_salt, storable
from resolve.messages.models import MessageKind
from resolve.messages.service import Note, department_of, person, tell
from resolve.outbox.models import Topic
from resolve.outbox.service import put
from resolve.reviews import queries
from resolve.reviews.ballots import open_ballot
from resolve.reviews.errors import (
    ManagerMissing,
    NotMetLikeThis,
    NotOnTheCase,
    NotYourObjection,
    ObjectionEnded,
    VotedThemselves,
    WordsMissing,
)
from resolve.reviews.models import (
    Ballot,
    BallotStatus,
    MetBy,
    Objection,
    ObjectionStatus,
    Position,
    Vote,
)
from resolve.reviews.rules import Standing, standing

_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Voting:
    """What a department says, with the words that belong to it."""

    position: Position
    text: str = ""


@dataclass(frozen=True, slots=True)
class Meeting:
    """What meets an objection: the customer's own yes, or a manager's reason."""

    by: MetBy
    text: str
    name: str = ""  # of the manager


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
    enters what the department said, which never replaces what it entered itself.

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
    _moved(session, case, at=at)
    return made


def object_to(
    session: Session, ballot_id: str, text: str, *, who: str, at: datetime
) -> Objection:
    """Object for the customer, as anybody on the case may: they would not accept this.

    Said again by the same person, it says what was said last.

    Raises:
        AlreadyAgreed, BallotEnded: nothing is voted on here any more.
        WordsMissing: without the reason it helps nobody.
    """
    case, ballot = open_ballot(session, ballot_id)
    said = _clear(Voting(Position.CUSTOMER_WOULD_NOT, text))
    found = _raise(session, ballot, who, None, said.text, who=who, at=at)
    session.flush()
    _moved(session, case, at=at)
    return found


def take_back(
    session: Session, objection_id: str, *, who: str, at: datetime
) -> Objection:
    """Take back one's own objection, that was no vote of a department.

    Raises:
        NotYourObjection: somebody else raised it, or it is a vote.
        ObjectionEnded: it was met or taken back already.
    """
    case, found = _open_one(session, objection_id)
    if found.who != who or found.department_id is not None:
        raise NotYourObjection(
            "Only who raised an objection takes it back.",
            hint="A department takes it back by voting otherwise.",
        )
    states = _take_back(session, found)
    session.flush()
    data = {"ballot": found.ballot_id, "objection": found.id, "states": states}
    draft = Draft(case_chain(case.id), "objection_taken_back", data)
    append(session, [draft], who=who, at=at)
    _moved(session, case, at=at)
    return found


def meet(
    session: Session, objection_id: str, meeting: Meeting, *, who: str, at: datetime
) -> Objection:
    """Meet an objection: by the customer's own yes, or a named manager's reason.

    Everybody on the case sees it; who objected is told. By a change it is met when the
    changed solution is put to the vote.

    Raises:
        ObjectionEnded: it was met or taken back already.
        NotMetLikeThis: neither of the two.
        WordsMissing, ManagerMissing: it has to be said who said what.
    """
    case, found = _open_one(session, objection_id)
    if meeting.by not in (MetBy.CUSTOMER, MetBy.MANAGER):
        raise NotMetLikeThis(
            "A change meets it when the changed solution is put to the vote.",
            hint="Put it to the vote instead, or name the customer's yes.",
            pointer="/by",
        )
    name = storable(meeting.name, pointer="/manager", longest=_LONGEST_NAME).strip()
    if meeting.by == MetBy.MANAGER and not name:
        raise ManagerMissing(
            "The manager who gives the reason is not named.",
            hint="Everybody on the case sees who it is.",
            pointer="/manager",
        )
    text = _words(meeting.text)
    found.status, found.met_by = ObjectionStatus.MET, meeting.by
    found.met_who, found.met_at = who, at
    found.met_name = name if meeting.by == MetBy.MANAGER else None
    found.met_text, found.met_salt = text, new_salt()
    found.revision += 1
    session.add(found)
    session.flush()
    data = {
        "ballot": found.ballot_id,
        "objection": found.id,
        "by": str(meeting.by),
        "text": digest(found.met_salt, found.met_name or "", text),
        "states": {f"objection:{found.id}": str(ObjectionStatus.MET)},
    }
    append(session, [Draft(case_chain(case.id), "objection_met", data)], who=who, at=at)
    facts = {"ballot": found.ballot_id, "objection": found.id}
    note = Note(MessageKind.OBJECTION_MET, _recipient(found), found.id, case.id, facts)
    tell(session, [note], at=at)
    _moved(session, case, at=at)
    return found


def refresh_ready(session: Session, case: Case, *, at: datetime) -> list[Ballot]:
    """Note of each open ballot whether all have agreed; give those that are ready."""
    ready = []
    for one in queries.open_ballots_of(session, case.id):
        count = queries.count_of(session, one, case)
        if standing(count, at=at) != Standing.AGREED_BY_ALL:
            one.ready_at = None
        else:
            one.ready_at = one.ready_at or at
            ready.append(one)
        session.add(one)
    session.flush()
    return ready


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
    stands = _open_objection(session, present.ballot_id, voter)
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
    return Voting(voting.position, _words(text))


def _words(text: str) -> str:
    plain = storable(text, pointer="/text").strip()
    if not plain:
        raise WordsMissing(
            "It has to be said what is needed, or why.",
            hint="A sentence is enough; everybody on the case reads it.",
            pointer="/text",
        )
    return plain


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


def _open_objection(session: Session, ballot_id: str, voter: str) -> Objection | None:
    return session.exec(
        select(Objection).where(
            Objection.ballot_id == ballot_id,
            Objection.voter == voter,
            Objection.status == ObjectionStatus.OPEN,
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
    stands = _open_objection(session, ballot.id, voter)
    if stands is not None and stands.who != who:
        raise NotYourObjection(
            "A colleague said that the customer would not accept this.",
            hint="It is theirs to take back, or it is met in the review.",
        )
    if said.position == Position.CUSTOMER_WOULD_NOT:
        _raise(session, ballot, voter, department, said.text, who=who, at=at)
        return {}
    return _take_back(session, stands) if stands is not None else {}


def _raise(  # noqa: PLR0913  one objection
    session: Session,
    ballot: Ballot,
    voter: str,
    department: str | None,
    text: str,
    *,
    who: str,
    at: datetime,
) -> Objection:
    found = _open_objection(session, ballot.id, voter)
    if found is not None and found.text == text:
        return found
    again = found is not None
    found = found or Objection(
        id=new_id(), ballot_id=ballot.id, case_id=ballot.case_id, voter=voter,
        department_id=department, who=who, at=at,
    )  # fmt: skip
    found.text, found.salt, found.at = text, new_salt(), at
    found.revision += again
    session.add(found)
    session.flush()
    data = {
        "ballot": ballot.id,
        "objection": found.id,
        "department": department,
        "text": digest(found.salt, text),
        "states": {f"objection:{found.id}": str(ObjectionStatus.OPEN)},
    }
    case = session.get_one(Case, ballot.case_id)
    append(session, [Draft(case_chain(case.id), "objected", data)], who=who, at=at)
    if not again:
        _tell_all(session, case, found, at=at)
    return found


def _tell_all(session: Session, case: Case, found: Objection, *, at: datetime) -> None:
    """Tell the facilitator, and everybody on the case, of an objection."""
    facts = {"ballot": found.ballot_id, "objection": found.id}
    leads = person(case.facilitator.removeprefix("person:"))
    others = [department_of(one) for one in queries.asked(session, case)]
    tell(
        session,
        [
            Note(MessageKind.OBJECTION, one, found.id, case.id, facts)
            for one in dict.fromkeys([leads, *others])
            if one != found.voter
        ],
        at=at,
    )


def _take_back(session: Session, found: Objection) -> dict[str, str]:
    found.status = ObjectionStatus.TAKEN_BACK
    found.revision += 1
    session.add(found)
    return {f"objection:{found.id}": str(ObjectionStatus.TAKEN_BACK)}


def _open_one(session: Session, objection_id: str) -> tuple[Case, Objection]:
    known = queries.objection(session, objection_id)
    case = the_case(session, known.case_id, lock=True)
    session.refresh(known)
    ballot = queries.ballot(session, known.ballot_id, lock=True)
    ended = ballot.status in (BallotStatus.AGREED, BallotStatus.CHANGED)
    if known.status != ObjectionStatus.OPEN or ended:
        raise ObjectionEnded(
            f"This objection is {known.status.replace('_', ' ')} already.",
            hint="The review shows by what.",
        )
    return case, known


def _recipient(found: Objection) -> str:
    if found.department_id is not None:
        return department_of(found.department_id)
    return person(found.who.removeprefix("person:"))


def _moved(session: Session, case: Case, *, at: datetime) -> None:
    """Note what became ready; the engine then tells the facilitator."""
    refresh_ready(session, case, at=at)
    put(session, Topic.VOTED, [case.id], at=at)
