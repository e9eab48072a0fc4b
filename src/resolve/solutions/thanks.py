"""Who contributed to a change: they are thanked by name when it is proven."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlmodel import Session, col, select

from resolve.journal.models import JournalEntry
from resolve.journal.rules import case_chain
from resolve.kit.ids import is_id
from resolve.solutions.models import Solution
from resolve.tasks.models import Request, Task
from resolve.tasks.queries import requests_of, tasks_of

_CONTRIBUTED = ("answered", "answer_changed", "request_replied")
_PERSON = "person:"


def contributors(
    session: Session, solutions: Sequence[Solution]
) -> dict[str, list[str]]:
    """Give who contributed to changes of one case, by the change.

    Who sees to it comes first, then who proposed, answered and replied in its round, as
    `person:ID`; where a department is all that is known, as `department:ID`, and who
    sees to it, if it is a name only, as written.
    """
    if not solutions:
        return {}
    case_id = solutions[0].case_id
    tasks = {one.id: one for one in tasks_of(session, case_id)}
    requests = {one.id: one for one in requests_of(session, [case_id])}
    entries = session.exec(
        select(JournalEntry)
        .where(
            JournalEntry.chain == case_chain(case_id),
            col(JournalEntry.what).in_(_CONTRIBUTED),
        )
        .order_by(col(JournalEntry.seq))
    ).all()
    found = {}
    for one in solutions:
        owner = f"{_PERSON}{one.owner}" if is_id(one.owner) else one.owner
        named = [owner, *_of(entries, tasks, requests, one.round)]
        found[one.id] = list(dict.fromkeys(named))
    return found


def _of(
    entries: Sequence[JournalEntry],
    tasks: dict[str, Task],
    requests: dict[str, Request],
    round_: int,
) -> Iterator[str]:
    for entry in entries:
        task = tasks.get(str(entry.data.get("task")))
        if task is None or task.round != round_:
            continue
        asked = requests.get(str(entry.data.get("request")))
        department = asked.department_id if asked else task.department_id
        is_person = entry.who.startswith(_PERSON)
        by_mouth = entry.data.get("by_word_of_mouth")
        yield entry.who if is_person and not by_mouth else f"department:{department}"
