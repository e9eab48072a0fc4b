"""Filing over HTTP: once, for ever, and never refused for what is unclear."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.testclient import TestClient

COMPLAINTS = "/api/v1/complaints"
LATE = {"text": "Late again.", "touchpoint": "door", "promise": "on-time"}


def test_a_complaint_is_filed_and_its_departments_get_their_tasks(
    everybody: TestClient, work: Callable[[], int]
) -> None:
    made = everybody.post(COMPLAINTS, json=LATE | {"order": "4711"})
    assert made.status_code == 201
    filed = made.json()
    assert made.headers["Location"] == f"{COMPLAINTS}/{filed['id']}"
    assert filed["number"].startswith("C-20")
    assert filed["clocks"][0]["kind"] == "answer"
    work()
    tasks = everybody.get(f"/api/v1/cases/{filed['case']}/tasks").json()["data"]
    assert {task["department"] for task in tasks} == {
        "carrier", "packing", "stock", "sales",
    }  # fmt: skip
    assert all(task["question"] for task in tasks)


def test_what_is_unclear_is_a_warning_and_the_case_waits_to_be_placed(
    everybody: TestClient,
) -> None:
    made = everybody.post(COMPLAINTS, json=LATE | {"promise": "by-noon"})
    assert made.status_code == 201
    codes = {one["pointer"]: one["code"] for one in made.json()["warnings"]}
    assert codes == {"/map": "default_map", "/promise": "unknown_promise"}
    case = everybody.get(f"/api/v1/cases/{made.json()['case']}").json()
    assert case["status"] == "to_place"


def test_the_source_is_the_name_of_the_key_unless_it_is_said(
    everybody: TestClient,
) -> None:
    made = everybody.post(COMPLAINTS, json=LATE).json()
    found = everybody.get(f"{COMPLAINTS}/{made['id']}").json()
    assert found["source"].startswith("key ")


def test_a_reference_of_a_source_is_filed_once_for_ever(everybody: TestClient) -> None:
    body = LATE | {"source": "shop", "reference": "77"}
    first = everybody.post(COMPLAINTS, json=body)
    again = everybody.post(COMPLAINTS, json=body | {"text": "Other words"})
    assert again.status_code == 409
    assert again.json()["code"] == "already_filed"
    assert again.headers["Location"] == first.headers["Location"]
    assert again.json()["existing"] == first.headers["Location"]


def test_the_same_key_and_body_get_the_same_answer(everybody: TestClient) -> None:
    headers = {"Idempotency-Key": "k-1"}
    first = everybody.post(COMPLAINTS, json=LATE, headers=headers)
    again = everybody.post(COMPLAINTS, json=LATE, headers=headers)
    assert again.status_code == 201
    assert again.content == first.content
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Location"] == first.headers["Location"]
    assert _count(everybody) == 1


def test_the_same_key_with_another_body_is_refused(everybody: TestClient) -> None:
    headers = {"Idempotency-Key": "k-1"}
    everybody.post(COMPLAINTS, json=LATE, headers=headers)
    other = everybody.post(COMPLAINTS, json=LATE | {"order": "1"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


def test_a_refused_filing_leaves_its_key_free(everybody: TestClient) -> None:
    headers = {"Idempotency-Key": "k-1"}
    refused = everybody.post(COMPLAINTS, json={"text": "  "}, headers=headers)
    assert refused.status_code == 422
    assert everybody.post(COMPLAINTS, json=LATE, headers=headers).status_code == 201


def test_fifty_at_once_with_one_key_are_one_complaint(everybody: TestClient) -> None:
    headers = {"Idempotency-Key": "k-50"}
    with ThreadPoolExecutor(50) as pool:
        answers = list(
            pool.map(
                lambda _: everybody.post(COMPLAINTS, json=LATE, headers=headers),
                range(50),
            )
        )
    statuses = {one.status_code for one in answers}
    assert 201 in statuses
    assert statuses <= {201, 409}
    assert {one.json()["id"] for one in answers if one.status_code == 201} == {
        everybody.get(COMPLAINTS).json()["data"][0]["id"]
    }
    waiting = [one for one in answers if one.status_code == 409]
    assert all(one.headers["Retry-After"] for one in waiting)
    assert all(one.json()["code"] == "still_running" for one in waiting)
    assert _count(everybody) == 1


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_an_impossible_key_is_refused(everybody: TestClient, key: str) -> None:
    headers = {"Idempotency-Key": key}
    answer = everybody.post(COMPLAINTS, json=LATE, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_idempotency_key")


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (b"", 400, "malformed_json"),
        (b"{", 400, "malformed_json"),
        (b'{"text": "a", "text": "b"}', 400, "malformed_json"),
        (b'{"text": NaN}', 400, "malformed_json"),
        ('{"text": "Пізно"}'.encode("cp1251"), 400, "malformed_json"),
        (b"[" * 100_000, 400, "malformed_json"),
        (b'{"text": "a\\u0000b"}', 422, "invalid"),
        (b'{"text": "a\\ud800b"}', 422, "invalid"),
        (b'{"text": 5}', 422, "invalid"),
        (b'{"text": "a", "textt": "b"}', 422, "invalid"),
        (b'{"text": " "}', 422, "invalid"),
        (b"[]", 422, "invalid"),
        (b'{"text": "a", "occurred_at": "yesterday"}', 422, "invalid"),
        (b'{"text": "a", "occurred_at": "2026-01-01T10:00:00"}', 422, "invalid"),
        (b'{"text": "a", "occurred_at": "0001-01-01T00:00:00+14:00"}', 422, "invalid"),
        (b'{"text": "a", "source": "' + b"x" * 101 + b'"}', 422, "invalid"),
    ],
)
def test_a_body_that_cannot_be_taken_says_why(
    everybody: TestClient, raw: bytes, status: int, code: str
) -> None:
    headers = {"Content-Type": "application/json"}
    answer = everybody.post(COMPLAINTS, content=raw, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert _count(everybody) == 0


def test_an_unknown_member_is_named(everybody: TestClient) -> None:
    answer = everybody.post(COMPLAINTS, json=LATE | {"custommer": {}})
    assert answer.json()["errors"][0]["pointer"] == "/custommer"


def test_a_body_of_another_media_type_is_refused(everybody: TestClient) -> None:
    answer = everybody.post(COMPLAINTS, data={"text": "a"})
    assert (answer.status_code, answer.json()["code"]) == (415, "wrong_media_type")


def test_a_body_above_a_megabyte_is_refused_also_without_a_length(
    everybody: TestClient,
) -> None:
    def chunks() -> Iterable[bytes]:
        for _ in range(20):
            yield b" " * 100_000

    headers = {"Content-Type": "application/json"}
    for content in (b" " * 1_000_001, chunks()):
        answer: Any = everybody.post(COMPLAINTS, content=content, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def _count(client: TestClient) -> int:
    return len(client.get(COMPLAINTS, params={"limit": 100}).json()["data"])


def test_a_customer_gets_a_private_link_and_nobody_who_only_reads(
    api: Callable[..., TestClient], everybody: TestClient, work: Callable[[], int]
) -> None:
    partner = api("file", "read", "act", department="carrier")
    department = api("file", "read", "act", department="stock")
    body = {"text": "Late.", "touchpoint": "door", "promise": "on-time"}
    filed = everybody.post("/api/v1/complaints", json=body).json()
    work()

    path = f"/api/v1/complaints/{filed['id']}"
    assert "/track/" in filed["tracking_url"]
    assert everybody.get(path).json()["tracking_url"] == filed["tracking_url"]
    for reader in (partner, department):
        assert reader.get(path).status_code == 200
        assert reader.get(path).json()["tracking_url"] is None


def test_who_may_settles_at_once_and_who_may_not_is_told(
    api: Callable[..., TestClient], everybody: TestClient
) -> None:
    body = {"text": "Dented.", "settled_at_once": True, "remedy": "A new one"}
    settled = everybody.post("/api/v1/complaints", json=body)
    assert settled.status_code == 201
    assert (settled.json()["status"], settled.json()["clocks"]) == ("closed", [])
    found = everybody.get(f"/api/v1/complaints/{settled.json()['id']}").json()
    assert found["closed_as"] == "settled_at_once"
    assert found["answer"] == {"text": "", "remedy": "A new one"}
    case = everybody.get(f"/api/v1/cases/{found['case']}").json()
    assert case["status"] == "closed"

    refused = api("file").post("/api/v1/complaints", json=body)
    assert (refused.status_code, refused.json()["code"]) == (403, "may_not_settle")
    alone = everybody.post("/api/v1/complaints", json={"text": "x", "remedy": "y"})
    assert alone.json()["code"] == "remedy_without_settling"
