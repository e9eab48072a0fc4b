"""The talk of a case: one conversation, read by everybody who takes part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, BeforeValidator, Field
from sqlmodel import Session
from starlette.responses import Response

from resolve.access.people import names_of
from resolve.analytics import lists
from resolve.cases.models import TalkEntry
from resolve.handling.talking import MOST_MENTIONS, Words, speak
from resolve.kit.clock import iso, now
from resolve.kit.database import reading, transaction
from resolve_api import answers, bodies, examples
from resolve_api.dependencies import Call, Reads, Talks
from resolve_api.documented import answers as answered
from resolve_api.documented import takes
from resolve_api.parameters import Cursor, Id, Limit
from resolve_api.replies import paged, reply
from resolve_api.seen import Showing, shown_texts, the_case

router = APIRouter(prefix="/cases", tags=["cases"])

_ENTRY_ID = "0199aa00-0000-7000-8000-000000000007"
_ABOUT = {"task": examples.TASK_ID, "proposal": 1}
_SAID = "Could the carrier take it an hour later on Fridays?"
_ENTRY = {
    "id": _ENTRY_ID,
    "case": examples.CASE_ID,
    "who": "person:0199aa00-0000-7000-8000-000000000008",
    "name": "Olena Kovalenko",
    "department": "packing",
    "text": _SAID,
    "taken_back": False,
    "about": _ABOUT,
    "mentions": ["department:carrier"],
    "at": examples.AT,
}


def _whole(value: object) -> object:
    # To JSON, 9 and 9.0 are the same number.
    return int(value) if isinstance(value, float) and value.is_integer() else value


class Entry(BaseModel):
    """Something said; `text` is null once it was taken back."""

    id: str
    case: str
    who: str
    name: str | None
    department: str | None
    text: str | None
    taken_back: bool
    about: dict[str, Any]
    mentions: list[str]
    at: datetime


class StepBody(bodies.Body):
    """What is said is tied to a step."""

    step: bodies.Name


class ProposalSubjectBody(bodies.Body):
    """What is said is tied to a proposal, by its number in the answer to a task."""

    task: bodies.Short
    proposal: Annotated[int, Field(ge=1, le=1000), BeforeValidator(_whole)]


class TalkBody(bodies.Body):
    """Something to say; `mentions` are departments, logins or `person:ID`."""

    text: bodies.Said
    about: StepBody | ProposalSubjectBody | None = None
    mentions: Annotated[list[bodies.Short], Field(max_length=MOST_MENTIONS)] = Field(
        default_factory=list
    )


@router.get(
    "/{case}/talk",
    summary="Read the talk of a case",
    description="In the order of time. What was taken back stays without its text.",
    responses=answered(
        {200: ("A page of the talk.", examples.page(_ENTRY))},
        model=answers.Page[Entry],
    ),
)
def read_talk(
    call: Reads, case: Id, limit: Limit = 20, cursor: Cursor = None
) -> Response:
    with reading(call.database) as session:
        the_case(session, call.client, case)
        found = lists.talk(session, case, lists.Wanted(limit, cursor))
        return paged(found, lambda rows: _shapes(session, call, case, rows))


@router.post(
    "/{case}/talk",
    status_code=201,
    summary="Say something to everybody on the case",
    description="A name after @ in the text mentions a person by login, or a "
    "department by id; whoever is mentioned is told once.",
    responses=answered({201: ("What was said.", _ENTRY)}, model=Entry, body=True),
    openapi_extra=takes(
        TalkBody,
        {"text": "When does the carrier come on Fridays?"},
        {"text": _SAID, "about": _ABOUT, "mentions": ["carrier"]},
    ),
)
def say_something(call: Talks, case: Id) -> Response:
    body = call.body(TalkBody)
    about = body.about.model_dump() if body.about else {}
    words = Words(body.text, about, tuple(body.mentions))
    with transaction(call.database) as session:
        the_case(session, call.client, case)
        said = speak(
            session, case, words, who=call.who, departments=call.client.departments,
            at=now(),
        )  # fmt: skip
        location = f"/api/v1/cases/{case}/talk"
        shape = _shapes(session, call, case, [said])[0]
        return reply(shape, 201, location=location)


def _shapes(
    session: Session, call: Call, case: str, rows: Sequence[TalkEntry]
) -> list[dict[str, Any]]:
    text = shown_texts(session, call.client, [case])[case]
    names = names_of(session, [one.who for one in rows])
    return [_shape(one, text, names) for one in rows]


def _shape(one: TalkEntry, text: Showing, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": one.id,
        "case": one.case_id,
        "who": one.who,
        "name": names.get(one.who),
        "department": one.department_id,
        "text": None if one.text is None else text(one.text),
        "taken_back": one.text is None,
        "about": one.about,
        "mentions": one.mentions,
        "at": iso(one.at),
    }
