"""People: taken in, changed, let go; named by id, login or e-mail."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import available_timezones

from sqlalchemy import func, or_
from sqlmodel import Session, col, delete, select

from resolve.access.errors import (
    BadPerson,
    LastAdministrator,
    LoginTaken,
    PersonChanged,
    UnknownPerson,
)
from resolve.access.models import OneTimeLink, Person, SignIn
from resolve.access.table import OWN_ROLES, Role
from resolve.journal.rules import HOUSE
from resolve.journal.service import Draft, append
from resolve.kit.database import lock_number, one_at_a_time
from resolve.kit.ids import is_id, new_id
from resolve.kit.language import LANGUAGES
from resolve.kit.texts import storable

BY_COMMAND = "administrator"
"""Who acted in the journal where a command was given for nobody: no person."""
FOR_SOMEBODY = f" via {BY_COMMAND}"
"""What follows the name of whoever a command was given for."""
_LOGIN = re.compile(r"[^\s:@/\\]{1,100}")
_ONE_CHANGE = lock_number("people")
"""Changes come one after the other: logins are free, administrators left, for one."""
_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True, slots=True)
class PersonChange:
    """What to change in a person; None leaves a thing as it is, "" empties it."""

    name: str | None = None
    email: str | None = None
    roles: Sequence[str] | None = None
    language: str | None = None
    zone: str | None = None
    theme: str | None = None
    mail: str | None = None
    digest_at: str | None = None
    quiet_from: str | None = None
    quiet_until: str | None = None
    wording_help: bool | None = None


def add_person(
    session: Session,
    login: str,
    wanted: PersonChange,
    *,
    who: str,
    at: datetime,
) -> Person:
    """Take somebody in, without a password yet.

    Raises:
        BadPerson: the login cannot be used, or a value of `wanted` cannot.
        LoginTaken: somebody has this login or e-mail.
    """
    one_at_a_time(session, _ONE_CHANGE)
    plain = storable(login.strip().lower(), pointer="/login")
    if not _LOGIN.fullmatch(plain) or not plain.isprintable() or is_id(plain):
        raise BadPerson(
            "A login has 1 to 100 characters, none of them a space, '@', ':' or '/'.",
            hint="Choose another login.",
            pointer="/login",
        )
    if session.exec(select(Person.id).where(Person.login == plain)).first():
        raise LoginTaken(
            f"The login {plain!r} is taken.", hint="Choose another.", pointer="/login"
        )
    made = Person(id=new_id(), login=plain, name=plain, created_at=at)
    _apply(session, made, wanted)
    session.add(made)
    session.flush()
    data = {"person": made.id, "roles": made.roles}
    append(session, [Draft(HOUSE, "person_added", data)], who=who, at=at)
    return made


def change_person(
    session: Session,
    person_id: str,
    wanted: PersonChange,
    *,
    who: str,
    at: datetime,
    revision: int | None = None,
) -> Person:
    """Change what is said of a person; `revision` is the one the change is made on.

    Raises:
        UnknownPerson, PersonChanged, BadPerson, LoginTaken
        LastAdministrator: nobody would be left who looks after people.
    """
    found = _locked(session, person_id)
    if revision is not None and revision != found.revision:
        raise PersonChanged("This person was changed in between.", hint="Read it anew.")
    before = list(found.roles)
    _apply(session, found, wanted)
    if Role.ADMINISTRATOR in before and Role.ADMINISTRATOR not in found.roles:
        _guard_last(session, found)
    found.revision += 1
    session.add(found)
    data = {"person": found.id, "revision": found.revision}
    data |= {"roles": found.roles} if before != found.roles else {}
    append(session, [Draft(HOUSE, "person_changed", data)], who=who, at=at)
    return found


def end_person(session: Session, person_id: str, *, who: str, at: datetime) -> Person:
    """Let somebody go: they sign in no more; what they did stays.

    Raises:
        UnknownPerson, LastAdministrator
    """
    found = _locked(session, person_id)
    if found.ended_at is not None:
        return found
    if Role.ADMINISTRATOR in found.roles:
        _guard_last(session, found)
    found.ended_at = at
    found.revision += 1
    session.add(found)
    session.exec(delete(SignIn).where(col(SignIn.person_id) == found.id))
    session.exec(delete(OneTimeLink).where(col(OneTimeLink.person_id) == found.id))
    append(
        session, [Draft(HOUSE, "person_ended", {"person": found.id})], who=who, at=at
    )
    return found


def anybody(session: Session) -> bool:
    """Tell whether there is anybody at all; a house without people asks for one."""
    return session.exec(select(Person.id).limit(1)).first() is not None


def person_named(session: Session, name: str) -> Person | None:
    """Give the person with this id, login or e-mail who is here; None: there is none.

    An e-mail that several have names nobody.
    """
    plain = name.removeprefix("person:").strip()
    if is_id(plain):
        found = session.get(Person, plain)
        return found if found and found.ended_at is None else None
    lower = plain.lower()
    rows = session.exec(
        select(Person)
        .where(or_(col(Person.login) == lower, col(Person.email) == lower))
        .where(col(Person.ended_at).is_(None))
        .order_by(col(Person.login) != lower)
        .limit(2)
    ).all()
    if len(rows) == 2 and rows[0].login != lower:  # noqa: PLR2004  more than one
        return None
    return rows[0] if rows else None


def the_person(session: Session, name: str) -> Person:
    """Give the person with this id, login or e-mail.

    Raises:
        UnknownPerson: there is none.
    """
    found = person_named(session, name)
    if found is None:
        raise UnknownPerson(
            f"There is nobody called {name!r} here.",
            hint="`resolve user list` shows who is.",
        )
    return found


def people(session: Session, *, ended: bool = False) -> Sequence[Person]:
    """Give the people who are here, or those who were, by name."""
    here = col(Person.ended_at).is_(None)
    return session.exec(
        select(Person)
        .where(~here if ended else here)
        .order_by(func.lower(Person.name), col(Person.id))
    ).all()


def people_with(session: Session, role: Role) -> Sequence[Person]:
    """Give the people who are here and have a role that no department gives."""
    return [one for one in people(session) if role in one.roles]


def names_of(session: Session, named: Iterable[str]) -> Mapping[str, str]:
    """Give the names of people by what names them; who is not known is left out.

    An id or a login names somebody, with or without `person:` before it. The bare word
    of a command is nobody's name, whoever has it as a login.
    """
    plain = {
        one: one.removesuffix(FOR_SOMEBODY).removeprefix("person:")
        for one in set(named) - {BY_COMMAND}
    }
    ids = [one for one in plain.values() if is_id(one)]
    logins = [one.lower() for one in plain.values() if not is_id(one)]
    rows = session.exec(
        select(Person.id, Person.login, Person.name).where(
            or_(col(Person.id).in_(ids), col(Person.login).in_(logins))
        )
    ).all()
    by_name = {id_: name for id_, _, name in rows} | {
        login: name for _, login, name in rows
    }
    return {
        one: by_name[key if is_id(key) else key.lower()]
        for one, key in plain.items()
        if (key if is_id(key) else key.lower()) in by_name
    }


def _locked(session: Session, person_id: str) -> Person:
    one_at_a_time(session, _ONE_CHANGE)
    found = (
        session.get(Person, person_id, with_for_update=True, populate_existing=True)
        if is_id(person_id)
        else None
    )
    if found is None:
        raise UnknownPerson(
            "There is no such person.", hint="`resolve user list` shows who is."
        )
    return found


def _apply(session: Session, person: Person, wanted: PersonChange) -> None:
    for field, good in _GOOD.items():
        value = getattr(wanted, field)
        if value is None:
            continue
        text = storable(value.strip(), pointer=f"/{field}", longest=200)
        if not good(text):
            raise BadPerson(
                f"{text!r} cannot be used here.",
                hint="See what the field takes.",
                pointer=f"/{field}",
            )
        setattr(person, field, text or None)
    if wanted.roles is not None:
        known = {str(role) for role in OWN_ROLES}
        if not known.issuperset(wanted.roles):
            raise BadPerson("There is no such role.", pointer="/roles")
        person.roles = [str(role) for role in OWN_ROLES if role in set(wanted.roles)]
    if wanted.wording_help is not None:
        person.wording_help = wanted.wording_help
    if wanted.email is not None and person.email:
        person.email = person.email.lower()
        _guard_email(session, person)


def _guard_email(session: Session, person: Person) -> None:
    taken = select(Person.id).where(
        Person.email == person.email,
        Person.id != person.id,
        col(Person.ended_at).is_(None),
    )
    with session.no_autoflush:
        if session.exec(taken).first():
            raise LoginTaken(
                "Somebody else has this e-mail.",
                hint="Give another one.",
                pointer="/email",
            )


def _guard_last(session: Session, person: Person) -> None:
    """Refuse to leave the house without anybody who looks after people."""
    with session.no_autoflush:
        here = people_with(session, Role.ADMINISTRATOR)
    if all(one.id == person.id for one in here):
        raise LastAdministrator(
            "Nobody would be left who looks after people and keys.",
            hint="Make somebody else administrator first.",
            pointer="/roles",
        )


def is_email(text: str) -> bool:
    """Tell whether a text can be an e-mail address; "" is none, which is fine."""
    return not text or re.fullmatch(r"[^\s@]{1,64}@[^\s@]{1,189}", text) is not None


def _is_time(text: str) -> bool:
    return _TIME.fullmatch(text) is not None


_GOOD: Mapping[str, Callable[[str], bool]] = {
    "name": bool,
    "email": is_email,
    "language": lambda text: not text or text in LANGUAGES,
    "zone": lambda text: not text or text in available_timezones(),
    "theme": lambda text: text in ("auto", "light", "dark"),
    "mail": lambda text: text in ("each", "digest", "none"),
    "digest_at": _is_time,
    "quiet_from": lambda text: not text or _is_time(text),
    "quiet_until": lambda text: not text or _is_time(text),
}
