"""The ways through a chain as numbers, made once per chain and kept with it."""

from __future__ import annotations

from dataclasses import dataclass

from resolve.chain.model import ValueChain


@dataclass(frozen=True, slots=True)
class Ways:
    """Steps and departments by their place in the file, from 0.

    `before[i]` and `after[i]` are the steps that hand over to and take over from
    step i; the order of the hand-overs is not part of their meaning.
    """

    steps: tuple[str, ...]
    number: dict[str, int]
    departments: tuple[str, ...]
    owner: list[int]
    before: list[list[int]]
    after: list[list[int]]


def ways_of(chain: ValueChain) -> Ways:
    """Give the ways of a chain; the first call costs a look at every hand-over."""
    ways: Ways | None = chain.kept.get("ways")
    if ways is None:
        ways = chain.kept["ways"] = _ways(chain)
    return ways


def _ways(chain: ValueChain) -> Ways:
    number = {name: place for place, name in enumerate(chain.steps)}
    department = {name: place for place, name in enumerate(chain.departments)}
    before: list[list[int]] = [[] for _ in number]
    after: list[list[int]] = [[] for _ in number]
    for handover in chain.handovers:
        source, target = number[handover.source], number[handover.target]
        before[target].append(source)
        after[source].append(target)
    return Ways(
        steps=tuple(number),
        number=number,
        departments=tuple(department),
        # -1 in a map that is only being checked: its department is not known.
        owner=[department.get(step.department, -1) for step in chain.steps.values()],
        before=before,
        after=after,
    )


def distances(neighbours: list[list[int]], starts: list[int]) -> list[int]:
    """Count from the nearest start, which has 1, along `neighbours`; 0: not reached.

    >>> distances([[], [0], [1], []], [2])
    [3, 2, 1, 0]
    """
    found = [0] * len(neighbours)
    for start in starts:
        found[start] = 1
    level, distance = list(dict.fromkeys(starts)), 1
    while level:
        distance += 1
        farther: list[int] = []
        for step in level:
            for neighbour in neighbours[step]:
                if not found[neighbour]:
                    found[neighbour] = distance
                    farther.append(neighbour)
        level = farther
    return found
