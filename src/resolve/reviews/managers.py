"""Who may give a written reason over an objection: managers of the house."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, select

from resolve.access.models import Person
from resolve.access.people import anybody, people_with, person_named
from resolve.access.table import Role
from resolve.chain.model import Kind
from resolve.departments.models import DepartmentRecord, Membership, Post
from resolve.reviews.errors import NotAManager


def managers(session: Session) -> Sequence[Person]:
    """Give who is quality manager, or heads a department of the house, by name."""
    heads = session.exec(
        select(Person)
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .join(
            DepartmentRecord, col(DepartmentRecord.id) == col(Membership.department_id)
        )
        .where(
            Membership.post == Post.HEAD,
            DepartmentRecord.kind == Kind.INTERNAL,
            col(Person.ended_at).is_(None),
        )
    ).all()
    found = {
        one.id: one for one in (*people_with(session, Role.QUALITY_MANAGER), *heads)
    }
    return sorted(found.values(), key=lambda one: (one.name.casefold(), one.id))


def manager_called(session: Session, typed: str) -> str:
    """Give the name of the manager with this login, e-mail or name.

    Where no people are registered at all, a name is a name.

    Raises:
        NotAManager: none of the house's managers is called so.
    """
    if not anybody(session):
        return typed
    known = managers(session)
    named = person_named(session, typed)
    for one in known:
        if one.name.casefold() == typed.casefold() or (named and one.id == named.id):
            return one.name
    raise NotAManager(
        f"{typed!r} is no manager of this house.",
        hint="Name a quality manager or the head of one of our departments.",
        pointer="/manager",
    )
