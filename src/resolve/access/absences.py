"""Absence: days on which a substitute does somebody's work, from one to the next.

A day begins and ends where the absent person lives; for those who name no zone it is
the one of the house when the absence was entered.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from resolve.access.errors import (
    AbsenceEnded,
    AbsenceOverlaps,
    DaysInNoOrder,
    DaysOver,
    NobodyThere,
    OwnSubstitute,
    SubstituteCircle,
    UnknownAbsence,
)
from resolve.access.models import Absence, Person
from resolve.access.rules import Away, leads_back_on, overlapping, stands_in
from resolve.journal.rules import HOUSE
from resolve.journal.service import Draft, append
from resolve.kit.database import lock_number, one_at_a_time
from resolve.kit.ids import is_id, new_id

_LOCK = lock_number("absences")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class AbsenceWish:
    """An absence as somebody wants it."""

    substitute_id: str
    first_day: date
    last_day: date


def substitute_of(
    session: Session, person_ids: Collection[str], *, at: datetime
) -> dict[str, str | None]:
    """Say who does the work of each of these people now, mostly they themselves.

    None: nobody does, so it is the quality manager's. It asks the database twice,
    however many people there are.
    """
    instead = _instead(session, at=at)
    wanted = {one for one in person_ids if is_id(one)}
    here = _here(session, wanted | set(instead.values()))
    return {
        one: stands_in(one, instead, here) if one in here or one in instead else None
        for one in person_ids
    }


def substituted_by(
    session: Session, person_id: str, *, at: datetime
) -> tuple[str, ...]:
    """Give whose work, besides their own, this person does now."""
    instead = _instead(session, at=at)
    if person_id in instead or person_id not in instead.values():
        return ()
    here = _here(session, {person_id})
    return tuple(
        sorted(one for one in instead if stands_in(one, instead, here) == person_id)
    )


def add_absence(
    session: Session,
    person_id: str,
    wanted: AbsenceWish,
    *,
    zone: ZoneInfo,
    who: str,
    at: datetime,
) -> Absence:
    """Enter days on which somebody else does a person's work.

    `zone` is the house's: days are counted there if the person names no zone.

    Raises:
        BadAbsence: the days are in no order or over, or there is no such substitute.
        AbsenceOverlaps: the person is away on one of these days already.
        SubstituteCircle: the way from substitute to substitute would lead back.
    """
    one_at_a_time(session, _LOCK)
    _guard(session, person_id, wanted, zone=zone, at=at)
    made = Absence(
        id=new_id(),
        person_id=person_id,
        substitute_id=wanted.substitute_id,
        first_day=wanted.first_day,
        last_day=wanted.last_day,
        zone=zone.key,
        created_at=at,
        created_by=who,
    )
    session.add(made)
    session.flush()
    append(session, [_entry("absence_entered", made)], who=who, at=at)
    return made


def change_absence(
    session: Session,
    absence_id: str,
    wanted: AbsenceWish,
    *,
    who: str,
    at: datetime,
) -> Absence:
    """Change the days or the substitute of an absence that is not over.

    Raises:
        UnknownAbsence, AbsenceEnded
        BadAbsence, AbsenceOverlaps, SubstituteCircle: as for `add_absence`.
    """
    one_at_a_time(session, _LOCK)
    found = absence(session, absence_id)
    if found.ended_at is not None:
        raise AbsenceEnded(
            "This absence was ended.", hint="Enter a new one if it is needed."
        )
    zone = ZoneInfo(found.zone)
    _guard(session, found.person_id, wanted, zone=zone, at=at, besides=found.id)
    found.substitute_id = wanted.substitute_id
    found.first_day, found.last_day = wanted.first_day, wanted.last_day
    session.add(found)
    append(session, [_entry("absence_changed", found)], who=who, at=at)
    return found


def end_absence(
    session: Session, absence_id: str, *, who: str, at: datetime
) -> Absence:
    """End an absence now, or take it back before it begins; twice is once.

    Raises:
        UnknownAbsence: there is none with this id.
    """
    one_at_a_time(session, _LOCK)
    found = absence(session, absence_id)
    if found.ended_at is None:
        found.ended_at = at
        session.add(found)
        append(session, [_entry("absence_ended", found)], who=who, at=at)
    return found


def absence(session: Session, absence_id: str) -> Absence:
    """Give an absence.

    Raises:
        UnknownAbsence: there is none with this id.
    """
    found = session.get(Absence, absence_id) if is_id(absence_id) else None
    if found is None:
        raise UnknownAbsence("There is no such absence.", hint="See /absence.")
    return found


def absences(
    session: Session, person_ids: Collection[str], *, at: datetime
) -> Sequence[Absence]:
    """Give the absences of these people that are not over, the next first."""
    return _open(session, Absence.person_id, person_ids, at=at)


def standing_in(session: Session, person_id: str, *, at: datetime) -> Sequence[Absence]:
    """Give the absences, not over, for which this person was named, the next first."""
    return _open(session, Absence.substitute_id, [person_id], at=at)


def zone_of(person: Person, entered: Absence) -> ZoneInfo:
    """Give where the days of an absence begin and end."""
    return ZoneInfo(person.zone or entered.zone)


def _open(
    session: Session, of: object, ids: Collection[str], *, at: datetime
) -> Sequence[Absence]:
    rows = session.exec(
        select(Absence, Person)
        .join(Person, col(Person.id) == col(Absence.person_id))
        .where(
            col(of).in_(ids),
            col(Absence.ended_at).is_(None),
            col(Absence.last_day) >= at.date() - _DAY,
        )
        .order_by(col(Absence.first_day), col(Absence.id))
    )
    return [
        entered
        for entered, person in rows
        if at.astimezone(zone_of(person, entered)).date() <= entered.last_day
    ]


def _instead(session: Session, *, at: datetime) -> dict[str, str]:
    """Give the substitute named by everybody who is away now."""
    rows = session.exec(
        select(Absence, Person)
        .join(Person, col(Person.id) == col(Absence.person_id))
        .where(
            col(Absence.ended_at).is_(None),
            # Somewhere it may be a day earlier or later than in UTC.
            col(Absence.first_day) <= at.date() + _DAY,
            col(Absence.last_day) >= at.date() - _DAY,
        )
        .order_by(col(Absence.id))
    )
    return {
        entered.person_id: entered.substitute_id
        for entered, person in rows
        if _away(entered).at(at, zone_of(person, entered))
    }


def _here(session: Session, ids: Collection[str]) -> set[str]:
    here = col(Person.ended_at).is_(None)
    return set(session.exec(select(Person.id).where(col(Person.id).in_(ids), here)))


def _guard(
    session: Session,
    person_id: str,
    wanted: AbsenceWish,
    *,
    zone: ZoneInfo,
    at: datetime,
    besides: str = "",
) -> None:
    person = _somebody(session, person_id, "/person")
    if person_id == wanted.substitute_id:
        raise OwnSubstitute(
            "Nobody stands in for themselves.",
            hint="Name somebody else.",
            pointer="/substitute",
        )
    _somebody(session, wanted.substitute_id, "/substitute")
    _guard_days(wanted, today=at.astimezone(ZoneInfo(person.zone or zone.key)).date())
    others = [_away(one) for one in _not_over(session, wanted) if one.id != besides]
    away = Away(person_id, wanted.substitute_id, wanted.first_day, wanted.last_day)
    _guard_others(away, others)


def _somebody(session: Session, person_id: str, pointer: str) -> Person:
    found = session.get(Person, person_id) if is_id(person_id) else None
    if found is None or found.ended_at is not None:
        raise NobodyThere(
            "There is nobody like this here.",
            hint="Choose somebody from the list.",
            pointer=pointer,
        )
    return found


def _guard_days(wanted: AbsenceWish, *, today: date) -> None:
    if wanted.last_day < wanted.first_day:
        raise DaysInNoOrder(
            "The last day is before the first.",
            hint="Both days are included; for one day both are the same.",
            pointer="/last_day",
        )
    if wanted.last_day < today:
        raise DaysOver(
            "These days are over.", hint="Look at the year.", pointer="/last_day"
        )


def _guard_others(away: Away, others: Sequence[Away]) -> None:
    same = overlapping(away, others)
    if same is not None:
        raise AbsenceOverlaps(
            f"There is an absence from {same.first_day} to {same.last_day} already.",
            hint="Change that one, or choose other days.",
            pointer="/first_day" if same.on(away.first_day) else "/last_day",
            first_day=same.first_day,
            last_day=same.last_day,
        )
    day = leads_back_on(away, others)
    if day is not None:
        raise SubstituteCircle(
            f"On {day} the work would come back to who is away: the substitute is away "
            "then, too.",
            hint="Choose somebody else, or other days.",
            pointer="/substitute",
            day=day,
        )


def _not_over(session: Session, wanted: AbsenceWish) -> Sequence[Absence]:
    return session.exec(
        select(Absence).where(
            col(Absence.ended_at).is_(None),
            col(Absence.first_day) <= wanted.last_day,
            col(Absence.last_day) >= wanted.first_day,
        )
    ).all()


def _away(one: Absence) -> Away:
    return Away(one.person_id, one.substitute_id, one.first_day, one.last_day)


def _entry(what: str, one: Absence) -> Draft:
    data = {
        "absence": one.id,
        "person": one.person_id,
        "substitute": one.substitute_id,
        "first_day": one.first_day.isoformat(),
        "last_day": one.last_day.isoformat(),
    }
    return Draft(HOUSE, what, data)
