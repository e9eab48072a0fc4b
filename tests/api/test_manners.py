"""What holds for every address: pages, methods, problems, documentation, health."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from resolve.kit.database import Database
from resolve.kit.errors import Unavailable
from resolve.kit.settings import Settings
from resolve.migrations import NotUpgraded
from resolve_api import probes
from resolve_api.main import create_app

Api = Callable[..., TestClient]
V1 = "/api/v1"


def test_pages_follow_one_another_without_gap_or_repetition(
    everybody: TestClient,
) -> None:
    made = [
        everybody.post(f"{V1}/complaints", json={"text": f"No. {n}"}).json()["id"]
        for n in range(5)
    ]
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = everybody.get(f"{V1}/complaints", params={"limit": "2"} | cursor).json()
        seen += [one["id"] for one in page["data"]]
        if not page["page"]["has_more"]:
            break
        cursor = {"cursor": page["page"]["next_cursor"]}
    assert seen == made
    assert page["page"]["next_cursor"] is None


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/complaints", "limit=0"),
        ("/complaints", "limit=101"),
        ("/complaints", "limit=ten"),
        ("/complaints", "cursor=garbage"),
        ("/complaints", "cursor=bnVsbA=="),
        ("/complaints", "status=angry"),
        ("/complaints", "updated_since=yesterday"),
        ("/cases", "status=angry"),
        ("/cases", "department=nobody"),
        ("/tasks", "status=late"),
        ("/tasks", "department=nobody"),
        ("/tasks", "department=a%00b"),
        ("/events", "after=-1"),
        ("/events", "after=99999999999999999999999"),
        ("/maps/order", "version=0"),
        ("/maps/order/walk", ""),
        ("/maps/order/walk", "touchpoint=door"),
        ("/maps/order/walk", "touchpoint=door&promise=intact&from=a&to=b"),
    ],
)
def test_a_malformed_question_is_refused(
    everybody: TestClient, path: str, query: str
) -> None:
    answer = everybody.get(f"{V1}{path}?{query}")
    assert answer.status_code == 400, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] in {
        "bad_parameter", "bad_cursor", "bad_filter", "bad_concern",
    }  # fmt: skip


def test_a_cursor_belongs_to_its_query(everybody: TestClient) -> None:
    for n in range(3):
        everybody.post(f"{V1}/complaints", json={"text": f"No. {n}"})
    page = everybody.get(f"{V1}/complaints", params={"limit": 1}).json()["page"]
    for path, more in (("/complaints", {"source": "x"}), ("/cases", {})):
        answer = everybody.get(
            f"{V1}{path}", params={"cursor": page["next_cursor"], **more}
        )
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor")


def test_filters_find_what_they_name(
    everybody: TestClient, filed: dict[str, Any]
) -> None:
    body = {"text": "Other", "source": "shop", "reference": "9"}
    other = everybody.post(f"{V1}/complaints", json=body).json()
    for query, ids in (
        ({"source": "shop", "reference": "9"}, [other["id"]]),
        ({"status": "closed"}, []),
        ({"updated_since": "2020-01-01T00:00:00Z"}, [filed["id"], other["id"]]),
        ({"updated_since": "2199-01-01T00:00:00+02:00"}, []),
    ):
        found = everybody.get(f"{V1}/complaints", params=query).json()["data"]
        assert [one["id"] for one in found] == ids
    stock = everybody.get(f"{V1}/tasks", params={"department": "stock"}).json()
    assert [one["case"] for one in stock["data"]] == [filed["case"]]
    billing = everybody.get(f"{V1}/cases", params={"department": "billing"}).json()
    assert billing["data"] == []


def test_a_reader_of_the_feed_misses_nothing_and_sees_nothing_twice(
    everybody: TestClient, filed: dict[str, Any]
) -> None:
    seen: list[dict[str, Any]] = []
    while True:
        after = seen[-1]["position"] if seen else 0
        page = everybody.get(f"{V1}/events", params={"after": after, "limit": 1})
        if not page.json()["data"]:
            break
        seen += page.json()["data"]
        if len(seen) == 1:
            everybody.post(f"{V1}/complaints", json={"text": "In between"})
    assert [one["kind"] for one in seen] == ["filed", "assigned", "filed"]
    assert seen[0]["complaint"] == filed["id"]
    assert len({one["position"] for one in seen}) == 3


@pytest.mark.parametrize(
    ("path", "allow"),
    [
        ("/complaints", "GET, HEAD, OPTIONS, POST"),
        ("/tasks/x/answer", "OPTIONS, POST, PUT"),
        ("/maps/x", "GET, HEAD, OPTIONS, PUT"),
        ("/cases/place", "OPTIONS, POST"),
    ],
)
def test_a_method_that_is_not_possible_names_all_that_are(
    api: Api, path: str, allow: str
) -> None:
    for method in ("DELETE", "PATCH", "TRACE", "QUERY"):
        answer = api().request(method, V1 + path)
        assert answer.status_code == 405
        assert answer.headers["Allow"] == allow
        assert answer.json()["code"] == "method_not_allowed"
    options = api().options(V1 + path)
    assert (options.status_code, options.headers["Allow"]) == (204, allow)


def test_head_is_get_without_a_body(everybody: TestClient) -> None:
    answer = everybody.head(f"{V1}/complaints")
    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer.headers["Content-Length"]) > 0


@pytest.mark.parametrize("path", ["/nowhere", "/complaints/", "/cases/x/y", "/a%00b"])
def test_an_unknown_address_is_a_problem(everybody: TestClient, path: str) -> None:
    answer = everybody.get(V1 + path)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_an_unknown_thing_is_named(everybody: TestClient) -> None:
    for path, code in (
        ("/complaints/C-1", "unknown_complaint"),
        ("/cases/x", "unknown_case"),
        ("/tasks/x", "unknown_task"),
        ("/maps/x", "unknown_map"),
        ("/maps/order?version=9", "unknown_version"),
    ):
        answer = everybody.get(V1 + path)
        assert (answer.status_code, answer.json()["code"]) == (404, code)


def test_an_unexpected_error_tells_nothing_of_our_insides(
    everybody: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise ZeroDivisionError("secret inside")

    monkeypatch.setattr("resolve.analytics.lists.maps", fails)
    answer = everybody.get(f"{V1}/maps")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert "secret" not in answer.text


def test_a_database_that_is_away_asks_to_come_back(
    everybody: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise Unavailable("The database cannot be reached.")

    monkeypatch.setattr("resolve.analytics.lists.maps", away)
    answer = everybody.get(f"{V1}/maps")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]


def test_the_documentation_needs_no_internet(api: Api) -> None:
    page = api().get("/api/docs")
    assert page.status_code == 200
    assert "http://" not in page.text.replace("http://testserver", "")
    assert "https://" not in page.text
    for asset in ("swagger-ui-bundle.js", "swagger-ui.css", "favicon.png"):
        assert f"/api/docs-assets/{asset}" in page.text
        assert api().get(f"/api/docs-assets/{asset}").status_code == 200


def test_every_operation_is_described_with_examples_and_problems(api: Api) -> None:
    described = api().get(f"{V1}/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            where = f"{method} {path}"
            assert operation["summary"], where
            if path.endswith(("/health", "/ready", "/metrics")):
                continue
            for status, answer in operation["responses"].items():
                if status >= "400":
                    assert list(answer["content"]) == ["application/problem+json"]
                elif "application/json" in answer["content"]:
                    assert "example" in answer["content"]["application/json"], where
            body = operation.get("requestBody", {}).get("content", {})
            for content in body.values():
                assert "example" in content or content["examples"], where


def test_health_readiness_and_figures_need_no_key(api: Api) -> None:
    for prefix in ("", V1):
        assert api().get(f"{prefix}/health").json() == {"status": "ok"}
        ready = api().get(f"{prefix}/ready")
        assert ready.status_code == 200
        assert ready.json() == {"ready": True, "database": "ok", "prefect": "away"}
        figures = api().get(f"{prefix}/metrics").text
        assert "resolve_outbox_waiting 0.0" in figures
        assert 'resolve_http_requests_total{method="GET"' in figures


def test_not_ready_when_nothing_can_be_filed(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probes, "database_state", lambda _: "away")
    answer = api().get("/ready")
    assert (answer.status_code, answer.json()["database"]) == (503, "away")


def test_it_does_not_start_on_a_database_of_another_form(
    database: Database,
) -> None:
    with database.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM alembic_version")
    with pytest.raises(NotUpgraded, match="resolve db upgrade"):
        create_app(database, Settings())
