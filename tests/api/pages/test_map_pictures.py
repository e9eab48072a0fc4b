"""Beside the picture of a map: its legend, and the same distances as everywhere."""

from __future__ import annotations

import re

from resolve import diagrams
from resolve.chain.model import PromiseConcern, ValueChain
from resolve.chain.walk import walk
from resolve.diagrams.scene import see
from resolve.kit.database import reading
from resolve.maps.queries import chain_of
from tests.api.pages.conftest import House, words
from tests.people import MAP

QM = "quality-manager"
FAR = re.compile(r"(\d+) hand-overs? to the customer \(([^)]*)\)")


def test_a_case_and_the_map_count_the_same_handovers_to_the_same_place(
    house: House,
) -> None:
    case = house.filed(touchpoint="door", promise="intact").case_id
    browser = house.as_(QM)
    told = browser.read(f"/cases/{case}")
    seen = browser.read(f"/maps/{MAP}?about=door/intact")
    helping = seen[seen.index("the nearest to the customer first") :]
    helping = helping[: helping.index("Step by step")]

    assert FAR.findall(told)
    assert FAR.findall(told) == FAR.findall(helping)
    assert {place for _, place in FAR.findall(told)} == {"At the door"}


def test_the_list_counts_as_the_picture_of_the_promise_looked_at(house: House) -> None:
    browser = house.as_(QM)
    whole = browser.get(f"/maps/{MAP}").text
    seen = browser.get(f"/maps/{MAP}?about=invoice/correct-bill").text
    assert {place for _, place in FAR.findall(words(seen))} == {"The invoice"}
    assert len({place for _, place in FAR.findall(words(whole))}) > 1
    chain = chain_of_map(house)
    concern = PromiseConcern("invoice", "correct-bill")
    state = diagrams.CaseState(walk(chain, concern), {}, is_case=False)
    drawn = see(chain, case=state).distances
    for step in chain.steps:
        row = seen[seen.index(f'id="list-step-{step}"') :].partition("</li>")[0]
        said = [int(n) for n, _ in FAR.findall(words(row))]
        assert said == ([drawn[step]] if step in drawn else [])


def chain_of_map(house: House) -> ValueChain:
    with reading(house.database) as session:
        return chain_of(session, MAP)


def test_the_legend_stands_beside_the_picture_in_words(house: House) -> None:
    seen = house.as_(QM).get(f"/maps/{MAP}").text
    key = seen[seen.index("diagram-key") :].partition("</section>")[0]
    assert "number and shade: hand-overs to the customer" in words(key)
    assert "dashed frame: a partner" in words(key)
    beside, alone = (
        house.as_(QM).get(f"/pictures/maps/{MAP}.svg{asked}").text
        for asked in ("?legend=beside", "")
    )
    assert "dashed frame" in alone
    assert "dashed frame" not in beside
