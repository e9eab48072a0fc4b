"""What clients send and get about ballots: bodies, answers and examples."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic.json_schema import SkipJsonSchema

from resolve.kit.texts import LONGEST
from resolve_api import examples
from resolve_api.bodies import Body, Day, Moment, Name, Said, Short

BALLOT_ID = "0199aa00-0000-7000-8000-00000000000a"
OBJECTION_ID = "0199aa00-0000-7000-8000-00000000000b"
MOTION = {
    "task": examples.TASK_ID,
    "proposal": 1,
    "owner": "Head of packing",
    "due": "2027-01-15",
    "customer_says": "If Friday is not possible, tell me on Thursday.",
}
VOTE = {
    "department": "packing",
    "position": "agree",
    "text": None,
    "by_word_of_mouth": False,
    "at": examples.AT,
}
OBJECTION = {
    "id": OBJECTION_ID,
    "ballot": BALLOT_ID,
    "department": None,
    "who": "person:0199aa00-0000-7000-8000-000000000008",
    "text": "They ordered it for Friday.",
    "status": "met",
    "at": examples.AT,
    "met": {"by": "customer", "manager": None, "text": "Asked by phone: fine.",
            "at": examples.DUE},
}  # fmt: skip
BALLOT = MOTION | {
    "id": BALLOT_ID,
    "case": examples.CASE_ID,
    "round": 1,
    "kind": "proposal",
    "division": None,
    "instead_of": None,
    "status": "open",
    "wording": None,
    "put_by": "quality-manager",
    "put_at": examples.AT,
    "until": examples.DUE,
    "decided_at": None,
    "by_mandate": False,
    "reason": None,
    "stands": "awaited",
    "asked": ["carrier", "packing"],
    "votes": [VOTE],
    "objections": [OBJECTION],
}


def _whole(value: object) -> object:
    # To JSON, 9 and 9.0 are the same number.
    return int(value) if isinstance(value, float) and value.is_integer() else value


class VoteAnswer(BaseModel):
    """What a department says."""

    department: str
    position: str
    text: str | None
    by_word_of_mouth: bool
    at: datetime


class ObjectionAnswer(BaseModel):
    """That the customer would not accept it, and by what it was met."""

    id: str
    ballot: str
    department: str | None
    who: str
    text: str | None
    status: str
    at: datetime
    met: dict[str, Any] | None


class BallotAnswer(BaseModel):
    """Something put to the vote. `stands`: what may be decided now.

    One of `awaited`, `agreed_by_all`, `mandate` (its time is over), `objection` (never
    decided over) and `ended`.
    """

    id: str
    case: str
    round: int
    kind: str
    task: str | None
    proposal: int | None
    division: str | None
    instead_of: str | None
    status: str
    wording: str | None
    customer_says: str | None
    owner: str | None
    due: date | None
    put_by: str
    put_at: datetime
    until: datetime
    decided_at: datetime | None
    by_mandate: bool
    reason: str | None
    stands: str
    asked: list[str]
    votes: list[VoteAnswer]
    objections: list[ObjectionAnswer]


Words = Annotated[str, Field(max_length=LONGEST)]
Number = Annotated[int, Field(ge=1, le=1000), BeforeValidator(_whole)]


_NOT_BOTH = [{"required": ["task"]}, {"required": ["proposal"]}]
_ONE_THING: dict[str, Any] = {
    "oneOf": [
        {"required": ["task", "proposal"], "not": {"required": ["division"]}},
        {"required": ["division"], "not": {"anyOf": _NOT_BOTH}},
    ]
}


class MotionBody(Body):
    """A proposal, or a division of the promised time, to be voted on.

    `wording`: the change as the review words it. `customer_says` answers "what would
    the customer say?". Without `until` votes are awaited for two working days.
    """

    model_config = ConfigDict(json_schema_extra=_ONE_THING)

    task: Short | SkipJsonSchema[None] = None
    proposal: Number | SkipJsonSchema[None] = None
    division: Short | SkipJsonSchema[None] = None
    owner: Short | None = None
    due: Day | None = None
    wording: Words | None = None
    customer_says: Words | None = None
    until: Moment | None = None

    @model_validator(mode="after")
    def _one_thing(self) -> MotionBody:
        given = self.model_fields_set & {"task", "proposal", "division"}
        if given not in ({"task", "proposal"}, {"division"}) or self.nulls & given:
            msg = "either task and proposal, or division is expected"
            raise ValueError(msg)
        return self


class ChangeBody(Body):
    """A changed solution, to be voted on instead; what is left out stays."""

    wording: Words | None = None
    division: Short | None = None
    owner: Short | None = None
    due: Day | None = None
    customer_says: Words | None = None
    until: Moment | None = None


class SaidPosition(StrEnum):
    """What a department can say."""

    AGREE = "agree"
    AGREE_WITH_NOTE = "agree_with_note"
    NOT_YET = "not_yet"
    CUSTOMER_WOULD_NOT = "customer_would_not"


class VoteBody(Body):
    """A vote; `department` may be left out by who acts for a single one of the case."""

    position: SaidPosition
    text: Words | None = None
    department: Name | None = None


class ObjectionBody(Body):
    """Why the customer would not accept it."""

    because: Said


class Meets(StrEnum):
    """By what an objection is met; a change does by being put to the vote."""

    CUSTOMER = "customer"
    MANAGER = "manager"


class MeetBody(Body):
    """The customer's own yes (who was asked and when), or a named manager's reason."""

    by: Meets
    text: Said
    manager: Name | None = None


class DecideBody(Body):
    """The decision; `mandate` and `reason` over silence and "not yet"."""

    mandate: bool = False
    reason: Words | None = None
    owner: Short | None = None
    due: Day | None = None


class UntilBody(Body):
    until: Moment


class DropBody(Body):
    reason: Said
