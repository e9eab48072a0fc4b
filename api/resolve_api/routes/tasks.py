"""Tasks: read, answered, extended, passed on, withdrawn."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from sqlmodel import Session
from starlette.responses import Response

from resolve.analytics import lists
from resolve.analytics.shapes import request_shape
from resolve.kit.clock import now
from resolve.kit.database import reading, transaction
from resolve.tasks import queries, service
from resolve.tasks.errors import AlreadyAnswered
from resolve.tasks.models import Task, TaskStatus
from resolve.tasks.requests import ask
from resolve.tasks.returning import ask_again, hand_back
from resolve_api import answers, bodies, examples
from resolve_api.dependencies import Acts, Call, Reads, revision
from resolve_api.documented import answers as answered
from resolve_api.documented import header, takes
from resolve_api.filters import known_department
from resolve_api.parameters import Cursor, Filter, Id, Limit
from resolve_api.replies import paged, reply
from resolve_api.seen import (
    must_act_for,
    must_be_quality_manager,
    partner,
    show_tasks,
    show_words,
    the_task,
)

router = APIRouter(prefix="/tasks", tags=["tasks"])

_ONE = {200: ("The task.", examples.TASK)}
_RETURNED = {200: ("The task, handed back.", examples.RETURNED)}
_ANSWERED = {200: ("The task with its answer.", examples.ANSWERED)}
_DUE = {"due": examples.DUE, "reason": "The carrier's data arrive on Monday."}


@router.get(
    "",
    summary="List tasks",
    description="By due time, whosever they are. Questions come in the language of "
    "Accept-Language: en, ru or uk.",
    responses=answered(
        {200: ("A page of tasks.", examples.page(examples.TASK))},
        model=answers.Page[answers.Task],
    ),
)
def list_tasks(
    call: Reads,
    limit: Limit = 20,
    cursor: Cursor = None,
    department: Filter = None,
    status: Annotated[TaskStatus | None, Query()] = None,
) -> Response:
    with reading(call.database) as session:
        known_department(session, department)
        found = lists.tasks(
            session,
            lists.Wanted(limit, cursor),
            department=department,
            status=status,
            seen_by=partner(call.client),
        )
        return paged(
            found, lambda rows: show_tasks(session, call.client, rows, call.language)
        )


@router.get(
    "/{task}",
    summary="Read a task",
    responses=answered(_ONE, model=answers.Task, etag=True),
)
def read_task(call: Reads, task: Id) -> Response:
    with reading(call.database) as session:
        return _show(session, call, the_task(session, call.client, task))


@router.post(
    "/{task}/answer",
    summary="Answer a task",
    description="With proposals, or with what was observed. A key without department "
    "enters what the department said by word of mouth.",
    responses=answered(_ANSWERED, 409, model=answers.Task, body=True, etag=True),
    openapi_extra=takes(
        bodies.TaskAnswerBody, examples.ANSWER, examples.NOTHING_TO_CHANGE
    ),
)
def answer_task(call: Acts, task: Id) -> Response:
    given = call.body(bodies.TaskAnswerBody).value()
    with transaction(call.database) as session:
        present = _own_task(session, call, task)
        try:
            found = service.answer(
                session, task, given, who=call.who, at=now(),
                by_word_of_mouth=present.department_id not in call.client.departments,
            )  # fmt: skip
        except AlreadyAnswered as known:
            there = known.extra["answer"]
            known.extra["answer"] = show_words(
                session, call.client, there, present.case_id
            )
            raise
        return _show(session, call, found)


@router.put(
    "/{task}/answer",
    summary="Change the answer, until the review opens",
    responses=answered(
        _ANSWERED, 409, 412, 428, model=answers.Task, body=True, etag=True
    ),
    openapi_extra=takes(
        bodies.TaskAnswerBody, examples.ANSWER, examples.NOTHING_TO_CHANGE
    )
    | {"parameters": [header("If-Match", "The ETag of the task as read.", '"2"')]},
)
def change_answer(call: Acts, task: Id) -> Response:
    given = call.body(bodies.TaskAnswerBody).value()
    with transaction(call.database) as session:
        present = _own_task(session, call, task)
        call.must_name_version()
        found = service.change_answer(
            session, task, given, who=call.who, at=now(),
            revision=revision(call.expected(), present.revision),
            by_word_of_mouth=present.department_id not in call.client.departments,
        )  # fmt: skip
        return _show(session, call, found)


@router.post(
    "/{task}/extend",
    summary="Give a task more time",
    responses=answered(_ONE, 409, model=answers.Task, body=True, etag=True),
    openapi_extra=takes(bodies.ExtendBody, _DUE),
)
def extend_task(call: Acts, task: Id) -> Response:
    body = call.body(bodies.ExtendBody)
    with transaction(call.database) as session:
        _own_task(session, call, task)
        found = service.extend(
            session, task, due=body.due, reason=body.reason, who=call.who, at=now()
        )
        return _show(session, call, found)


@router.post(
    "/{task}/pass",
    summary="Pass a task on to a colleague",
    responses=answered(_ONE, 409, model=answers.Task, body=True, etag=True),
    openapi_extra=takes(bodies.PassBody, {"to": "Olena"}),
)
def pass_task(call: Acts, task: Id) -> Response:
    body = call.body(bodies.PassBody)
    with transaction(call.database) as session:
        _own_task(session, call, task)
        found = service.pass_on(session, task, to=body.to, who=call.who, at=now())
        return _show(session, call, found)


@router.post(
    "/{task}/withdraw",
    summary="Await no answer to a task any more",
    responses=answered(_ONE, 409, model=answers.Task, body=True, etag=True),
    openapi_extra=takes(
        bodies.WithdrawBody, {"reason": "The step was done by the carrier."}
    ),
)
def withdraw_task(call: Acts, task: Id) -> Response:
    body = call.body(bodies.WithdrawBody)
    with transaction(call.database) as session:
        _own_task(session, call, task)
        found = service.withdraw(
            session, task, reason=body.reason, who=call.who, at=now()
        )
        return _show(session, call, found)


@router.post(
    "/{task}/return",
    summary="Hand a task back to the facilitator: it is not ours",
    description="The task stays open, with its clock, until the facilitator asks "
    "again, passes it on or goes on without it. Handed back twice is once.",
    responses=answered(_RETURNED, 409, model=answers.Task, body=True, etag=True),
    openapi_extra=takes(
        bodies.ReturnBody, {"reason": "The goods never came to our warehouse."}
    ),
)
def return_task(call: Acts, task: Id) -> Response:
    body = call.body(bodies.ReturnBody)
    with transaction(call.database) as session:
        _own_task(session, call, task)
        found = hand_back(session, task, reason=body.reason, who=call.who, at=now())
        return _show(session, call, found)


@router.post(
    "/{task}/ask-again",
    summary="Ask the department again that handed a task back",
    description="For the quality manager.",
    responses=answered(_ONE, 409, model=answers.Task, body=True, etag=True),
    openapi_extra=takes(
        bodies.ReturnBody, {"reason": "It is only about the label of the parcel."}
    ),
)
def ask_task_again(call: Acts, task: Id) -> Response:
    body = call.body(bodies.ReturnBody)
    with transaction(call.database) as session:
        must_be_quality_manager(call.client)
        found = ask_again(session, task, reason=body.reason, who=call.who, at=now())
        return _show(session, call, found)


@router.post(
    "/{task}/requests",
    status_code=201,
    summary="Ask a neighbour on the chain for something",
    responses=answered(
        {201: ("The request.", examples.REQUEST)},
        409,
        model=answers.Request,
        body=True,
    ),
    openapi_extra=takes(
        bodies.RequestBody, {"department": "stock", "what": "Picked goods by noon"}
    ),
)
def ask_neighbour(call: Acts, task: Id) -> Response:
    body = call.body(bodies.RequestBody)
    with transaction(call.database) as session:
        _own_task(session, call, task)
        made = ask(
            session, task, department=body.department, what=body.what, by=body.by,
            who=call.who, at=now(),
        )  # fmt: skip
        shape = show_words(session, call.client, request_shape(made), made.case_id)
        return reply(shape, 201, location=f"/api/v1/tasks/{task}")


def _own_task(session: Session, call: Call, task: str) -> Task:
    found = queries.task(session, task)
    must_act_for(call.client, found.department_id)
    return found


def _show(session: Session, call: Call, found: Task) -> Response:
    shape = show_tasks(session, call.client, [found], call.language)[0]
    return reply(
        shape,
        etag=found.revision,
        Content_Language=call.language.code,
        Vary="Accept-Language",
    )
