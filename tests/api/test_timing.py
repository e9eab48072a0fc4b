"""How long a promise takes, over HTTP."""

from __future__ import annotations

from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from resolve.kit.clock import iso, now
from resolve.kit.database import Database
from tests.resolve.steptimes.orders import made, took

DOOR = {"touchpoint": "door", "promise": "on-time"}
TIMING = "/api/v1/maps/order/timing"


def test_what_the_orders_tell(everybody: TestClient, database: Database) -> None:
    began = now() - timedelta(days=60)
    took(database, made(200, began, open_ones=10), at=now())

    found = everybody.get(TIMING, params=DOOR)

    assert found.status_code == 200, found.text
    told = found.json()
    assert told["orders"] == {
        "known": 200, "looked_at": 200, "ended": 190, "open": 10
    }  # fmt: skip
    assert told["within"] == 5 * 24 * 3600
    assert 0 < told["on_time"]["low"] < told["on_time"]["share"] < 1
    assert told["time"]["median"] < told["time"]["nine_of_ten"]
    named = [one.get("step") or one["handover"] for one in told["chain"]]
    assert named == [
        "take-order",
        {"from": "take-order", "to": "pick"},
        "pick",
        {"from": "pick", "to": "pack"},
        "pack",
        {"from": "check", "to": "load"},
        "load",
        {"from": "load", "to": "deliver"},
        "deliver",
    ]
    assert told["chain"][told["weakest"]]["step"] == "pick"
    assert [one["weakest"] for one in told["chain"]].count(True) == 1


def test_a_period_is_asked_for(everybody: TestClient, database: Database) -> None:
    began = now() - timedelta(days=60)
    took(database, made(100, began), at=now())
    half = iso(began + timedelta(hours=50))

    before = everybody.get(TIMING, params=DOOR | {"until": half}).json()
    after = everybody.get(TIMING, params=DOOR | {"since": half}).json()

    assert before["orders"]["known"] == after["orders"]["known"] == 50
    assert before["period"] == {"since": None, "until": half}


def test_the_first_promise_with_a_time_is_meant(everybody: TestClient) -> None:
    found = everybody.get(TIMING).json()

    assert found["concern"] == DOOR
    assert found["orders"]["known"] == 0
    assert found["on_time"] is found["time"] is found["as_of"] is None


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({"touchpoint": "moon", "promise": "on-time"}, 404, "unknown_touchpoint"),
        ({"touchpoint": "payment", "promise": "on-time"}, 409, "promise_not_here"),
        ({"touchpoint": "moon"}, 422, "nothing_promised"),
        ({"since": "yesterday"}, 400, "bad_filter"),
        ({"since": "2026-01-01T00:00:00"}, 400, "bad_filter"),
    ],
)
def test_what_is_not_there_is_said(
    everybody: TestClient, asked: dict[str, str], status: int, code: str
) -> None:
    found = everybody.get(TIMING, params=asked)

    assert (found.status_code, found.json()["code"]) == (status, code)


def test_a_map_that_is_not_there(everybody: TestClient) -> None:
    assert everybody.get("/api/v1/maps/moon/timing").status_code == 404


@pytest.mark.parametrize(
    "at",
    ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "1948-01-01T00:00:00Z"],
)
def test_the_ends_of_time_are_no_trouble(everybody: TestClient, at: str) -> None:
    for name in ("since", "until"):
        assert everybody.get(TIMING, params={name: at}).status_code in (200, 400)
