"""Pictures of what changed, and of a promise looked at: nothing by colour alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from resolve import diagrams
from resolve.chain.comparison import marks, together
from resolve.chain.model import Handover, PromiseConcern, Text, ValueChain
from resolve.chain.reader import load
from resolve.chain.walk import walk

FILE = Path(__file__).resolve().parents[1] / "chain/order.yaml"
ORDER = load(FILE.read_bytes())
WORDS = {
    "en": ("+ new", "– removed", "± changed"),
    "ru": ("+ новое", "– убрано", "± изменено"),
    "uk": ("+ нове", "– прибрано", "± змінено"),
}


def edited() -> ValueChain:
    """Give the example without picking, with counting, and packing in more time."""
    steps = {name: one for name, one in ORDER.steps.items() if name != "pick"}
    steps["pack"] = replace(steps["pack"], time=timedelta(hours=9))
    steps["count"] = replace(steps["pack"], id="count", title=Text({"": "Count"}))
    kept = [h for h in ORDER.handovers if "pick" not in (h.source, h.target)]
    new = (Handover("take-order", "count"), Handover("count", "pack"))
    return replace(ORDER, steps=steps, handovers=(*new, *kept))


def compared() -> tuple[ValueChain, diagrams.Compared]:
    after = edited()
    both = together(ORDER, after)
    return both, diagrams.Compared(marks(ORDER, after), "version 1", "version 2")


@pytest.mark.parametrize("language", ["en", "ru", "uk"])
def test_what_changed_stands_in_picture_and_words(language: str) -> None:
    chain, became = compared()
    svg = diagrams.render(chain, compared=became, language=language).decode()
    outline = diagrams.outline(chain, language=language, compared=became)
    drawn = svg.replace("&#45;", "-")
    for word in WORDS[language]:
        assert word in drawn
        assert word in outline
    assert "version 1 → version 2" in outline


def test_lines_tell_it_as_well_as_words() -> None:
    chain, became = compared()
    dot = diagrams.render(chain, format="dot", compared=became).decode()
    removed = next(line for line in dot.splitlines() if "step-pick" in line)
    assert "dotted" in removed
    assert "peripheries=2" in dot
    assert "penwidth=4" in dot


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_promise_looked_at_is_no_case(theme: str) -> None:
    concern = PromiseConcern("door", "intact")
    state = diagrams.CaseState(walk(ORDER, concern), {}, is_case=False)
    svg = diagrams.render(ORDER, case=state, theme=theme).decode()
    outline = diagrams.outline(ORDER, case=state)
    assert "The promise: " in outline
    assert "helps to keep the promise" in outline
    assert "A case" not in svg + outline
    assert "complaint" not in svg + outline


def test_a_department_sees_its_own_way_to_the_promise() -> None:
    concern = PromiseConcern("door", "on-time")
    state = diagrams.CaseState(walk(ORDER, concern), {}, is_case=False)
    outline = diagrams.outline(ORDER, department="stock", case=state)
    dot = diagrams.render(ORDER, format="dot", case=state, department="stock").decode()
    thick = [line for line in dot.splitlines() if "penwidth=3" in line]
    assert len(thick) == len(("pick", "pack", "check", "load", "deliver")) - 1
    assert "The promise: " in outline
