"""The values of a value chain, as a map file describes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """Whose department it is."""

    INTERNAL = "internal"
    PARTNER = "partner"


@dataclass(frozen=True, slots=True)
class Text:
    """A text: plain, `{"": "..."}`, or in languages, `{"en": "...", "ru": "..."}`.

    A language stands there only with words. A title always has some: without one in the
    file it is the id.
    """

    by_language: Mapping[str, str]

    def in_(self, language: str) -> str:
        """Give it in this language, else the plain one, English, the first, or ''."""
        texts = self.by_language
        for wanted in (language, "", "en"):
            if wanted in texts:
                return texts[wanted]
        return next(iter(texts.values()), "")

    def __bool__(self) -> bool:
        return any(self.by_language.values())


@dataclass(frozen=True, slots=True)
class Department:
    """An owner of steps; its id means the same in every map."""

    id: str
    title: Text
    kind: Kind = Kind.INTERNAL


@dataclass(frozen=True, slots=True)
class Promise:
    """What the customer was told to expect; `within` and `since` if it has a time."""

    id: str
    title: Text
    within: timedelta | None = None
    since: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One activity of the chain; `gives` is what the customer has from it."""

    id: str
    department: str
    title: Text
    time: timedelta | None = None
    serves: tuple[str, ...] = ()
    gives: Text = Text({})


@dataclass(frozen=True, slots=True)
class Handover:
    """An edge of the chain: what the step `source` passes to the step `target`."""

    source: str
    target: str
    what: tuple[Text, ...] = ()
    within: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Touchpoint:
    """Where the customer meets the chain, and what is promised there."""

    id: str
    title: Text
    step: str
    promises: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ValueChain:
    """A whole map. The mappings are in file order: order is part of their meaning.

    `join` is how long after its first complaint a case takes in a like one (None:
    never); `answer_within` counts working days of a department's calendar.
    """

    id: str
    title: Text
    departments: Mapping[str, Department]
    steps: Mapping[str, Step]
    touchpoints: Mapping[str, Touchpoint]
    promises: Mapping[str, Promise]
    handovers: tuple[Handover, ...] = ()
    join: timedelta | None = None
    answer_within: int = 2
    kept: dict[str, Any] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """What was once computed from the rest (graph, ways); no part of the value."""


@dataclass(frozen=True, slots=True)
class PromiseConcern:
    """A complaint is about a promise at a touchpoint."""

    touchpoint: str
    promise: str

    def as_json(self) -> dict[str, Any]:
        return {"touchpoint": self.touchpoint, "promise": self.promise}


@dataclass(frozen=True, slots=True)
class HandoverConcern:
    """A complaint is about the standard of a hand-over; `late`: its time was missed."""

    source: str
    target: str
    late: bool = False

    def as_json(self) -> dict[str, Any]:
        return {"handover": {"from": self.source, "to": self.target, "late": self.late}}


Concern = PromiseConcern | HandoverConcern


def concern_from_json(data: Mapping[str, Any]) -> Concern:
    """Read back what `as_json` of a concern wrote."""
    if "handover" in data:
        edge = data["handover"]
        return HandoverConcern(edge["from"], edge["to"], bool(edge["late"]))
    return PromiseConcern(data["touchpoint"], data["promise"])
