"""What clients send and get of divisions of time, and what it looks like."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import BaseModel, Field

from resolve.chain.durations import BadDuration, duration
from resolve.chain.rewriting import Part
from resolve.chain.simulating import WhatIf
from resolve.chain.suggesting import By
from resolve.kit.errors import Invalid
from resolve.reviews.division_errors import NegativeTime
from resolve_api.bodies import Body, Name
from resolve_api.examples import AT, CASE_ID, CONCERN, ID

_MOST = 2000
Span = Annotated[
    str,
    Field(
        min_length=1,
        max_length=60,
        description="ISO 8601; a day has 24 hours.",
        examples=["PT4H"],
    ),
]


class BadTime(Invalid):
    """A time that cannot be read."""

    code = "bad_duration"


class HandoverTime(Body):
    """How long a hand-over may take."""

    from_: Annotated[Name, Field(alias="from")]
    to: Name
    within: Span


class HandoverName(Body):
    from_: Annotated[Name, Field(alias="from")]
    to: Name


class DivisionBody(Body):
    """The times that differ from the map; what is left out is as in the map."""

    steps: Annotated[dict[Name, Span], Field(default_factory=dict, max_length=_MOST)]
    handovers: Annotated[
        list[HandoverTime], Field(default_factory=list, max_length=_MOST)
    ]

    def times(self) -> dict[Part, timedelta]:
        """Read the times.

        Raises:
            NegativeTime, BadTime: of one of them.
        """
        found: dict[Part, timedelta] = {
            (step,): _time(said, f"/steps/{step}") for step, said in self.steps.items()
        }
        for number, one in enumerate(self.handovers):
            found[one.from_, one.to] = _time(one.within, f"/handovers/{number}/within")
        return found


Reach = Annotated[float, Field(ge=0, le=1, strict=False)]


class SimulateBody(DivisionBody):
    """Times to be tried, and what else is supposed; without times: the division's own.

    `shrink`: by which share the times of a step above its median come back to it.
    `no_wait`: nothing passes there. `side_by_side`: the second begins with the first.
    `suggest`: begin with suggested times instead.
    """

    shrink: Annotated[dict[Name, Reach], Field(default_factory=dict, max_length=_MOST)]
    no_wait: Annotated[
        list[HandoverName], Field(default_factory=list, max_length=_MOST)
    ]
    side_by_side: Annotated[
        list[Annotated[list[Name], Field(min_length=2, max_length=2)]],
        Field(default_factory=list, max_length=50),
    ]
    suggest: By | None = None

    @property
    def what_if(self) -> WhatIf:
        return WhatIf(
            self.shrink,
            frozenset((one.from_, one.to) for one in self.no_wait),
            tuple((one, other) for one, other in self.side_by_side),
        )

    @property
    def names_times(self) -> bool:
        return not self.model_fields_set.isdisjoint(("steps", "handovers"))


def _time(said: str, pointer: str) -> timedelta:
    if said.startswith("-"):
        raise NegativeTime(
            "A time is negative.", hint="Give 0 or more.", pointer=pointer
        )
    try:
        return duration(said)
    except BadDuration as why:
        raise BadTime(
            f"{said!r} is not a duration we take: {why}.",
            hint="Write for example P5D, PT4H, PT30M or P1DT12H.",
            pointer=pointer,
        ) from None


# ----------------------------------------------------------------------- the answers


class StepTimeOf(BaseModel):
    """A step: what the map allots, what is proposed, what it really took."""

    step: str
    department: str
    time: str | None
    new: str | None
    median: str | None
    nine_of_ten: str | None
    orders: int


class HandoverTimeOf(BaseModel):
    """A hand-over; inside of a loop it counts nothing."""

    from_: str = Field(alias="from")
    to: str
    within: str | None
    new: str | None
    median: str | None
    nine_of_ten: str | None
    orders: int
    inside_loop: bool


class Division(BaseModel):
    """A promised time and its parts, in the order of the chain."""

    case: str
    id: str | None
    status: str | None
    revision: int
    map: str
    version: int
    newest: int
    agreed_version: int | None
    saved_by: str | None
    saved_at: datetime | None
    ballot: str | None
    concern: dict[str, Any]
    promised: str
    allotted_now: str
    allotted: str
    above_promise: bool
    steps: list[StepTimeOf]
    handovers: list[HandoverTimeOf]
    map_changes: list[dict[str, Any]]


class ShareOf(BaseModel):
    """A share of orders, with its interval at 95 %."""

    value: float
    low: float
    high: float


class CriticalOf(BaseModel):
    """In which share of orders a step lies on the longest way."""

    step: str
    before: float
    after: float


class EffectOf(BaseModel):
    """What would change for the same orders; at 95 %."""

    orders: int
    known: int
    as_of: datetime
    before: ShareOf
    after: ShareOf
    difference: ShareOf
    every_part_kept: dict[str, float]
    critical: list[CriticalOf]


class Simulated(BaseModel):
    """What was tried, and its effect: null where there are too few orders to say."""

    promised: str
    allotted_now: str
    allotted: str
    above_promise: bool
    steps: dict[str, str]
    handovers: list[dict[str, str]]
    suggestion: dict[str, Any] | None
    effect: EffectOf | None


_SUMS: Mapping[str, Any] = {
    "promised": "P5D",
    "allotted_now": "P1DT5H",
    "allotted": "P1DT4H",
    "above_promise": False,
}
DIVIDED = {"steps": {"pack": "PT3H"}, "handovers": []}
TRIED = {"steps": {"pack": "PT3H"}, "shrink": {"deliver": 0.5}}
DIVISION = {
    "case": CASE_ID,
    "id": ID,
    "status": "draft",
    "revision": 2,
    "map": "order-to-delivery",
    "version": 1,
    "newest": 1,
    "agreed_version": None,
    "saved_by": "key:0199aa00",
    "saved_at": AT,
    "ballot": None,
    "concern": CONCERN,
    **_SUMS,
    "steps": [
        {"step": "pack", "department": "packing", "time": "PT4H", "new": "PT3H",
         "median": "PT2H", "nine_of_ten": "PT5H", "orders": 608},
    ],
    "handovers": [
        {"from": "pack", "to": "deliver", "within": "PT1H", "new": None,
         "median": "PT3H", "nine_of_ten": "PT9H", "orders": 608, "inside_loop": False},
    ],
    "map_changes": [],
}  # fmt: skip
SIMULATED = {
    **_SUMS,
    "steps": {"pack": "PT3H"},
    "handovers": [],
    "suggestion": None,
    "effect": {
        "orders": 608, "known": 608, "as_of": AT,
        "before": {"value": 0.72, "low": 0.68, "high": 0.75},
        "after": {"value": 0.81, "low": 0.78, "high": 0.84},
        "difference": {"value": 0.09, "low": 0.07, "high": 0.11},
        "every_part_kept": {"before": 0.31, "after": 0.44},
        "critical": [{"step": "pack", "before": 1.0, "after": 1.0}],
    },
}  # fmt: skip
