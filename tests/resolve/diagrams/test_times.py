"""Times on the picture of a chain: the same for everybody, in words and in shapes."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from resolve import diagrams
from resolve.chain.model import PromiseConcern
from resolve.chain.reader import load
from resolve.diagrams import Times, Took
from resolve.diagrams.colours import LIGHT
from tests import builders

CHAIN = load(builders.ORDER)
HOUR = timedelta(hours=1)
DOOR = PromiseConcern("door", "on-time")
NOW = Times(
    concern=DOOR,
    steps={
        "take-order": (Took(2 * HOUR, HOUR),),
        "pick": (Took(None, 4 * HOUR),),
        "pack": (Took(3 * HOUR, 8 * HOUR),),
        "load": (Took(HOUR, None),),
    },
    waits={
        ("take-order", "pick"): (Took(HOUR, 10 * HOUR),),
        ("check", "load"): (Took(None, 5 * HOUR),),
    },
    on_way={"pick": 0.87, "take-order": 0.2},
    waits_on_way={("take-order", "pick"): 0.9},
    with_={"check": "pack"},
    kept=("81 of 100 orders in time",),
)
CHANGED = Times(
    concern=DOOR,
    steps={"pick": (Took(4 * HOUR, 6 * HOUR), Took(2 * HOUR, 3 * HOUR))},
    waits={("take-order", "pick"): (Took(HOUR, 10 * HOUR), Took(HOUR, 2 * HOUR))},
    looks=("version 1", "version 2"),
    kept=("60 of 100 orders in time", "90 of 100 orders in time"),
)


def words(text: str) -> str:
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())


def dot(times: Times) -> str:
    return str(diagrams.draw(CHAIN, times=times).source)


def edge(source: str, target: str, drawn: str) -> str:
    """Give the line of the DOT that draws a hand-over."""
    (line,) = re.findall(rf'"step {source}" -> "step {target}" \[.*', drawn)
    return str(line)


def node(step: str, drawn: str) -> str:
    """Give the line of the DOT that draws a step."""
    (line,) = re.findall(rf'(?m)^\s*"step {step}" \[.*', drawn)
    return str(line)


def test_everything_in_the_picture_is_said_in_words() -> None:
    said = words(diagrams.outline(CHAIN, times=NOW))

    assert "81 of 100 orders in time." in said
    assert "allotted: 2 hours; usual: 1 hour" in said
    assert "usual: 8 hours" in said
    assert "within 1 hour; waits: 10 hours" in said
    assert "in a loop; its time is counted with “Pack”" in said
    assert "on the longest way in 87 of 100 orders" in said
    assert "20 of 100" not in said


@pytest.mark.parametrize("language", ["en", "ru", "uk"])
def test_before_and_after_stand_side_by_side(language: str) -> None:
    said = words(diagrams.outline(CHAIN, language=language, times=CHANGED))

    assert "→" in said
    for number in ("4", "2", "6", "3", "10", "60", "90"):
        assert number in said
    if language == "en":
        assert "allotted: 4 hours → 2 hours; usual: 6 hours → 3 hours" in said
        assert "within 1 hour; waits: 10 hours → 2 hours" in said
        assert "Before: 60 of 100 orders in time. After: 90 of 100" in said


def test_an_arrow_is_the_wider_the_longer_is_waited() -> None:
    drawn = dot(NOW)

    def width(source: str, target: str) -> float:
        (found,) = re.findall(r"penwidth=([\d.]+)", edge(source, target, drawn))
        return float(found)

    assert width("take-order", "pick") > width("check", "load") > width("pick", "pack")


def test_bars_have_one_colour_and_one_scale_whoever_it_is() -> None:
    drawn = dot(NOW)

    colours = set(re.findall(r'HEIGHT="8" BGCOLOR="(#\w+)"', drawn))
    # 1, 4 and 8 hours; nothing is drawn where too few are known.
    usual = re.findall(r'WIDTH="(\d+)" HEIGHT="8" BGCOLOR', drawn)
    assert colours == {LIGHT.bar}
    assert sorted(map(int, usual)) == [19, 75, 150]


def test_the_longest_way_is_marked_by_frame_and_sign() -> None:
    drawn = dot(NOW)

    pick, pack = node("pick", drawn), node("pack", drawn)
    assert "penwidth=4" in pick
    assert "◆ on the longest way in 87" in pick
    assert "penwidth" not in pack


def test_steps_say_which_promises_they_help_to_keep() -> None:
    drawn = dot(NOW)

    pack = node("pack", drawn)
    assert "★ Delivered on" in pack
    assert "• Arrives whole" in pack


@pytest.mark.parametrize("kind", ["svg", "png", "pdf"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_is_drawn_in_every_form(kind: str, theme: str) -> None:
    picture = diagrams.render(CHAIN, format=kind, times=CHANGED, theme=theme)

    starts = {"svg": b"<svg", "png": b"\x89PNG", "pdf": b"%PDF"}
    assert picture.startswith(starts[kind])


def test_without_any_time_there_is_still_a_picture() -> None:
    nothing = Times(concern=DOOR, steps={}, waits={})

    assert b"<svg" in diagrams.render(CHAIN, times=nothing)
    assert "81 of 100" not in diagrams.outline(CHAIN, times=nothing)
