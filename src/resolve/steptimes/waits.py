"""Why something waited between two steps: five causes that add up to the wait (pure).

After the waiting-time analysis of Lashkevich, Milani, Chapela-Campa, Suvorau and Dumas,
"Why am I waiting? Data-driven analysis of waiting times in business processes" (2023).
Moments and times are seconds.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import inf

Span = tuple[float, float]
Closed = Callable[[str, float, float], Iterable[Span]]
"""Gives the spans between two moments in which nobody works there (by `Work.place`)."""


class Cause(StrEnum):
    """What a wait was spent on; the order in which each takes what is left."""

    BATCHING = "batching"  # until the last of those done together could start
    CONTENTION = "contention"  # busy with what could start earlier, or at the same time
    PRIORITISATION = "prioritisation"  # busy with what could start later
    UNAVAILABILITY = "unavailability"  # outside working hours
    EXTRANEOUS = "extraneous"  # none of these; also all of which nothing is known


@dataclass(frozen=True, slots=True)
class Work:
    """A piece of work: since when it could start, and when it really was done.

    `resource` is who or what does it, None where that is not known; `place` is whose
    working hours count for it.
    """

    activity: str
    resource: str | None
    could: float
    started: float
    ended: float
    place: str = ""


def causes(works: Sequence[Work], *, closed: Closed) -> list[Mapping[Cause, float]]:
    """Split the wait of each piece of work, from when it could start to its start.

    Batching: until the last piece of its batch could start. Of the rest, contention:
    while its resource works on something that could start earlier or at the same time;
    prioritisation: while it works on something that could start later; unavailability:
    outside the working hours; extraneous: what is left.
    """
    ready = _ready(works)
    busy = _busy(works)
    return [
        _split(works, number, ready[number], busy.get(work.resource), closed)
        for number, work in enumerate(works)
    ]


def _split(
    works: Sequence[Work],
    number: int,
    ready: float,
    busy: _Busy | None,
    closed: Closed,
) -> Mapping[Cause, float]:
    work = works[number]
    wait = _Left([(work.could, work.started)] if work.could < work.started else [])
    if not wait.spans:
        return dict.fromkeys(Cause, 0.0)
    found = {Cause.BATCHING: wait.take([(work.could, ready)])}
    earlier: list[Span] = []
    later: list[Span] = []
    for other in busy.between(work.could, work.started) if busy else ():
        if other != number:
            one = works[other]
            spans = earlier if one.could <= work.could else later
            spans.append((one.started, one.ended))
    found[Cause.CONTENTION] = wait.take(earlier)
    found[Cause.PRIORITISATION] = wait.take(later)
    shut = closed(work.place, work.could, work.started) if wait.spans else ()
    found[Cause.UNAVAILABILITY] = wait.take(shut)
    found[Cause.EXTRANEOUS] = sum(end - start for start, end in wait.spans)
    return found


@dataclass(slots=True)
class _Left:
    """What of a wait is not explained yet."""

    spans: list[Span] = field(default_factory=list)

    def take(self, taken: Iterable[Span]) -> float:
        """Take these spans out and give how much of the wait they were."""
        before = sum(end - start for start, end in self.spans)
        self.spans = list(_without(self.spans, sorted(taken)))
        return before - sum(end - start for start, end in self.spans)


def _without(spans: Iterable[Span], taken: Sequence[Span]) -> Iterator[Span]:
    """Give what of some spans lies in none of those taken; all sorted by start."""
    for start, end in spans:
        at = start
        for begin, until in taken:
            if begin >= end:
                break
            if begin > at:
                yield at, begin
            at = max(at, until)
            if at >= end:
                break
        if at < end:
            yield at, end


@dataclass(frozen=True, slots=True)
class _Busy:
    """The work of one resource by its start, with a tree of the latest ends.

    Node n of the tree has the nodes 2n and 2n + 1; its last half are the pieces of work
    themselves. One that never ends is then found without looking at all the others.
    """

    numbers: list[int]
    starts: list[float]
    latest: list[float]

    def between(self, start: float, end: float) -> Iterator[int]:
        """Give what it worked on between two moments."""
        stop = bisect_left(self.starts, end)
        leaves = len(self.latest) // 2
        nodes = [(1, 0, leaves)]  # with its first piece, and how many they are
        while nodes:
            node, first, many = nodes.pop()
            if first >= stop or self.latest[node] <= start:
                continue
            if many == 1:
                yield self.numbers[first]
                continue
            half = many // 2
            nodes.append((2 * node + 1, first + half, half))
            nodes.append((2 * node, first, half))


def _latest(ends: Sequence[float]) -> list[float]:
    """Give the tree of the latest ends."""
    leaves = 1 << max(len(ends) - 1, 0).bit_length()
    tree = [-inf] * leaves + [*ends] + [-inf] * (leaves - len(ends))
    for node in range(leaves - 1, 0, -1):
        tree[node] = max(tree[2 * node], tree[2 * node + 1])
    return tree


def _busy(works: Sequence[Work]) -> dict[str | None, _Busy]:
    found: dict[str | None, list[int]] = {}
    for number, work in enumerate(works):
        if work.resource is not None:
            found.setdefault(work.resource, []).append(number)
    for numbers in found.values():
        numbers.sort(key=lambda number: works[number].started)
    return {
        resource: _Busy(
            numbers,
            [works[number].started for number in numbers],
            _latest([works[number].ended for number in numbers]),
        )
        for resource, numbers in found.items()
    }


def _ready(works: Sequence[Work]) -> list[float]:
    """Give when the last piece of the batch of each piece could start.

    A batch: the same activity done by the same resource one after the other without a
    gap, or at once, where all could start before the first did.
    """
    ready = [work.could for work in works]
    alike: dict[tuple[str, str], list[int]] = {}
    for number, work in enumerate(works):
        if work.resource is not None:
            alike.setdefault((work.activity, work.resource), []).append(number)
    for numbers in alike.values():
        numbers.sort(key=lambda number: (works[number].started, works[number].ended))
        for batch in _batches(works, numbers):
            last = max(works[number].could for number in batch)
            for number in batch:
                ready[number] = min(last, works[number].started)
    return ready


def _batches(works: Sequence[Work], numbers: Sequence[int]) -> list[list[int]]:
    batches: list[list[int]] = []
    end = 0.0
    for number in numbers:
        work = works[number]
        first = works[batches[-1][0]] if batches else None
        if first and work.started <= end and work.could <= first.started:
            batches[-1].append(number)
            end = max(end, work.ended)
        else:
            batches.append([number])
            end = work.ended
    return batches
