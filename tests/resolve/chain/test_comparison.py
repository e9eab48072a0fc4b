"""Two chains compared: every difference a reader would see, and no other."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from resolve.chain.comparison import Change, Mark, Thing, compare, marks, together
from resolve.chain.model import Handover, ValueChain
from resolve.chain.reader import load

ORDER = (Path(__file__).parent / "order.yaml").read_text(encoding="utf-8")


def changed(*edits: tuple[str, str]) -> ValueChain:
    source = ORDER
    for old, new in edits:
        assert old in source, old
        source = source.replace(old, new, 1)
    return load(source)


def told(*edits: tuple[str, str]) -> list[tuple[str, str, str, str]]:
    found = compare(load(ORDER), changed(*edits))
    return [(c.thing, " ".join(c.ids), c.mark, c.field) for c in found]


def test_a_map_is_not_different_from_itself() -> None:
    assert compare(load(ORDER), load(ORDER + "\n# the same\n")) == ()


def test_the_order_of_handovers_makes_no_difference() -> None:
    chain = load(ORDER)
    lines = ORDER.splitlines(keepends=True)
    where = [n for n, line in enumerate(lines) if line.startswith("  - ")]
    lines[where[0]], lines[where[1]] = lines[where[1]], lines[where[0]]
    assert compare(chain, load("".join(lines))) == ()


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (("title: Pick", "title: Take"), ("step", "pick", "changed", "title")),
        (("department: stock", "department: sales"),
         ("step", "pick", "changed", "department")),
        (("within: P5D", "within: P6D"), ("promise", "on-time", "changed", "within")),
        (("[on-time, intact]", "[on-time]"),
         ("touchpoint", "door", "changed", "promises")),
    ],
)  # fmt: skip
def test_one_edit_is_one_change(
    edit: tuple[str, str], expected: tuple[str, str, str, str]
) -> None:
    assert expected in told(edit)
    assert len(told(edit)) == 1


def test_values_stand_before_and_after() -> None:
    found = compare(load(ORDER), changed(("department: stock", "department: sales")))
    assert found == (
        Change(Thing.STEP, ("pick",), Mark.CHANGED, "department", "stock", "sales"),
    )


def without_pick() -> ValueChain:
    chain = load(ORDER)
    steps = {name: step for name, step in chain.steps.items() if name != "pick"}
    kept = [h for h in chain.handovers if "pick" not in (h.source, h.target)]
    handovers = (Handover("take-order", "pack"), *kept)
    return replace(chain, steps=steps, handovers=handovers)


def test_what_was_added_and_what_was_lost_are_told_from_both_sides() -> None:
    whole, less = load(ORDER), without_pick()
    there = {(c.thing, c.ids, c.mark) for c in compare(whole, less)}
    back = {(c.thing, c.ids, c.mark) for c in compare(less, whole)}
    assert (Thing.STEP, ("pick",), Mark.REMOVED) in there
    assert (Thing.HANDOVER, ("take-order", "pack"), Mark.ADDED) in there
    assert (Thing.STEP, ("pick",), Mark.ADDED) in back
    assert (Thing.HANDOVER, ("take-order", "pack"), Mark.REMOVED) in back


def test_together_has_everything_of_both_in_the_old_order() -> None:
    whole, less = load(ORDER), without_pick()
    both = together(whole, less)
    assert list(both.steps) == list(whole.steps)
    ends = {(one.source, one.target) for one in both.handovers}
    assert {("take-order", "pick"), ("take-order", "pack")} <= ends


def test_a_touchpoint_changes_with_a_promise_made_there() -> None:
    found = marks(load(ORDER), changed(("within: P5D", "within: P6D")))
    assert found.touchpoints == {"door": Mark.CHANGED}
    assert not found.steps


def test_a_changed_order_of_steps_is_one_change() -> None:
    chain = load(ORDER)
    steps = dict(reversed(list(chain.steps.items())))
    turned = replace(chain, steps=steps)
    assert [(c.thing, c.field) for c in compare(chain, turned)] == [
        (Thing.STEP, "order")
    ]
