"""Maps, departments and calendars over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from resolve import diagrams
from tests.builders import ORDER

V1 = "/api/v1"
YAML = {"Content-Type": "application/yaml"}


def put(
    client: TestClient, source: bytes = ORDER, name: str = "order", **more: str
) -> Any:
    headers = YAML | {key.replace("_", "-"): value for key, value in more.items()}
    return client.put(f"{V1}/maps/{name}", content=source, headers=headers)


def test_a_map_is_published_read_and_published_again(everybody: TestClient) -> None:
    again = put(everybody, If_Match='"1"')
    assert (again.status_code, again.headers["ETag"]) == (200, '"1"')
    changed = put(everybody, ORDER + b"\n# two\n", If_Match='"1"')
    assert (changed.status_code, changed.json()["version"]) == (201, 2)
    read = everybody.get(f"{V1}/maps/order")
    assert (read.headers["ETag"], read.json()["source"]) == (
        '"2"', (ORDER + b"\n# two\n").decode(),
    )  # fmt: skip
    assert [one["id"] for one in read.json()["touchpoints"]] == ["door", "payment"]
    first = everybody.get(f"{V1}/maps/order", params={"version": 1}).json()
    assert (first["version"], first["newest"]) == (1, 2)
    versions = everybody.get(f"{V1}/maps/order/versions").json()["data"]
    assert [one["version"] for one in versions] == [1, 2]
    assert [one["id"] for one in everybody.get(f"{V1}/maps").json()["data"]] == [
        "order"
    ]


def test_a_map_is_published_on_the_version_that_was_read(
    everybody: TestClient,
) -> None:
    newer = ORDER + b"\n# two\n"
    for more, status in (
        ({}, 428),
        ({"If_Match": '"7"'}, 412),
        ({"If_None_Match": "*"}, 412),
    ):
        assert put(everybody, newer, **more).status_code == status
    other = newer.replace(b"id: order", b"id: other")
    assert put(everybody, other, "other").status_code == 428
    assert put(everybody, other, "other", If_Match='"1"').status_code == 412
    assert put(everybody, other, "other", If_None_Match="*").status_code == 201


def test_a_map_with_errors_is_refused_with_all_findings(everybody: TestClient) -> None:
    broken = ORDER.replace(b"step: deliver", b"step: deliverr")
    answer = put(everybody, broken, If_Match='"1"')
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_map")
    finding = answer.json()["findings"][0]
    assert set(finding) == {"level", "line", "key", "message", "hint"}
    assert finding["line"] > 1
    elsewhere = put(everybody, ORDER, "elsewhere", If_None_Match="*")
    assert elsewhere.json()["code"] == "id_mismatch"
    json = everybody.put(f"{V1}/maps/order", json={}, headers={"If-Match": '"1"'})
    assert json.status_code == 415


def test_the_walk_is_that_of_the_worked_example(everybody: TestClient) -> None:
    answer = everybody.get(
        f"{V1}/maps/order/walk", params={"touchpoint": "door", "promise": "on-time"}
    ).json()
    assert (answer["map"], answer["version"]) == ("order", 1)
    assert [one["department"] for one in answer["departments"]] == [
        "carrier", "packing", "stock", "sales",
    ]  # fmt: skip
    late = everybody.get(
        f"{V1}/maps/order/walk", params={"from": "check", "to": "load", "late": "true"}
    ).json()
    assert late["concern"] == {
        "handover": {"from": "check", "to": "load", "late": True}
    }
    for query, status, code in (
        ({"touchpoint": "roof", "promise": "intact"}, 404, "unknown_touchpoint"),
        ({"touchpoint": "door", "promise": "luck"}, 404, "unknown_promise"),
        ({"touchpoint": "door", "promise": "correct-bill"}, 409, "promise_not_here"),
    ):
        refused = everybody.get(f"{V1}/maps/order/walk", params=query)
        assert (refused.status_code, refused.json()["code"]) == (status, code)


def test_diagrams_are_drawn_and_run_nothing(
    everybody: TestClient, filed: dict[str, Any]
) -> None:
    drawn = everybody.get(
        f"{V1}/maps/order/diagram.svg", params={"department": "packing"}
    )
    assert drawn.headers["Content-Type"] == "image/svg+xml"
    assert "default-src 'none'" in drawn.headers["Content-Security-Policy"]
    assert b"<svg" in drawn.content
    for kind, begin in (("svg", b"<"), ("png", b"\x89PNG"), ("pdf", b"%PDF")):
        case = everybody.get(f"{V1}/cases/{filed['case']}/diagram.{kind}")
        assert case.status_code == 200
        assert case.content.startswith(begin)
    assert everybody.get(f"{V1}/cases/{filed['case']}/diagram.gif").status_code == 404
    unknown = everybody.get(
        f"{V1}/maps/order/diagram.svg", params={"department": "nobody"}
    )
    assert unknown.json()["code"] == "unknown_department"


def test_what_cannot_be_drawn_is_told_in_words(
    everybody: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cannot(*_: object, **__: object) -> None:
        raise diagrams.CannotDraw("No Graphviz.")

    monkeypatch.setattr(diagrams, "render", cannot)
    answer = everybody.get(f"{V1}/maps/order/diagram.svg")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "Packing" in answer.text


def test_a_department_is_changed_on_the_revision_that_was_read(
    everybody: TestClient,
) -> None:
    address = f"{V1}/departments/packing"
    changed = everybody.put(
        address, json={"head": "Olena", "title": {"uk": "Пакування"}}
    )
    assert (changed.status_code, changed.json()["head"]) == (200, "Olena")
    stale = everybody.put(address, json={"head": "x"}, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    listed = everybody.get(f"{V1}/departments", params={"limit": 100}).json()["data"]
    assert {one["id"]: one["head"] for one in listed}["packing"] == "Olena"
    assert everybody.put(f"{V1}/departments/x", json={}).status_code == 404
    unknown = everybody.put(address, json={"calendar": "moon"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_calendar")


def test_a_calendar_is_set_and_used(everybody: TestClient) -> None:
    hours = {"zone": "Europe/Kyiv", "week": {"mon": ["09:00-18:00"]}}
    address = f"{V1}/calendars/short"
    made = everybody.put(address, json=hours)
    assert (made.status_code, made.json()["revision"]) == (201, 1)
    text = b"zone: Europe/Kyiv\nweek: {tue: ['09:00-18:00']}\n"
    again = everybody.put(address, content=text, headers=YAML | {"If-Match": '"1"'})
    assert (again.status_code, again.json()["revision"]) == (200, 2)
    stale = everybody.put(address, json=hours, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    wrong = everybody.put(address, json={"zone": "Nowhere"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid_calendar")
    assert everybody.put(f"{V1}/calendars/a b", json=hours).status_code == 422
    used = everybody.put(f"{V1}/departments/packing", json={"calendar": "short"})
    assert used.json()["calendar"] == "short"
