"""Wording over HTTP: any key may ask, nothing is kept."""

from __future__ import annotations

from starlette.testclient import TestClient

V1 = "/api/v1"


def test_wording_is_noticed_and_another_one_offered(everybody: TestClient) -> None:
    text = "We load at six. Stock always sends it late."

    answer = everybody.post(f"{V1}/wording", json={"text": text, "language": "en"})

    assert answer.status_code == 200
    (found,) = answer.json()["findings"]
    assert found["kind"] == "generalisation"
    assert text[found["start"] : found["end"]] == found["text"]
    assert found["suggestion"] == (
        "The hand-over from stock came after the agreed time; what would help is ..."
    )


def test_a_text_without_findings_has_none(everybody: TestClient) -> None:
    answer = everybody.post(f"{V1}/wording", json={"text": ""})

    assert answer.json() == {"findings": [], "read": 0}


def test_a_long_text_is_looked_at_up_to_a_limit_and_that_is_said(
    everybody: TestClient,
) -> None:
    answer = everybody.post(f"{V1}/wording", json={"text": "late " * 10_000})

    assert answer.json()["read"] == 20_000


def test_an_unknown_language_is_refused(everybody: TestClient) -> None:
    answer = everybody.post(f"{V1}/wording", json={"text": "Gut.", "language": "de"})

    assert answer.status_code == 422
