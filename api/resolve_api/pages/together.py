"""Several like tasks answered at once: the same promise, the same department."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from sqlmodel import Session, col, select
from starlette.responses import Response

from resolve.analytics.inbox import Like, Line, lines
from resolve.kit.clock import now
from resolve.kit.database import reading, transaction
from resolve.kit.errors import Conflict, ResolveError
from resolve.kit.ids import is_id
from resolve.tasks import service
from resolve.tasks.answers import Answering
from resolve.tasks.models import Task, TaskStatus
from resolve_api.pages.inbox import words_of
from resolve_api.pages.mine import mine_of
from resolve_api.pages.said import said
from resolve_api.pages.showing import page
from resolve_api.pages.task_form import Form, read
from resolve_api.pages.task_view import view
from resolve_api.pages.visits import Answerer, Visit
from resolve_api.seen import partner

router = APIRouter(prefix="/tasks/together")
_MOST = 100


@dataclass(frozen=True, slots=True)
class Kind:
    """Tasks that one answer fits."""

    title: str
    n: int
    address: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an answer to several tasks: those in, those not and why."""

    done: tuple[str, ...]
    undone: tuple[tuple[str, ResolveError], ...]


@router.get("")
def show(visit: Answerer) -> Response:
    """Show the one form for the tasks that were chosen."""
    return _show(visit, visit.request.query_params.getlist("task"), Form())


@router.post("")
def answer(visit: Answerer) -> Response:
    """Answer all of them, or tell for each that could not be answered why not."""
    form, ids = read(visit.typed()), visit.texts("task")
    if visit.text("more"):
        return _show(visit, ids, form.longer())
    try:
        given = form.given()
        outcome = _give(visit, ids, given)
    except ResolveError as why:
        return _show(visit, ids, form, why)
    if not outcome.undone:
        return visit.go("/inbox", done="tasks_answered")
    return _tell(visit, form, outcome)


def _give(visit: Visit, ids: Sequence[str], given: Answering) -> Outcome:
    """Answer all at once; if one stands in the way, one by one."""
    at = now()
    mine = _chosen_ids(visit, ids, at=at)
    try:
        with transaction(visit.database) as session:
            for told in set(mine.values()):
                these = [one for one, by_mouth in mine.items() if by_mouth is told]
                service.answer_several(
                    session, these, given, who=visit.who, at=at, by_word_of_mouth=told
                )
    except Conflict:
        return _one_by_one(visit, mine, given, at=at)
    return Outcome(tuple(mine), ())


def _chosen_ids(visit: Visit, ids: Sequence[str], *, at: datetime) -> dict[str, bool]:
    """Give those tasks that may be answered here, and whether by word of mouth."""
    with reading(visit.database) as session:
        mine = mine_of(session, visit, at=at)
        found = _tasks(session, visit, ids)
        for task in found:
            mine.must_act(task)
        return {task.id: mine.by_word_of_mouth(task) for task in found}


def _one_by_one(
    visit: Visit, chosen: dict[str, bool], given: Answering, *, at: datetime
) -> Outcome:
    done: list[str] = []
    undone: list[tuple[str, ResolveError]] = []
    for task_id, told in chosen.items():
        try:
            with transaction(visit.database) as session:
                service.answer(
                    session, task_id, given, who=visit.who, at=at, by_word_of_mouth=told
                )
        except ResolveError as why:
            undone.append((task_id, why))
        else:
            done.append(task_id)
    return Outcome(tuple(done), tuple(undone))


def _tasks(session: Session, visit: Visit, ids: Sequence[str]) -> Sequence[Task]:
    """Give the tasks with these ids, for a partner only those of its departments."""
    wanted = [one for one in dict.fromkeys(ids) if is_id(one)][:_MOST]
    query = select(Task).where(col(Task.id).in_(wanted))
    only = partner(visit.client)
    if only is not None:
        query = query.where(col(Task.department_id).in_(sorted(only)))
    return session.exec(query.order_by(col(Task.due_at), col(Task.id))).all()


def _show(
    visit: Visit, ids: Sequence[str], form: Form, why: ResolveError | None = None
) -> Response:
    at = now()
    with reading(visit.database) as session:
        mine = mine_of(session, visit, at=at)
        found = [
            task
            for task in _tasks(session, visit, ids)
            if task.status == TaskStatus.OPEN
            and mine.may_act(task.department_id, task.assignee)
        ]
        told = [one for one in lines(session, found, visit.language) if one.like]
        words = words_of(session, visit, told)
    name = form.field(why) if why else ""
    text = said(visit.language, why) if why else ""
    return page(
        visit,
        "task/together.html",
        status=422 if why else 200,
        kinds=_kinds(told),
        chosen=told,
        words=words,
        wrong={name: text} if name else {},
        trouble="" if name else text,
        done=(),
        undone=(),
        **_facts(told, visit, form),
    )


def _facts(told: Sequence[Line], visit: Visit, form: Form) -> dict[str, Any]:
    shown = view(told[0], visit.language) if told else None
    steps = shown.step_choices if shown else []
    return {
        "form": form,
        "view": shown,
        "step_choices": steps,
        "step_titles": dict(steps),
        "titles": dict(shown.neighbours) if shown else {},
    }


def _kinds(told: Sequence[Line]) -> list[Kind]:
    groups: dict[Like, list[Line]] = {}
    for one in told:
        if one.like:
            groups.setdefault(one.like, []).append(one)
    return [
        Kind(
            of[0].question.text if of[0].question else of[0].about,
            len(of),
            "/tasks/together?" + urlencode([("task", one.task.id) for one in of]),
        )
        for of in groups.values()
    ]


def _tell(visit: Visit, form: Form, outcome: Outcome) -> Response:
    reasons = {id_: said(visit.language, why) for id_, why in outcome.undone}
    with reading(visit.database) as session:
        rows = _tasks(session, visit, [*outcome.done, *reasons])
        told = lines(session, rows, visit.language)
    return page(
        visit,
        "task/together.html",
        done=outcome.done,
        undone=[(o, reasons[o.task.id]) for o in told if o.task.id in reasons],
        kinds=(),
        chosen=(),
        **_facts(told, visit, form),
    )
