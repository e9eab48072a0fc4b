"""What clients send and get about hand-overs: bodies, answers and examples."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from resolve.chain.durations import duration
from resolve.handovers.service import Wording
from resolve_api.bodies import Body, Name
from resolve_api.examples import AT

STANDARD_ID = "0199aa00-0000-7000-8000-00000000000c"
PROPOSED = {
    "department": "packing",
    "what": "Everything of one order in one box",
    "state": "Glass upright",
    "by_when": "Until four o'clock for the same day",
    "within": "PT2H",
    "accepted": "Packing scans the box",
}
STANDARD = {
    "id": STANDARD_ID,
    "map": "order-to-delivery",
    "from": "pick",
    "to": "pack",
    "version": 1,
    "status": "proposed",
    "giver": "stock",
    "receiver": "packing",
    "what": PROPOSED["what"],
    "state": PROPOSED["state"],
    "by_when": PROPOSED["by_when"],
    "within": "PT2H",
    "accepted": PROPOSED["accepted"],
    "proposed_by": "person:0199aa00-0000-7000-8000-000000000008",
    "proposed_at": AT,
    "giver_agreed_at": None,
    "receiver_agreed_at": AT,
    "awaits": "stock",
    "ended_at": None,
    "warnings": [],
}
AGREED = STANDARD | {"status": "agreed", "giver_agreed_at": AT, "awaits": None}
HANDOVERS: dict[str, Any] = {
    "map": "order-to-delivery",
    "version": 1,
    "handovers": [
        {
            "from": "pick",
            "to": "pack",
            "giver": "stock",
            "receiver": "packing",
            "what": [{"en": "picked goods"}],
            "within": "PT1H",
            "agreed": None,
            "former": None,
            "proposed": STANDARD,
        }
    ],
}


class LongerThanPromised(BaseModel):
    """A promise to the customer that leaves less time than the hand-over may take."""

    pointer: Literal["/within"]
    code: Literal["longer_than_promised"]
    touchpoint: str
    promise: str


class Standard(BaseModel):
    """A version of what both sides of a hand-over agree on; `awaits`: whose yes."""

    id: str
    map: str
    source: str = Field(alias="from")
    to: str
    version: int
    status: str
    giver: str
    receiver: str
    what: str | None
    state: str | None
    by_when: str | None
    within: str | None
    accepted: str | None
    proposed_by: str
    proposed_at: datetime
    giver_agreed_at: datetime | None
    receiver_agreed_at: datetime | None
    awaits: str | None
    ended_at: datetime | None
    warnings: list[LongerThanPromised]


class PassedOver(BaseModel):
    """A hand-over of the map, with what is agreed and what is proposed.

    `former` was agreed by departments that the map has no longer there: it does not
    count until those of now agree.
    """

    source: str = Field(alias="from")
    to: str
    giver: str
    receiver: str
    what: list[dict[str, str]]
    within: str | None
    agreed: Standard | None
    former: Standard | None
    proposed: Standard | None


class Handovers(BaseModel):
    """The hand-overs of a map between departments, in the order of the chain."""

    map: str
    version: int
    handovers: list[PassedOver]


_LONGEST = 2000
_SPAN = (
    r"^P([1-9][0-9]{0,2}W|[1-9][0-9]{0,3}D|([1-9][0-9]{0,2}D)?T"
    r"([1-9][0-9]{0,3}H([1-9][0-9]{0,3}M)?|[1-9][0-9]{0,5}[MS]))$"
)
Words = Annotated[str, Field(max_length=_LONGEST)]


class StandardBody(Body):
    """What is handed over, in what state, by when, within which time, how accepted.

    `department`: for which side it is proposed; may be left out by who acts for one.
    """

    what: Annotated[str, Field(min_length=1, max_length=_LONGEST, pattern=r"\S")]
    state: Words | None = None
    by_when: Words | None = None
    within: (
        Annotated[str, Field(pattern=_SPAN, description="ISO 8601.", examples=["PT4H"])]
        | None
    ) = None
    accepted: Words | None = None
    department: Name | None = None

    def wording(self) -> Wording:
        within: timedelta | None = duration(self.within) if self.within else None
        return Wording(
            self.what,
            self.state or "",
            self.by_when or "",
            within,
            self.accepted or "",
        )


class SideBody(Body):
    """For which side; may be left out by who acts for one of them, or for the house."""

    department: Name | None = None
