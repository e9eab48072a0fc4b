"""The quiet note under a field: what was noticed, what is offered, how to be left."""

from __future__ import annotations

import pytest

from tests.api.pages.conftest import House, words


@pytest.mark.parametrize(
    "text",
    [
        "Stock always sends it late.",
        "Склад всегда отправляет с опозданием.",
        "Склад завжди відправляє із запізненням.",
    ],
)
def test_what_was_noticed_is_shown_with_what_is_offered(
    house: House, text: str
) -> None:
    shown = house.as_("carrier-head").fill("/wording", text=text).text

    assert "data-wording-use" in shown
    assert "data-wording-send" not in shown


def test_on_sending_the_note_says_how_to_send_as_it_is(house: House) -> None:
    head = house.as_("carrier-head")

    shown = head.fill("/wording", text="Stock always sends it late.", sending="yes")

    assert "data-wording-send" in shown.text


def test_each_button_of_the_note_says_what_it_does(house: House) -> None:
    writer = house.as_("quality-manager")
    text = "Stock always sends it late."

    typing = words(writer.fill("/wording", text=text).text)
    sending = words(writer.fill("/wording", text=text, sending="yes").text)

    assert "Hide this note" in typing
    assert "Send as it is Back to my text" in sending


def test_plain_work_gets_no_note(house: House) -> None:
    shown = house.as_("carrier-head").fill("/wording", text="We load at six.")

    assert shown.text.strip() == ""


def test_what_people_wrote_is_shown_as_text(house: House) -> None:
    text = "The <b>dispatcher</b> is incompetent."

    shown = house.as_("carrier-head").fill("/wording", text=text).text

    assert "<b>" not in shown


def test_who_is_not_signed_in_is_not_answered(house: House) -> None:
    answer = house.browser().fill("/wording", text="Stock always sends it late.")

    assert "data-wording-use" not in answer.text


def test_it_can_be_switched_off_on_the_account_page(house: House) -> None:
    head = house.as_("carrier-head")
    assert "wording.js" in head.get("/account").text

    head.fill("/account", name="Somebody", theme="auto")  # the box is not ticked

    assert "wording.js" not in head.get("/account").text
    assert head.fill("/wording", text="Stock always sends it late.").text.strip() == ""
    head.fill("/account", name="Somebody", theme="auto", wording_help="on")
    assert "wording.js" in head.get("/account").text


def test_no_field_of_the_customers_own_words_is_looked_at(house: House) -> None:
    filer = house.as_("carrier-head")

    for path in ("/complain", "/file"):
        assert "data-wording" not in filer.get(path).text
