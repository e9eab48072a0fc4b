"""Strings that break other systems go in and come out unchanged, or are refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

V1 = "/api/v1"
UNSTORABLE = {"\0", *map(chr, range(0xD800, 0xE000))}


@pytest.fixture(scope="session")
def naughty(data: Path) -> list[str]:
    """Give strings that others found to break things."""
    file = data / "complaints/naughty_strings.json"
    strings: list[str] = json.loads(file.read_text(encoding="utf-8"))
    return [text for text in strings if text.strip()]


def send(client: TestClient, path: str, body: Any, method: str = "POST") -> Any:
    raw = json.dumps(body, ensure_ascii=True).encode()
    headers = {"Content-Type": "application/json"}
    return client.request(method, V1 + path, content=raw, headers=headers)


def storable(text: str) -> bool:
    return not UNSTORABLE & set(text)


def test_every_text_of_a_complaint(everybody: TestClient, naughty: list[str]) -> None:
    for text in naughty:
        body = {
            "text": text,
            "desired_outcome": text,
            "on_behalf_of": text[:200],
            "order": text[:200],
            "language": text[:20],
            "map": text[:200],
            "touchpoint": text[:200],
            "promise": text[:200],
            "customer": {"name": text[:200], "email": text[:200], "hours": text[:200]},
        }
        made = send(everybody, "/complaints", body)
        if not storable(text):
            assert made.status_code == 422, (text, made.text)
            continue
        assert made.status_code == 201, (text, made.text)
        shown = everybody.get(f"{V1}/complaints/{made.json()['id']}").json()
        assert {name: shown[name] for name in body} == body


def test_sources_and_references(everybody: TestClient, naughty: list[str]) -> None:
    for text in dict.fromkeys(one[:100] for one in naughty):
        if not (storable(text) and text.strip()):
            continue
        body = {"text": "x", "source": text, "reference": text}
        made = send(everybody, "/complaints", body)
        assert made.status_code == 201, (text, made.text)
        assert send(everybody, "/complaints", body).status_code == 409
        query = {"source": text, "reference": text}
        found = everybody.get(f"{V1}/complaints", params=query).json()["data"]
        assert [one["id"] for one in found] == [made.json()["id"]]


def test_every_text_of_an_answer_and_a_request(
    everybody: TestClient, filed: dict[str, Any], naughty: list[str]
) -> None:
    tasks = everybody.get(f"{V1}/cases/{filed['case']}/tasks").json()["data"]
    task = next(f"/tasks/{t['id']}" for t in tasks if t["department"] == "packing")
    send(everybody, f"{task}/answer", {"nothing_to_change": {"observed": "x"}})
    sent = [text for text in naughty if storable(text)][::10]
    for text in sent:
        proposal = {"change": text, "step": "pack", "effect": text}
        body = {"proposals": [proposal]}
        changed = everybody.put(
            f"{V1}{task}/answer", json=body, headers={"If-Match": "*"}
        )
        assert changed.json()["answer"]["proposals"] == [{"number": 1, **proposal}]
        made = send(
            everybody, f"{task}/requests", {"department": "stock", "what": text}
        )
        replied = send(
            everybody, f"/requests/{made.json()['id']}/reply", {"instead": text}
        ).json()
        assert (replied["what"], replied["reply"]) == (text, text)


def test_every_text_of_the_answer_to_a_customer(
    everybody: TestClient, naughty: list[str]
) -> None:
    for text in [one for one in naughty if storable(one)][::10]:
        made = send(everybody, "/complaints", {"text": "x"}).json()
        body = {"text": text, "remedy": text}
        answered = send(everybody, f"/complaints/{made['id']}/answer", body)
        assert answered.json()["answer"] == body


def test_addresses_and_filters_of_any_text(
    everybody: TestClient, naughty: list[str]
) -> None:
    for text in naughty[::7]:
        for path in ("complaints", "cases", "tasks", "maps"):
            answer = everybody.get(httpx_path(f"{V1}/{path}/", text))
            assert answer.status_code in (404, 405), (path, text, answer.text)
        if storable(text):
            answer = everybody.get(f"{V1}/tasks", params={"department": text})
            assert answer.status_code == 400


def httpx_path(prefix: str, text: str) -> str:
    from urllib.parse import quote  # noqa: PLC0415

    return prefix + quote(text.encode("utf-8", "replace"), safe="")


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    key=st.text(st.characters(codec="ascii", exclude_categories=["C"]), min_size=1,
                max_size=255).filter(lambda key: key.strip() == key),
    body=st.fixed_dictionaries(
        {"text": st.text(st.characters(codec="utf-8", exclude_characters="\0"),
                         min_size=1).filter(lambda text: text.strip())},
        optional={"severity": st.sampled_from(["low", "high"]),
                  "safety": st.booleans()},
    ),
    times=st.integers(2, 4),
)  # fmt: skip
def test_the_same_key_with_the_same_body_is_one_complaint(
    everybody: TestClient, key: str, body: dict[str, Any], times: int
) -> None:
    before = newest(everybody)
    headers = {"Idempotency-Key": f"{before} {key}"[:255]}
    answers = [
        everybody.post(f"{V1}/complaints", json=body, headers=headers)
        for _ in range(times)
    ]
    assert {one.status_code for one in answers} == {201}
    assert len({one.content for one in answers}) == 1
    assert newest(everybody) == before + 1


def newest(client: TestClient) -> int:
    """Count the complaints there are."""
    made, cursor = 0, dict[str, str]()
    while True:
        page = client.get(f"{V1}/complaints", params={"limit": "100"} | cursor).json()
        made += len(page["data"])
        if not page["page"]["has_more"]:
            return made
        cursor = {"cursor": page["page"]["next_cursor"]}
