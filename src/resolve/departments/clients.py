"""What somebody may do here, put together from roles, scopes and departments."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session

from resolve.access.errors import KeyUnknown
from resolve.access.models import ApiKey, Person
from resolve.access.service import Client
from resolve.access.table import Role, Scope, rights_of_roles, rights_of_scopes
from resolve.chain.model import Kind
from resolve.departments.members import posts_of
from resolve.departments.queries import by_id


def client_of_person(session: Session, person: Person) -> Client:
    """Give a person as who acts; somebody of partners only sees what a partner sees."""
    posts = posts_of(session, person.id)
    departments = frozenset(post.department_id for post in posts)
    roles = {Role(role) for role in person.roles} | {Role(one.post) for one in posts}
    return Client(
        who=f"person:{person.id}",
        name=person.login,
        rights=rights_of_roles(roles),
        departments=departments,
        is_partner=not person.roles and _only_partners(session, departments),
        person_id=person.id,
    )


def client_of_key(session: Session, key: ApiKey) -> Client:
    """Give a key as who acts: for its department, its person, or the house.

    Raises:
        KeyUnknown: its person is not here any more.
    """
    scopes = [Scope(one) for one in key.scopes]
    who = f"key:{key.id}"
    if key.person_id is not None:
        return _for_a_person(session, key, scopes)
    own = frozenset({key.department_id} if key.department_id else ())
    return Client(
        who=who,
        name=key.name,
        rights=rights_of_scopes(scopes, of_department=bool(own)),
        departments=own,
        is_partner=_only_partners(session, own),
        key_id=key.id,
    )


def _for_a_person(session: Session, key: ApiKey, scopes: Iterable[Scope]) -> Client:
    person = session.get_one(Person, key.person_id)
    if person.ended_at is not None:
        raise KeyUnknown(
            "This key is not known here.", hint="Ask the administrator for one."
        )
    owner = client_of_person(session, person)
    return Client(
        who=owner.who,
        name=key.name,
        rights=owner.rights & rights_of_scopes(scopes),
        departments=owner.departments,
        is_partner=owner.is_partner,
        key_id=key.id,
        person_id=person.id,
    )


def _only_partners(session: Session, departments: frozenset[str]) -> bool:
    found = by_id(session, departments).values()
    return bool(departments) and all(one.kind == Kind.PARTNER for one in found)
