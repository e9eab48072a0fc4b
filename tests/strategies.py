"""Random values of ours for properties: whole chains and their map files."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from resolve.chain.durations import duration_text
from resolve.chain.model import (
    Department,
    Handover,
    HandoverConcern,
    Kind,
    Promise,
    PromiseConcern,
    Step,
    Text,
    Touchpoint,
    ValueChain,
)

durations = st.integers(0, 20).map(lambda hours: timedelta(hours=hours))


def names(prefix: str, count: int) -> list[str]:
    """Give ids such as s0, s1, ..."""
    return [f"{prefix}{number}" for number in range(count)]


@st.composite
def chains(
    draw: st.DrawFn, *, most_steps: int = 9, acyclic: bool = False
) -> ValueChain:
    """Give any chain a map file can describe; it need not pass all checks."""
    steps = names("s", draw(st.integers(1, most_steps)))
    departments = names("d", draw(st.integers(1, 5)))
    promises = names("p", draw(st.integers(1, 3)))
    some_promises = st.lists(st.sampled_from(promises), unique=True).map(tuple)
    some_time = st.none() | durations
    return ValueChain(
        id="any",
        title=Text({"": "Any"}),
        departments={
            name: Department(name, Text({"": name}), draw(st.sampled_from(Kind)))
            for name in departments
        },
        promises={
            name: Promise(
                name,
                Text({"": name}),
                draw(some_time),
                draw(st.none() | st.sampled_from(steps)),
            )
            for name in promises
        },
        steps={
            name: Step(
                name,
                draw(st.sampled_from(departments)),
                Text({"": name}),
                draw(some_time),
                draw(some_promises),
            )
            for name in draw(st.permutations(steps))
        },
        touchpoints={
            name: Touchpoint(
                name, Text({"": name}), draw(st.sampled_from(steps)), tuple(promises)
            )
            for name in names("t", draw(st.integers(1, 2)))
        },
        handovers=tuple(
            Handover(source, target, (), draw(some_time))
            for source, target in draw(_edges(steps, acyclic=acyclic))
        ),
    )


@st.composite
def _edges(
    draw: st.DrawFn, steps: list[str], *, acyclic: bool
) -> list[tuple[str, str]]:
    pairs = [
        (source, target)
        for place, source in enumerate(steps)
        for other, target in enumerate(steps)
        if (place < other if acyclic else place != other)
    ]
    if not pairs:
        return []
    return draw(st.lists(st.sampled_from(pairs), unique=True, max_size=20))


@st.composite
def promise_concerns(draw: st.DrawFn, chain: ValueChain) -> PromiseConcern:
    """Give a promise at a touchpoint that lists it."""
    touchpoint = draw(st.sampled_from(list(chain.touchpoints.values())))
    return PromiseConcern(touchpoint.id, draw(st.sampled_from(touchpoint.promises)))


@st.composite
def concerns(draw: st.DrawFn, chain: ValueChain) -> PromiseConcern | HandoverConcern:
    """Give any concern that this chain knows."""
    of_handover = draw(st.booleans())
    if chain.handovers and of_handover:
        handover = draw(st.sampled_from(chain.handovers))
        return HandoverConcern(handover.source, handover.target, draw(st.booleans()))
    return draw(promise_concerns(chain))


def map_file(chain: ValueChain) -> str:
    """Write a chain as a map file (JSON is YAML)."""
    sections: dict[str, Any] = {
        "resolve": "1",
        "id": chain.id,
        "title": _text(chain.title),
        "join": _time(chain.join),
        "answer_within": chain.answer_within,
        "departments": {
            d.id: {"title": _text(d.title), "kind": d.kind}
            for d in chain.departments.values()
        },
        "promises": {
            p.id: _given(title=_text(p.title), within=_time(p.within), since=p.since)
            for p in chain.promises.values()
        },
        "steps": {
            s.id: _given(
                department=s.department,
                title=_text(s.title),
                time=_time(s.time),
                serves=s.serves,
                gives=_text(s.gives),
            )
            for s in chain.steps.values()
        },
        "handovers": [
            {"from": h.source, "to": h.target}
            | _given(what=[_text(w) for w in h.what], within=_time(h.within))
            for h in chain.handovers
        ],
        "touchpoints": {
            t.id: {"title": _text(t.title), "step": t.step, "promises": t.promises}
            for t in chain.touchpoints.values()
        },
    }
    return json.dumps(_given(**sections), ensure_ascii=False, indent=1)


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _text(text: Text) -> str | dict[str, str]:
    if set(text.by_language) == {""}:
        return text.by_language[""]
    return dict(text.by_language)


def _time(length: timedelta | None) -> str | None:
    return None if length is None else duration_text(length)
