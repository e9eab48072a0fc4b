"""What a picture shows, worked out before anything is drawn or put into words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import TypedDict

from resolve.chain.comparison import Mark, Marks
from resolve.chain.model import (
    Concern,
    Handover,
    HandoverConcern,
    PromiseConcern,
    ValueChain,
)
from resolve.chain.walk import Walk, walk
from resolve.chain.ways import distances, ways_of
from resolve.diagrams.times import Times
from resolve.kit.errors import NotFound
from resolve.kit.language import language as speak

LARGE = 400
"""Above so many steps: no lanes, straight arrows, less search for the best place."""


class TaskState(StrEnum):
    """How far a department's task is; nothing here says whether it is late."""

    OPEN = "open"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class UnknownDepartment(NotFound):
    code = "unknown_department"


@dataclass(frozen=True, slots=True)
class CaseState:
    """A case as a picture shows it: its walk, and the state of each task.

    `tasks` maps departments to states; a department without a task is left out.
    `is_case`: False for a promise that is looked at on the map, without any case.
    """

    walk: Walk
    tasks: Mapping[str, str]
    is_case: bool = True

    @property
    def concern(self) -> Concern:
        return self.walk.concern

    @property
    def steps(self) -> frozenset[str]:
        """Give the steps taking part."""
        return frozenset(
            step for sector in self.walk.participants for step in sector.steps
        )


@dataclass(frozen=True, slots=True)
class Compared:
    """What became of the things in a picture, and what was compared with what.

    The chain of such a picture is that of `chain.comparison.together`.
    """

    marks: Marks
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Scene:
    """A chain seen as a whole, by one department, in one case, or as it changed.

    `lit` steps stand out; `path` holds the hand-overs drawn thick, `starred` the
    promises (touchpoint, promise) marked; `onward` leads each step to the customer.
    """

    chain: ValueChain
    language: str
    department: str | None
    case: CaseState | None
    distances: Mapping[str, int]
    onward: Mapping[str, str]
    lit: frozenset[str]
    path: frozenset[tuple[str, str]]
    starred: frozenset[tuple[str, str]]
    compared: Compared | None = None
    times: Times | None = None

    @property
    def dims(self) -> bool:
        """Whether something stands out, so that the rest steps back."""
        return self.department is not None or self.case is not None

    @property
    def is_large(self) -> bool:
        return len(self.chain.steps) > LARGE

    @property
    def is_internal(self) -> bool:
        """Whether distances lead to the receiver of a hand-over."""
        return self.case is not None and isinstance(self.case.concern, HandoverConcern)

    def shows(self, step: str) -> bool:
        return not self.dims or step in self.lit

    def owns(self, step: str) -> bool:
        """Whether this is a step of the department in focus."""
        return self.chain.steps[step].department == self.department

    def emphasises(self, handover: Handover) -> bool:
        return (handover.source, handover.target) in self.path

    def concerns(self, handover: Handover) -> bool:
        """Whether the complaint is about this hand-over."""
        concern = self.case.concern if self.case else None
        return isinstance(concern, HandoverConcern) and (
            (concern.source, concern.target) == (handover.source, handover.target)
        )

    def step_mark(self, step: str) -> Mark | None:
        """Give what became of a step, if chains are compared and something did."""
        return self.compared.marks.steps.get(step) if self.compared else None

    def handover_mark(self, handover: Handover) -> Mark | None:
        """Give what became of a hand-over."""
        ends = (handover.source, handover.target)
        return self.compared.marks.handovers.get(ends) if self.compared else None

    def touchpoint_mark(self, touchpoint: str) -> Mark | None:
        """Give what became of a touchpoint."""
        marks = self.compared.marks.touchpoints if self.compared else {}
        return marks.get(touchpoint)

    def used_marks(self) -> tuple[Mark, ...]:
        """Give the marks that the picture uses."""
        if self.compared is None:
            return ()
        every = self.compared.marks
        used = {*every.steps.values(), *every.handovers.values()}
        used.update(every.touchpoints.values())
        return tuple(mark for mark in Mark if mark in used)

    def task(self, step: str) -> TaskState | None:
        """Give the state of the task that a step taking part belongs to."""
        if self.case is None or step not in self.lit:
            return None
        state = self.case.tasks.get(self.chain.steps[step].department)
        return None if state is None else TaskState(state)

    def way(self, step: str) -> tuple[str, ...]:
        """Give the steps from this one to the customer, both ends included."""
        steps = [step]
        while steps[-1] in self.onward:
            steps.append(self.onward[steps[-1]])
        return tuple(steps)


class View(TypedDict, total=False):
    """How a chain is looked at: by which department, in which case, as it changed.

    `times`: what the steps on the way to a promise take, and the waits between; that
    promise is looked at then.
    """

    language: str
    department: str | None
    case: CaseState | None
    compared: Compared | None
    times: Times | None


def see(
    chain: ValueChain,
    *,
    language: str = "en",
    department: str | None = None,
    case: CaseState | None = None,
    compared: Compared | None = None,
    times: Times | None = None,
) -> Scene:
    """Work out what is near, what stands out and which way leads to the customer.

    Raises:
        UnknownDepartment: the department in focus is not in the chain.
    """
    if department is not None and department not in chain.departments:
        raise UnknownDepartment(
            f"The map {chain.id} has no department {department}.",
            hint="Its departments: " + ", ".join(chain.departments) + ".",
        )
    if times is not None:
        case = CaseState(times.walked(chain), {}, is_case=False)
    distances = _distances(chain, _near(chain, case))
    onward = _onward(chain, distances)
    lit, path = _emphasis(chain, onward, department, case)
    return Scene(
        chain=chain,
        language=speak(language).code,
        department=department,
        case=case,
        distances=distances,
        onward=onward,
        lit=frozenset(lit),
        path=frozenset(path),
        starred=frozenset(_starred(chain, department, case)),
        compared=compared,
        times=times,
    )


def _near(chain: ValueChain, case: CaseState | None) -> tuple[str, ...]:
    """Steps at distance 1: where the concern was felt, else every touchpoint's."""
    if case is None:
        return tuple(touchpoint.step for touchpoint in chain.touchpoints.values())
    if isinstance(case.concern, HandoverConcern):
        return (case.concern.target,)
    return (chain.touchpoints[case.concern.touchpoint].step,)


def _distances(chain: ValueChain, near: Iterable[str]) -> dict[str, int]:
    """Hand-overs to the nearest of these, plus one; left out where no way leads."""
    ways = ways_of(chain)
    found = distances(ways.before, [ways.number[step] for step in near])
    return {step: found[place] for place, step in enumerate(ways.steps) if found[place]}


def _onward(chain: ValueChain, distance: Mapping[str, int]) -> dict[str, str]:
    """Lead each step to the successor that is one closer and first in the file."""
    ways = ways_of(chain)
    onward: dict[str, str] = {}
    for place, step in enumerate(ways.steps):
        closer = distance.get(step, 0) - 1
        for target in sorted(ways.after[place]):
            if closer and distance.get(ways.steps[target]) == closer:
                onward.setdefault(step, ways.steps[target])
    return onward


def _emphasis(
    chain: ValueChain,
    onward: Mapping[str, str],
    department: str | None,
    case: CaseState | None,
) -> tuple[set[str], set[tuple[str, str]]]:
    """Steps and hand-overs of the case, else the department's way to the customer."""
    if case is not None:
        way = _way_in(case, department)
        if way:
            return set(case.steps), set(pairwise(way))
        edges = {(edge.source, edge.target) for edge in chain.handovers}
        return set(case.steps), {e for e in edges if case.steps.issuperset(e)}
    lit = {s.id for s in chain.steps.values() if s.department == department}
    path: set[tuple[str, str]] = set()
    ahead = list(lit)
    while ahead:
        step = ahead.pop()
        if step in onward and (step, onward[step]) not in path:
            path.add((step, onward[step]))
            ahead.append(onward[step])
    return lit.union(*path), path


def _way_in(case: CaseState, department: str | None) -> tuple[str, ...]:
    """Give the way of a department that helps to keep a promise looked at."""
    if case.is_case:
        return ()
    taking_part = case.walk.participants
    return next((one.path for one in taking_part if one.department == department), ())


def _starred(
    chain: ValueChain, department: str | None, case: CaseState | None
) -> Iterable[tuple[str, str]]:
    """Promises that stand out: the concern's, else those the department reaches."""
    if case is not None:
        if isinstance(case.concern, PromiseConcern):
            yield case.concern.touchpoint, case.concern.promise
    elif department is not None:
        yield from _reached(chain, department)


def _reached(chain: ValueChain, department: str) -> Iterable[tuple[str, str]]:
    """Promises whose walk the department takes part in."""
    for touchpoint in chain.touchpoints.values():
        for promise in touchpoint.promises:
            found = walk(chain, PromiseConcern(touchpoint.id, promise))
            if any(sector.department == department for sector in found.participants):
                yield touchpoint.id, promise
