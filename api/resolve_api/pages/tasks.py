"""A task: read, answered, handed back, passed on; what the facilitator does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import JSONResponse, Response

from resolve.departments.members import people_in
from resolve.kit.clock import now
from resolve.kit.database import reading, transaction
from resolve.kit.errors import Conflict, Forbidden, Invalid, ResolveError, Stale
from resolve.tasks import drafts, service
from resolve.tasks.drafts import DraftChanged
from resolve.tasks.errors import AlreadyAnswered, TaskChanged, UnknownTask
from resolve.tasks.models import Answer, Task, TaskDraft
from resolve.tasks.requests import ask
from resolve.tasks.returning import ask_again, hand_back
from resolve_api.pages import task_words  # noqa: F401  what its errors say
from resolve_api.pages.local_times import end_of_day, local_moment
from resolve_api.pages.mine import Mine, mine_of
from resolve_api.pages.said import said
from resolve_api.pages.task_form import Form, of_answer, read
from resolve_api.pages.task_page import Other, Sent, show_task
from resolve_api.pages.visits import Answerer, Facilitator, Reader, Visit
from resolve_api.seen import the_task

router = APIRouter(prefix="/tasks")


class NotAColleague(Invalid):
    """A task is passed on to people of its department."""

    code = "not_a_colleague"


@router.get("/{task}")
def show(visit: Reader, task: str) -> Response:
    """Show a task."""
    return show_task(visit, task)


@router.get("/{task}/{act}")
def lead_back(visit: Reader, task: str, act: str) -> Response:  # noqa: ARG001  any
    """Lead who opens the address of a form back to its task."""
    return visit.go(f"/tasks/{task}")


@router.post("/{task}/answer")
def answer(visit: Answerer, task: str) -> Response:
    """Take an answer, a change of it, or the wish for room for another proposal."""
    form = read(visit.typed())
    if visit.text("more"):
        return show_task(visit, task, _sent(visit, form=form.longer(), status=200))
    if visit.text("both"):
        return _put_together(visit, task, form)
    try:
        _give(visit, task, form)
    except (DraftChanged, AlreadyAnswered, TaskChanged) as why:
        return _meanwhile(visit, task, form, why)
    except (UnknownTask, Forbidden):
        raise
    except ResolveError as why:
        status = 409 if isinstance(why, (Conflict, Stale)) else 422
        return show_task(visit, task, _sent(visit, form=form, why=why, status=status))
    return visit.go(f"/tasks/{task}", done="task_answered")


def _give(visit: Visit, task_id: str, form: Form) -> None:
    at = now()
    with transaction(visit.database) as session:
        task, mine = _own(session, visit, task_id, at=at)
        given, told = form.given(), mine.by_word_of_mouth(task)
        if not told:
            seen = _number(visit.text("draft_revision"))
            drafts.guard(session, task.id, form.content(), revision=seen)
        changed = visit.text("answer_revision")
        if changed:
            service.change_answer(
                session, task.id, given, revision=_number(changed), who=visit.who,
                at=at, by_word_of_mouth=told,
            )  # fmt: skip
        else:
            service.answer(
                session, task.id, given, who=visit.who, at=at, by_word_of_mouth=told
            )
        if not told:
            drafts.use_up(session, task.id, at=at)


@router.post("/{task}/draft")
def save_draft(visit: Answerer, task: str) -> Response:
    """Keep what is typed; a script is told so in its own form."""
    form = read(visit.typed())
    by_script = "application/json" in visit.request.headers.get("accept", "")
    try:
        kept = _keep(visit, task, form)
    except ResolveError as why:
        if by_script:
            refused = {"said": said(visit.language, why)}
            return JSONResponse(refused, 409 if isinstance(why, Stale) else 422)
        if isinstance(why, DraftChanged):
            return _meanwhile(visit, task, form, why)
        if isinstance(why, (UnknownTask, Forbidden)):
            raise
        return show_task(visit, task, _sent(visit, form=form, why=why))
    if by_script:
        told = visit.language.say("Draft saved: {at}", at=visit.moment(kept.saved_at))
        return JSONResponse({"revision": kept.revision, "said": told})
    return visit.go(f"/tasks/{task}", done="draft_saved", **_changing(visit))


def _keep(visit: Visit, task_id: str, form: Form) -> TaskDraft:
    at = now()
    with transaction(visit.database) as session:
        task, mine = _own(session, visit, task_id, at=at)
        if mine.by_word_of_mouth(task):
            mine = Mine(mine.people, mine.own, mine.departments, mine.headed)
            mine.must_act(task)
        return _draft(session, visit, task, form, at=at)


def _draft(
    session: Session, visit: Visit, task: Task, form: Form, *, at: datetime
) -> TaskDraft:
    seen = _number(visit.text("draft_revision"))
    content = form.content()
    return drafts.save(
        session, task.id, content, revision=seen, who=visit.who, at=at
    )  # fmt: skip


def _meanwhile(
    visit: Visit, task_id: str, form: Form, why: ResolveError, *, about: str = ""
) -> Response:
    """Show what was typed beside what somebody else wrote meanwhile."""
    with reading(visit.database) as session:
        other = _other(session, task_id, why)
    sent = Sent(why, about=about, form=form, other=other, status=409)
    return show_task(visit, task_id, sent)


def _other(session: Session, task_id: str, why: ResolveError) -> Other | None:
    if isinstance(why, DraftChanged):
        draft = drafts.draft(session, task_id)
        if draft is None:
            return None
        return Other("draft", read(draft.content), draft.saved_by, draft.saved_at)
    there = session.get(Answer, task_id)
    if there is None:
        return None
    return Other("answer", of_answer(there), there.answered_by, there.answered_at)


def _put_together(visit: Visit, task_id: str, form: Form) -> Response:
    with reading(visit.database) as session:
        task, mine = _own(session, visit, task_id, at=now())
        of_draft = visit.text("both") == "draft"
        why = DraftChanged("") if of_draft else AlreadyAnswered("")
        # A draft is its department's own, whoever else may answer for it.
        private = of_draft and mine.by_word_of_mouth(task)
        theirs = None if private else _other(session, task.id, why)
    both = form.together(theirs.form) if theirs else form
    return show_task(visit, task_id, Sent(form=both, status=200))


@router.post("/{task}/return")
def return_(visit: Answerer, task: str) -> Response:
    """Hand a task back: it is not ours, because ..."""

    def act(session: Session, found: Task, at: datetime) -> None:
        reason = visit.text("reason-return")
        hand_back(session, found.id, reason=reason, who=visit.who, at=at)

    return _act(visit, task, "return", act, done="task_returned")


@router.post("/{task}/pass")
def pass_on(visit: Answerer, task: str) -> Response:
    """Pass a task on to a colleague."""

    def act(session: Session, found: Task, at: datetime) -> None:
        to = _colleague(session, found, visit.text("to"))
        service.pass_on(session, found.id, to=to, who=visit.who, at=at)

    return _act(visit, task, "pass", act, done="task_passed_on")


def _colleague(session: Session, task: Task, to: str) -> str:
    """Give the id of somebody of the department; a name where it has no people."""
    people = {one.id for one, _ in people_in(session, task.department_id)}
    named = to.strip()
    if (people and named not in people) or not named:
        raise NotAColleague("Choose somebody of the department.", pointer="/to")
    return named


@router.post("/{task}/request")
def ask_neighbour(visit: Answerer, task: str) -> Response:
    """Ask a neighbour on the chain for something."""

    def act(session: Session, found: Task, at: datetime) -> None:
        by = end_of_day(visit.text("by"), visit.zone, pointer="/by")
        ask(
            session, found.id, department=visit.text("department"),
            what=visit.text("what"), by=by, who=visit.who, at=at,
        )  # fmt: skip

    return _act(visit, task, "request", act, done="asked_neighbour")


@router.post("/{task}/ask-again")
def ask_once_more(visit: Facilitator, task: str) -> Response:
    """Ask the department again that handed a task back."""

    def act(session: Session, found: Task, at: datetime) -> None:
        reason = visit.text("reason-ask-again")
        ask_again(session, found.id, reason=reason, who=visit.who, at=at)

    return _act(visit, task, "ask-again", act, done="task_asked_again")


@router.post("/{task}/extend")
def extend(visit: Facilitator, task: str) -> Response:
    """Give a task more time."""

    def act(session: Session, found: Task, at: datetime) -> None:
        due = local_moment(visit.text("due"), visit.zone, pointer="/due")
        reason = visit.text("reason-extend")
        service.extend(session, found.id, due=due, reason=reason, who=visit.who, at=at)

    return _act(visit, task, "extend", act, done="task_extended")


@router.post("/{task}/withdraw")
def withdraw(visit: Facilitator, task: str) -> Response:
    """Go on without the answer to a task."""

    def act(session: Session, found: Task, at: datetime) -> None:
        reason = visit.text("reason-withdraw")
        service.withdraw(session, found.id, reason=reason, who=visit.who, at=at)

    return _act(visit, task, "withdraw", act, done="task_withdrawn")


def _act(
    visit: Visit,
    task_id: str,
    about: str,
    act: Callable[[Session, Task, datetime], None],
    *,
    done: str,
) -> Response:
    """Do something with a task; what cannot be done is shown beside its form.

    The answer that is being written travels along, and is kept.
    """
    form = read(visit.typed()) if "draft_revision" in visit.form else None
    at = now()
    try:
        with transaction(visit.database) as session:
            task, mine = _own(session, visit, task_id, at=at)
            drafted = not mine.by_word_of_mouth(task)
            if form and drafted:
                _draft(session, visit, task, form, at=at)
            act(session, task, at)
    except (Forbidden, UnknownTask):
        raise
    except DraftChanged as why:
        return _meanwhile(visit, task_id, form or Form(), why, about=about)
    except ResolveError as why:
        return show_task(visit, task_id, _sent(visit, form=form, why=why, about=about))
    if form and not form.empty and not drafted:  # no draft keeps it: the page does
        sent = _sent(visit, form=form, status=200)
        return show_task(visit, task_id, replace(sent, done=done))
    return visit.go(f"/tasks/{task_id}", done=done, **_changing(visit))


def _changing(visit: Visit) -> dict[str, str]:
    return {"change": "1"} if visit.text("answer_revision") else {}


def _own(
    session: Session, visit: Visit, task_id: str, *, at: datetime
) -> tuple[Task, Mine]:
    task = the_task(session, visit.client, task_id)
    mine = mine_of(session, visit, at=at)
    mine.must_act(task)
    return task, mine


def _sent(
    visit: Visit,
    *,
    form: Form | None,
    why: ResolveError | None = None,
    about: str = "",
    status: int = 422,
) -> Sent:
    """Give a form back with the states that it was made on."""
    if form is None:
        return Sent(why, about=about, status=status)
    return Sent(
        why,
        about=about,
        form=form,
        draft_revision=visit.text("draft_revision"),
        answer_revision=visit.text("answer_revision"),
        status=status,
    )


def _number(text: str) -> int:
    fits = text.isascii() and text.isdigit() and len(text) < 10  # noqa: PLR2004
    return int(text) if fits else 0
