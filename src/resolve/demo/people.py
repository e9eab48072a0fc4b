"""The people of the demonstration: somebody of every role, signed in by links."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlmodel import Session, col, select

from resolve.access.models import Person
from resolve.access.people import PersonChange, add_person, person_named
from resolve.access.signing_in import Purpose, new_link
from resolve.chain.model import Kind
from resolve.demo.company import WHO, facts, read
from resolve.departments.members import people_in, put_in
from resolve.departments.models import DepartmentRecord, Post
from resolve.departments.queries import by_id
from resolve.kit.database import Database, transaction
from resolve.messages.service import department_of, person


@dataclass(frozen=True, slots=True)
class Somebody:
    """Somebody of the company: a role of their own, or a post in a department."""

    login: str
    name: str
    email: str
    language: str
    roles: tuple[str, ...] = ()
    department: str | None = None
    post: Post | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """A one-time link for somebody of the company."""

    role: str
    name: str
    language: str
    secret: str


@cache
def everybody() -> tuple[Somebody, ...]:
    """Give the people of the company: first one of each role, then the other heads."""
    given = read("people.yaml")
    others = [_other(spec) for spec in given["others"]]
    heads = [_head(department, spec) for department, spec in given["heads"].items()]
    return (*others, *heads)


def _head(department: str, spec: Mapping[str, Any]) -> Somebody:
    known = facts()["heads"][department]
    email = f"{spec['login']}@{known['email'].partition('@')[2]}"
    name, language = known["head"], spec["language"]
    return Somebody(
        spec["login"], name, email, language, department=department, post=Post.HEAD
    )


def _other(spec: Mapping[str, Any]) -> Somebody:
    return Somebody(
        spec["login"],
        spec["name"],
        f"{spec['login']}@warm-house.example",
        spec["language"],
        tuple(spec.get("roles", ())),
        spec.get("department"),
        Post(spec["post"]) if "post" in spec else None,
    )


def take_in_people(session: Session, *, at: datetime) -> dict[str, Person]:
    """Take in who is not here yet, each in their department; give all by login.

    Who belongs to a department that the register does not know is left out.
    """
    wanted = {one.department for one in everybody() if one.department}
    known = by_id(session, wanted)
    logins = [one.login for one in everybody()]
    rows = session.exec(select(Person).where(col(Person.login).in_(logins)))
    here = {row.login: row for row in rows}
    for one in everybody():
        belongs = one.department is None or one.department in known
        if one.login not in here and belongs:
            here[one.login] = _take_in(session, one, at=at)
    return here


def _take_in(session: Session, one: Somebody, *, at: datetime) -> Person:
    wanted = PersonChange(
        name=one.name, email=one.email, roles=one.roles, language=one.language
    )
    made = add_person(session, one.login, wanted, who=WHO, at=at)
    if one.department and one.post:
        put_in(session, one.department, made.id, one.post, who=WHO, at=at)
    return made


def acting_head(session: Session, department_id: str) -> str:
    """Give who acts for a department: its head, or the department itself."""
    heads = people_in(session, department_id, Post.HEAD)
    return person(heads[0][0].id) if heads else department_of(department_id)


def somebody(session: Session, name: str) -> str:
    """Give the id of who is called so; a name that nobody has stays."""
    login = next((one.login for one in everybody() if one.name == name), "")
    found = person_named(session, login)
    return found.id if found else name


def ways_in(database: Database, *, at: datetime) -> Sequence[Way]:
    """Make a fresh one-time link for everybody who is here; those before it end."""
    with transaction(database) as session:
        here = take_in_people(session, at=at)
        known = by_id(session, {one.department or "" for one in everybody()})
        return tuple(_links(session, here, known, at=at))


def _links(
    session: Session,
    here: Mapping[str, Person],
    departments: Mapping[str, DepartmentRecord],
    *,
    at: datetime,
) -> Iterator[Way]:
    for one in everybody():
        found = here.get(one.login)
        if found is None or found.ended_at is not None:
            continue
        secret = new_link(session, found.id, Purpose.SIGN_IN, who=WHO, at=at)
        role = _role(one, departments)
        yield Way(role, found.name, found.language or "", secret)


def _role(one: Somebody, departments: Mapping[str, DepartmentRecord]) -> str:
    if one.department is None or one.post is None:
        return ", ".join(one.roles).replace("_", " ")
    found = departments[one.department]
    title = found.title.get("en", found.id)
    partner = " (partner)" if found.kind == Kind.PARTNER else ""
    return f"{one.post} of {title}{partner}"
