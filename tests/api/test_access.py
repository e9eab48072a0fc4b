"""Who may do what: the table of keys, walked through for every scope and address."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Any

import pytest
from starlette.testclient import TestClient

from resolve.access.service import key_of, revoke_key
from resolve.kit.clock import now
from resolve.kit.database import Database, transaction
from resolve.kit.ids import new_id
from resolve.kit.settings import Settings
from resolve_api import dependencies
from resolve_api.main import create_app

Api = Callable[..., TestClient]

V1 = "/api/v1"
ID = new_id()
OPEN = ("/health", "/ready", "/metrics")
ANY_KEY = {("POST", "/wording")}
# `read` opens every GET.
NEEDED = {
    "file": {("POST", "/complaints"), ("GET", "/complaints"),
             ("GET", "/complaints/{complaint}"), ("POST", "/step-times")},
    "act": {
        ("POST", "/complaints/{complaint}/answer"),
        ("POST", "/complaints/{complaint}/close"),
        ("POST", "/cases/place"),
        ("POST", "/cases/{case}/place"),
        ("POST", "/cases/{case}/review"),
        ("POST", "/cases/{case}/agreements"),
        ("POST", "/cases/{case}/close"),
        ("PUT", "/cases/{case}/division"),
        ("POST", "/cases/{case}/division/simulate"),
        ("POST", "/cases/{case}/talk"),
        ("POST", "/cases/{case}/ask-again"),
        ("POST", "/cases/{case}/ballots"),
        ("POST", "/ballots/{ballot}/vote"),
        ("POST", "/ballots/{ballot}/objections"),
        ("POST", "/ballots/{ballot}/change"),
        ("POST", "/ballots/{ballot}/extend"),
        ("POST", "/ballots/{ballot}/drop"),
        ("POST", "/ballots/{ballot}/decide"),
        ("POST", "/objections/{objection}/meet"),
        ("POST", "/objections/{objection}/take-back"),
        ("PUT", "/agreements/{agreement}/aim"),
        ("POST", "/agreements/{agreement}/outcome"),
        ("POST", "/agreements/{agreement}/judge"),
        ("POST", "/tasks/{task}/answer"),
        ("PUT", "/tasks/{task}/answer"),
        ("POST", "/tasks/{task}/extend"),
        ("POST", "/tasks/{task}/pass"),
        ("POST", "/tasks/{task}/withdraw"),
        ("POST", "/tasks/{task}/return"),
        ("POST", "/tasks/{task}/ask-again"),
        ("POST", "/tasks/{task}/requests"),
        ("POST", "/requests/{request}/reply"),
        ("POST", "/maps/{map_id}/handovers/{source}/{target}/standards"),
        ("POST", "/standards/{standard}/agree"),
        ("POST", "/standards/{standard}/withdraw"),
    },
    "admin": {
        ("PUT", "/maps/{map_id}"),
        ("PUT", "/departments/{department}"),
        ("PUT", "/calendars/{calendar}"),
    },
}  # fmt: skip


@pytest.fixture
def routes(api: Api) -> list[tuple[str, str]]:
    """Give every documented method and address that needs a key."""
    described = api().get(f"{V1}/openapi.json").json()
    return [
        (method.upper(), path.removeprefix(V1))
        for path, operations in described["paths"].items()
        for method in operations
        if not path.endswith(OPEN)
    ]


@pytest.mark.parametrize("scope", ["file", "read", "act", "admin"])
def test_a_scope_opens_what_it_names_and_nothing_else(
    api: Api, routes: list[tuple[str, str]], scope: str
) -> None:
    client = api(scope)
    for method, path in routes:
        named = NEEDED.get(scope, set()) | ANY_KEY
        expected = (method, path) in named or (scope == "read" and method == "GET")
        answer = client.request(method, V1 + _filled(path))
        missing = answer.status_code == 403 and answer.json()["code"] == "scope_missing"
        assert missing is not expected, (method, path, answer.status_code)


def test_nothing_is_told_without_a_known_key(
    api: Api, routes: list[tuple[str, str]]
) -> None:
    for headers, code in (
        ({}, "key_missing"),
        ({"Authorization": "Basic YTpi"}, "key_missing"),
        ({"Authorization": "Bearer nobody"}, "key_unknown"),
    ):
        for method, path in routes:
            answer = api().request(method, V1 + _filled(path), headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (401, code)
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_revoked_key_is_refused_within_a_second_or_two(
    api: Api, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = api("read")
    assert client.get(f"{V1}/tasks").status_code == 200
    with transaction(database) as session:
        name = key_of(session, client.headers["Authorization"][7:]).name
        revoke_key(session, name, who="admin", at=now())
    later = monotonic() + 1.5
    monkeypatch.setattr(dependencies, "monotonic", lambda: later)
    assert client.get(f"{V1}/tasks").json()["code"] == "key_unknown"


def test_a_key_that_files_reads_its_own_complaints_only(
    api: Api,
    filed: dict[str, Any],
    published: str,  # noqa: ARG001
) -> None:
    shop = api("file")
    own = shop.post(f"{V1}/complaints", json={"text": "Mine"}).json()
    listed = shop.get(f"{V1}/complaints").json()["data"]
    assert [one["id"] for one in listed] == [own["id"]]
    assert shop.get(f"{V1}/complaints/{own['number']}").status_code == 200
    foreign = shop.get(f"{V1}/complaints/{filed['id']}")
    assert (foreign.status_code, foreign.json()["code"]) == (404, "unknown_complaint")


def test_a_department_acts_for_itself_only(
    api: Api, everybody: TestClient, filed: dict[str, Any]
) -> None:
    packing = api("act", "read", department="packing")
    tasks = everybody.get(f"{V1}/cases/{filed['case']}/tasks").json()["data"]
    of = {task["department"]: task["id"] for task in tasks}
    body = {"nothing_to_change": {"observed": "All in time."}}
    for act, sent in (
        ("answer", body),
        ("extend", {"due": "2030-01-01T00:00:00Z", "reason": "x"}),
        ("pass", {"to": "Taras"}),
        ("withdraw", {"reason": "x"}),
        ("return", {"reason": "x"}),
        ("requests", {"department": "packing", "what": "x"}),
    ):
        refused = packing.post(f"{V1}/tasks/{of['stock']}/{act}", json=sent)
        assert (refused.status_code, refused.json()["code"]) == (
            403, "another_department",
        )  # fmt: skip
    own = packing.post(f"{V1}/tasks/{of['packing']}/answer", json=body)
    assert own.json()["answer"]["by_word_of_mouth"] is False


def test_a_request_is_replied_to_by_the_department_asked(
    api: Api, everybody: TestClient, filed: dict[str, Any]
) -> None:
    tasks = everybody.get(f"{V1}/cases/{filed['case']}/tasks").json()["data"]
    packing = next(one["id"] for one in tasks if one["department"] == "packing")
    asked = everybody.post(
        f"{V1}/tasks/{packing}/requests", json={"department": "stock", "what": "Soon"}
    ).json()
    reply = f"{V1}/requests/{asked['id']}/reply"
    refused = api("act", department="packing").post(reply, json={"accept": True})
    assert refused.json()["code"] == "another_department"
    stock = api("act", department="stock")
    assert stock.post(reply, json={"accept": True}).json()["status"] == "accepted"


def test_what_the_quality_manager_does_is_not_done_by_a_department(
    api: Api, filed: dict[str, Any]
) -> None:
    packing = api("act", department="packing")
    for path, body in (
        (f"/cases/{filed['case']}/review", {}),
        (f"/cases/{filed['case']}/close", {}),
        (f"/complaints/{filed['id']}/answer", {"text": "Sorry"}),
        (f"/complaints/{filed['id']}/close", {"as": "withdrawn"}),
    ):
        refused = packing.post(V1 + path, json=body)
        assert refused.json()["code"] == "quality_manager_only"


def test_a_partner_sees_its_own_cases_without_the_customer(
    api: Api, everybody: TestClient, work: Callable[[], int]
) -> None:
    customer = {"name": "Павло Іваненко", "phone": "+380 50 123 45 67"}
    body = {
        "text": "Павлові Іваненку не подзвонили на 0501234567, order 4711-123456789.",
        "touchpoint": "door", "promise": "on-time", "customer": customer,
        "order": "4711-123456789", "on_behalf_of": "Ірина Мельник",
        "desired_outcome": "Call Павла or mail p.ivanenko@example.com",
    }  # fmt: skip
    made = everybody.post(f"{V1}/complaints", json=body).json()
    other = {"text": "Wrong bill", "touchpoint": "payment", "promise": "correct-bill"}
    elsewhere = everybody.post(f"{V1}/complaints", json=other).json()
    work()
    carrier = api("read", "act", department="carrier")
    listed = carrier.get(f"{V1}/complaints").json()["data"]
    assert [one["id"] for one in listed] == [made["id"]]
    seen = listed[0]
    assert (seen["customer"], seen["on_behalf_of"]) == (None, None)
    written = carrier.get(f"{V1}/complaints/{made['id']}").text
    for trace in ("Павл", "Іванен", "0501234567", "Мельник", "ivanenko"):
        assert trace not in written
    assert "4711-123456789" in seen["text"]
    for path in (
        f"/complaints/{elsewhere['id']}",
        f"/cases/{elsewhere['case']}",
        f"/cases/{elsewhere['case']}/tasks",
        f"/cases/{elsewhere['case']}/journal",
        f"/cases/{elsewhere['case']}/diagram.svg",
    ):
        assert carrier.get(V1 + path).status_code == 404, path
    for path in ("/cases", "/tasks"):
        found = carrier.get(V1 + path).json()["data"]
        assert {one.get("case", one["id"]) for one in found} == {made["case"]}
    feed = carrier.get(f"{V1}/events").json()["data"]
    assert {one["case"] for one in feed} == {made["case"]}
    assert everybody.get(f"{V1}/complaints/{made['id']}").json()["text"] == body["text"]


def test_a_partner_reads_proposals_without_the_customer(
    api: Api, everybody: TestClient, work: Callable[[], int]
) -> None:
    made = everybody.post(
        f"{V1}/complaints",
        json={"text": "Late", "touchpoint": "door", "promise": "on-time",
              "customer": {"name": "Anna Smith"}},
    ).json()  # fmt: skip
    work()
    tasks = everybody.get(f"{V1}/cases/{made['case']}/tasks").json()["data"]
    packing = next(one["id"] for one in tasks if one["department"] == "packing")
    need = {"department": "carrier", "what": "Smith's address"}
    proposal = {"change": "Call Ms Smith first", "step": "pack", "need": need}
    everybody.post(f"{V1}/tasks/{packing}/answer", json={"proposals": [proposal]})
    carrier = api("read", department="carrier")
    seen = carrier.get(f"{V1}/tasks/{packing}").json()
    assert seen["answer"]["proposals"][0]["change"] == "Call Ms ••• first"
    assert "Smith" not in str(seen)
    assert seen["steps"] == ["pack", "check"]


def test_too_many_requests_are_told_when_to_go_on(api: Api, database: Database) -> None:
    key = api("read").headers["Authorization"]
    app = create_app(database, Settings(rate_limit=2))
    client = TestClient(app, headers={"Authorization": key})
    first = client.get(f"{V1}/tasks")
    assert first.headers["RateLimit"].startswith('"minute";r=1;t=')
    assert first.headers["RateLimit-Policy"] == '"minute";q=2;w=60'
    client.get(f"{V1}/tasks")
    third = client.get(f"{V1}/tasks")
    assert (third.status_code, third.json()["code"]) == (429, "too_many_requests")
    assert 1 <= int(third.headers["Retry-After"]) <= 60
    assert client.get("/health").status_code == 200


def _filled(path: str) -> str:
    for name in (
        "complaint",
        "case",
        "task",
        "request",
        "agreement",
        "ballot",
        "objection",
    ):
        path = path.replace("{" + name + "}", ID)
    path = path.replace("{kind}", "svg").replace("{map_id}", "none")
    return path.replace("{department}", "none").replace("{calendar}", "none")


def test_a_partner_is_not_told_the_customer_by_a_refusal(
    everybody: TestClient, api: Api, work: Callable[[], int]
) -> None:
    body = {
        "text": "Late", "touchpoint": "door", "promise": "on-time",
        "customer": {"name": "Павло Іваненко"},
    }  # fmt: skip
    everybody.post(f"{V1}/complaints", json=body)
    work()
    carrier = api("read", "act", department="carrier")
    [task] = [
        one
        for one in carrier.get(f"{V1}/tasks").json()["data"]
        if one["department"] == "carrier"
    ]
    said = {"nothing_to_change": {"observed": "Павла Іваненка не було вдома"}}
    everybody.post(f"{V1}/tasks/{task['id']}/answer", json=said)
    refused = carrier.post(f"{V1}/tasks/{task['id']}/answer", json=said)
    assert refused.status_code == 409
    assert "не було вдома" in refused.text
    assert "Павл" not in refused.text
    assert "Іванен" not in refused.text


@pytest.mark.usefixtures("everybody")
def test_a_partner_lists_what_it_filed_before_it_takes_part(api: Api) -> None:
    carrier = api("file", "read", department="carrier")
    made = carrier.post(f"{V1}/complaints", json={"text": "Nobody was at home"}).json()
    listed = carrier.get(f"{V1}/complaints").json()["data"]
    assert [one["id"] for one in listed] == [made["id"]]


def test_a_stranger_learns_nothing_from_a_number_that_exists(
    everybody: TestClient, api: Api
) -> None:
    made = everybody.post(f"{V1}/complaints", json={"text": "Late"}).json()
    carrier = api("read", department="carrier")
    missing = made["id"][:-4] + "0000"
    there, not_there = (
        carrier.get(f"{V1}/complaints/{name}").json() for name in (made["id"], missing)
    )
    assert there["hint"] == not_there["hint"]
