"""What answers look like, for the documentation; `resolve.analytics.shapes` makes them.

These are promises: members are added, never renamed.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, Field

T = TypeVar("T")


class PageMark(BaseModel):
    """Where the next page begins."""

    next_cursor: str | None
    has_more: bool


class Page(BaseModel, Generic[T]):
    """A page of a list."""

    data: list[T]
    page: PageMark


class FieldError(BaseModel):
    """What is wrong with one field (`pointer`) or parameter."""

    detail: str
    pointer: str | None = None
    parameter: str | None = None


class Problem(BaseModel):
    """RFC 9457; `code` is stable, `hint` says what to do."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    hint: str | None = None
    errors: list[FieldError] | None = None


class Clock(BaseModel):
    """A deadline, the rule it follows and what happened to it."""

    kind: str
    state: str
    due: datetime
    rule: dict[str, Any]
    events: list[dict[str, Any]]


class Warning_(BaseModel):  # noqa: N801  `Warning` is taken
    """A field that was not clear; the complaint is filed nevertheless."""

    pointer: str
    code: str


class Filed(BaseModel):
    """A complaint that exists for ever."""

    id: str
    number: str
    case: str
    status: str
    tracking_url: str
    clocks: list[Clock]
    warnings: list[Warning_]
    links: dict[str, str]


class CustomerAnswer(BaseModel):
    """The text is empty where the complaint was settled at once by a remedy."""

    text: str
    remedy: str | None


class Complaint(BaseModel):
    """A complaint in the customer's own words."""

    id: str
    number: str
    case: str
    status: str
    tracking_url: str | None
    stage: int
    text: str | None
    language: str | None
    source: str
    reference: str | None
    map: str | None
    version: int | None
    touchpoint: str | None
    promise: str | None
    handover: dict[str, Any] | None
    internal_of: str | None = Field(description="Whose; null: of a customer.")
    order: str | None
    occurred_at: datetime | None
    desired_outcome: str | None
    severity: str | None
    safety: bool
    on_behalf_of: str | None
    customer: dict[str, Any] | None
    received_at: datetime
    answered_at: datetime | None
    answer: CustomerAnswer | None
    closed_at: datetime | None
    closed_as: str | None
    clocks: list[Clock]
    links: dict[str, str]


class Agreement(BaseModel):
    """A proposal that the review agreed on."""

    id: str
    task: str
    proposal: int
    owner: str
    due: date
    status: str
    round: int
    agreed_at: datetime
    outcome_at: datetime | None
    where: dict[str, Any] | None
    measure: str | None
    expected: float | None
    prove_days: int | None
    prove_orders: int | None
    in_place_on: date | None
    backdated: bool
    orders_so_far: int | None
    verdict: dict[str, Any] | None
    judged_at: datetime | None


class Case(BaseModel):
    """Our handling of complaints with the same cause."""

    id: str
    status: str
    round: int
    concern: dict[str, Any] | None
    map: str | None
    version: int | None
    owner: str
    facilitator: str
    departments: list[str]
    complaints: list[str]
    agreements: list[Agreement]
    flow_runs: list[str]
    opened_at: datetime
    reviewed_at: datetime | None
    closed_at: datetime | None
    merged_into: str | None


class Request(BaseModel):
    """What a department asked of a neighbour, and the reply."""

    id: str
    task: str
    from_: str = Field(alias="from")
    department: str
    status: str
    what: str | None
    by: datetime | None
    at: datetime
    reply: str | None
    replied_at: datetime | None


class Task(BaseModel):
    """The question to one department in one round of a case."""

    id: str
    case: str
    department: str
    round: int
    status: str
    asked_at: datetime
    due: datetime
    assignee: str | None
    returned_at: datetime | None
    revision: int
    customers: int
    steps: list[str]
    neighbours: list[str]
    path: list[str]
    question: str
    facts: dict[str, Any] | None
    answer: dict[str, Any] | None
    requests: list[Request]


class Entry(BaseModel):
    """An entry of the journal; its hash covers the one before."""

    seq: int
    at: datetime
    who: str
    what: str
    data: dict[str, Any]
    previous: str
    hash: str


class FeedEntry(BaseModel):
    """An entry of the change feed; give its position as `after` to go on."""

    position: int
    at: datetime
    kind: str
    case: str
    complaint: str | None = None
    task: str | None = None


class Department(BaseModel):
    """A department or partner of the register."""

    id: str
    title: dict[str, str]
    kind: str
    head: str | None
    email: str | None
    calendar: str | None
    revision: int


class Calendar(BaseModel):
    """The newest revision of a calendar."""

    id: str
    revision: int
    zone: str
    week: dict[str, list[str]]
    holidays: dict[str, Any]


class MapVersion(BaseModel):
    """One published version of a map."""

    id: str
    version: int
    digest: str
    published_at: datetime
    published_by: str


class MapEntry(BaseModel):
    """A map and its newest version."""

    id: str
    status: str
    version: int
    title: dict[str, str]


class Map(MapVersion):
    """A version of a map: its file, and what a filing client chooses from."""

    status: str
    newest: int
    title: dict[str, str]
    departments: list[dict[str, Any]]
    promises: list[dict[str, Any]]
    touchpoints: list[dict[str, Any]]
    steps: list[dict[str, Any]]
    source: str


class Walked(BaseModel):
    """Who takes part when a promise or a hand-over standard is not kept."""

    map: str
    version: int | None
    concern: dict[str, Any]
    departments: list[dict[str, Any]]


class Timing(BaseModel):
    """How long a promise takes; times in seconds, null where too few are known."""

    map: str
    version: int
    concern: dict[str, Any]
    period: dict[str, datetime | None]
    made_at: datetime
    more_since: int
    orders: dict[str, int]
    began: datetime | None = Field(description="When the first of them began.")
    as_of: datetime | None = Field(description="The last moment that is known.")
    within: float | None
    allotted: float | None
    on_time: dict[str, float | None] | None
    on_time_with_open: dict[str, float | None] | None
    time: dict[str, Any] | None
    chain: list[dict[str, Any]]
    inside_loops: list[dict[str, Any]] = Field(
        description="Waits inside a loop, of an order all together; not in `chain`."
    )
    weakest: int | None = Field(description="The place in `chain`; null: none helps.")


class Placed(BaseModel):
    """The cases that were placed."""

    data: list[Case]


class Health(BaseModel):
    status: str


class Readiness(BaseModel):
    """Whether complaints can be filed; handling needs Prefect, filing does not."""

    ready: bool
    database: str
    prefect: str


class RejectedRow(BaseModel):
    """A row that was not taken: which, counted from 0, and why."""

    row: int
    code: str
    detail: str


class Taken(BaseModel):
    """What became of rows of step times."""

    rows: int
    new: int
    same: int
    replaced: int
    rejected: list[RejectedRow]


class HandoverWaits(BaseModel):
    """The waits of a hand-over in seconds; the causes add up to the mean."""

    source: str = Field(alias="from")
    to: str
    within: float | None
    count: int
    mean: float | None
    median: float | None
    causes: dict[str, float] | None
    known: float


class Waits(BaseModel):
    """What the waits of a map were spent on, in its latest orders."""

    map: str
    version: int
    orders: int
    since: str | None
    until: str | None
    handovers: list[HandoverWaits]
