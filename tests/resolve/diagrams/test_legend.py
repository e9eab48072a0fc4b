"""The legend beside a picture: the same words as in it, the same colours."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest

import resolve_api.pages
from resolve import diagrams
from resolve.chain.comparison import marks, together
from resolve.chain.model import HandoverConcern, PromiseConcern, ValueChain
from resolve.chain.reader import load
from resolve.chain.walk import walk
from resolve.diagrams.colours import DARK, LIGHT, Theme
from tests.people import MAP_FILE

CHAIN = load(MAP_FILE.read_bytes())
ON_TIME = PromiseConcern("door", "on-time")
STYLES = Path(resolve_api.pages.__file__).parent / "static/diagram.css"


def case() -> diagrams.CaseState:
    return diagrams.CaseState(walk(CHAIN, ON_TIME), {"packing": "open"})


def times() -> diagrams.Times:
    took = (diagrams.Took(timedelta(hours=2), timedelta(hours=1)),)
    return diagrams.Times(ON_TIME, {"pick": took}, {})


def flat(svg: bytes) -> str:
    return unescape(" ".join(re.findall(r"<text[^>]*>([^<]*)</text>", svg.decode())))


@pytest.mark.parametrize("language", ["en", "ru", "uk"])
@pytest.mark.parametrize("view", ["whole", "department", "case", "times"])
def test_all_that_the_picture_explains_stands_beside_it(
    language: str, view: str
) -> None:
    views: dict[str, diagrams.View] = {
        "whole": {},
        "department": {"department": "stock"},
        "case": {"case": case()},
        "times": {"times": times()},
    }
    asked: diagrams.View = {**views[view], "language": language}
    legend = diagrams.legend(CHAIN, **asked)
    with_it = flat(diagrams.render(CHAIN, **asked))
    without = flat(diagrams.render(CHAIN, with_legend=False, **asked))
    assert legend.keys
    for one in legend.keys:
        assert one.text in with_it
        assert one.text not in without
    title = CHAIN.title.in_(language)
    assert title in with_it
    assert title not in without
    assert bool(legend.shades) == (view != "times")


def test_shades_beside_the_picture_lead_from_far_to_near() -> None:
    shades = diagrams.legend(CHAIN).shades
    assert [n for n, _ in shades] == sorted((n for n, _ in shades), reverse=True)
    assert shades[-1] == (1, "1")


@pytest.mark.parametrize(
    ("theme", "before"), [(LIGHT, ""), (DARK, '[data-bs-theme="dark"] ')]
)
def test_shades_beside_the_picture_have_its_colours(theme: Theme, before: str) -> None:
    lines = STYLES.read_text("utf-8").splitlines()
    for number, shade in enumerate(theme.shades, start=1):
        look = f"background: {shade}; color: {theme.text_on(shade)};"
        assert f"{before}.diagram-shade-{number} {{ {look} }}" in lines


@pytest.mark.parametrize("language", ["en", "ru", "uk"])
def test_of_a_handover_the_way_to_its_receiver_is_counted_and_said(
    language: str,
) -> None:
    concern = HandoverConcern("pick", "pack")
    state = diagrams.CaseState(walk(CHAIN, concern), {})
    legend = diagrams.legend(CHAIN, language=language, case=state)
    whole = diagrams.legend(CHAIN, language=language)
    assert legend.is_internal
    assert legend.distance != whole.distance
    drawn = diagrams.render(CHAIN, language=language, case=state)
    assert legend.distance in flat(drawn)
    said = diagrams.outline(CHAIN, language=language, case=state)
    assert said.count(legend.distance.rpartition(" ")[2]) >= len(state.steps)


# ---------------------------------------------------- what a page brings into sight


def classes(svg: bytes) -> dict[str, set[str]]:
    found = re.findall(r'<g id="([^"]*)" class="([^"]*)"', svg.decode())
    return {unescape(name): set(said.split()) for name, said in found}


def lit(svg: bytes, kind: str = "lit") -> set[str]:
    return {name for name, said in classes(svg).items() if kind in said}


def test_what_takes_part_is_marked_for_the_page() -> None:
    drawn = diagrams.render(CHAIN, case=case())
    steps = {f"step-{one}" for one in case().steps}
    assert lit(drawn) == steps | {"touchpoint-door"}
    assert "customer" in classes(drawn)
    assert not lit(diagrams.render(CHAIN))


def test_what_changed_is_marked_for_the_page() -> None:
    after = changed()
    compared = diagrams.Compared(marks(CHAIN, after), "1", "2")
    drawn = diagrams.render(together(CHAIN, after), compared=compared)
    assert lit(drawn, "changed") == {"step-pack", "handover-pick--pack"}


def changed() -> ValueChain:
    steps = dict(CHAIN.steps)
    steps["pack"] = replace(steps["pack"], time=timedelta(hours=9))
    handovers = tuple(
        replace(one, within=timedelta(hours=7))
        if (one.source, one.target) == ("pick", "pack")
        else one
        for one in CHAIN.handovers
    )
    return replace(CHAIN, steps=steps, handovers=handovers)


@pytest.mark.parametrize("language", ["en", "ru", "uk"])
def test_no_line_begins_or_ends_with_the_dot_before_a_time(language: str) -> None:
    drawn = diagrams.render(CHAIN, language=language, times=times()).decode()
    lines = [unescape(one) for one in re.findall(r"<text[^>]*>([^<]*)</text>", drawn)]
    promises = [one for one in lines if re.search(r"[•★]|\d", one)]
    assert any(" · " in one.replace("\N{NO-BREAK SPACE}", " ") for one in promises)
    for one in promises:
        assert not one.strip().endswith("·")
        assert not one.startswith("·\N{NO-BREAK SPACE}")
