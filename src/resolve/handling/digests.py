"""The digest: one letter a day with what is new, and what is open by due time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_
from sqlmodel import Session, col, select

from resolve.access.absences import substituted_by
from resolve.cases.models import Case
from resolve.complaints.models import Complaint
from resolve.departments.models import Membership
from resolve.departments.queries import calendar
from resolve.handling.letter_words import Words, listed
from resolve.handling.letters import Told, addressed, in_words
from resolve.handling.recipients import Recipient
from resolve.kit.language import Language, language
from resolve.kit.settings import settings
from resolve.maps.queries import chain_of, concern_of
from resolve.messages.mail import Letter
from resolve.messages.models import Delivery, Message
from resolve.tasks.models import Task, TaskStatus
from resolve.tasks.questions import concern_in_words

_MOST_NEW = 50
_MOST_OPEN = 20


def digests(
    session: Session,
    gathered: Sequence[Delivery],
    to: Mapping[str, Recipient],
    *,
    at: datetime,
) -> dict[str, Letter]:
    """Write digests, by id; one in which nothing is new any more is left out."""
    written: dict[str, Letter] = {}
    for one in gathered:
        digest = _Digest(session, one, to[one.id], language(to[one.id].language))
        words = digest.words(at)
        if words is not None:
            written[one.id] = addressed(to[one.id], words, digest.spoken)
    return written


@dataclass(frozen=True, slots=True)
class _Digest:
    session: Session
    letter: Delivery
    to: Recipient
    spoken: Language

    def words(self, at: datetime) -> Words | None:
        new = self._new()
        if not new:
            return None
        say = self.spoken.say
        said = (
            say("This is what is new for you since the last letter."),
            listed(say("New:"), self._first(new)),
            self._open(at),
        )
        day = self.spoken.day(self.letter.created_at, self._zone())
        subject = self.spoken.count(
            "{n} thing is new: {day}", "{n} things are new: {day}", len(new), day=day
        )
        return Words(subject, said, ((say("Open your tasks:"), "/inbox"),))

    def _new(self) -> list[str]:
        rows = self.session.exec(
            select(Delivery, Message)
            .join(Message, col(Message.id) == col(Delivery.message_id))
            .where(Delivery.digest_id == self.letter.id)
            .order_by(col(Message.id))
        ).all()
        told = [Told(one.id, message, self.to) for one, message in rows]
        return [_line(words) for _, words in in_words(self.session, told)]

    def _first(self, lines: list[str]) -> list[str]:
        if len(lines) <= _MOST_NEW:
            return lines
        return [*lines[:_MOST_NEW], self.spoken.say("… and more.")]

    def _open(self, at: datetime) -> str:
        """Say which tasks await this person's answer, the next due first."""
        found = _open_tasks(self.session, str(self.letter.person_id), at=at)
        if not found:
            return ""
        numbers = _numbers(self.session, [case.id for _, case in found])
        lines = [
            self._task(task, case, numbers.get(case.id, "")) for task, case in found
        ]
        if len(found) > _MOST_OPEN:
            lines[_MOST_OPEN:] = [self.spoken.say("… and more.")]
        return listed(
            self.spoken.say("Your answer is awaited, the next due first:"), lines
        )

    def _task(self, task: Task, case: Case, number: str) -> str:
        due = self.spoken.moment(task.due_at, self._zone())
        line = f"– {due}: {_about(self.session, case, self.spoken)} ({number})"
        return f"{line}\n      {settings().link(f'/tasks/{task.id}')}"

    def _zone(self) -> ZoneInfo:
        return self.to.zone or calendar(self.session).calendar.tz


def _line(words: Words) -> str:
    links = [f"\n      {settings().link(path)}" for _, path in words.ways]
    return f"– {words.subject}{''.join(links)}"


def _open_tasks(
    session: Session, person_id: str, *, at: datetime
) -> Sequence[tuple[Task, Case]]:
    """Give open tasks that are this person's, or of those they stand in for now."""
    people = [person_id, *substituted_by(session, person_id, at=at)]
    theirs = select(Membership.department_id).where(
        col(Membership.person_id).in_(people)
    )
    mine = or_(
        and_(col(Task.department_id).in_(theirs), col(Task.assignee).is_(None)),
        col(Task.assignee).in_(people),
    )
    rows = session.exec(
        select(Task, Case)
        .join(Case, col(Case.id) == col(Task.case_id))
        .where(Task.status == TaskStatus.OPEN, col(Task.returned_at).is_(None), mine)
        .order_by(col(Task.due_at), col(Task.id))
        .limit(_MOST_OPEN + 1)
    )
    return [(task, case) for task, case in rows]


def _numbers(session: Session, case_ids: Sequence[str]) -> dict[str, str]:
    """Give the number of the first complaint of each case."""
    rows = session.exec(
        select(Complaint.case_id, Complaint.number)
        .where(col(Complaint.case_id).in_(case_ids))
        .order_by(col(Complaint.serial).desc())
    )
    return dict(rows.all())


def _about(session: Session, case: Case, spoken: Language) -> str:
    if case.map_id is None or case.map_version is None or case.concern is None:
        return ""
    chain = chain_of(session, case.map_id, case.map_version)
    return concern_in_words(chain, concern_of(case.concern), spoken)
