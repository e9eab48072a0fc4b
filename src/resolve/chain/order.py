"""The order of a chain: what comes before what, although some hand-overs go back."""

from __future__ import annotations

from collections.abc import Iterator

from resolve.chain.model import ValueChain
from resolve.chain.ways import ways_of


def backward(chain: ValueChain) -> frozenset[tuple[str, str]]:
    """Give the hand-overs that close a loop, seen from the first steps of the file.

    They are the back edges of a depth-first search; without them there is no cycle.
    """
    after = _successors(chain)
    found: set[tuple[str, str]] = set()
    done: set[str] = set()
    for start in _starts(chain):
        if start in done:
            continue
        trail: dict[str, Iterator[str]] = {start: iter(after[start])}
        while trail:
            step = next(reversed(trail))
            target = next(trail[step], None)
            if target is None:
                done.add(step)
                del trail[step]
            elif target in trail:
                found.add((step, target))
            elif target not in done:
                trail[target] = iter(after[target])
    return frozenset(found)


def in_order(chain: ValueChain) -> tuple[str, ...]:
    """Give the steps so that each follows those it receives from, loops aside.

    A step comes as soon as it can after the step it follows, so that one way through
    the chain is read together.
    """
    back = backward(chain)
    after = _successors(chain)
    waits = dict.fromkeys(chain.steps, 0)
    for handover in chain.handovers:
        if (handover.source, handover.target) not in back:
            waits[handover.target] += 1
    ready = [step for step in reversed(tuple(chain.steps)) if not waits[step]]
    ordered: list[str] = []
    while ready:
        step = ready.pop()
        ordered.append(step)
        for target in reversed(after[step]):
            if (step, target) not in back:
                waits[target] -= 1
                if not waits[target]:
                    ready.append(target)
    return tuple(ordered)


def runs(chain: ValueChain) -> tuple[tuple[str, ...], ...]:
    """Give the steps of one department that hand over to each other, in file order.

    A department at work in several places of the chain has several runs.
    """
    joined: dict[str, set[str]] = {step: {step} for step in chain.steps}
    for handover in chain.handovers:
        ends = handover.source, handover.target
        if chain.steps[ends[0]].department == chain.steps[ends[1]].department:
            _join(joined, *ends)
    place = {step: number for number, step in enumerate(chain.steps)}
    groups = {id(group): group for group in joined.values()}
    return tuple(
        tuple(sorted(group, key=place.__getitem__)) for group in groups.values()
    )


def _join(groups: dict[str, set[str]], one: str, other: str) -> None:
    large, small = sorted((groups[one], groups[other]), key=len, reverse=True)
    if large is small:
        return
    large |= small
    for step in small:
        groups[step] = large


def _successors(chain: ValueChain) -> dict[str, list[str]]:
    """Successors of each step, in file order."""
    ways = ways_of(chain)
    return {
        step: [ways.steps[target] for target in sorted(ways.after[place])]
        for place, step in enumerate(ways.steps)
    }


def _starts(chain: ValueChain) -> tuple[str, ...]:
    """The steps nothing leads to, then all others, each in file order."""
    reached = {handover.target for handover in chain.handovers}
    first = [step for step in chain.steps if step not in reached]
    return (*first, *(step for step in chain.steps if step in reached))
