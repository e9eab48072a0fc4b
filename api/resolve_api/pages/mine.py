"""Whose tasks are somebody's to do: their own, and of those they stand in for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from resolve.access.absences import substituted_by
from resolve.access.table import Right
from resolve.departments.models import Membership, Post
from resolve.tasks.errors import NotYours
from resolve.tasks.models import Task
from resolve_api.pages.visits import Visit


@dataclass(frozen=True, slots=True)
class Mine:
    """Who somebody acts for today; `own` are the departments they belong to.

    `departments` are those of the people, too, whose work they do; `headed` are those
    of all these in which what is passed on to nobody is theirs.
    """

    people: tuple[str, ...]
    own: frozenset[str]
    departments: frozenset[str]
    headed: frozenset[str]
    handles: bool = False

    def may_act(self, department: str, assignee: str | None = None) -> bool:
        """Tell whether a task or request of this department is theirs to answer."""
        return (
            self.handles
            or department in self.departments
            or (assignee is not None and assignee in self.people)
        )

    def by_word_of_mouth(self, task: Task) -> bool:
        """Tell whether they enter what a department said, which is not theirs."""
        theirs = task.department_id in self.departments or task.assignee in self.people
        return not theirs

    def must_act(self, task: Task) -> None:
        """Refuse who has nothing to do with a task.

        Raises:
            NotYours: it belongs to another department.
        """
        self.must_act_for(task.department_id, task.assignee)

    def must_act_for(self, department: str, assignee: str | None = None) -> None:
        """Refuse who does not act for this department.

        Raises:
            NotYours: it is another one's.
        """
        if not self.may_act(department, assignee):
            raise NotYours(
                f"This belongs to {department}.",
                hint="Ask the department itself, or the quality manager.",
            )


def mine_of(session: Session, visit: Visit, *, at: datetime) -> Mine:
    """Find out whom somebody acts for."""
    client = visit.client
    me = visit.person.id
    people = (me, *substituted_by(session, me, at=at))
    posts = session.exec(
        select(Membership).where(col(Membership.person_id).in_(people))
    ).all()
    headed = frozenset(one.department_id for one in posts if one.post == Post.HEAD)
    own = frozenset(one.department_id for one in posts if one.person_id == me)
    return Mine(
        people,
        own,
        client.departments,
        headed & client.departments,
        visit.may(Right.HANDLE),
    )
