"""Stories of a day, told by people in front of real browsers."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from resolve.access.people import PersonChange, change_person
from resolve.kit.clock import now
from resolve.kit.database import transaction
from tests.api.pages.conftest import House
from tests.pages.conftest import Seats
from tests.pages.seats import Seat

WORDS = "Стекло треснуло. The box was whole, the glass was not - and nobody called."
# One head for each language, with the words of the button that sends an answer.
HEADS = {
    "packing-head": ("en", "Send the answer", "Two layers of foam in each corner"),
    "stock-head": ("ru", "Отправить ответ", "Осматривать стекло, когда берём с полки"),
    "carrier-head": ("uk", "Надіслати відповідь", "Везти скло лише стоячи"),
}
pytestmark = pytest.mark.timeout(900)


def test_from_the_first_word_to_the_end_in_three_languages(
    house: House, seat: Seats
) -> None:
    _speaking(house)
    case = _file(seat("frontline"))
    manager = seat("quality-manager")
    looking_on = manager.open(f"/cases/{case}")

    for login, (language, button, change) in HEADS.items():
        head = seat(login, width=360)
        page = head.open("/inbox")
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator(".task .words").first).to_contain_text("the glass was not")
        page.locator(".task h2 a").first.click()
        page.locator("#change-1").fill(change)
        head.send(button)
        expect(page.locator("#answer-part")).to_contain_text(change)

    # Nobody touched this page: what is new is shown, or offered, by itself.
    expect(looking_on.get_by_role("main")).to_contain_text("Two layers of foam")
    manager.open(f"/cases/{case}")
    for _, _, change in HEADS.values():
        expect(looking_on.get_by_role("main")).to_contain_text(change)
    _to_the_end(manager, case)


def test_a_map_is_written_seen_and_published(seat: Seats) -> None:
    manager = seat("quality-manager")
    page = manager.open("/maps/order-to-delivery")
    manager.send("Begin a draft with version 1")
    source = page.get_by_label("The map", exact=True)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Draft")

    written = source.input_value()
    source.fill(written.replace("time: PT6H", "time: never", 1))
    manager.send("Save and publish …")
    expect(page.get_by_role("main")).to_contain_text("never")
    source.fill(written.replace("time: PT6H", "time: PT5H", 1))
    manager.send("Save and publish …")
    page.get_by_label("What changes, and why").fill("An hour less on the shelf")
    manager.send("Publish")

    manager.open("/maps/order-to-delivery")
    expect(page.get_by_role("main")).to_contain_text("An hour less on the shelf")
    head = seat("stock-head").open("/maps/order-to-delivery")
    expect(head.locator(".diagram svg").first).to_be_visible()


def test_a_substitute_answers_while_the_head_is_away(house: House, seat: Seats) -> None:
    case = house.filed(touchpoint="door", promise="intact").case_id
    away = seat("packing-head")
    page = away.open("/absence")
    page.get_by_label("First day away").fill(f"{now().date() - timedelta(days=1)}")
    page.get_by_label("Last day away").fill(f"{now().date() + timedelta(days=7)}")
    page.get_by_label("Who stands in").select_option(label="Invoicing Head")
    page.locator("form[action='/absence'] button").click()
    expect(page.get_by_role("main")).to_contain_text("Invoicing Head stands in")

    substitute = seat("invoicing-head")
    page = substitute.open("/inbox")
    page.locator(".task h2 a").first.click()
    page.locator("#change-1").fill("Two layers of foam")
    substitute.send("Send the answer")

    expect(page.locator("#answer-part")).to_contain_text("Two layers of foam")
    assert house.tasks(case)["packing"].status == "answered"


def test_a_customer_complains_and_follows_it_without_an_account(seat: Seats) -> None:
    customer = seat(language="uk", width=360)
    page = customer.open("/complain")
    page.locator("#text").fill("Скло тріснуло, і ніхто не подзвонив <i>вчасно</i>.")
    page.locator("#email").fill("olena@mail.example")
    page.locator("form[action='/complain'] button.btn-primary").click()
    page.wait_for_url("**/track/**")
    link = customer.path
    expect(page.locator("html")).to_have_attribute("lang", "uk")
    expect(page.get_by_role("main")).to_contain_text("не подзвонив <i>вчасно</i>")
    assert "no-referrer" in _policy(page)

    manager = seat("quality-manager")
    case = _newest_case(manager)
    _place(manager, case)
    _answer_customer(manager, case, "Нове скло вже в дорозі.")

    customer.open(link)
    expect(page.get_by_role("main")).to_contain_text("Нове скло вже в дорозі.")
    page.locator("form[action$='/accept'] button").click()
    expect(page.locator("form[action$='/accept']")).to_have_count(0)


def test_a_task_is_answered_without_the_mouse(house: House, seat: Seats) -> None:
    case = house.filed(touchpoint="door", promise="intact").case_id
    house.password("packing-head")
    head = seat()
    page = head.open("/sign-in?next=/inbox")
    press = page.keyboard.press

    page.keyboard.type("packing-head")  # the first field is where one begins
    press("Tab")
    page.keyboard.type(house.password("packing-head"))
    press("Enter")
    page.wait_for_url(lambda url: urlsplit(url).path == "/inbox")
    _tab_to(page, ".task h2 a")
    press("Enter")
    page.wait_for_url(lambda url: urlsplit(url).path.startswith("/tasks/"))
    _tab_to(page, "#change-1")
    page.keyboard.type("Two layers of foam in each corner")
    _tab_to(page, "#answer-form .buttons .btn-primary")
    press("Enter")

    expect(page.locator("#answer-form")).to_have_count(0)
    expect(page.locator("#answer-part")).to_contain_text("Two layers of foam")
    assert house.tasks(case)["packing"].status == "answered"


def test_every_task_can_be_done_without_scripts(house: House, seat: Seats) -> None:
    case = _file(seat("frontline", scripts=False))
    head = seat("packing-head", scripts=False)
    page = head.open("/inbox")
    page.locator(".task h2 a").first.click()
    page.locator("#change-1").fill("Two layers of foam")
    head.send("Send the answer")
    expect(page.locator("#answer-part")).to_contain_text("Two layers of foam")
    house.answered(case, "stock", "carrier")

    _to_the_end(seat("quality-manager", scripts=False), case)


def test_what_was_typed_into_a_task_survives_the_end_of_the_sign_in(
    house: House, seat: Seats
) -> None:
    case = house.filed(touchpoint="door", promise="intact").case_id
    task = house.tasks(case)["packing"].id
    password = house.password("packing-head")
    head = seat("packing-head", scripts=False)
    page = head.open(f"/tasks/{task}")
    typed = "Two layers of foam,\nfirst line and second, <b>\"&'"
    page.locator("#change-1").fill(typed)
    house.as_("packing-head").fill("/sign-out")

    head.send("Send the answer")
    page.get_by_label("Login or e-mail").fill("packing-head")
    page.get_by_label("Password").fill(password)
    head.send("Sign in")
    head.send("Send it")

    expect(page.locator("#answer-part")).to_contain_text("first line and second, <b>")


# ------------------------------------------------------------------ what people do


def _speaking(house: House) -> None:
    with transaction(house.database) as session:
        for login, (language, _, _) in HEADS.items():
            change_person(
                session, house.person(login).id, PersonChange(language=language),
                who="a test", at=now(),
            )  # fmt: skip


def _file(frontline: Seat) -> str:
    """File a complaint about what did not arrive whole; give its case."""
    page = frontline.open("/file")
    page.locator("#text").fill(WORDS)
    page.locator("input[name=where][value*='door'][value*='intact']").check()
    page.locator("#name").fill("Марина Соколова")
    page.locator("button[name=go]").click()
    page.wait_for_url("**/file/done/*")
    link = page.locator("a[href^='/cases/']").first.get_attribute("href")
    assert link
    return link.removeprefix("/cases/")


def _newest_case(manager: Seat) -> str:
    page = manager.open("/cases")
    link = page.get_by_role("main").locator("a[href^='/cases/']").first
    return str(link.get_attribute("href")).removeprefix("/cases/").partition("?")[0]


def _place(manager: Seat, case: str) -> None:
    page = manager.open(f"/cases/{case}")
    options = page.locator("#place select option")
    values = [one.get_attribute("value") or "" for one in options.all()]
    about = next(one for one in values if "door" in one and "intact" in one)
    page.locator("#place select").select_option(about)
    manager.send("Place the case")


def _answer_customer(manager: Seat, case: str, words: str) -> None:
    page = manager.open(f"/cases/{case}")
    page.locator("summary", has_text="Answer the customer").click()
    page.get_by_label("What you write to the customer").fill(words)
    page.locator("form[action$='/answer'] button").click()
    expect(page.get_by_role("main")).to_contain_text(words)


def _to_the_end(manager: Seat, case: str) -> None:
    """Review, agree, answer, note what became of it, close."""
    page = manager.open(f"/cases/{case}")
    manager.send("Open the joint review")
    assert manager.path == f"/cases/{case}/review"
    manager.open(f"/cases/{case}")
    page.locator("summary", has_text="Agree on this").first.click()
    form = page.locator("form[action$='/agreements']").first
    form.get_by_label("Or somebody else, by name").fill("Packing Head")
    form.get_by_role("button", name="Agree", exact=True).click()
    expect(page.locator("[id^='solution-']").first).to_be_visible()
    _answer_customer(manager, case, "A new glass is on its way.")
    page.locator("summary", has_text="Note how it ended").click()
    page.get_by_label("How it ended for the customer").select_option("accepted")
    manager.send("Close this complaint")
    page.locator("summary", has_text="Note what became of it").first.click()
    page.get_by_label("What became of it").first.select_option("in_place")
    manager.send("Note it")
    manager.send("Close the case")
    expect(page.get_by_role("main")).to_contain_text("The case is closed.")


def _tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is there; it must be visible."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement?.matches(s)", selector):
            expect(page.locator(":focus")).to_be_in_viewport()
            return
    pytest.fail(f"Tab never leads to {selector} on {page.url}")


def _policy(page: Page) -> str:
    answer = page.request.get(page.url)
    return answer.headers.get("referrer-policy", "")
