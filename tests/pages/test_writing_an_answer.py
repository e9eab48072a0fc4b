"""Writing an answer in a real browser: drafts while typing, two at once; by keys."""

from __future__ import annotations

from time import sleep

import pytest
from playwright.sync_api import expect

from resolve.tasks.models import Task
from tests.api.pages.conftest import House
from tests.pages.conftest import Seats
from tests.pages.seats import Seat

_LONG = 30_000  # what another process tells, on a busy machine


def _task(house: House) -> Task:
    """File a complaint and give a task of it; perhaps another worker hands it out."""
    case_id = house.filed().case_id
    for _ in range(100):
        if tasks := house.tasks(case_id):
            return tasks["stock"]
        sleep(0.1)
    pytest.fail("no task was handed out")


def _typed(somebody: Seat, task: Task, text: str) -> None:
    somebody.open(f"/tasks/{task.id}").get_by_label("The change").fill(text)


def test_what_is_typed_is_saved_by_itself_and_there_again(
    house: House, seat: Seats
) -> None:
    task, member = _task(house), seat("stock-member", width=360)
    _typed(member, task, "Pick in the order of promised days")

    expect(member.page.locator("#draft-note")).to_contain_text("Draft saved")

    page = member.open(f"/tasks/{task.id}")
    expect(page.get_by_label("The change")).to_have_value(
        "Pick in the order of promised days"
    )
    expect(page.locator("#draft-note")).to_contain_text("Draft of Stock Member")


def test_a_proposal_is_added_without_asking_the_server(
    house: House, seat: Seats
) -> None:
    task, member = _task(house), seat("stock-member")
    _typed(member, task, "One")

    member.page.get_by_role("button", name="Add another proposal").click()
    member.page.get_by_label("The change").nth(1).fill("Two")
    member.send("Send the answer")

    expect(member.page.get_by_role("status").first).to_contain_text("Your answer is in")
    expect(member.page.locator("#answer-part")).to_contain_text("2. Two")


def test_the_second_of_two_is_told_while_typing_and_puts_both_together(
    house: House, seat: Seats
) -> None:
    task, first, second = _task(house), seat("stock-champion"), seat("stock-member")
    second.open(f"/tasks/{task.id}")
    _typed(first, task, "From the champion")
    expect(first.page.locator("#draft-note")).to_contain_text("Draft saved")

    second.page.get_by_label("The change").fill("From the member")
    expect(second.page.locator("#draft-note")).to_contain_text("Nothing is lost")
    second.send("See both")
    expect(second.page.get_by_role("main")).to_contain_text("From the champion")
    second.send("Put both together")
    second.send("Send the answer")

    answer = second.page.locator("#answer-part")
    expect(answer).to_contain_text("From the champion")
    expect(answer).to_contain_text("From the member")
    # Who still writes is told by itself, and what they typed stays.
    state = first.page.locator("#state")
    expect(state).to_contain_text("Answered", timeout=_LONG)
    expect(first.page.get_by_label("The change")).to_have_value("From the champion")


def test_the_inbox_is_walked_through_and_chosen_from_by_keyboard(
    house: House, seat: Seats
) -> None:
    for _ in range(3):
        _task(house)
    member = seat("stock-member")
    page = member.open("/inbox")
    page.wait_for_timeout(2500)  # by now it is told what is new
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("x")
    assert page.locator(".task input:checked").count() == 2
    _task(house)  # news must not take the choice away
    page.wait_for_timeout(2500)
    assert page.locator(".task input:checked").count() == 2
    page.keyboard.press("x")
    page.keyboard.press("k")
    page.keyboard.press("x")
    expect(page.locator(".task")).to_have_count(4, timeout=_LONG)

    page.keyboard.press("j")
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Enter")
    assert member.path.startswith("/tasks/")


def test_a_list_that_is_open_stays_when_the_session_ended(
    house: House, seat: Seats
) -> None:
    _task(house)
    member = seat("stock-member")
    page = member.open("/inbox")
    expect(page.locator(".task")).to_have_count(1)
    member.context.clear_cookies()

    page.evaluate("document.body.dispatchEvent(new CustomEvent('news'))")
    page.wait_for_timeout(1500)
    expect(page.locator(".task")).to_have_count(1)
