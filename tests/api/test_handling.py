"""Tasks, requests, reviews and agreements over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from starlette.testclient import TestClient

from resolve.kit.clock import iso, now

V1 = "/api/v1"
NOTHING = {"nothing_to_change": {"observed": "It left us on time."}}
Filed = dict[str, Any]


def tasks_of(client: TestClient, case: str) -> dict[str, dict[str, Any]]:
    found = client.get(f"{V1}/cases/{case}/tasks").json()["data"]
    return {task["department"]: task for task in found}


def proposals(step: str, **more: Any) -> dict[str, Any]:
    return {"proposals": [{"change": "An hour earlier", "step": step, **more}]}


def act(client: TestClient, path: str, body: Any = None) -> dict[str, Any]:
    made = client.post(f"{V1}{path}", json=body or {})
    assert made.is_success, made.text
    answer: dict[str, Any] = made.json()
    return answer


def test_a_case_goes_from_filing_to_its_end(
    everybody: TestClient, filed: Filed, work: Callable[[], int]
) -> None:
    case = filed["case"]
    tasks = tasks_of(everybody, case)
    for department, task in tasks.items():
        body = proposals("pack") if department == "packing" else NOTHING
        act(everybody, f"/tasks/{task['id']}/answer", body)
    work()
    reviewed = act(everybody, f"/cases/{case}/review")
    assert reviewed["status"] == "review"
    agreed = act(
        everybody,
        f"/cases/{case}/agreements",
        {"task": tasks["packing"]["id"], "proposal": 1, "owner": "Olena",
         "due": "2027-01-15"},
    )  # fmt: skip
    assert (agreed["status"], agreed["due"]) == ("agreed", "2027-01-15")
    act(everybody, f"/complaints/{filed['id']}/answer", {"text": "We are sorry."})
    done = act(everybody, f"/agreements/{agreed['id']}/outcome", {"in_place": True})
    assert done["status"] == "in_place"
    closed = act(everybody, f"/complaints/{filed['id']}/close", {"as": "accepted"})
    assert (closed["status"], closed["closed_as"]) == ("closed", "accepted")
    assert act(everybody, f"/cases/{case}/close")["status"] == "closed"
    journal = everybody.get(f"{V1}/cases/{case}/journal").json()["data"]
    assert (journal[0]["what"], journal[-1]["what"]) == ("filed", "closed")
    assert [one["seq"] for one in journal] == list(range(1, len(journal) + 1))
    assert all(one["previous"] == before["hash"] for before, one in pairwise(journal))


def test_an_answered_task_shows_the_answer_to_who_comes_second(
    everybody: TestClient, filed: Filed
) -> None:
    task = tasks_of(everybody, filed["case"])["packing"]
    answered = act(everybody, f"/tasks/{task['id']}/answer", proposals("pack"))
    assert answered["answer"]["proposals"][0]["number"] == 1
    assert answered["answer"]["by_word_of_mouth"] is True
    again = everybody.post(f"{V1}/tasks/{task['id']}/answer", json=NOTHING)
    assert (again.status_code, again.json()["code"]) == (409, "already_answered")
    assert again.json()["answer"]["proposals"][0]["change"] == "An hour earlier"


def test_of_two_answers_at_once_one_is_taken(
    everybody: TestClient, filed: Filed
) -> None:
    task = tasks_of(everybody, filed["case"])["packing"]
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(
                lambda _: everybody.post(
                    f"{V1}/tasks/{task['id']}/answer", json=NOTHING
                ),
                range(8),
            )
        )
    assert sorted(one.status_code for one in answers) == [200, *[409] * 7]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "answer_form"),
        (proposals("pack") | NOTHING, "answer_form"),
        ({"proposals": []}, "invalid"),
        (proposals("deliver"), "step_not_in_task"),
        (
            proposals("pack", need={"department": "billing", "what": "Paper"}),
            "not_a_neighbour",
        ),
    ],
    ids=["nothing", "both", "no proposal", "foreign step", "no neighbour"],
)
def test_an_answer_that_does_not_fit_is_refused(
    everybody: TestClient, filed: Filed, body: dict[str, Any], code: str
) -> None:
    task = tasks_of(everybody, filed["case"])["packing"]
    answer = everybody.post(f"{V1}/tasks/{task['id']}/answer", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text


def test_an_answer_is_changed_on_the_version_that_was_read(
    everybody: TestClient, filed: Filed
) -> None:
    task = tasks_of(everybody, filed["case"])["packing"]
    address = f"{V1}/tasks/{task['id']}/answer"
    answered = everybody.post(address, json=NOTHING)
    etag = answered.headers["ETag"]
    assert everybody.get(f"{V1}/tasks/{task['id']}").headers["ETag"] == etag
    body = proposals("pack")
    missing = everybody.put(address, json=body)
    assert (missing.status_code, missing.json()["code"]) == (
        428, "precondition_required",
    )  # fmt: skip
    stale = everybody.put(address, json=body, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    changed = everybody.put(address, json=body, headers={"If-Match": f'"99", {etag}'})
    assert changed.status_code == 200
    assert changed.json()["answer"]["proposals"]
    assert changed.headers["ETag"] != etag
    assert everybody.put(
        address, json=NOTHING, headers={"If-Match": "garbage"}
    ).status_code == 412  # fmt: skip


def test_no_answer_is_taken_once_the_review_is_open(
    everybody: TestClient, filed: Filed
) -> None:
    tasks = tasks_of(everybody, filed["case"])
    for department, task in tasks.items():
        if department != "packing":
            act(everybody, f"/tasks/{task['id']}/answer", NOTHING)
    awaited = everybody.post(f"{V1}/cases/{filed['case']}/review")
    assert awaited.json()["code"] == "answers_still_awaited"
    packing = f"/tasks/{tasks['packing']['id']}"
    act(everybody, f"{packing}/withdraw", {"reason": "Nobody is there."})
    act(everybody, f"/cases/{filed['case']}/review")
    late = everybody.post(f"{V1}{packing}/answer", json=NOTHING)
    assert (late.status_code, late.json()["code"]) == (409, "review_open")


def test_a_task_is_extended_and_passed_on(everybody: TestClient, filed: Filed) -> None:
    task = f"/tasks/{tasks_of(everybody, filed['case'])['packing']['id']}"
    due = iso(now() + timedelta(days=9))
    extended = act(everybody, f"{task}/extend", {"due": due, "reason": "Holidays"})
    assert extended["due"] == due
    past = everybody.post(
        f"{V1}{task}/extend", json={"due": "2020-01-01T00:00:00Z", "reason": "x"}
    )
    assert (past.status_code, past.json()["code"]) == (422, "due_in_the_past")
    assert act(everybody, f"{task}/pass", {"to": "Taras"})["assignee"] == "Taras"


def test_a_neighbour_is_asked_and_replies(everybody: TestClient, filed: Filed) -> None:
    task = tasks_of(everybody, filed["case"])["packing"]
    body = {"department": "stock", "what": "Picked by noon", "by": iso(now())}
    made = everybody.post(f"{V1}/tasks/{task['id']}/requests", json=body)
    assert made.status_code == 201
    request = f"{V1}/requests/{made.json()['id']}/reply"
    neither = everybody.post(request, json={})
    assert neither.status_code == 422
    replied = everybody.post(request, json={"instead": "By three"})
    assert (replied.json()["status"], replied.json()["reply"]) == (
        "other_proposal", "By three",
    )  # fmt: skip
    again = everybody.post(request, json={"accept": True})
    assert (again.status_code, again.json()["code"]) == (409, "already_replied")
    shown = tasks_of(everybody, filed["case"])["packing"]["requests"]
    assert shown[0]["reply"] == "By three"


def test_a_case_is_placed_and_walked(
    everybody: TestClient, work: Callable[[], int]
) -> None:
    made = everybody.post(f"{V1}/complaints", json={"text": "Broken"}).json()
    place = f"{V1}/cases/{made['case']}/place"
    wrong = everybody.post(place, json={"touchpoint": "door", "promise": "by-noon"})
    assert (wrong.status_code, wrong.json()["code"]) == (404, "unknown_promise")
    elsewhere = {"touchpoint": "door", "promise": "correct-bill"}
    assert everybody.post(place, json=elsewhere).json()["code"] == "promise_not_here"
    placed = everybody.post(place, json={"touchpoint": "door", "promise": "intact"})
    assert placed.json()["status"] == "tasks"
    work()
    assert set(tasks_of(everybody, made["case"])) == {"carrier", "packing"}
    assert everybody.post(place, json=elsewhere).status_code == 409


def test_no_text_of_any_body_may_hold_a_nul(
    everybody: TestClient, filed: Filed
) -> None:
    task = tasks_of(everybody, filed["case"])["packing"]["id"]
    for path, body in (
        (f"/cases/{filed['case']}/place", {"map": "a\0", "touchpoint": "b",
                                           "promise": "c"}),
        ("/cases/place", {"cases": ["\0"], "touchpoint": "b", "promise": "c"}),
        (f"/tasks/{task}/pass", {"to": "\0"}),
        (f"/tasks/{task}/requests", {"department": "\0", "what": "x"}),
        (f"/tasks/{task}/answer", proposals("pack\0")),
    ):  # fmt: skip
        refused = everybody.post(V1 + path, json=body)
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid")
        assert refused.json()["errors"][0]["pointer"].startswith("/")


def test_several_cases_are_placed_or_none(everybody: TestClient, filed: Filed) -> None:
    ids = [
        everybody.post(f"{V1}/complaints", json={"text": "Broken"}).json()["case"]
        for _ in range(2)
    ]
    concern = {"touchpoint": "door", "promise": "intact", "map": "order"}
    refused = everybody.post(
        f"{V1}/cases/place", json=concern | {"cases": [*ids, filed["case"]]}
    )
    assert (refused.status_code, refused.json()["code"]) == (
        409, "case_not_in_this_state",
    )  # fmt: skip
    waiting = everybody.get(f"{V1}/cases", params={"status": "to_place"}).json()
    assert len(waiting["data"]) == 2
    placed = act(everybody, "/cases/place", concern | {"cases": ids})
    assert {one["status"] for one in placed["data"]} == {"tasks"}


def test_a_question_comes_in_the_language_of_the_reader(
    everybody: TestClient, filed: Filed
) -> None:
    task = tasks_of(everybody, filed["case"])["packing"]["id"]
    said = {
        language: everybody.get(
            f"{V1}/tasks/{task}", headers={"Accept-Language": language}
        )
        for language in ("en", "ru", "uk", "fr, uk;q=0.5")
    }
    assert len({one.json()["question"] for one in said.values()}) == 3
    assert said["fr, uk;q=0.5"].headers["Content-Language"] == "uk"


def test_a_department_hands_a_task_back_and_is_asked_again(
    api: Callable[..., TestClient], everybody: TestClient, filed: Filed
) -> None:
    task = tasks_of(everybody, filed["case"])["stock"]
    stock, sales = (api("read", "act", department=one) for one in ("stock", "sales"))
    back, again = (
        f"/api/v1/tasks/{task['id']}/{act}" for act in ("return", "ask-again")
    )
    why = {"reason": "It never came to our warehouse."}

    assert task["returned_at"] is None
    assert sales.post(back, json=why).status_code == 403
    assert stock.post(back, json={"reason": " "}).status_code == 422
    returned = stock.post(back, json=why)
    assert returned.status_code == 200, returned.text
    assert returned.json()["returned_at"] is not None
    assert returned.json()["status"] == "open"
    assert stock.post(again, json=why).status_code == 403
    asked = everybody.post(again, json={"reason": "Only about the label."})
    assert asked.json()["returned_at"] is None
    assert everybody.post(again, json=why).json()["code"] == "not_returned"


def _agreed(
    everybody: TestClient, filed: Filed, work: Callable[[], int]
) -> dict[str, Any]:
    """Agree on a change at the step `pack`, first on one that its walk never passes."""
    case, tasks = filed["case"], tasks_of(everybody, filed["case"])
    for department, task in tasks.items():
        body = proposals("pack") if department == "packing" else NOTHING
        act(everybody, f"/tasks/{task['id']}/answer", body)
    work()
    act(everybody, f"/cases/{case}/review")
    wanted = {
        "task": tasks["packing"]["id"], "proposal": 1, "owner": "Olena",
        "due": "2099-01-15", "measure": "time_of_step", "expected": -0.2,
    }  # fmt: skip
    agreements = f"{V1}/cases/{case}/agreements"
    away = everybody.post(agreements, json=wanted | {"where": {"step": "bill"}})
    assert (away.status_code, away.json()["code"]) == (422, "step_not_on_walk")
    neither = everybody.post(agreements, json=wanted | {"where": {}})
    assert neither.status_code == 422
    return act(everybody, f"/cases/{case}/agreements", wanted)


def test_an_agreement_is_aimed_put_in_place_and_judged(
    everybody: TestClient, filed: Filed, work: Callable[[], int]
) -> None:
    agreed = _agreed(everybody, filed, work)
    assert (agreed["where"], agreed["prove_days"]) == ({"step": "pack"}, 30)
    path = f"{V1}/agreements/{agreed['id']}"
    edge = {"where": {"handover": ["pick", "pack"]}, "prove_orders": 60}
    aimed = everybody.put(f"{path}/aim", json=edge | {"measure": "wait_of_handover"})
    assert aimed.json()["where"] == {"handover": ["pick", "pack"]}
    outcome = f"/agreements/{agreed['id']}/outcome"
    to_come = everybody.post(
        f"{V1}{outcome}", json={"in_place": True, "on": "2099-01-01"}
    )
    assert (to_come.status_code, to_come.json()["code"]) == (422, "day_to_come")
    placed = act(everybody, outcome, {"in_place": True, "on": "2026-01-15"})
    assert (placed["in_place_on"], placed["backdated"]) == ("2026-01-15", True)
    early = everybody.post(f"{path}/judge")
    assert (early.status_code, early.json()["code"]) == (409, "still_proving")
    act(everybody, outcome, {"in_place": True, "prove_days": 30})
    shown = everybody.get(path).json()
    assert (shown["status"], shown["prove_orders"]) == ("in_place", None)


def test_a_case_is_open_until_its_changes_are_proven_or_given_up(
    everybody: TestClient, filed: Filed, work: Callable[[], int]
) -> None:
    agreed = _agreed(everybody, filed, work)
    path = f"{V1}/agreements/{agreed['id']}"
    outcome = f"/agreements/{agreed['id']}/outcome"
    act(everybody, outcome, {"in_place": True})
    act(everybody, f"/complaints/{filed['id']}/close", {"as": "withdrawn"})
    refused = everybody.post(f"{V1}/cases/{filed['case']}/close")
    assert (refused.status_code, refused.json()["code"]) == (409, "case_not_finished")
    why = {"given_up": True, "reason": "Another way is better"}
    both = everybody.post(f"{V1}{outcome}", json=why | {"on": "2026-01-15"})
    assert both.json()["code"] == "given_up_has_no_day"
    act(everybody, outcome, why)
    assert everybody.post(f"{path}/judge").json()["code"] == "not_proving"
    assert everybody.get(path).json()["status"] == "given_up"


def test_partners_do_not_read_who_a_customer_is_where_an_owner_is_typed(
    api: Callable[..., TestClient], everybody: TestClient, work: Callable[[], int]
) -> None:
    filed = everybody.post(
        f"{V1}/complaints",
        json={
            "text": "Late again.", "touchpoint": "door", "promise": "on-time",
            "customer": {"name": "Olena Marchenko"},
        },
    ).json()  # fmt: skip
    work()
    case = filed["case"]
    for department, task in tasks_of(everybody, case).items():
        body = proposals("pack") if department == "packing" else NOTHING
        act(everybody, f"/tasks/{task['id']}/answer", body)
    work()
    act(everybody, f"/cases/{case}/review")
    task = tasks_of(everybody, case)["packing"]["id"]
    wanted = {
        "task": task,
        "proposal": 1,
        "owner": "Mrs Marchenko",
        "due": "2099-01-15",
    }
    agreed = act(everybody, f"/cases/{case}/agreements", wanted)

    carrier = api("read", department="carrier")
    ours = everybody.get(f"{V1}/agreements/{agreed['id']}").json()
    theirs = carrier.get(f"{V1}/agreements/{agreed['id']}").json()
    assert ours["owner"] == "Mrs Marchenko"
    assert "Marchenko" not in theirs["owner"]
    assert {**theirs, "owner": ""} == {**ours, "owner": ""}
    assert "Marchenko" not in carrier.get(f"{V1}/cases/{case}").text
