"""Waits over HTTP: per hand-over, in the order of the chain, in seconds."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.api.conftest import Api

BEGAN = datetime.fromisoformat("2026-03-02T09:00:00Z")


def test_waits_are_told_by_cause(api: Api, published: str) -> None:
    rows = []
    for number in range(20):
        at = BEGAN + timedelta(days=number)
        for step, start in (("pick", 0), ("pack", 2)):
            began = at + timedelta(hours=start)
            rows.append({
                "order": str(number), "step": step, "started": began.isoformat(),
                "ended": (began + timedelta(hours=1)).isoformat(), "resource": step,
            })  # fmt: skip
    assert api("file").post("/api/v1/step-times", json=rows).json()["new"] == 40

    answer = api("read").get(f"/api/v1/maps/{published}/waits")

    assert answer.status_code == 200
    found = answer.json()
    assert found["orders"] == 20
    (wait,) = [
        w for w in found["handovers"] if (w["from"], w["to"]) == ("pick", "pack")
    ]
    assert (wait["count"], wait["mean"], wait["known"]) == (20, 3600, 1)
    assert sum(wait["causes"].values()) == 3600
    others = [w["causes"] for w in found["handovers"] if w is not wait]
    assert set(others) == {None}


def test_waits_of_a_map_that_is_not_there(api: Api) -> None:
    answer = api("read").get("/api/v1/maps/none/waits")

    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_map")


def test_the_diagram_is_drawn_with_times(api: Api, published: str) -> None:
    client = api("read")
    address = f"/api/v1/maps/{published}/diagram.svg"

    plain = client.get(address)
    timed = client.get(address, params={"time": "door/on-time", "day": "2026-03-01"})

    assert timed.status_code == 200
    assert timed.headers["content-type"] == "image/svg+xml"
    assert timed.text != plain.text
    for asked in ({"time": "door/none"}, {"time": "nowhere/on-time"}):
        assert client.get(address, params=asked).status_code == 404
    assert (
        client.get(address, params={"time": "door/on-time", "version": 9}).json()[
            "code"
        ]
        == "unknown_version"
    )
    odd = client.get(address, params={"time": "door/on-time", "day": "soon"})
    assert odd.status_code == 400
