"""The maps that come with Resolve: whole, in three languages, and sensible to walk."""

from __future__ import annotations

import csv
import functools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from resolve.chain.model import Kind, PromiseConcern, Text, ValueChain
from resolve.chain.reader import load, read
from resolve.chain.walk import walk

ROOT = Path(__file__).resolve().parents[3]
MAPS = ROOT / "process_maps"
MAPPING = ROOT / "tests/stories/nyc311.mapping.yaml"
LANGUAGES = {"en", "ru", "uk"}
IDS = (
    "city-service-requests",
    "company-sectors",
    "installation-and-repair",
    "order-to-delivery",
)
# Every function of a company has an element of service; these are named to us.
FUNCTIONS = (
    "sales",
    "warehousing",
    "delivery",
    "stock",
    "order-processing",
    "personnel",
    "employee-relations",
    "installation",
    "correspondence",
    "invoicing",
    "credit",
    "finance",
    "advertising",
    "data-processing",
)
DEPARTMENTS = {
    "order-to-delivery": {
        "sales": Kind.INTERNAL,
        "credit": Kind.INTERNAL,
        "order-processing": Kind.INTERNAL,
        "stock": Kind.INTERNAL,
        "purchasing": Kind.INTERNAL,
        "packing": Kind.INTERNAL,
        "carrier": Kind.PARTNER,
        "dealer": Kind.PARTNER,
        "invoicing": Kind.INTERNAL,
        "customer-service": Kind.INTERNAL,
    },
    "installation-and-repair": {
        "call-centre": Kind.INTERNAL,
        "planning": Kind.INTERNAL,
        "spare-parts": Kind.INTERNAL,
        "field-service": Kind.INTERNAL,
        "workshop": Kind.PARTNER,
        "invoicing": Kind.INTERNAL,
    },
}
every_map = pytest.mark.parametrize("name", IDS)


@functools.cache
def shipped(name: str) -> ValueChain:
    return load((MAPS / f"{name}.yaml").read_bytes(), name=name)


def concerns(chain: ValueChain) -> Iterator[PromiseConcern]:
    for touchpoint in chain.touchpoints.values():
        for promise in touchpoint.promises:
            yield PromiseConcern(touchpoint.id, promise)


def texts(chain: ValueChain) -> Iterator[tuple[str, Text]]:
    yield "map", chain.title
    for owner in (chain.departments, chain.promises, chain.steps, chain.touchpoints):
        for name, thing in owner.items():
            yield name, thing.title
    for name, step in chain.steps.items():
        yield f"gives of {name}", step.gives
    for handover in chain.handovers:
        for what in handover.what:
            yield f"{handover.source} -> {handover.target}", what


def test_these_maps_are_shipped() -> None:
    assert sorted(file.stem for file in MAPS.glob("*.yaml")) == sorted(IDS)


@every_map
def test_a_shipped_map_has_neither_errors_nor_warnings(name: str) -> None:
    reading = read((MAPS / f"{name}.yaml").read_bytes(), name=name)

    assert reading.findings == ()
    assert reading.chain is not None
    assert reading.chain.id == name


@every_map
def test_every_text_is_there_in_three_languages(name: str) -> None:
    for where, text in texts(shipped(name)):
        assert set(text.by_language) == LANGUAGES, where
        assert all(part.strip() == part != "" for part in text.by_language.values())


@every_map
def test_each_language_is_written_in_its_own_letters(name: str) -> None:
    only_ukrainian = re.compile(r"[іїєґ]", re.IGNORECASE)
    only_russian = re.compile(r"[ыэёъ]", re.IGNORECASE)
    for where, text in texts(shipped(name)):
        english, russian, ukrainian = (text.in_(code) for code in ("en", "ru", "uk"))
        assert english.isascii(), where
        assert not only_ukrainian.search(russian), (where, russian)
        assert not only_russian.search(ukrainian), (where, ukrainian)


@every_map
def test_every_step_has_a_time_and_says_what_the_customer_has_from_it(
    name: str,
) -> None:
    steps = shipped(name).steps.values()

    assert [step.id for step in steps if step.time is None or not step.gives] == []


@every_map
def test_every_handover_says_what_is_handed_over(name: str) -> None:
    assert [edge for edge in shipped(name).handovers if not edge.what] == []


@every_map
def test_every_promise_at_every_touchpoint_brings_departments_together(
    name: str,
) -> None:
    chain = shipped(name)

    for concern in concerns(chain):
        assert len(walk(chain, concern).participants) > 1, concern


@every_map
def test_every_step_takes_part_in_some_promise(name: str) -> None:
    chain = shipped(name)
    walks = [walk(chain, concern) for concern in concerns(chain)]

    taking_part = {
        step
        for found in walks
        for participant in found.participants
        for step in participant.steps
    }

    assert set(chain.steps) - taking_part == set()


@every_map
def test_the_department_that_meets_the_customer_is_among_the_nearest(
    name: str,
) -> None:
    chain = shipped(name)

    for concern in concerns(chain):
        if chain.promises[concern.promise].within is not None:
            near = chain.steps[chain.touchpoints[concern.touchpoint].step]
            first = walk(chain, concern).participants[0]
            assert (first.department, first.distance) == (near.department, 1), concern


@pytest.mark.parametrize("name", DEPARTMENTS)
def test_the_departments_of_the_trade_are_there(name: str) -> None:
    departments = shipped(name).departments

    assert {key: one.kind for key, one in departments.items()} == DEPARTMENTS[name]


def test_every_function_of_a_company_is_on_its_map_with_a_step() -> None:
    chain = shipped("company-sectors")

    assert tuple(chain.departments) == FUNCTIONS
    assert {step.department for step in chain.steps.values()} == set(FUNCTIONS)


def test_a_department_is_called_the_same_in_every_map() -> None:
    titles: dict[str, tuple[Text, Kind]] = {}
    for name in IDS:
        for key, department in shipped(name).departments.items():
            called = (department.title, department.kind)
            assert titles.setdefault(key, called) == called, (name, key)


def test_a_repair_that_does_not_pass_its_check_goes_back() -> None:
    handovers = {
        (edge.source, edge.target)
        for edge in shipped("installation-and-repair").handovers
    }

    assert ("repair-in-workshop", "check-in-workshop") in handovers
    assert ("check-in-workshop", "repair-in-workshop") in handovers


def test_only_city_requests_join_and_all_say_when_a_task_is_due() -> None:
    joining = [name for name in IDS if shipped(name).join is not None]

    assert joining == ["city-service-requests"]
    assert {shipped(name).answer_within for name in IDS} == {2}


@functools.cache
def requests_to_311(file: Path) -> tuple[dict[str, str], ...]:
    with file.open(encoding="utf-8", newline="") as rows:
        return tuple(csv.DictReader(rows))


@pytest.fixture
def requests(data: Path) -> tuple[dict[str, str], ...]:
    return requests_to_311(data / "complaints/nyc311_micro_2000.csv")


@pytest.fixture
def values() -> dict[str, Any]:
    mapping = yaml.safe_load(MAPPING.read_text(encoding="utf-8"))
    return dict(mapping["values"])


def test_every_agency_of_real_requests_is_a_department(
    requests: tuple[dict[str, str], ...],
) -> None:
    agencies = {row["Agency"].lower() for row in requests}

    assert agencies <= set(shipped("city-service-requests").departments)


def test_real_requests_reach_the_agency_that_got_them(
    requests: tuple[dict[str, str], ...], values: dict[str, Any]
) -> None:
    chain = shipped("city-service-requests")
    kinds = {(row["Agency"].lower(), row["Complaint Type"]) for row in requests}
    placed = set()
    for agency, kind in kinds:
        if kind in values["touchpoint"]["map"]:
            touchpoint = values["touchpoint"]["map"][kind]
            promise = values["promise"]["map"][kind]
            found = walk(chain, PromiseConcern(touchpoint, promise))
            assert agency in {one.department for one in found.participants}, kind
            placed.add(agency)

    assert placed == {agency for agency, _ in kinds}


def test_nearly_all_real_requests_are_placed_and_the_rest_waits_for_a_person(
    requests: tuple[dict[str, str], ...], values: dict[str, Any]
) -> None:
    assert set(values["touchpoint"]["map"]) == set(values["promise"]["map"])
    assert values["touchpoint"]["otherwise"] is None
    waiting = [
        row["Complaint Type"]
        for row in requests
        if row["Complaint Type"] not in values["touchpoint"]["map"]
    ]

    assert len(waiting) == 31
    assert set(waiting) == {
        "DCA / DOH New License Application Request",
        "Ferry Complaint",
        "Ferry Inquiry",
        "Non-Emergency Police Matter",
        "X-Ray Machine/Equipment",
    }
