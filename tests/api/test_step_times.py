"""Step times over HTTP: row by row, and twice is once."""

from __future__ import annotations

import json
from typing import Any

from starlette.testclient import TestClient

from resolve.kit.database import Database
from resolve.steptimes.models import StepTime
from tests.api.conftest import Api
from tests.builders import all_rows

PICK = {
    "order": "4711",
    "step": "pick",
    "started": "2026-03-02T09:00:00Z",
    "ended": "2026-03-02T11:00:00Z",
    "resource": "Anna",
}


def sent(client: TestClient, rows: Any) -> dict[str, Any]:
    answer = client.post("/api/v1/step-times", json=rows)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_rows_are_taken_once(api: Api, published: str, database: Database) -> None:
    client = api("file")

    first = sent(client, [PICK, PICK | {"step": "pack"}])
    again = sent(client, [PICK, PICK | {"step": "pack"}])

    assert (first["rows"], first["new"], first["same"]) == (2, 2, 0)
    assert (again["new"], again["same"], again["replaced"]) == (0, 2, 0)
    stored = all_rows(database, StepTime)
    assert {row.map_id for row in stored} == {published}
    assert "Anna" not in str(stored)


def test_the_same_id_with_other_times_replaces(
    api: Api, published: str, database: Database
) -> None:
    assert published
    client = api("file")
    sent(client, PICK | {"id": "7"})

    became = sent(client, PICK | {"id": "7", "ended": "2026-03-02T12:00:00Z"})

    assert became["replaced"] == 1
    (row,) = all_rows(database, StepTime)
    assert row.ended_at.hour == 12


def test_what_cannot_be_taken_is_told_by_row_and_the_rest_is_taken(
    api: Api, published: str
) -> None:
    assert published
    rows = [
        PICK,
        PICK | {"ended": "2026-03-02T08:00:00Z"},
        PICK | {"step": "invent"},
        PICK | {"ended": "2126-03-02T08:00:00Z"},
        PICK | {"when": "now"},
        "pick",
    ]

    became = sent(api("file"), rows)

    assert became["new"] == 1
    assert [(one["row"], one["code"]) for one in became["rejected"]] == [
        (1, "ends_before_it_starts"),
        (2, "unknown_step"),
        (3, "in_the_future"),
        (4, "invalid"),
        (5, "invalid"),
    ]


def test_rows_may_come_one_a_line(api: Api, published: str) -> None:
    assert published
    lines = "\n".join([json.dumps(PICK), "", "{broken", json.dumps(PICK | {"id": "1"})])

    answer = api("file").post(
        "/api/v1/step-times",
        content=lines,
        headers={"Content-Type": "application/x-ndjson"},
    )

    assert answer.json()["new"] == 2
    assert [one["code"] for one in answer.json()["rejected"]] == ["malformed_json"]


def test_a_department_tells_of_its_own_steps_only(api: Api, published: str) -> None:
    assert published
    carrier = api("file", department="carrier")

    became = sent(carrier, [PICK, PICK | {"step": "load"}])

    assert became["new"] == 1
    assert became["rejected"][0]["code"] == "another_department"


def test_a_key_that_only_reads_tells_nothing(api: Api, published: str) -> None:
    assert published
    assert api("read").post("/api/v1/step-times", json=PICK).status_code == 403
