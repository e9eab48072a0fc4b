"""What happens in the company: stories, each a list of acts at moments of the past."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from sqlmodel import Session

from resolve.complaints.filing import Filing, House
from resolve.demo import acts
from resolve.demo.acts import KINDS, LATER, Scene, Spec, filed, filing
from resolve.demo.company import read
from resolve.demo.moments import Past
from resolve.messages.service import person

_OF = ("from", "to", "department")
"""What of an act is said of those inside it, too."""


@dataclass(frozen=True, slots=True)
class Act:
    """Something somebody does at a moment."""

    at: datetime
    do: Callable[[Session, datetime], object]


@dataclass(frozen=True, slots=True)
class Story:
    """A case from its filing on, told so many working days earlier than written."""

    id: str
    spec: Spec
    earlier: int = 0
    copy: int = 0

    @property
    def weight(self) -> int:
        return int(self.spec.get("weight", 0))

    def told_earlier(self, step: int) -> list[Story]:
        """Give the story as it also happened before, as far as its `spread`."""
        spread = int(self.spec.get("spread", 0))
        return [replace(self, earlier=back) for back in range(0, spread + 1, step)]

    def reference(self, number: int = 1) -> str:
        """Give the reference of one of its complaints."""
        again = f"-{self.earlier}-{self.copy}" if self.earlier or self.copy else ""
        return f"{self.id}-{number}{again}"


def stories() -> list[Story]:
    """Give the stories of the company."""
    return [Story(spec["id"], spec) for spec in read("cases.yaml")]


def live_filings() -> list[Filing]:
    """Give the complaints that are filed once everything runs."""
    return [filing(spec, spec["reference"]) for spec in read("live.yaml")]


def acts_of(story: Story, *, past: Past, house: House) -> Iterator[Act]:
    """Give everything that happens in a story, in any order."""
    for number, spec in enumerate(story.spec["complaints"], 1):
        what = filing(spec, story.reference(number))
        yield _act(story, past, spec, partial(filed, what=what, house=house))
    who = person(house.quality_manager)
    for kind, do in KINDS.items():
        for spec in _listed(story.spec.get(kind, [])):
            yield _act(story, past, spec, _played(do, story, spec, who))
            for later, then in LATER.get(kind, {}).items():
                for inner in _listed(spec.get(later, [])):
                    said = {one: spec[one] for one in _OF if one in spec} | inner
                    yield _act(story, past, said, _played(then, story, said, who))


def _listed(given: str | Spec | list[Spec]) -> list[Spec]:
    if isinstance(given, str):
        given = {"at": given}
    return given if isinstance(given, list) else [given]


def _played(
    do: acts.Act, story: Story, spec: Spec, who: str
) -> Callable[[Session, datetime], None]:
    return lambda session, at: do(Scene(session, at, story, spec, who))


def _act(
    story: Story, past: Past, spec: Spec, do: Callable[[Session, datetime], object]
) -> Act:
    return Act(past.moment(spec["at"], earlier=story.earlier), do)
