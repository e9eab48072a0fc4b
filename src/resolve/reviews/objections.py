"""Objections for the customer: raised by anybody on a case, met, never outvoted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from resolve.cases.models import Case
from resolve.cases.queries import case as the_case
from resolve.journal.rules import case_chain, digest
from resolve.journal.service import Draft, append
from resolve.kit.ids import new_id
from resolve.kit.texts import new_salt, storable
from resolve.messages.models import MessageKind
from resolve.messages.service import Note, department_of, person, tell
from resolve.reviews import queries
from resolve.reviews.ballots import open_ballot
from resolve.reviews.carrying import tell_all
from resolve.reviews.errors import (
    ManagerMissing,
    NotMetLikeThis,
    NotYourObjection,
    ObjectionEnded,
    WordsMissing,
)
from resolve.reviews.managers import manager_called
from resolve.reviews.models import (
    Ballot,
    BallotStatus,
    MetBy,
    Objection,
    ObjectionStatus,
)
from resolve.reviews.readiness import moved

_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Meeting:
    """What meets an objection: the customer's own yes, or a manager's reason."""

    by: MetBy
    text: str
    name: str = ""  # of the manager, or login or e-mail


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
    said = needed_words(text)
    found = raise_one(session, ballot, who, None, said, who=who, at=at)
    session.flush()
    moved(session, case, at=at)
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
    states = take_back_one(session, found)
    session.flush()
    data = {"ballot": found.ballot_id, "objection": found.id, "states": states}
    draft = Draft(case_chain(case.id), "objection_taken_back", data)
    append(session, [draft], who=who, at=at)
    moved(session, case, at=at)
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
        NotAManager: who is named is no manager of the house.
    """
    case, found = _open_one(session, objection_id)
    if meeting.by not in (MetBy.CUSTOMER, MetBy.MANAGER):
        raise NotMetLikeThis(
            "A change meets it when the changed solution is put to the vote.",
            hint="Put it to the vote instead, or name the customer's yes.",
            pointer="/by",
        )
    name = _manager(session, meeting) if meeting.by == MetBy.MANAGER else None
    text = needed_words(meeting.text)
    found.status, found.met_by = ObjectionStatus.MET, meeting.by
    found.met_who, found.met_at = who, at
    found.met_name = name
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
    moved(session, case, at=at)
    return found


def open_objection(session: Session, ballot_id: str, voter: str) -> Objection | None:
    return session.exec(
        select(Objection).where(
            Objection.ballot_id == ballot_id,
            Objection.voter == voter,
            Objection.status == ObjectionStatus.OPEN,
        )
    ).first()


def raise_one(  # noqa: PLR0913  one objection
    session: Session,
    ballot: Ballot,
    voter: str,
    department: str | None,
    text: str,
    *,
    who: str,
    at: datetime,
) -> Objection:
    found = open_objection(session, ballot.id, voter)
    if found is not None and found.text == text:
        return found
    again = found is not None
    found = found or Objection(
        id=new_id(), ballot_id=ballot.id, case_id=ballot.case_id, voter=voter,
        department_id=department, who=who, at=at,
    )  # fmt: skip
    found.who, found.text, found.salt, found.at = who, text, new_salt(), at
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
        tell_all(session, case, found, at=at)
    return found


def take_back_one(session: Session, found: Objection) -> dict[str, str]:
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


def _manager(session: Session, meeting: Meeting) -> str:
    name = storable(meeting.name, pointer="/manager", longest=_LONGEST_NAME).strip()
    if not name:
        raise ManagerMissing(
            "The manager who gives the reason is not named.",
            hint="Everybody on the case sees who it is.",
            pointer="/manager",
        )
    return manager_called(session, name)


def _recipient(found: Objection) -> str:
    if found.department_id is not None:
        return department_of(found.department_id)
    return person(found.who.removeprefix("person:"))


def needed_words(text: str) -> str:
    plain = storable(text, pointer="/text").strip()
    if not plain:
        raise WordsMissing(
            "It has to be said what is needed, or why.",
            hint="A sentence is enough; everybody on the case reads it.",
            pointer="/text",
        )
    return plain
