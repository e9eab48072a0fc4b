"""Whose vote was not there when a review decided by mandate."""

from __future__ import annotations

from collections.abc import Container, Sequence

from resolve.reviews.models import Ballot
from resolve.tasks.models import RequestStatus
from resolve_api.pages.case_words import Reading


def unheard(
    it: Reading, one: Ballot, in_order: Sequence[str], voted: Container[str]
) -> str:
    """Name who was asked and had not voted when it was decided; empty if nobody."""
    if not one.by_mandate or one.decided_at is None:
        return ""
    tasks = {
        task.id: task.department_id
        for task in it.sheet.tasks
        if task.round == one.round
    }
    neighbours = [
        found.department_id
        for found in it.sheet.requests
        if found.task_id in tasks
        and found.status != RequestStatus.WITHDRAWN
        and found.at <= one.decided_at
    ]
    near = [name for name in in_order if name in tasks.values()]
    asked = dict.fromkeys([*near, *sorted(tasks.values()), *neighbours])
    return ", ".join(it.department(name) for name in asked if name not in voted)
