"""People of every role, for tests of pages: who they are, and how they are taken in."""

from __future__ import annotations

from datetime import datetime
from itertools import cycle
from pathlib import Path

from sqlmodel import Session

from resolve.access import signing_in
from resolve.access.models import Person
from resolve.access.people import PersonChange, add_person
from resolve.access.table import Role
from resolve.chain.reader import load
from resolve.departments.members import put_in
from resolve.departments.models import Post
from resolve.kit.clock import now
from resolve.kit.database import Database, transaction
from resolve.kit.language import LANGUAGES

MAP = "order-to-delivery"
MAP_FILE = Path(__file__).resolve().parents[1] / f"process_maps/{MAP}.yaml"
DEPARTMENTS = tuple(load(MAP_FILE.read_bytes(), name=MAP_FILE.name).departments)
PASSWORD = "four words in a row"  # noqa: S105  of people who are only in tests
OWN_ROLES = {
    "quality-manager": Role.QUALITY_MANAGER,
    "frontline": Role.FRONTLINE,
    "administrator": Role.ADMINISTRATOR,
}
POSTS = {
    "stock-member": ("stock", Post.MEMBER),
    "stock-champion": ("stock", Post.CHAMPION),
    "carrier-member": ("carrier", Post.MEMBER),
} | {f"{one}-head": (one, Post.HEAD) for one in DEPARTMENTS}
NEWCOMER = "newcomer"
"""Somebody without any role: sees and files, no more."""
LOGINS = (*OWN_ROLES, *POSTS, NEWCOMER)
WHO = "administrator"


def take_in_people(database: Database, *, at: datetime | None = None) -> None:
    """Take in everybody in `LOGINS`; the departments must be there."""
    entered = at or now()
    # Heads in turn speak each language; everybody else English.
    spoken = cycle(LANGUAGES)
    with transaction(database) as session:
        for login in LOGINS:
            language = next(spoken) if login.endswith("-head") else "en"
            _take_in(session, login, language, entered)


def _take_in(session: Session, login: str, language: str, at: datetime) -> None:
    role = OWN_ROLES.get(login)
    wanted = PersonChange(
        name=login.replace("-", " ").title(),
        email=f"{login}@company.example",
        roles=[role] if role else [],
        language=language,
    )
    made = add_person(session, login, wanted, who=WHO, at=at)
    if login in POSTS:
        department, post = POSTS[login]
        put_in(session, department, made.id, post, who=WHO, at=at)


def give_password(database: Database, person: Person) -> None:
    """Let a person sign in with `PASSWORD`."""
    with transaction(database) as session:
        found = session.get_one(Person, person.id)
        signing_in.set_password(session, found, signing_in.choose(PASSWORD), at=now())
