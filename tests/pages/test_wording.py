"""The note on wording in a real browser: while typing, on sending, and left alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.api.pages.conftest import House
from tests.pages.conftest import Seats

TALK = "#say-text"
NOTE = "#say-text-wording"


def _talk(house: House, seat: Seats, login: str = "stock-member") -> Page:
    case_id = house.filed().case_id
    return seat(login).open(f"/cases/{case_id}")


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("Stock always sends it late.", "The hand-over from stock"),
        ("Склад всегда отправляет с опозданием.", "Передача со склада"),
        ("Склад завжди відправляє із запізненням.", "Передача зі складу"),
    ],
)
def test_a_pause_in_typing_brings_an_offer_that_can_be_used(
    house: House, seat: Seats, text: str, offered: str
) -> None:
    page = _talk(house, seat)
    page.locator(TALK).press_sequentially(f"👍 We load at six. {text} Thank you.")

    page.locator(NOTE).get_by_text(offered).wait_for()
    page.locator(f"{NOTE} [data-wording-use]").press("Enter")

    typed = page.locator(TALK).input_value()
    assert typed.startswith(f"👍 We load at six. {offered}")
    assert typed.endswith("... Thank you.")


def test_on_sending_it_is_said_once_and_sent_as_it_is(
    house: House, seat: Seats
) -> None:
    page = _talk(house, seat)
    page.locator(TALK).fill("The dispatcher is incompetent.")
    page.locator(f"form:has({TALK}) button").first.press("Enter")

    expect(page.locator(f"{NOTE} [data-wording-send]")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator(TALK)).to_have_value("")
    expect(page.get_by_text("The dispatcher is incompetent.")).to_be_visible()


def test_plain_words_are_sent_at_once(house: House, seat: Seats) -> None:
    page = _talk(house, seat)
    page.locator(TALK).fill("We load at six.")
    page.locator(f"form:has({TALK}) button").first.press("Enter")

    expect(page.get_by_text("We load at six.")).to_be_visible()
    expect(page.locator(TALK)).to_have_value("")


def test_the_note_is_read_by_everybody(house: House, seat: Seats) -> None:
    case_id = house.filed().case_id
    somebody = seat("stock-member", width=360)
    page = somebody.open(f"/cases/{case_id}")
    page.locator(TALK).fill("Stock always sends it late. The dispatcher is useless.")

    page.locator(f"{NOTE} [data-wording-leave]").wait_for()

    assert somebody.barriers() == []
    page.locator(f"{NOTE} [data-wording-leave]").press("Enter")
    expect(page.locator(NOTE)).to_be_empty()
