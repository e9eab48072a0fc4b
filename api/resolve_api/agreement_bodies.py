"""What clients send of agreements: what a change is to change, what became of it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator
from pydantic.json_schema import SkipJsonSchema

from resolve.solutions.aims import Aim
from resolve.solutions.judging import Measure
from resolve_api.bodies import Body, Day, Name, Said, Short, either, whole


class WhereBody(Body):
    """A step, or the hand-over from one step to another."""

    model_config = either("step", "handover")

    step: Name | SkipJsonSchema[None] = None
    handover: (
        Annotated[list[Name], Field(min_length=2, max_length=2)] | SkipJsonSchema[None]
    ) = None

    @model_validator(mode="after")
    def _one_of_them(self) -> WhereBody:
        if (self.step is None) == (self.handover is None) or self.nulls:
            msg = "either step or handover is expected"
            raise ValueError(msg)
        return self


class AimBody(Body):
    """What an agreed change is to change, and how long it is proven.

    `expected` is a share of the time before (-0.2: a fifth shorter), of `on_time` what
    is added to the share of orders in time (0.1: ten more of a hundred). Without
    `prove_days` and `prove_orders` it is proven for 30 days; without a `measure` not.
    """

    where: WhereBody | None = None
    measure: Measure | None = None
    expected: Annotated[float, Field(ge=-1, le=1)] | None = None
    prove_days: Annotated[int, Field(ge=1, le=730), BeforeValidator(whole)] | None = (
        None
    )
    prove_orders: (
        Annotated[int, Field(ge=20, le=10_000), BeforeValidator(whole)] | None
    ) = None

    @property
    def aim(self) -> Aim:
        where = self.where or WhereBody.model_construct()
        edge = where.handover
        return Aim(
            measure=self.measure,
            step=where.step,
            handover=(edge[0], edge[1]) if edge else None,
            expected=self.expected,
            days=self.prove_days,
            orders=self.prove_orders,
        )


class AgreementBody(AimBody):
    """A proposal that the review agreed on, who sees to it, by when."""

    task: Short
    proposal: Annotated[int, Field(ge=1, le=1000), BeforeValidator(whole)]
    owner: Short
    due: Day


class OutcomeBody(Body):
    """What became of an agreed change: either in place, or given up and why.

    `on`: since which day it is in place, today if none is said. `prove_days` from now
    or `prove_orders` more give a change longer that is not proven, or too little known.
    """

    model_config = either("in_place", "given_up")

    in_place: Literal[True] | SkipJsonSchema[None] = None
    given_up: Literal[True] | SkipJsonSchema[None] = None
    reason: Said | None = None
    on: Day | None = None
    prove_days: Annotated[int, Field(ge=1, le=730), BeforeValidator(whole)] | None = (
        None
    )
    prove_orders: (
        Annotated[int, Field(ge=20, le=10_000), BeforeValidator(whole)] | None
    ) = None

    @property
    def longer(self) -> bool:
        """Tell whether more time is given."""
        return self.prove_days is not None or self.prove_orders is not None

    @model_validator(mode="after")
    def _one_of_them(self) -> OutcomeBody:
        if (self.in_place is None) == (self.given_up is None) or self.nulls & {
            "in_place",
            "given_up",
        }:
            msg = "either in_place or given_up is expected"
            raise ValueError(msg)
        return self
