"""The note on wording in a real browser: while typing, on sending, and left alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from resolve.kit.clock import now
from resolve.kit.database import transaction
from resolve.reviews.service import open_review
from tests.api.pages.conftest import House
from tests.pages.addresses import ADDRESSES
from tests.pages.company import known, speak
from tests.pages.conftest import Seats
from tests.pages.seats import Room, Seat
from tests.pages.serving import Site

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


@pytest.mark.parametrize("place", ["", "/review"])
def test_on_sending_it_stands_by_the_button_and_while_typing_by_the_field(
    house: House, seat: Seats, place: str
) -> None:
    case_id = house.filed().case_id
    house.answered(case_id)
    with transaction(house.database) as session:
        open_review(session, case_id, who="person:quality-manager", at=now())
    page = seat("stock-member").open(f"/cases/{case_id}{place}")
    page.locator(TALK).fill("The dispatcher is incompetent.")
    page.locator(f"form:has({TALK}) button").first.press("Enter")

    expect(page.locator(f"{NOTE}:has([data-wording-send]) + button")).to_be_visible()

    page.locator(TALK).press_sequentially(" The dispatcher is useless.")
    expect(page.locator(f"{TALK} + {NOTE}")).to_be_visible()


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
    expect(page.locator(NOTE)).to_have_count(0)


def test_an_offer_that_was_used_can_be_undone_and_its_gap_is_typed_over(
    house: House, seat: Seats
) -> None:
    page = _talk(house, seat)
    text = "We load at six. Since 10.30 stock always sends it late."
    page.locator(TALK).press_sequentially(text)
    page.locator(f"{NOTE} [data-wording-use]").press("Enter")
    page.keyboard.type("a call at noon.")

    used = page.locator(TALK).input_value()
    assert used.startswith("We load at six. The hand-over from stock")
    assert used.endswith("what would help is a call at noon.")
    for _ in range(2):
        page.locator(TALK).press("Control+z")

    expect(page.locator(TALK)).to_have_value(text)


def test_what_was_left_is_not_said_again_while_typing_on_nor_on_sending(
    house: House, seat: Seats
) -> None:
    page = _talk(house, seat)
    page.locator(TALK).press_sequentially("Stock always sends it late")
    page.locator(f"{NOTE} [data-wording-leave]").press("Enter")
    with page.expect_response("**/wording"):
        page.keyboard.type(" on Fridays. We load at six.")
    page.locator(f"form:has({TALK}) button").first.press("Enter")

    expect(page.locator(TALK)).to_have_value("")


def test_an_offer_finds_its_sentence_where_it_stands_by_now(
    house: House, seat: Seats
) -> None:
    page = _talk(house, seat)
    page.locator(TALK).fill("Stock always sends it late.")
    page.locator(f"{NOTE} [data-wording-use]").wait_for()
    page.context.set_offline(True)
    page.locator(TALK).press("Home")
    page.keyboard.type("Dear all, good morning. ")
    page.locator(f"{NOTE} [data-wording-use]").press("Enter")

    typed = page.locator(TALK).input_value()
    assert typed.startswith("Dear all, good morning. The hand-over from stock")
    page.context.set_offline(False)


def test_a_note_on_words_that_are_gone_goes(house: House, seat: Seats) -> None:
    page = _talk(house, seat)
    page.locator(TALK).fill("Stock always sends it late.")
    page.locator(NOTE).wait_for()
    page.context.set_offline(True)
    page.locator(TALK).fill("Stock sends it at six.")

    expect(page.locator(NOTE)).to_have_count(0)
    page.context.set_offline(False)


def test_words_are_sent_where_nobody_can_look_at_them(
    house: House, seat: Seats
) -> None:
    page = _talk(house, seat)
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError()); }")
    page.locator(TALK).fill("Stock always sends it late.")
    page.locator(f"form:has({TALK}) button").first.press("Enter")

    expect(page.locator(TALK)).to_have_value("")
    expect(page.get_by_text("Stock always sends it late.")).to_be_visible()


def test_who_listens_is_told_the_offer_in_the_language_of_the_text(
    house: House, seat: Seats
) -> None:
    page = _talk(house, seat)
    page.locator(TALK).fill("Склад всегда отправляет с опозданием.")
    page.locator(NOTE).wait_for()

    told = page.locator("[role=status]", has_text="This may read")
    expect(told.locator("[lang=ru]")).to_contain_text("Передача со склада")
    note = page.get_by_role("group", name="This may read")
    expect(note.locator("q")).to_have_text("Склад всегда отправляет с опозданием.")
    expect(note.locator("q")).to_have_attribute("lang", "ru")


def test_two_fields_are_asked_about_with_one_button_to_send(
    house: House, seat: Seats
) -> None:
    tasks = house.tasks(house.filed().case_id)
    page = seat("carrier-head").open(f"/tasks/{tasks['carrier'].id}")
    for name in ("change-1", "effect-1"):
        page.locator(f"#{name}").fill("The dispatcher is incompetent.")
    page.locator("#answer-form .buttons .btn-primary").press("Enter")

    page.locator("#effect-1-wording").wait_for()
    expect(page.locator("[data-wording-send]")).to_have_count(1)


def test_one_more_proposal_begins_without_the_note_of_the_last_one(
    house: House, seat: Seats
) -> None:
    tasks = house.tasks(house.filed().case_id)
    page = seat("carrier-head").open(f"/tasks/{tasks['carrier'].id}")
    page.locator("#change-1").fill("The dispatcher is incompetent.")
    page.locator("#change-1-wording").wait_for()
    page.locator("[data-more]").press("Enter")

    expect(page.locator("#change-2")).to_be_focused()
    expect(page.locator("#change-2-wording")).to_have_count(0)


SENTENCES = {
    "en": "Stock always sends it late.",
    "ru": "Склад всегда отправляет с опозданием.",
    "uk": "Склад завжди відправляє із запізненням.",
}
WHERE = {
    "/tasks/{task}",
    "/tasks/together",
    "/requests",
    "/cases/{case}",
    "/cases/{case}/review",
    "/cases/{case}/division",
    "/handovers/{map_id}/{source}/{target}",
}
"""The pages on which people write to each other."""
FIELDS = {
    *("change-1", "effect-1", "observed", "need_what-1", "what", "text", "reason"),
    *("state", "accepted"),
}


@pytest.mark.parametrize("language", SENTENCES)
def test_every_field_in_which_people_write_to_each_other_notices_it(
    told: House, told_site: Site, browser: Browser, language: str
) -> None:
    speak(told, language)
    room, facts = Room(told, told_site, browser), known(told)
    seen: set[str] = set()
    for address in ADDRESSES:
        if address.route in WHERE:
            seat = room.seat(address.login(facts), language=language)
            seen |= _noticed(seat, address.example(facts), SENTENCES[language], seen)
    room.close()

    assert seen >= FIELDS
    assert "customer_says" not in seen  # the customer's own words, as far as known


def _noticed(seat: Seat, path: str, sentence: str, seen: set[str]) -> set[str]:
    """Type into every field of a page with a name not seen yet; give their names."""
    typed: dict[str, Locator] = {}
    page = seat.open(path)
    for field in page.locator("textarea[data-wording]").all():
        name = field.get_attribute("name") or ""
        if name in seen | {*typed}:
            continue
        typed[name] = field
        field.evaluate(
            "it => { for (let up = it.closest('details'); up;"
            " up = up.parentElement.closest('details')) up.open = true; }"
        )
        field.fill(sentence)
    for field in typed.values():
        note = page.locator(f"[id='{field.get_attribute('id')}-wording']")
        note.locator("[data-wording-leave]").wait_for()
    for field in typed.values():
        field.fill("")
    return {*typed}
