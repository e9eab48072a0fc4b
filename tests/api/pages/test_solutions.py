"""Agreed changes on the page of a case: aimed, in place, proven, thanked for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from numpy.random import default_rng

from resolve.handling.proving import judge_all_due
from resolve.kit.clock import now
from resolve.kit.database import transaction
from resolve.solutions.judging import Measure
from resolve.solutions.models import Solution, SolutionStatus
from resolve.steptimes.rows import Timing, keyed
from resolve.steptimes.service import take
from tests.api.pages.conftest import House
from tests.builders import all_rows, answered
from tests.people import MAP

DAY = timedelta(days=1)


def log(house: House, *, shift: float, days: int = 60, until: int = 0) -> None:
    """Take in a log of four orders a day up to now, packed faster in its later half."""
    rng = default_rng(11)
    rows = []
    first = now() - (days + until) * DAY
    for number in range(days * 4):
        at = first + timedelta(days=number / 4)
        packing = 8 * rng.lognormal(0, 0.3)
        if number >= days * 2:
            packing *= 1 - shift
        for step, took in (("take-order", 2.0), ("pack", packing), ("deliver", 9.0)):
            ended = at + timedelta(hours=took)
            rows.append(Timing(f"{number}", step, ended, at))
            at = ended + timedelta(minutes=30)
    keys = list(keyed(rows, source="test", map_id=MAP, secret=b"s"))
    with transaction(house.database) as session:
        take(session, keys, map_id=MAP, source="test", who="w", at=now())


def reviewed(house: House) -> str:
    """Give a case in its review; the head of packing answered, others somehow."""
    case = house.filed().case_id
    for department, task in house.tasks(case).items():
        if department == "packing":
            path = f"/tasks/{task.id}/answer"
            words = "Pack before the truck is there"
            form = {"kind": "proposals", "change-1": words, "step-1": "pack"}
            sent = house.post("packing-head", path, **form)
            assert sent.status_code == 200
        else:
            answered(house.database, task, at=now())
    house.work()
    house.post("quality-manager", f"/cases/{case}/review")
    return case


AIM = {"measure": "time_of_step", "where": "step:pack", "expected": "20",
       "prove_days": "30", "prove_in": "days"}  # fmt: skip


def agree(house: House, case: str, **aim: str) -> Solution:
    task = house.tasks(case)["packing"]
    due = (now() + DAY).date().isoformat()
    owner = house.person("packing-head").id
    sent = house.post(
        "quality-manager", f"/cases/{case}/agreements",
        proposal=f"{task.id}:1", owner=owner, due=due, **aim,
    )  # fmt: skip
    assert sent.status_code == 200, sent.text
    return solution(house)


def solution(house: House) -> Solution:
    return all_rows(house.database, Solution)[-1]  # type: ignore[no-any-return]


def in_place(house: House, case: str, of: Solution, *, days_ago: int = 30) -> None:
    on = (now() - days_ago * DAY).date().isoformat()
    path = f"/cases/{case}/agreements/{of.id}/outcome"
    house.post("quality-manager", path, outcome="in_place", on=on)


def test_a_change_that_works_is_shown_and_thanked_for(house: House) -> None:
    case = reviewed(house)
    log(house, shift=0.3)
    manager, path = house.as_("quality-manager"), f"/cases/{case}"
    form = manager.read(path)
    assert "How will we see that it works?" in form
    of = agree(house, case, **AIM)
    assert (of.measure, of.step, of.expected) == (Measure.STEP, "pack", -0.2)
    page = manager.read(path)
    assert "Hoped for: 20 % shorter." in page
    assert "Once in place, the orders of 30 days show whether it works." in page
    in_place(house, case, of)
    page = house.as_("frontline").read(path)
    assert "that was noted later." in page
    assert "in place, being proven" in page
    judge_all_due(house.database, at=now())
    page = house.as_("stock-member").read(path)
    assert "All of this is better than before: it works." in page
    assert "It works. Thank you!" in page
    assert "Contributed by:" in page
    assert "Packing Head" in page
    assert "The orders showed that proposal 1 of" in page
    assert 'class="between"' in house.as_("stock-member").get(path).text


def test_a_change_that_does_not_work_is_back_in_the_review(house: House) -> None:
    case = reviewed(house)
    log(house, shift=0.0)
    manager, path = house.as_("quality-manager"), f"/cases/{case}"
    of = agree(house, case, **AIM)
    in_place(house, case, of)
    manager.fill(f"{path}/agreements/{of.id}/judge")
    assert solution(house).status == SolutionStatus.NOT_PROVEN
    page = manager.read(path)
    assert "it is not proven." in page
    kept = solution(house).verdict
    assert kept
    before, after = kept["orders"]
    assert f"Compared: {after} orders begun since " in page
    assert f", and {before} begun in as long a time before, each as it" in page
    assert "looks again with everybody at what is not proven" in page
    longer = f"{path}/agreements/{of.id}/longer"
    refused = manager.fill(longer, prove_days="many", prove_in="days", reason="?")
    assert refused.status_code == 422
    assert "Write a number: 1 to 730 days" in refused.text
    manager.fill(longer, prove_days="20", prove_in="days", reason="A week of holidays")
    page = manager.read(path)
    assert solution(house).status == SolutionStatus.IN_PLACE
    assert "A week of holidays" in page


def test_too_early_nothing_is_judged_and_it_may_be_given_up(house: House) -> None:
    case = reviewed(house)
    log(house, shift=0.0)
    manager, path = house.as_("quality-manager"), f"/cases/{case}"
    of = agree(house, case, **AIM)
    in_place(house, case, of, days_ago=3)
    early = manager.fill(f"{path}/agreements/{of.id}/judge")
    assert early.status_code == 422
    assert "It is too early to judge" in early.text
    away = f"{path}/agreements/{of.id}/give-up"
    assert manager.fill(away, reason=" ").status_code == 422
    manager.fill(away, reason="The new machine does the same")
    page = manager.read(path)
    assert "The new machine does the same" in page
    assert solution(house).status == SolutionStatus.GIVEN_UP


def test_by_orders_the_page_says_how_many_so_far(house: House) -> None:
    case = reviewed(house)
    log(house, shift=0.3, days=40)
    of = agree(house, case, **AIM | {"prove_days": "60", "prove_in": "orders"})
    in_place(house, case, of, days_ago=10)
    judge_all_due(house.database, at=now())
    page = house.as_("carrier-member").read(f"/cases/{case}")
    assert f"{solution(house).orders_so_far} of 60 orders so far" in page
    assert 35 <= (solution(house).orders_so_far or 0) <= 45


def test_too_few_orders_are_said_to_be_so(house: House) -> None:
    case = reviewed(house)
    log(house, shift=0.3, days=4, until=25)
    of = agree(house, case, **AIM)
    in_place(house, case, of, days_ago=31)
    judge_all_due(house.database, at=now())
    page = house.as_("quality-manager").read(f"/cases/{case}")
    assert "Too few orders to say:" in page
    assert "Prove it longer" in page
    assert solution(house).status == SolutionStatus.IN_PLACE


def test_nothing_is_to_be_proven_by_itself_where_no_order_has_times(
    house: House,
) -> None:
    case = reviewed(house)
    chosen = '<option value="time_of_step" selected>'
    path, manager = f"/cases/{case}", house.as_("quality-manager")
    assert "time_of_step" in manager.get(path).text
    assert chosen not in manager.get(path).text
    log(house, shift=0, days=2)
    assert chosen in manager.get(path).text
    assert "At least 20 orders before and 20 after" in manager.read(path)


def test_what_it_is_to_change_may_be_said_after_it_is_agreed(house: House) -> None:
    case = reviewed(house)
    manager, path = house.as_("quality-manager"), f"/cases/{case}"
    of = agree(house, case)
    assert of.measure is None
    assert "so that it can be proven" in manager.read(path)
    sent = {"measure": "wait_of_handover", "where": "step:pack", "prove_days": "30"}
    refused = manager.fill(f"{path}/agreements/{of.id}/aim", sent)
    assert refused.status_code == 422
    assert "“from → to” for a wait" in refused.text
    wait = sent | {"where": "handover:pick>pack", "expected": "33,5"}
    sent_again = manager.fill(f"{path}/agreements/{of.id}/aim", wait)
    assert sent_again.status_code == 200, sent_again.text
    assert (solution(house).from_step, solution(house).step) == ("pick", "pack")
    assert solution(house).expected == pytest.approx(-0.335)
    assert "It is to make the wait between" in manager.read(path)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"expected": "a lot"}, "Write a number above 0"),
        ({"expected": "200"}, "Write a number above 0"),
        ({"measure": ""}, "Say first what it is to change."),
        ({"prove_days": "0"}, "Write a number: 1 to 730"),
        ({"prove_days": "1e3"}, "Write a number: 1 to 730"),
        ({"where": "step:nowhere"}, "This place is not on the way"),
    ],
)
def test_what_does_not_go_together_is_said_beside_the_field(
    house: House, typed: dict[str, str], said: str
) -> None:
    case = reviewed(house)
    task = house.tasks(case)["packing"]
    refused = house.post(
        "quality-manager", f"/cases/{case}/agreements",
        proposal=f"{task.id}:1", owner="Ann", due="2099-01-01", **AIM | typed,
    )  # fmt: skip
    assert refused.status_code == 422
    assert said in refused.text
    assert not all_rows(house.database, Solution)


def test_a_day_to_come_is_refused_and_only_the_facilitator_acts(house: House) -> None:
    case = reviewed(house)
    of = agree(house, case, **AIM)
    path = f"/cases/{case}/agreements/{of.id}"
    form = {"outcome": "in_place", "on": "2099-01-01"}
    refused = house.post("quality-manager", f"{path}/outcome", **form)
    assert refused.status_code == 422
    assert "Choose today, or a day before." in refused.text
    for act in ("aim", "judge", "longer", "give-up"):
        assert house.post("packing-head", f"{path}/{act}").status_code == 403
        other = house.filed().case_id
        elsewhere = f"/cases/{other}/agreements/{of.id}/{act}"
        form = {"prove_days": "3", "prove_in": "days", "reason": "r"}
        assert house.post("quality-manager", elsewhere, **form).status_code == 404


def test_the_moment_of_the_verdict_is_in_utc(house: House) -> None:
    case = reviewed(house)
    log(house, shift=0.3)
    of = agree(house, case, **AIM)
    in_place(house, case, of)
    judge_all_due(house.database, at=now())
    judged = solution(house)
    assert judged.verdict is not None
    day = datetime.fromisoformat(judged.verdict["day"])
    assert day.tzinfo == UTC
