"""Who belongs to which department, and as what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, delete, select

from resolve.access.models import Person
from resolve.departments.models import Membership, Post
from resolve.departments.queries import department
from resolve.journal.rules import HOUSE
from resolve.journal.service import Draft, append


def put_in(
    session: Session,
    department_id: str,
    person_id: str,
    post: Post,
    *,
    who: str,
    at: datetime,
) -> None:
    """Make a person head, member or champion of a department; twice is once.

    Raises:
        UnknownDepartment: there is none with this id.
    """
    department(session, department_id, lock=True)
    if session.get(Membership, (person_id, department_id, post)):
        return
    session.add(Membership(person_id=person_id, department_id=department_id, post=post))
    data = {"department": department_id, "person": person_id, "post": str(post)}
    append(session, [Draft(HOUSE, "joined_department", data)], who=who, at=at)


def take_out(
    session: Session,
    department_id: str,
    person_id: str,
    post: Post,
    *,
    who: str,
    at: datetime,
) -> None:
    """End what a person is in a department; twice is once."""
    gone = session.exec(
        delete(Membership).where(
            col(Membership.person_id) == person_id,
            col(Membership.department_id) == department_id,
            col(Membership.post) == post,
        )
    )
    if gone.rowcount:
        data = {"department": department_id, "person": person_id, "post": str(post)}
        append(session, [Draft(HOUSE, "left_department", data)], who=who, at=at)


def posts_of(session: Session, person_id: str) -> Sequence[Membership]:
    """Give what a person is in which departments, by department."""
    return session.exec(
        select(Membership)
        .where(Membership.person_id == person_id)
        .order_by(col(Membership.department_id), col(Membership.post))
    ).all()


def people_in(
    session: Session, department_id: str, *posts: Post
) -> Sequence[tuple[Person, str]]:
    """Give the people of a department who are here, with their posts, by name."""
    wanted = [str(post) for post in posts or tuple(Post)]
    found = session.exec(
        select(Person, Membership.post)
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .where(
            Membership.department_id == department_id,
            col(Membership.post).in_(wanted),
            col(Person.ended_at).is_(None),
        )
        .order_by(col(Person.name), col(Person.id))
    )
    return [(person, post) for person, post in found]
