"""Who gets a message: the heads of a department, or whoever does their work today."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from resolve.access.absences import substitute_of
from resolve.access.models import Person
from resolve.access.people import people_with, person_named
from resolve.access.table import Role
from resolve.chain.model import Kind
from resolve.departments.colleagues import only_of_partners
from resolve.departments.models import DepartmentRecord, Membership, Post
from resolve.departments.queries import by_id
from resolve.kit.ids import is_id
from resolve.messages.deliveries import CUSTOMER, Addressee
from resolve.messages.models import Delivery, Message, MessageKind


@dataclass(frozen=True, slots=True)
class Recipient:
    """How somebody is written to; without a zone, by the clock of the department.

    `box` names the mailbox here of a person who has no address, `stands_in_for` the
    person away who would get the letter.
    """

    name: str
    address: str | None
    language: str
    zone: ZoneInfo | None = None
    is_partner: bool = False
    box: str = ""
    stands_in_for: str = ""


def addressees(
    session: Session, messages: Sequence[Message], *, on_duty: str, at: datetime
) -> Mapping[str, tuple[Addressee, ...]]:
    """Say whom each of these messages goes to, by its id: mostly one, never nobody.

    `on_duty` is the login of the quality manager: theirs is what nobody else has.
    """
    desk = _Desk.read(session, messages, on_duty=on_duty, at=at)
    return {one.id: desk.addressees(one) for one in messages}


@dataclass(frozen=True, slots=True)
class _Desk:
    """What is to be known of people and departments to address some messages."""

    heads: Mapping[str, Sequence[str]]  # of departments
    register: Mapping[str, DepartmentRecord]
    named: Mapping[str, str | None]  # people by what names them
    now: Mapping[str, str | None]  # who does whose work
    managers: tuple[Addressee, ...]

    @staticmethod
    def read(
        session: Session, messages: Sequence[Message], *, on_duty: str, at: datetime
    ) -> _Desk:
        departments = _named(messages, "department")
        heads = _heads(session, departments)
        names = _named(messages, "person")
        found = {name: person_named(session, name) for name in names}
        named = {name: one.id if one else None for name, one in found.items()}
        managers = _managers(session, on_duty)
        everybody = {*managers, *(id_ for id_ in named.values() if id_)}
        everybody.update(id_ for ids in heads.values() for id_ in ids)
        now = substitute_of(session, everybody, at=at)
        return _Desk(
            heads,
            by_id(session, departments),
            named,
            now,
            _working(managers, now) or (Addressee(f"name:{on_duty}"),),
        )

    def addressees(self, message: Message) -> tuple[Addressee, ...]:
        if message.kind == MessageKind.ANSWER:
            return (CUSTOMER,)
        kind, name = _parts(message.recipient)
        if kind == "department":
            return self._of_department(name)
        return self._of_person(name)

    def _of_department(self, department_id: str) -> tuple[Addressee, ...]:
        heads = self.heads.get(department_id)
        if heads:
            return _working(heads, self.now) or self.managers
        known = self.register.get(department_id)
        if known is not None and (known.head or known.email):
            return (Addressee(f"department:{department_id}"),)
        return self.managers

    def _of_person(self, name: str) -> tuple[Addressee, ...]:
        known = self.named.get(name)
        if known is not None:
            return _working([known], self.now) or self.managers
        # Of who left or never was, if there is a quality manager.
        if is_id(name) or self._has_managers():
            return self.managers
        return (Addressee(f"name:{name}"),)

    def _has_managers(self) -> bool:
        return any(one.person_id for one in self.managers)


def recipients(
    session: Session, letters: Sequence[Delivery], *, language: str
) -> Mapping[str, Recipient]:
    """Say how to write to whom each letter goes to, by its id.

    `language` is the one of the house, for those who name none.
    """
    named = {id_ for one in letters for id_ in (one.person_id, one.instead_of) if id_}
    people = _people(session, named)
    partners = only_of_partners(session, people)
    kept = {one.addressee for one in letters if one.person_id is None}
    register = by_id(session, {_parts(key)[1] for key in kept})
    found: dict[str, Recipient] = {}
    for one in letters:
        if one.person_id is not None:
            person = people[one.person_id]
            partner = person.id in partners
            to = _to_person(person, language, is_partner=partner)
            away = people.get(one.instead_of or "")
            found[one.id] = replace(to, stands_in_for=away.name) if away else to
        else:
            found[one.id] = _to_name(one.addressee, register, language)
    return found


def _to_person(person: Person, language: str, *, is_partner: bool) -> Recipient:
    return Recipient(
        person.name,
        person.email,
        person.language or language,
        ZoneInfo(person.zone) if person.zone else None,
        is_partner,
        person.login,
    )


def _to_name(
    key: str, register: Mapping[str, DepartmentRecord], language: str
) -> Recipient:
    kind, name = _parts(key)
    known = register.get(name) if kind == "department" else None
    if known is None:
        return Recipient(name, None, language)
    title = known.titled(language)
    partner = known.kind == Kind.PARTNER
    return Recipient(known.head or title, known.email, language, None, partner)


def _parts(named: str) -> tuple[str, str]:
    """Give kind and name: a person may be named with or without what says so."""
    kind, _, name = named.partition(":")
    return kind, name.removeprefix("person:")


def _named(messages: Iterable[Message], kind: str) -> set[str]:
    parts = {_parts(one.recipient) for one in messages}
    return {name for of, name in parts if of == kind}


def _heads(session: Session, departments: set[str]) -> dict[str, list[str]]:
    """Give the people who head these departments; who left heads none."""
    rows = session.exec(
        select(Membership.department_id, Membership.person_id)
        .join(Person, col(Person.id) == col(Membership.person_id))
        .where(
            col(Membership.department_id).in_(departments),
            Membership.post == Post.HEAD,
            col(Person.ended_at).is_(None),
        )
        .order_by(col(Membership.department_id), col(Membership.person_id))
    )
    grouped = groupby(rows, key=lambda row: row[0])
    return {department: [person for _, person in of] for department, of in grouped}


def _managers(session: Session, on_duty: str) -> list[str]:
    """Give the quality manager on duty, else everybody with that role."""
    known = person_named(session, on_duty)
    if known is not None:
        return [known.id]
    return [one.id for one in people_with(session, Role.QUALITY_MANAGER)]


def _working(
    ids: Iterable[str], now: Mapping[str, str | None]
) -> tuple[Addressee, ...]:
    """Give who does the work of these people, each once."""
    working: dict[str, Addressee] = {}
    for id_ in ids:
        one = now.get(id_)
        if one == id_:  # theirs anyway, whoever else is away
            working[one] = Addressee(f"person:{one}", one)
        elif one:
            working.setdefault(one, Addressee(f"person:{one}", one, id_))
    return tuple(working.values())


def _people(session: Session, ids: set[str]) -> dict[str, Person]:
    rows = session.exec(select(Person).where(col(Person.id).in_(ids)))
    return {row.id: row for row in rows}
