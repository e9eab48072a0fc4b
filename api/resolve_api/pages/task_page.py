"""The page of one task, put together for whoever may look at it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select
from starlette.responses import Response

from resolve.access.table import Right
from resolve.analytics.inbox import Line, lines
from resolve.cases.models import Case, CaseStatus, Remark
from resolve.complaints.models import Complaint
from resolve.departments import touching
from resolve.departments.members import people_in
from resolve.departments.models import TouchKind
from resolve.departments.queries import by_id
from resolve.kit.clock import now
from resolve.kit.database import reading, transaction
from resolve.kit.errors import ResolveError
from resolve.kit.language import Language
from resolve.steptimes.queries import any_of_orders
from resolve.tasks import drafts
from resolve.tasks.models import Answer, Task, TaskStatus
from resolve.tasks.queries import tasks_of
from resolve_api.pages.case_words import all_called
from resolve_api.pages.mine import Mine, mine_of
from resolve_api.pages.said import said
from resolve_api.pages.showing import DONE, page
from resolve_api.pages.task_form import Form, of_answer, read
from resolve_api.pages.task_view import term, view
from resolve_api.pages.visits import Visit
from resolve_api.seen import show_complaints, show_tasks, shown_texts, the_task

_WORDS_SHOWN = 5
Shape = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Other:
    """What somebody else wrote meanwhile: a draft, or the answer itself."""

    kind: str
    form: Form
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that came back: what was typed, on which state, and what is wrong.

    `about` names the form of the page; the answer's is "". `done` names what was done
    although the answer that came along is kept by the page only.
    """

    why: ResolveError | None = None
    about: str = ""
    form: Form | None = None
    draft_revision: str | None = None
    answer_revision: str | None = None
    other: Other | None = None
    status: int = 422
    done: str = ""


@dataclass(slots=True)
class _Found:
    """All that the page shows, as the database has it."""

    task: Task
    line: Line
    mine: Mine
    may_act: bool
    facts: dict[str, Any] = field(default_factory=dict)


def show_task(visit: Visit, task_id: str, sent: Sent = Sent(status=200)) -> Response:
    """Show a task; `sent`: with a form of it that could not be taken."""
    at = now()
    with reading(visit.database) as session:
        found = _look(session, visit, task_id, at=at)
        _add_case(session, visit, found)
        _add_people(session, visit, found)
        _add_form(session, visit, found, sent)
    _note_reading(visit, found, at=at)
    if sent.done:
        found.facts["done"] = DONE[sent.done](visit.language)
    wrong, trouble = _wrong(visit, sent, found.facts["form"])
    return page(
        visit,
        "task/task.html",
        status=sent.status,
        task=found.task,
        line=found.line,
        case=found.line.case,
        mine=found.mine,
        may_act=found.may_act,
        past=found.task.status == TaskStatus.OPEN and found.task.due_at <= at,
        sent=sent,
        wrong=wrong,
        trouble=trouble,
        typed=visit.typed() if sent.about else {},
        **found.facts,
    )


def _look(session: Session, visit: Visit, task_id: str, *, at: datetime) -> _Found:
    task = the_task(session, visit.client, task_id)
    mine = mine_of(session, visit, at=at)
    line = lines(session, [task], visit.language)[0]
    found = _Found(task, line, mine, mine.may_act(task.department_id, task.assignee))
    case = line.case
    in_time = case.status == CaseStatus.TASKS and case.round == task.round
    found.facts = {
        "view": view(line, visit.language),
        "term": term(session, task.id, visit.language),
        "open_round": in_time,
        "can_answer": in_time and found.may_act and task.status == TaskStatus.OPEN,
        "can_change": in_time and found.may_act and task.status == TaskStatus.ANSWERED,
        "ours": found.may_act and not mine.by_word_of_mouth(task),
        "by_word_of_mouth": mine.by_word_of_mouth(task),
        "handles": visit.may(Right.HANDLE),
        "step_titles": _titles_of(line, "steps", visit.language),
    }
    shown = found.facts["view"]
    found.facts["step_choices"] = shown.step_choices if shown else []
    return found


def _titles_of(line: Line, what: str, language: Language) -> dict[str, str]:
    named = getattr(line.chain, what).values() if line.chain else ()
    return {one.id: one.title.in_(language.code) for one in named}


def _add_case(session: Session, visit: Visit, found: _Found) -> None:
    """Add the customers' words, and what is proposed and asked in this round."""
    task = found.task
    rows = session.exec(
        select(Complaint)
        .where(Complaint.case_id == task.case_id)
        .order_by(col(Complaint.serial))
        .limit(_WORDS_SHOWN)
    ).all()
    round_ = tasks_of(session, task.case_id, round_=task.round)
    shapes = show_tasks(session, visit.client, round_, visit.language)
    own = next(shape for shape in shapes if shape["id"] == task.id)
    as_seen = shown_texts(session, visit.client, [task.case_id])
    found.facts |= {
        "complaints": show_complaints(session, visit.client, rows),
        "order_times": _has_order_times(session, found.line.case, rows),
        "answer": own["answer"],
        "asked": own["requests"],
        "asked_us": [
            one
            for shape in shapes
            for one in shape["requests"]
            if one["department"] == task.department_id
        ],
        "others": [shape for shape in shapes if shape["id"] != task.id],
        "remarks": [
            (remark, as_seen[task.case_id](remark.text))
            for remark in _remarks(session, task)
        ],
    }


def _has_order_times(session: Session, of: Case, named: Sequence[Complaint]) -> bool:
    """Tell whether steps of an order are known that the customers shown name."""
    orders = {one.order_id for one in named if one.order_id and not one.internal_of}
    return any_of_orders(session, of.map_id, sorted(orders))


def _remarks(session: Session, task: Task) -> Sequence[Remark]:
    return session.exec(
        select(Remark)
        .where(Remark.case_id == task.case_id, Remark.subject_id == task.id)
        .order_by(col(Remark.at), col(Remark.id))
    ).all()


def _add_people(session: Session, visit: Visit, found: _Found) -> None:
    task, facts = found.task, found.facts
    answer = session.get(Answer, task.id)
    facts["answered_by"] = answer.answered_by if answer else ""
    facts["answered_at"] = answer.answered_at if answer else None
    people = people_in(session, task.department_id) if facts["can_answer"] else ()
    there = {one.id: one.name for one, _ in people}
    facts["colleagues"] = _colleagues(visit, task, there)
    facts["alone"] = set(there) == {task.assignee or visit.person.id}
    named = [remark.who for remark, _ in facts["remarks"]]
    facts["leads"] = found.line.case.led_by
    named += [task.assignee or "", facts["answered_by"], facts["leads"]]
    facts["names"] = all_called(session, filter(None, named), visit.language)
    known = titles(session, visit, _departments(facts, task))
    of_map = _titles_of(found.line, "departments", visit.language)
    facts["titles"] = of_map | known


def _colleagues(
    visit: Visit, task: Task, there: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Give whom a task can be passed on to: all but who holds it, oneself last."""
    me = visit.person.id
    others = [(id_, name) for id_, name in there.items() if id_ != me]
    own = [(me, visit.language.say("to me"))] if me in there else []
    return [one for one in (*others, *own) if one[0] != task.assignee]


def _departments(facts: Mapping[str, Any], task: Task) -> Iterable[str]:
    yield task.department_id
    yield from (shape["department"] for shape in facts["others"])
    for one in (*facts["asked"], *facts["asked_us"]):
        yield one["department"]
        yield one["from"]


def titles(session: Session, visit: Visit, ids: Iterable[str]) -> dict[str, str]:
    """Give the titles of departments in the reader's language, by id."""
    return {
        id_: one.titled(visit.language.code) for id_, one in by_id(session, ids).items()
    }


def _add_form(session: Session, visit: Visit, found: _Found, sent: Sent) -> None:
    """Add the form as it is to be filled in, and the states that it was made on."""
    task, facts = found.task, found.facts
    private = found.may_act and not facts["by_word_of_mouth"]
    draft = drafts.draft(session, task.id) if private else None
    answer = session.get(Answer, task.id)
    changing = facts["can_change"] and (bool(visit.ask("change")) or bool(sent.form))
    form = Form()
    if sent.form is not None:
        form = sent.form
    elif draft is not None:
        form = read(draft.content)
    elif changing and answer is not None:
        form = of_answer(answer)
    revision = drafts.revision(session, task.id) if private else 0
    facts |= {
        "form": form,
        "private": private,
        "changing": changing,
        "editing": facts["can_answer"] or changing,
        "draft": draft,
        "draft_by": all_called(session, [draft.saved_by], visit.language)
        if draft
        else {},
        "draft_revision": _given(sent.draft_revision, revision),
        "answer_revision": _given(sent.answer_revision, task.revision)
        if changing
        else "",
        "other_by": all_called(session, [sent.other.who], visit.language)
        if sent.other
        else {},
    }


def _given(typed: str | None, stored: int) -> str:
    return str(stored) if typed is None else typed


def _wrong(visit: Visit, sent: Sent, form: Form) -> tuple[dict[str, str], str]:
    """Give what is wrong by field, and what is wrong with a form as a whole."""
    if sent.why is None:
        return {}, ""
    told = said(visit.language, sent.why)
    name = form.field(sent.why) if not sent.about else sent.why.pointer.strip("/")
    return ({name: told}, "") if name else ({}, told)


def _note_reading(visit: Visit, found: _Found, *, at: datetime) -> None:
    """Note that people of a department read a customer's own words."""
    own = found.mine.own
    if not own or not found.facts["complaints"]:
        return
    with reading(visit.database) as session:
        due = touching.is_due(session, own, TouchKind.READ, at=at)
    if due:
        with transaction(visit.database) as session:
            touching.note(session, own, TouchKind.READ, at=at)
