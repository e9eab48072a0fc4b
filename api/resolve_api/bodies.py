"""What clients send: exactly these members, exactly these types."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import SkipJsonSchema

from resolve.complaints.models import Severity
from resolve.kit.texts import LONGEST
from resolve.tasks.answers import Answering, Need, Proposal

_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _rfc3339(value: object) -> datetime:
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        msg = "a time with its zone is expected, such as 2026-11-21T09:30:00Z"
        raise ValueError(msg)
    return datetime.fromisoformat(value.upper())


def _a_day(value: object) -> date:
    if not isinstance(value, str) or not (
        _DAY.fullmatch(value) or _MOMENT.fullmatch(value)
    ):
        msg = "a day is expected, such as 2026-12-01"
        raise ValueError(msg)
    return date.fromisoformat(value[:10])


def _representable(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError:
        msg = "a time that exists in UTC is expected"
        raise ValueError(msg) from None


def whole(value: object) -> object:
    """Take a number without a fraction as a whole one."""
    # To JSON, 9 and 9.0 are the same number.
    return int(value) if isinstance(value, float) and value.is_integer() else value


Moment = Annotated[
    AwareDatetime,
    BeforeValidator(_rfc3339),
    AfterValidator(_representable),
    Field(examples=["2026-11-21T09:30:00Z"]),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Day = Annotated[
    date,
    BeforeValidator(_a_day),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2026-12-01"]}),
]
Said = Annotated[str, Field(min_length=1, max_length=LONGEST, pattern=r"\S")]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Short = Annotated[str, Field(min_length=1, max_length=100)]


class Body(BaseModel):
    """A body: unknown members are refused, so that a typing error is seen."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    @property
    def nulls(self) -> frozenset[str]:
        """Give the members sent as null."""
        return frozenset(n for n in self.model_fields_set if getattr(self, n) is None)


class CustomerBody(Body):
    """Who complains, as far as it is known."""

    name: Annotated[str, Field(max_length=200)] | None = None
    email: Annotated[str, Field(max_length=254)] | None = None
    phone: Annotated[str, Field(max_length=50)] | None = None
    segment: Annotated[str, Field(max_length=100)] | None = None
    channel: Annotated[str, Field(max_length=100)] | None = None
    hours: Annotated[str, Field(max_length=200)] | None = None


class HandoverBody(Body):
    """What one step passes to the next; `late`: the time for it was missed."""

    from_: Annotated[Name, Field(alias="from")]
    to: Name
    late: bool = False


class FilingBody(Body):
    """A complaint; only the text is needed.

    With a `handover` it is an internal one, of the department that receives there.
    `settled_at_once` closes it with the `remedy` that the customer has already; it
    needs the right to settle.
    """

    text: Said
    map: Name | None = None
    touchpoint: Name | None = None
    promise: Name | None = None
    handover: HandoverBody | None = None
    language: Annotated[str, Field(min_length=1, max_length=20)] | None = None
    source: Short | None = None
    reference: Name | None = None
    order: Name | None = None
    occurred_at: Moment | None = None
    desired_outcome: Annotated[str, Field(max_length=LONGEST)] | None = None
    severity: Severity | None = None
    safety: bool = False
    on_behalf_of: Annotated[str, Field(max_length=200)] | None = None
    settled_at_once: bool = False
    remedy: Annotated[str, Field(max_length=LONGEST)] | None = None
    customer: CustomerBody | None = None


class AnswerToCustomerBody(Body):
    """The answer to the customer, and what the customer gets."""

    text: Said
    remedy: Annotated[str, Field(max_length=LONGEST)] | None = None


class Ending(StrEnum):
    """How a complaint is closed by hand."""

    ACCEPTED = "accepted"
    SILENT = "silent"
    WITHDRAWN = "withdrawn"
    OUTSIDE = "outside"


class CloseComplaintBody(Body):
    as_: Annotated[Ending, Field(alias="as")]


class PlaceBody(Body):
    """What a case is about."""

    touchpoint: Name
    promise: Name
    map: Name | None = None


class PlaceSeveralBody(PlaceBody):
    """What several cases are about: all of them are placed, or none."""

    cases: Annotated[list[Short], Field(min_length=1, max_length=100)]


def either(one: str, other: str) -> ConfigDict:
    """Say that a body has one of two members."""
    return ConfigDict(
        json_schema_extra={"oneOf": [{"required": [one]}, {"required": [other]}]}
    )


class NeedBody(Body):
    department: Name
    what: Said


class ProposalBody(Body):
    """What the department can change, at which of its steps."""

    change: Said
    step: Name
    effect: Annotated[str, Field(max_length=LONGEST)] | None = None
    need: NeedBody | None = None

    def value(self) -> Proposal:
        need = Need(self.need.department, self.need.what) if self.need else None
        return Proposal(self.change, self.step, self.effect, need)


Minutes = Annotated[int, Field(ge=0, le=100_000), BeforeValidator(whole)]
Proposals = Annotated[list[ProposalBody], Field(min_length=1, max_length=50)]


class ObservedBody(Body):
    observed: Said


class TaskAnswerBody(Body):
    """Proposals, or what was observed; never both."""

    model_config = either("proposals", "nothing_to_change")

    proposals: Proposals | SkipJsonSchema[None] = None
    nothing_to_change: ObservedBody | SkipJsonSchema[None] = None
    minutes: Minutes | None = None

    @model_validator(mode="after")
    def _no_null(self) -> TaskAnswerBody:
        if self.nulls - {"minutes"}:
            msg = "proposals and nothing_to_change are left out, not null"
            raise ValueError(msg)
        return self

    def value(self) -> Answering:
        return Answering(
            tuple(one.value() for one in self.proposals or ()),
            self.nothing_to_change.observed if self.nothing_to_change else None,
            self.minutes,
        )


class ExtendBody(Body):
    due: Moment
    reason: Said


class PassBody(Body):
    to: Short


class WithdrawBody(Body):
    reason: Said


class ReturnBody(Body):
    """Why a task is not the department's, or why it is asked again."""

    reason: Said


class RequestBody(Body):
    """What a department asks of a neighbour on the chain."""

    department: Name
    what: Said
    by: Moment | None = None


class ReplyBody(Body):
    """Either `accept`, or what is proposed `instead`."""

    model_config = either("accept", "instead")

    accept: Literal[True] | SkipJsonSchema[None] = None
    instead: Said | SkipJsonSchema[None] = None

    @model_validator(mode="after")
    def _one_of_them(self) -> ReplyBody:
        if (self.accept is None) == (self.instead is None) or self.nulls - {"reason"}:
            msg = "either accept or instead is expected"
            raise ValueError(msg)
        return self


class DepartmentBody(Body):
    """What to change in a department; left out: stays; empty: is removed."""

    title: dict[Literal["", "en", "ru", "uk"], Name] | None = None
    head: Annotated[str, Field(max_length=100)] | None = None
    email: Annotated[str, Field(max_length=254)] | None = None
    calendar: Annotated[str, Field(max_length=100)] | None = None


class Nothing(Body):
    """Nothing has to be said; an empty body or `{}`."""


class CalendarBody(Body):
    """Working hours of a week, in a zone; described here, read by the library."""

    zone: Name
    week: dict[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], list[Short]]
    holidays: dict[str, Any] | None = None


def as_customer(body: CustomerBody | None) -> dict[str, Any] | None:
    """Give what was said of the customer, without what was not."""
    return body.model_dump(exclude_none=True) or None if body else None


class StepTimeBody(Body):
    """A step of an order as it really was; without `started` only its end is known.

    `resource`, a person or machine, is kept as a keyed hash only. `map` is needed where
    several published maps have the step.
    """

    order: Name
    step: Short
    ended: Moment
    started: Moment | None = None
    map: Short | None = None
    resource: Name | None = None
    department: Short | None = None
    source: Short | None = None
    id: Name | None = None
