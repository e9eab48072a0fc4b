"""Random layered chains: every step hands over to some of the next layer."""

from __future__ import annotations

import random
from datetime import timedelta
from itertools import pairwise
from math import isqrt

from resolve.chain.model import (
    Department,
    Handover,
    Promise,
    PromiseConcern,
    Step,
    Text,
    Touchpoint,
    ValueChain,
)

DEPARTMENTS = 20
DOOR = PromiseConcern("door", "on-time")
_MOST_RECEIVERS = 3


def layered(
    steps: int, *, seed: int, width: int | None = None, most: int = _MOST_RECEIVERS
) -> ValueChain:
    """Make a chain of so many steps, 20 departments and one touchpoint at its end."""
    chance = random.Random(seed)  # noqa: S311  no secret
    ids = [f"s{number}" for number in range(steps)]
    layers = _layers(ids, width or max(2, isqrt(steps)))
    handovers = tuple(
        Handover(source, target)
        for layer, following in pairwise(layers)
        for source in layer
        for target in _some(chance, following, most)
    )
    owners = [f"d{number}" for number in range(DEPARTMENTS)]
    return ValueChain(
        id="layered",
        title=Text({"": "Layered"}),
        departments={name: Department(name, Text({"": name})) for name in owners},
        steps={
            name: Step(name, chance.choice(owners), Text({"": f"Step {name}"}))
            for name in ids
        },
        touchpoints={
            "door": Touchpoint("door", Text({"": "Door"}), ids[-1], ("on-time",))
        },
        promises={
            "on-time": Promise("on-time", Text({"": "On time"}), timedelta(days=7))
        },
        handovers=handovers,
    )


def _layers(ids: list[str], width: int) -> list[list[str]]:
    before = ids[:-1]
    layers = [before[n : n + width] for n in range(0, len(before), width)]
    return [*layers, ids[-1:]]


def _some(chance: random.Random, layer: list[str], most: int) -> list[str]:
    return chance.sample(layer, min(len(layer), chance.randint(1, most)))
