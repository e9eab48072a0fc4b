"""Hand-overs over HTTP: standards of both sides, and the internal complaint."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from resolve.journal.verify import verify
from resolve.kit.clock import now
from resolve.kit.database import Database, reading
from tests.builders import ORDER
from tests.builders import published as publish_map

MOVED = b"pick:\n    department: sales"
Api = Callable[..., TestClient]
Work = Callable[[], int]

V1 = "/api/v1"
PICKED = f"{V1}/maps/order/handovers/pick/pack/standards"
WORDING = {
    "what": "Everything of one order in one box",
    "state": "Glass upright",
    "by_when": "Until four o'clock",
    "within": "PT2H",
    "accepted": "Packing scans the box",
}
LATE = {"from": "pick", "to": "pack", "late": True}


@pytest.fixture
def stock(api: Api, published: str) -> TestClient:  # noqa: ARG001  published first
    return api("file", "read", "act", department="stock")


@pytest.fixture
def packing(api: Api, published: str) -> TestClient:  # noqa: ARG001  published first
    return api("file", "read", "act", department="packing")


def _of(client: TestClient, source: str = "pick", target: str = "pack") -> Any:
    shown = client.get(f"{V1}/maps/order/handovers").json()["handovers"]
    return next(o for o in shown if (o["from"], o["to"]) == (source, target))


def test_from_a_standard_to_an_internal_complaint_that_ends_well(
    stock: TestClient, packing: TestClient, everybody: TestClient, work: Work,
    database: Database,
) -> None:  # fmt: skip
    _agreed_by_both(stock, packing)
    raised = packing.post(
        f"{V1}/complaints",
        json={"text": "Picked after six.", "map": "order", "handover": LATE},
    )
    assert (raised.status_code, raised.json()["warnings"]) == (201, [])
    work()

    case = f"{V1}/cases/{raised.json()['case']}"
    complaint = everybody.get(f"{V1}/complaints/{raised.json()['id']}").json()
    assert (complaint["handover"], complaint["internal_of"]) == (LATE, "packing")
    assert (complaint["touchpoint"], complaint["promise"]) == (None, None)
    assert everybody.get(case).json()["concern"] == {"handover": LATE}
    task = _answered(everybody, case)
    work()
    _reviewed(everybody, case, task)
    told = everybody.post(
        f"{V1}/complaints/{complaint['id']}/answer", json={"text": "Picked first now."}
    )
    assert told.json()["status"] == "answered"
    with reading(database) as session:
        assert verify(session, key=b"k").sound


def test_a_time_above_the_promise_is_warned_of_not_refused(
    stock: TestClient, packing: TestClient
) -> None:
    long = packing.post(PICKED, json=WORDING | {"within": "P6D"})
    agreed = stock.post(f"{V1}/standards/{long.json()['id']}/agree", json={}).json()

    assert long.status_code == 201
    (warned,) = agreed["warnings"]
    assert (warned["code"], warned["promise"]) == ("longer_than_promised", "on-time")
    assert _of(stock)["agreed"]["warnings"] == [warned]
    shorter = packing.post(PICKED, json=WORDING | {"within": "P5D"}).json()
    assert shorter["warnings"] == []


def _agreed_by_both(stock: TestClient, packing: TestClient) -> None:
    proposed = packing.post(PICKED, json=WORDING).json()
    assert (proposed["status"], proposed["awaits"]) == ("proposed", "stock")
    assert _of(stock)["proposed"]["what"] == WORDING["what"]
    agreed = stock.post(f"{V1}/standards/{proposed['id']}/agree", json={})
    assert (agreed.status_code, agreed.json()["status"]) == (200, "agreed")
    assert _of(packing)["agreed"]["within"] == "PT2H"


def _answered(everybody: TestClient, case: str) -> str:
    """Answer every task; the giver, the receiver and all before them are asked."""
    tasks = everybody.get(f"{case}/tasks").json()["data"]
    walked = everybody.get(
        f"{V1}/maps/order/walk", params={"from": "pick", "to": "pack", "late": "true"}
    ).json()["departments"]
    by_department = {one["department"]: one for one in tasks}
    assert set(by_department) == {one["department"] for one in walked}
    assert {"stock", "packing"} < set(by_department)
    stock = by_department["stock"]
    assert stock["facts"]["path"].endswith("internal customer: Packing")
    for one in tasks:
        body: dict[str, Any] = {"nothing_to_change": {"observed": "As usual."}}
        if one is stock:
            change = {"change": "Pick by promised day", "step": "pick"}
            body = {"proposals": [change]}
        answered = everybody.post(f"{V1}/tasks/{one['id']}/answer", json=body)
        assert answered.status_code == 200, answered.text
    return str(stock["id"])


def _reviewed(everybody: TestClient, case: str, task: str) -> None:
    assert everybody.post(f"{case}/review").json()["status"] == "review"
    agreement = {
        "task": task,
        "proposal": 1,
        "owner": "Head of stock",
        "due": "2030-01-01",
        "measure": "wait_of_handover",
        "where": {"handover": ["pick", "pack"]},
        "expected": -0.2,
    }
    made = everybody.post(f"{case}/agreements", json=agreement)
    assert made.status_code == 201, made.text


def test_only_who_receives_or_the_house_raises_it(
    stock: TestClient, everybody: TestClient
) -> None:
    body = {"text": "Too early.", "map": "order", "handover": LATE}
    refused = stock.post(f"{V1}/complaints", json=body)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_your_handover")
    filed = everybody.post(f"{V1}/complaints", json=body).json()
    shown = everybody.get(f"{V1}/complaints/{filed['id']}").json()
    assert shown["internal_of"] == "packing"


def test_a_hand_over_that_is_not_known_waits_to_be_placed(packing: TestClient) -> None:
    unknown = {"text": "Odd.", "map": "order", "handover": {"from": "pack", "to": "x"}}
    filed = packing.post(f"{V1}/complaints", json=unknown)
    assert filed.status_code == 201
    assert filed.json()["warnings"] == [
        {"pointer": "/handover", "code": "unknown_handover"}
    ]
    shown = packing.get(f"{V1}/complaints/{filed.json()['id']}").json()
    assert shown["handover"] == {"from": "pack", "to": "x", "late": False}
    assert shown["internal_of"] == "packing"


def test_each_side_speaks_for_itself(
    api: Api, stock: TestClient, everybody: TestClient
) -> None:
    other = api("read", "act", department="billing")
    assert other.post(PICKED, json=WORDING).json()["code"] == "not_your_handover"
    as_packing = {**WORDING, "department": "packing"}
    assert stock.post(PICKED, json=as_packing).json()["code"] == "not_your_handover"
    unnamed = everybody.post(PICKED, json=WORDING)
    assert (unnamed.status_code, unnamed.json()["code"]) == (403, "not_your_handover")
    made = everybody.post(PICKED, json=as_packing).json()
    assert made["receiver_agreed_at"] is not None

    agree = f"{V1}/standards/{made['id']}/agree"
    assert other.post(agree, json={}).status_code == 403
    assert everybody.post(agree, json={}).json()["status"] == "agreed"
    again = stock.post(agree, json={})
    assert (again.status_code, again.json()["status"]) == (200, "agreed")


def test_a_proposal_is_taken_back_once(packing: TestClient) -> None:
    made = packing.post(PICKED, json={"what": "One box"}).json()
    withdraw = f"{V1}/standards/{made['id']}/withdraw"
    assert packing.post(withdraw, json={}).json()["status"] == "withdrawn"
    again = packing.post(withdraw, json={})
    assert (again.status_code, again.json()["code"]) == (409, "standard_not_proposed")


def test_what_cannot_be_read_is_refused(packing: TestClient) -> None:
    for wrong in ({"what": " "}, {"what": "x", "within": "soon"}, {}, {"what": None}):
        assert packing.post(PICKED, json=wrong).status_code == 422, wrong
    nowhere = f"{V1}/maps/order/handovers/pack/pick/standards"
    assert packing.post(nowhere, json=WORDING).json()["code"] == "unknown_handover"
    gone = f"{V1}/standards/0199aa00-0000-7000-8000-00000000000c/agree"
    assert packing.post(gone, json={}).json()["code"] == "unknown_standard"


def test_a_partner_sees_its_own_hand_overs(api: Api, packing: TestClient) -> None:
    made = packing.post(PICKED, json=WORDING).json()
    carrier = api("read", "act", department="carrier")
    shown = carrier.get(f"{V1}/maps/order/handovers").json()["handovers"]
    assert shown
    assert all("carrier" in (one["giver"], one["receiver"]) for one in shown)
    hidden = carrier.post(f"{V1}/standards/{made['id']}/agree", json={})
    assert (hidden.status_code, hidden.json()["code"]) == (404, "unknown_standard")


def test_where_the_map_has_another_department_now_it_is_agreed_anew(
    stock: TestClient, packing: TestClient, everybody: TestClient, database: Database
) -> None:
    _agreed_by_both(stock, packing)
    source = ORDER.replace(b"pick:\n    department: stock", MOVED)
    publish_map(database, source, at=now())

    shown = _of(everybody)
    assert (shown["giver"], shown["agreed"]) == ("sales", None)
    assert shown["former"]["giver"] == "stock"
    proposed = packing.post(PICKED, json=WORDING).json()
    assert proposed["awaits"] == "sales"
    path = f"{V1}/standards/{proposed['id']}/agree"
    assert everybody.post(path, json={"department": "sales"}).status_code == 200
    assert _of(everybody)["former"] is None
    assert _of(everybody)["agreed"]["version"] == 2
