"""Who shares a department with whom, who heads whom, who belongs to partners only."""

from __future__ import annotations

from collections.abc import Collection

from sqlmodel import Session, col, select

from resolve.access.models import Person
from resolve.chain.model import Kind
from resolve.departments.models import DepartmentRecord, Membership, Post


def colleagues_of(session: Session, person_id: str) -> frozenset[str]:
    """Give the people who share a department with this one."""
    return _in_departments_of(session, person_id)


def headed_by(session: Session, person_id: str) -> frozenset[str]:
    """Give the people of the departments that this one heads."""
    return _in_departments_of(session, person_id, Post.HEAD)


def only_of_partners(session: Session, person_ids: Collection[str]) -> frozenset[str]:
    """Give those who belong to partners only: they see what a partner sees."""
    rows = session.exec(
        select(Person, DepartmentRecord.kind)
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .join(
            DepartmentRecord,
            col(DepartmentRecord.id) == col(Membership.department_id),
        )
        .where(col(Person.id).in_(person_ids))
    ).all()
    inside = {one.id for one, kind in rows if one.roles or kind != Kind.PARTNER}
    return frozenset(one.id for one, _ in rows) - inside


def _in_departments_of(
    session: Session, person_id: str, *posts: Post
) -> frozenset[str]:
    own = select(Membership.department_id).where(Membership.person_id == person_id)
    if posts:
        own = own.where(col(Membership.post).in_([str(post) for post in posts]))
    found = session.exec(
        select(Membership.person_id).where(col(Membership.department_id).in_(own))
    )
    return frozenset(found) - {person_id}
