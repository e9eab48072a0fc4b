"""Who belongs to which department, and as what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, delete, select

from resolve.access.models import Person
from resolve.departments.models import DepartmentRecord, Membership, Post
from resolve.departments.queries import department
from resolve.journal.rules import HOUSE
from resolve.journal.service import Draft, append

_LONGEST_HEAD = 100


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
    found = department(session, department_id, lock=True)
    if session.get(Membership, (person_id, department_id, post)):
        return
    session.add(Membership(person_id=person_id, department_id=department_id, post=post))
    data = {"department": department_id, "person": person_id, "post": str(post)}
    append(session, [Draft(HOUSE, "joined_department", data)], who=who, at=at)
    if post is Post.HEAD:
        _name_heads(session, found)


def take_out(
    session: Session,
    department_id: str,
    person_id: str,
    post: Post,
    *,
    who: str,
    at: datetime,
) -> None:
    """End what a person is in a department; twice is once.

    Raises:
        UnknownDepartment: there is none with this id.
    """
    found = department(session, department_id, lock=True)
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
        if post is Post.HEAD:
            _name_heads(session, found)


def put_at_head(
    session: Session,
    department_id: str,
    person_id: str | None,
    *,
    who: str,
    at: datetime,
) -> None:
    """Let this person alone head a department, or nobody.

    Raises:
        UnknownDepartment: there is none with this id.
    """
    if person_id is not None:
        put_in(session, department_id, person_id, Post.HEAD, who=who, at=at)
    for other, _ in people_in(session, department_id, Post.HEAD):
        if other.id != person_id:
            take_out(session, department_id, other.id, Post.HEAD, who=who, at=at)


def leave(session: Session, person_id: str, *, who: str, at: datetime) -> None:
    """Take a person out of every department."""
    for one in posts_of(session, person_id):
        post = Post(one.post)
        take_out(session, one.department_id, person_id, post, who=who, at=at)


def name_anew(session: Session, person_id: str) -> None:
    """Let the departments that a person heads say their present name."""
    for one in posts_of(session, person_id):
        if one.post == Post.HEAD:
            _name_heads(session, department(session, one.department_id, lock=True))


def _name_heads(session: Session, found: DepartmentRecord) -> None:
    """Keep the name of who heads a department where the register shows it."""
    session.flush()
    heads = [person.name for person, _ in people_in(session, found.id, Post.HEAD)]
    named = ", ".join(heads)[:_LONGEST_HEAD] or None
    if found.head != named:
        found.head = named
        found.revision += 1
        session.add(found)


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
