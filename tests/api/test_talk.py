"""The talk of a case over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.testclient import TestClient

V1 = "/api/v1"


def test_everybody_on_the_case_reads_and_writes_one_talk(
    everybody: TestClient, api: Callable[..., TestClient], filed: dict[str, Any]
) -> None:
    path = f"{V1}/cases/{filed['case']}/talk"
    carrier = api("read", "act", department="carrier")
    packing = api("read", "act", department="packing")
    made = packing.post(
        path, json={"text": "Could you come later?", "mentions": ["carrier"]}
    )
    assert made.status_code == 201, made.text
    assert made.headers["Location"] == path
    assert made.json()["department"] == "packing"
    assert made.json()["mentions"] == ["department:carrier"]
    carrier.post(path, json={"text": "Gladly.", "about": {"step": "load"}})
    for client in (everybody, carrier, packing):
        told = client.get(path).json()["data"]
        assert [one["text"] for one in told] == ["Could you come later?", "Gladly."]
    assert told[1]["about"] == {"step": "load"}
    assert told[0]["taken_back"] is False


def test_a_talk_is_read_page_by_page(
    everybody: TestClient, filed: dict[str, Any]
) -> None:
    path = f"{V1}/cases/{filed['case']}/talk"
    for n in range(3):
        everybody.post(path, json={"text": f"{n}"})
    first = everybody.get(path, params={"limit": 2}).json()
    cursor = first["page"]["next_cursor"]
    second = everybody.get(path, params={"limit": 2, "cursor": cursor}).json()
    told = [one["text"] for one in first["data"] + second["data"]]
    assert told == ["0", "1", "2"]
    assert second["page"]["has_more"] is False


def test_what_cannot_be_said_is_told_with_its_place(
    everybody: TestClient, filed: dict[str, Any]
) -> None:
    path = f"{V1}/cases/{filed['case']}/talk"
    for body, code in (
        ({"text": " "}, "invalid"),
        ({"text": "x" * 20_001}, "invalid"),
        ({"text": "x", "mentions": ["nobody"]}, "unknown_mention"),
        ({"text": "x", "about": {"step": "nowhere"}}, "unknown_subject"),
        ({"text": "x", "about": {"step": "pack", "task": "y"}}, "invalid"),
    ):
        refused = everybody.post(path, json=body)
        assert (refused.status_code, refused.json()["code"]) == (422, code)


def test_a_partner_without_a_part_has_no_talk(
    everybody: TestClient, api: Callable[..., TestClient], work: Callable[[], int]
) -> None:
    body = {"text": "Wrong bill", "touchpoint": "payment", "promise": "correct-bill"}
    case = everybody.post(f"{V1}/complaints", json=body).json()["case"]
    work()
    carrier = api("read", "act", department="carrier")
    path = f"{V1}/cases/{case}/talk"
    assert carrier.get(path).status_code == 404
    assert carrier.post(path, json={"text": "Hello"}).status_code == 404


def test_a_partner_reads_no_customer_in_the_talk(
    everybody: TestClient, api: Callable[..., TestClient], work: Callable[[], int]
) -> None:
    body = {
        "text": "Late", "touchpoint": "door", "promise": "on-time",
        "customer": {"name": "Павло Іваненко"},
    }  # fmt: skip
    case = everybody.post(f"{V1}/complaints", json=body).json()["case"]
    work()
    path = f"{V1}/cases/{case}/talk"
    everybody.post(path, json={"text": "Павла Іваненка не було вдома."})
    carrier = api("read", "act", department="carrier")
    [seen] = carrier.get(path).json()["data"]
    assert seen["text"] == "••• ••• не було вдома."
