"""Answers being written: saved while typing, lost to nobody who writes beside."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from resolve.kit.clock import iso
from resolve.kit.database import insert_missing
from resolve.kit.errors import Stale
from resolve.kit.texts import storable
from resolve.tasks.models import TaskDraft


class DraftChanged(Stale):
    """Somebody else saved another draft in between; `draft` holds it."""

    code = "answer_draft_changed"


def draft(session: Session, task_id: str) -> TaskDraft | None:
    """Give what is being written on a task, None if nothing is."""
    found = session.get(TaskDraft, task_id)
    return found if found and found.content else None


def revision(session: Session, task_id: str) -> int:
    """Give the revision that the next save is to name."""
    found = session.get(TaskDraft, task_id)
    return found.revision if found else 0


def save(
    session: Session,
    task_id: str,
    content: Mapping[str, str],
    *,
    revision: int,
    who: str,
    at: datetime,
) -> TaskDraft:
    """Keep what is typed; `revision` is that of the draft it was typed on, 0 if none.

    Drafts are private: neither journal nor feed learns of them.

    Raises:
        DraftChanged: somebody saved something else in between.
        Invalid: a text cannot be stored.
    """
    typed = {name: storable(text, pointer=f"/{name}") for name, text in content.items()}
    begun = {"task_id": task_id, "content": {}, "saved_by": who, "saved_at": at}
    insert_missing(session, TaskDraft, [begun | {"revision": 0}])
    found = session.get_one(
        TaskDraft, task_id, with_for_update=True, populate_existing=True
    )
    if found.content == typed:
        return found
    _guard(found, typed, revision)
    found.content, found.saved_by, found.saved_at = typed, who, at
    found.revision += 1
    session.add(found)
    session.flush()
    return found


def guard(
    session: Session, task_id: str, content: Mapping[str, str], *, revision: int
) -> None:
    """Refuse to send an answer over a draft that its writer has not seen.

    Raises:
        DraftChanged: somebody saved something else in between.
    """
    found = session.get(
        TaskDraft, task_id, with_for_update=True, populate_existing=True
    )
    if found is not None:
        _guard(found, content, revision)


def _guard(found: TaskDraft, typed: Mapping[str, str], revision: int) -> None:
    if found.content and found.revision != revision and found.content != typed:
        raise DraftChanged(
            "Somebody else saved a draft of this answer in between.",
            hint="Look at both and choose.",
            draft=_shown(found),
        )


def use_up(session: Session, task_id: str, *, at: datetime) -> None:
    """Empty the draft: the answer is given."""
    found = session.get(
        TaskDraft, task_id, with_for_update=True, populate_existing=True
    )
    if found and found.content:
        found.content, found.saved_at = {}, at
        found.revision += 1
        session.add(found)


def _shown(found: TaskDraft) -> dict[str, object]:
    return {
        "content": found.content,
        "saved_by": found.saved_by,
        "saved_at": iso(found.saved_at),
        "revision": found.revision,
    }
