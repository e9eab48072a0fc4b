"""What somebody may do here, put together from roles, scopes and departments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlmodel import Session, col, select

from resolve.access.absences import substituted_by
from resolve.access.errors import KeyUnknown
from resolve.access.models import ApiKey, Person
from resolve.access.service import Client
from resolve.access.table import Role, Scope, rights_of_roles, rights_of_scopes
from resolve.chain.model import Kind
from resolve.departments.members import posts_of
from resolve.departments.models import Membership
from resolve.departments.queries import by_id
from resolve.kit.clock import now


def client_of_person(session: Session, person: Person) -> Client:
    """Give a person as who acts, for those, too, whose work they do today.

    Of these they have the departments and what these may do, not their other roles.
    Somebody of partners only sees what a partner sees, and acts for no department of
    ours; so does who has no department here and stands in for partners only.
    """
    own = posts_of(session, person.id)
    of_partner = not person.roles and _only_partners(session, _departments(own))
    others = substituted_by(session, person.id, at=now())
    posts = [*own, *_stood_in_for(session, others, partners_only=of_partner)]
    departments = _departments(posts)
    is_partner = not person.roles and _only_partners(session, departments)
    roles = {Role(role) for role in person.roles} | {Role(one.post) for one in posts}
    return Client(
        who=f"person:{person.id}",
        name=person.login,
        rights=rights_of_roles(roles),
        departments=departments,
        is_partner=is_partner,
        person_id=person.id,
    )


def _stood_in_for(
    session: Session, people: Sequence[str], *, partners_only: bool
) -> list[Membership]:
    if not people:
        return []
    posts = session.exec(
        select(Membership).where(col(Membership.person_id).in_(people))
    ).all()
    known = by_id(session, [post.department_id for post in posts])
    return [
        post
        for post in posts
        if not partners_only or known[post.department_id].kind == Kind.PARTNER
    ]


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


def _departments(posts: Iterable[Membership]) -> frozenset[str]:
    return frozenset(post.department_id for post in posts)


def _only_partners(session: Session, departments: frozenset[str]) -> bool:
    found = by_id(session, departments).values()
    return bool(departments) and all(one.kind == Kind.PARTNER for one in found)
