"""The division of a case's promised time over HTTP."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from resolve.kit.clock import now
from resolve.kit.database import Database, transaction
from resolve.steptimes.rows import Timing, keyed
from resolve.steptimes.service import take

Api = Callable[..., TestClient]
IN_LOOP = {"from": "check", "to": "pack", "within": "PT1H"}
STEPS = ("take-order", "pick", "pack", "check", "load", "deliver")


def orders_taken(database: Database, number: int = 60, hours: float = 24.0) -> None:
    """Take in orders whose steps took so long on average, one after the other."""
    rng = np.random.default_rng(4)
    rows = []
    for order in range(number):
        at = now() - timedelta(days=60)
        for step in STEPS:
            ended = at + timedelta(hours=float(rng.exponential(hours)))
            rows.append(Timing(f"O{order}", step, ended, at))
            at = ended + timedelta(hours=1)
    kept = keyed(rows, source="erp", map_id="order", secret=b"x" * 32, seen=Counter())
    with transaction(database) as session:
        take(
            session, list(kept), map_id="order", source="erp", who="administrator",
            at=now(),
        )  # fmt: skip


@pytest.fixture
def address(filed: dict[str, Any]) -> str:
    return f"/api/v1/cases/{filed['case']}/division"


def put(client: TestClient, address: str, etag: str, **body: Any) -> Any:
    return client.put(address, json=body, headers={"If-Match": etag})


def test_a_division_is_read_before_anybody_made_one(
    everybody: TestClient, address: str
) -> None:
    answer = everybody.get(address)

    shown = answer.json()
    assert (answer.status_code, answer.headers["ETag"], shown["id"]) == (
        200,
        '"0"',
        None,
    )
    assert [one["step"] for one in shown["steps"]] == list(STEPS)
    assert (shown["promised"], shown["allotted"]) == ("P5D", "P2DT11H")
    assert shown["steps"][1]["time"] == "PT8H"
    assert [one["inside_loop"] for one in shown["handovers"]].count(True) == 2


def test_it_is_saved_on_what_was_read(everybody: TestClient, address: str) -> None:
    within = {"from": "pick", "to": "pack", "within": "PT3H"}

    made = put(everybody, address, '"0"', steps={"pick": "PT6H"}, handovers=[within])
    stale = put(everybody, address, '"0"', steps={"pick": "PT1H"})
    unnamed = everybody.put(address, json={"steps": {"pick": "PT1H"}})
    changed = put(everybody, address, made.headers["ETag"], steps={"pick": "PT5H"})

    assert (made.status_code, made.headers["ETag"]) == (200, '"1"')
    assert made.json()["allotted"] == "P2DT11H"
    assert (stale.status_code, stale.json()["code"]) == (412, "division_changed")
    assert unnamed.status_code == 428
    assert (changed.headers["ETag"], changed.json()["allotted"]) == ('"2"', "P2DT8H")
    assert everybody.get(address).json()["steps"][1]["new"] == "PT5H"


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({"steps": {"bill": "PT1H"}}, "step_not_on_walk", "/steps/bill"),
        ({"steps": {"pick": "-PT1H"}}, "negative_time", "/steps/pick"),
        ({"steps": {"pick": "soon"}}, "bad_duration", "/steps/pick"),
        ({"steps": {"pick": "P1M"}}, "bad_duration", "/steps/pick"),
        ({"steps": {"pick": 4}}, "invalid", "/steps/pick"),
        (
            {"handovers": [{"from": "pick", "to": "load", "within": "PT1H"}]},
            "handover_not_on_walk",
            "/handovers/pick/load",
        ),
        (
            {"handovers": [IN_LOOP]},
            "handover_in_loop",
            "/handovers/check/pack",
        ),
        ({"stages": {}}, "invalid", "/stages"),
    ],
)
def test_what_cannot_be_is_refused(
    everybody: TestClient, address: str, body: dict[str, Any], code: str, pointer: str
) -> None:
    answer = put(everybody, address, '"0"', **body)

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_above_the_promise_is_kept_and_shown(
    everybody: TestClient, address: str
) -> None:
    answer = put(everybody, address, '"0"', steps={"pick": "P4D"})

    assert answer.status_code == 200
    assert answer.json()["above_promise"] is True


def test_departments_of_the_case_divide_and_others_look(
    api: Api, everybody: TestClient, address: str
) -> None:
    packing = api("act", "read", department="packing")
    billing = api("act", "read", department="billing")

    assert put(packing, address, '"0"', steps={"pack": "PT1H"}).status_code == 200
    refused = put(billing, address, '"1"', steps={"pack": "PT2H"})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_of_the_case")
    assert billing.get(address).status_code == 200
    assert everybody.get(address).json()["revision"] == 1


def test_a_promise_without_time_has_none_to_divide(
    everybody: TestClient, work: Callable[[], int]
) -> None:
    body = {"text": "Broken.", "touchpoint": "door", "promise": "intact"}
    case = everybody.post("/api/v1/complaints", json=body).json()["case"]
    work()

    answer = everybody.get(f"/api/v1/cases/{case}/division")

    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_to_divide")


def test_too_few_orders_say_nothing_and_the_sum_is_there(
    everybody: TestClient, address: str
) -> None:
    tried = everybody.post(f"{address}/simulate", json={"steps": {"pick": "PT6H"}})

    assert tried.status_code == 200
    assert tried.json()["effect"] is None
    assert tried.json()["allotted"] == "P2DT9H"
    suggested = everybody.post(f"{address}/simulate", json={"suggest": "variance"})
    assert suggested.json()["suggestion"] is None


def test_the_effect_is_simulated_and_nothing_kept(
    everybody: TestClient, database: Database, address: str
) -> None:
    orders_taken(database)

    same = everybody.post(f"{address}/simulate", json={}).json()["effect"]
    less = everybody.post(
        f"{address}/simulate",
        json={
            "steps": {"pick": "PT6H"},
            "shrink": {"deliver": 1},
            "no_wait": [{"from": "pick", "to": "pack"}],
            "side_by_side": [["load", "deliver"]],
        },
    ).json()["effect"]

    assert same["orders"] == 60
    assert same["difference"] == {"value": 0.0, "low": 0.0, "high": 0.0}
    assert 0 < same["before"]["value"] < less["after"]["value"]
    assert less["difference"]["low"] > 0
    assert [one["step"] for one in less["critical"]] == [
        "take-order", "pick", "pack", "load", "deliver",
    ]  # fmt: skip
    assert everybody.get(address).json()["id"] is None


@pytest.mark.parametrize("by", ["variance", "difficulty"])
def test_a_suggestion_takes_just_the_promised_time(
    everybody: TestClient, database: Database, address: str, by: str
) -> None:
    orders_taken(database)

    found = everybody.post(f"{address}/simulate", json={"suggest": by}).json()

    assert found["allotted"] == found["promised"] == "P5D"
    assert found["suggestion"]["by"] == by
    assert (found["suggestion"]["share"] is None) == (by == "variance")
    kept = put(
        everybody, address, '"0"', **{k: found[k] for k in ("steps", "handovers")}
    )
    assert kept.json()["allotted"] == "P5D"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"shrink": {"bill": 0.5}}, "step_not_on_walk"),
        ({"shrink": {"pick": 2}}, "invalid"),
        ({"no_wait": [{"from": "pack", "to": "check"}]}, "handover_not_on_walk"),
        ({"side_by_side": [["pick", "deliver"]]}, "steps_not_in_a_row"),
        ({"side_by_side": [["pick"]]}, "invalid"),
        ({"suggest": "dice"}, "invalid"),
        ({"steps": {"bill": "PT1H"}}, "step_not_on_walk"),
        ({"handovers": [IN_LOOP]}, "handover_in_loop"),
    ],
)
def test_what_cannot_be_supposed_is_refused(
    everybody: TestClient, database: Database, address: str,
    body: dict[str, Any], code: str,
) -> None:  # fmt: skip
    orders_taken(database)

    answer = everybody.post(f"{address}/simulate", json=body)

    assert (answer.status_code, answer.json()["code"]) == (422, code)
