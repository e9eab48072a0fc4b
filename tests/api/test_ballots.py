"""A joint review over HTTP: put to the vote, voted, objected, met, decided."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from starlette.testclient import TestClient

from resolve.handling.upkeep import fire_all_due
from resolve.kit.clock import iso, now
from resolve.kit.database import Database

V1 = "/api/v1"
Api = Callable[..., TestClient]
Filed = dict[str, Any]


@pytest.fixture
def motion(
    everybody: TestClient, filed: Filed, work: Callable[[], int]
) -> dict[str, Any]:
    """Give what can be put to the vote, in a case whose review is open."""
    found = everybody.get(f"{V1}/cases/{filed['case']}/tasks").json()["data"]
    for task in found:
        body = {"proposals": [{"change": "An hour earlier", "step": task["steps"][0]}]}
        done(everybody, f"/tasks/{task['id']}/answer", body)
    work()
    done(everybody, f"/cases/{filed['case']}/review", {})
    [packing] = [task["id"] for task in found if task["department"] == "packing"]
    return {"task": packing, "proposal": 1, "owner": "Olena", "due": "2030-01-15"}


def done(client: TestClient, path: str, body: Any) -> dict[str, Any]:
    made = client.post(f"{V1}{path}", json=body)
    assert made.is_success, made.text
    shape: dict[str, Any] = made.json()
    return shape


def refused(client: TestClient, path: str, body: Any) -> tuple[int, str]:
    made = client.post(f"{V1}{path}", json=body)
    return made.status_code, made.json()["code"]


def test_a_review_votes_and_agrees(
    everybody: TestClient, api: Api, filed: Filed, motion: dict[str, Any]
) -> None:
    case = filed["case"]
    ballot = done(everybody, f"/cases/{case}/ballots", motion)
    assert ballot["stands"] == "awaited"
    assert ballot["asked"] == ["carrier", "packing", "stock", "sales"]
    path = f"/ballots/{ballot['id']}"
    stock = api("act", "read", department="stock")
    done(stock, f"{path}/vote", {"position": "not_yet", "text": "A scanner first."})
    sales = api("act", department="sales")
    would_not = {"position": "customer_would_not", "text": "They leave on Friday."}
    done(sales, f"{path}/vote", would_not)
    assert refused(everybody, f"{path}/decide", {"mandate": True, "reason": "x"}) == (
        409, "objection_unmet",
    )  # fmt: skip
    changed = done(everybody, f"{path}/change", {"wording": "Two hours earlier"})
    assert (changed["instead_of"], changed["owner"]) == (ballot["id"], "Olena")
    assert refused(stock, f"{path}/vote", {"position": "agree"}) == (
        409, "ballot_ended",
    )  # fmt: skip
    path = f"/ballots/{changed['id']}"
    for one in ballot["asked"]:
        voted = done(
            everybody, f"{path}/vote", {"position": "agree", "department": one}
        )
    assert voted["stands"] == "agreed_by_all"
    assert all(vote["by_word_of_mouth"] for vote in voted["votes"])
    assert done(everybody, f"{path}/decide", {})["status"] == "agreed"
    assert refused(stock, f"{path}/vote", {"position": "agree"}) == (
        409, "already_agreed",
    )  # fmt: skip
    first, second = stock.get(f"{V1}/cases/{case}/ballots").json()["data"]
    assert (first["status"], second["status"]) == ("changed", "agreed")
    assert first["objections"][0]["met"]["by"] == "change"
    [agreed] = everybody.get(f"{V1}/cases/{case}").json()["agreements"]
    assert (agreed["task"], agreed["owner"]) == (motion["task"], "Olena")


def test_what_may_not_be_is_refused_with_a_code(
    everybody: TestClient, api: Api, filed: Filed, motion: dict[str, Any]
) -> None:
    put = f"/cases/{filed['case']}/ballots"
    for body, code in (
        ({}, "invalid"),
        (motion | {"division": "x"}, "invalid"),
        (motion | {"proposal": 7}, "unknown_proposal"),
        (motion | {"until": "2020-01-01T00:00:00Z"}, "due_in_the_past"),
    ):
        assert refused(everybody, put, body) == (422, code)
    ballot = done(everybody, put, motion)
    path = f"/ballots/{ballot['id']}"
    assert refused(everybody, put, motion) == (409, "already_put_to_vote")
    assert refused(everybody, f"/cases/{filed['case']}/agreements", motion) == (
        409, "votes_awaited",
    )  # fmt: skip
    stock = api("act", department="stock")
    for one in (put, f"{path}/change", f"{path}/decide", f"{path}/drop"):
        assert refused(stock, one, {})[0] == 403
    other = {"position": "agree", "department": "packing"}
    assert refused(stock, f"{path}/vote", other) == (403, "another_department")
    billing = api("act", department="billing")
    assert refused(billing, f"{path}/vote", {"position": "agree"})[0] in (403, 422)
    assert refused(stock, f"{path}/vote", {"position": "not_yet"}) == (
        422, "words_missing",
    )  # fmt: skip
    assert refused(everybody, f"{path}/decide", {"mandate": True}) == (
        409, "votes_awaited",
    )  # fmt: skip
    missing = f"/ballots/{filed['id']}/vote"
    assert refused(stock, missing, {"position": "agree"}) == (404, "unknown_ballot")


def test_anybody_who_talks_objects_and_takes_it_back(
    everybody: TestClient, api: Api, filed: Filed, motion: dict[str, Any]
) -> None:
    ballot = done(everybody, f"/cases/{filed['case']}/ballots", motion)
    shop = api("act")
    because = {"because": "They leave on Friday."}
    made = done(shop, f"/ballots/{ballot['id']}/objections", because)
    assert (made["status"], made["text"]) == ("open", because["because"])
    back = f"/objections/{made['id']}/take-back"
    assert refused(everybody, back, {}) == (403, "not_your_objection")
    assert done(shop, back, {})["status"] == "taken_back"
    again = done(shop, f"/ballots/{ballot['id']}/objections", because)
    meet = f"/objections/{again['id']}/meet"
    reason = {"by": "manager", "text": "It helps all others."}
    assert refused(everybody, meet, reason) == (422, "manager_missing")
    met = done(everybody, meet, reason | {"manager": "Iryna"})
    assert (met["status"], met["met"]["manager"]) == ("met", "Iryna")
    assert refused(everybody, meet, reason) == (409, "objection_ended")


def test_a_partner_votes_and_does_not_learn_who_the_customer_is(
    everybody: TestClient, api: Api, work: Callable[[], int]
) -> None:
    body = {
        "text": "Late", "touchpoint": "door", "promise": "intact",
        "customer": {"name": "Павло Іваненко"},
    }  # fmt: skip
    case = done(everybody, "/complaints", body)["case"]
    work()
    tasks = everybody.get(f"{V1}/cases/{case}/tasks").json()["data"]
    for task in tasks:
        given = {"proposals": [{"change": "Softer", "step": task["steps"][0]}]}
        done(everybody, f"/tasks/{task['id']}/answer", given)
    work()
    done(everybody, f"/cases/{case}/review", {})
    motion = {"task": tasks[0]["id"], "proposal": 1, "wording": "Павлу Іваненку м'якше"}
    ballot = done(everybody, f"/cases/{case}/ballots", motion)
    path = f"/ballots/{ballot['id']}"
    done(everybody, f"{path}/objections", {"because": "Павло Іваненко поїде."})
    carrier = api("act", "read", department="carrier")
    voted = done(carrier, f"{path}/vote", {"position": "agree"})
    assert voted["votes"][0]["by_word_of_mouth"] is False
    listed = carrier.get(f"{V1}/cases/{case}/ballots").text
    assert "поїде" in listed
    assert "Іванен" not in listed


def test_the_time_for_votes_is_moved_and_then_decided_by_mandate(
    everybody: TestClient, database: Database, filed: Filed, motion: dict[str, Any]
) -> None:
    ballot = done(everybody, f"/cases/{filed['case']}/ballots", motion)
    path = f"/ballots/{ballot['id']}"
    extend = f"{path}/extend"
    for days, code in ((0.01, "short"), (61, "long")):
        wrong = {"until": iso(now() + timedelta(days=days))}
        assert refused(everybody, extend, wrong) == (422, f"votes_time_too_{code}")
    soon = now() + timedelta(days=7)
    moved = done(everybody, f"{path}/extend", {"until": iso(soon)})
    assert moved["until"] == iso(soon)
    with time_machine.travel(soon + timedelta(seconds=1), tick=False):
        fire_all_due(database, at=now())
        assert refused(everybody, f"{path}/decide", {}) == (409, "mandate_needed")
        assert refused(everybody, f"{path}/decide", {"mandate": True}) == (
            422, "reason_missing",
        )  # fmt: skip
        reason = {"mandate": True, "reason": "The season begins."}
        decided = done(everybody, f"{path}/decide", reason)
    assert (decided["by_mandate"], decided["reason"]) == (True, "The season begins.")
    dropped = refused(everybody, f"{path}/drop", {"reason": "x"})
    assert dropped == (409, "already_agreed")
