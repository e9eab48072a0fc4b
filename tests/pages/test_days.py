"""A day of every role, in front of real browsers, in any language and width.

The gate walks one of them; `RESOLVE_TEST_DAYS=all` walks all. Nothing here is found by
its words, which other tests read, but by what it leads to.
"""

from __future__ import annotations

import os
import re
from datetime import timedelta
from itertools import product
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Error, Locator, Page, expect

from resolve.kit.clock import now
from resolve.kit.language import LANGUAGES
from tests.api.pages.conftest import House
from tests.pages.company import speak
from tests.pages.conftest import Seats
from tests.pages.seats import Seat

pytestmark = pytest.mark.timeout(900)
DAYS = tuple(product(LANGUAGES, (360, 1440)))
if os.environ.get("RESOLVE_TEST_DAYS") != "all":
    DAYS = (("uk", 360),)
COMPLAINS = {
    "en": "The glass of the shelf came broken, and the box was wet.",
    "ru": "Стекло полки пришло разбитым, а коробка была мокрой.",
    "uk": "Скло полиці прийшло розбитим, а коробка була мокра.",
}
"""In words of each language: the page that tells how it goes on speaks it."""
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c636000000002000148afa4710000000049454e44ae426082"
)


@pytest.fixture(params=DAYS, ids=lambda day: f"{day[0]}-{day[1]}")
def day(house: House, seat: Seats, request: pytest.FixtureRequest) -> Day:
    """Give a day in one language, in front of screens of one width."""
    language, width = request.param
    speak(house, language)
    return Day(house, seat, language, width)


class Day:
    """People at work, each in front of one browser for the whole day."""

    def __init__(self, house: House, seat: Seats, language: str, width: int) -> None:
        self.house = house
        self._seat, self.language, self._width = seat, language, width
        self._seats: dict[str, Seat] = {}

    def at(self, who: str, path: str = "") -> Page:
        """Give the page of somebody, opened at this address; it must be in order."""
        if who not in self._seats:
            login = None if who == "customer" else who
            self._seats[who] = self._seat(
                login, width=self._width, language=self.language
            )
        seat = self._seats[who]
        if path:
            seat.open(path)
        self.look(who)
        return seat.page

    def look(self, who: str) -> None:
        """See that the page speaks the language and nothing of it is missing."""
        seat = self._seats[who]
        expect(seat.page.locator("html")).to_have_attribute("lang", self.language)
        assert not seat.oddities()

    def press(self, who: str, button: Locator) -> Page:
        """Press what leads on, opening what it is folded into; look at what comes."""
        page = self._seats[who].page
        before = page.url
        shown(button)
        try:
            with page.expect_navigation(wait_until="load"):
                button.click()
        except Error:
            # What is new above moved the button away from under the finger.
            assert page.url == before
            with page.expect_navigation(wait_until="load"):
                button.click()
        self.look(who)
        return page


def shown(one: Locator) -> Locator:
    """Open the parts that this is folded into."""
    one.evaluate(
        "it => { for (let up = it.closest('details'); up;"
        " up = up.parentElement.closest('details')) up.open = true; }"
    )
    one.scroll_into_view_if_needed()
    return one


def test_a_complaint_from_the_first_word_to_the_last(day: Day) -> None:
    link = _the_customer_complains(day)
    case = _the_quality_manager_places_it(day)
    _the_frontline_files_another(day)
    _a_head_answers(day, case)
    _a_neighbour_replies(day)
    _a_partner_sees_all_but_who_it_was(day, case)
    _the_review_agrees(day, case)
    _the_customer_is_content(day, link)
    _the_case_ends(day, case)


def test_maps_and_figures_of_the_quality_manager(day: Day) -> None:
    who = "quality-manager"
    day.house.filed(touchpoint="door", promise="intact")
    for path in ("/", "/board", "/board/cases", "/board/work", "/board/monitoring"):
        day.at(who, path)
    page = day.at(who, "/maps")
    shown(page.locator("a[href^='/maps/order-to-delivery']").first).click()
    expect(page.locator(".diagram svg").first).to_be_visible()
    begin = page.locator("form[action='/maps/drafts']:has([name=version]) button")
    day.press(who, begin.first)
    source = page.locator("textarea[name=source]")
    source.fill(source.input_value().replace("time: PT6H", "time: PT5H", 1))
    day.press(who, page.locator("button[name=next][value=publish]"))
    page.locator("[name=reason]").fill("PT6H → PT5H")
    day.press(who, page.locator("form[action$='/publish'] button").first)
    assert urlsplit(page.url).path == "/maps/order-to-delivery"
    day.at(who, "/maps/order-to-delivery/compare")


def test_people_departments_and_keys_of_the_administrator(day: Day) -> None:
    who = "administrator"
    page = day.at(who, "/admin/people/new")
    page.locator("[name=login]").fill("iryna")
    page.locator("[name=name]").fill("Ірина Ткач")
    page.locator("[name=email]").fill("iryna@company.example")
    day.press(who, page.locator("form[action='/admin/people/new'] button").last)
    link = re.search(r"/link/[\w.-]+", page.locator("#secret").inner_text())
    assert link
    day.at("customer", link.group())  # where the password is chosen
    day.press(who, page.locator("main a[href^='/admin/people/']").first)
    posts = page.locator("form[action$='/posts']")
    posts.locator("select").first.select_option("stock")
    day.press(who, posts.locator("button").first)
    page = day.at(who, "/admin/departments/stock")
    page.locator("[name=email]").first.fill("stock@company.example")
    day.press(who, page.locator("form[action='/admin/departments/stock'] button").last)
    page = day.at(who, "/admin/keys")
    page.locator("form[action='/admin/keys'] [name=name]").fill("web-shop")
    page.locator("form[action='/admin/keys'] [name=scope]").first.check()
    day.press(who, page.locator("form[action='/admin/keys'] button").last)
    page = day.at(who, "/admin/journal")
    day.press(who, page.locator("form[action$='/verify'] button"))
    for path in ("/admin", "/admin/events", "/admin/calendars", "/mail"):
        day.at(who, path)


# --------------------------------------------------------------- what people do


def _the_customer_complains(day: Day) -> str:
    """Complain without an account, with a photograph; give the private link."""
    page = day.at("customer", "/how-to-complain")
    page = day.at("customer", "/complain")
    page.locator("#text").fill(COMPLAINS[day.language])
    page.locator("#email").fill("olena@mail.example")
    page.locator("input[type=file]").set_input_files(
        {"name": "glass.png", "mimeType": "image/png", "buffer": PNG}
    )
    day.press("customer", page.locator("form[action='/complain'] .btn-primary"))
    path = urlsplit(page.url).path
    assert path.startswith("/track/")
    return path


def _the_quality_manager_places_it(day: Day) -> str:
    """Find the new complaint on the board and say what it is about; give its case."""
    who = "quality-manager"
    page = day.at(who, "/board/place")
    link = page.locator("main a[href^='/cases/']").first.get_attribute("href") or ""
    case = link.removeprefix("/cases/").partition("?")[0]
    page = day.at(who, f"/cases/{case}")
    values = [
        one.get_attribute("value") or "" for one in page.locator("#place option").all()
    ]
    about = next(one for one in values if "door" in one and "intact" in one)
    shown(page.locator("#place select")).select_option(about)
    day.press(who, page.locator("#place button"))
    day.house.work()
    return case


def _the_frontline_files_another(day: Day) -> None:
    who = "frontline"
    page = day.at(who, "/file")
    page.locator("#text").fill("Двері шафи подряпані. The door is scratched.")
    where = page.locator("input[name=where][value*='door'][value*='intact']")
    shown(where).check()
    page.locator("#name").fill("Марина Соколова")
    day.press(who, page.locator("button[name=go]"))
    assert "/file/done/" in page.url
    day.press(who, page.locator("main a[href^='/cases/']").first)


def _a_head_answers(day: Day, case: str) -> None:
    """Ask a neighbour, then answer, then say something to everybody."""
    who = "packing-head"
    page = day.at(who, "/inbox")
    task = day.house.tasks(case)["packing"].id
    page = day.at(who, f"/tasks/{task}")
    page.locator("#change-1").fill("Two layers of foam. Два шари піни.")
    ask = page.locator("[formaction$='/request']")
    shown(page.locator("[name=what]")).fill("Keep glass upright. Скло лише стоячи.")
    day.press(who, ask)
    expect(page.locator("#change-1")).to_have_value(re.compile("Two layers"))
    day.press(who, page.locator("#answer-form .buttons .btn-primary"))
    expect(page.locator("#answer-part")).to_contain_text("Two layers of foam")
    page = day.at(who, f"/cases/{case}")
    page.locator("#say textarea").fill("Скло їде стоячи. Glass goes upright.")
    page.locator("#say .btn-primary").first.click()
    expect(page.locator("#talk-part")).to_contain_text("Glass goes upright.")
    day.at(who, "/absence")
    day.at(who, "/last-touch")


def _a_neighbour_replies(day: Day) -> None:
    for who in ("stock-head", "carrier-head"):
        page = day.at(who, "/requests")
        accept = page.locator("form[action$='/reply'] [name=accept]")
        if accept.count():
            day.press(who, accept.first)
            return
    pytest.fail("nobody was asked")


def _a_partner_sees_all_but_who_it_was(day: Day, case: str) -> None:
    who = "carrier-head"
    page = day.at(who, f"/cases/{case}")
    expect(page.locator("main")).to_contain_text("Two layers of foam")
    assert "olena@mail.example" not in page.content()
    page = day.at(who, f"/tasks/{day.house.tasks(case)['carrier'].id}")
    page.locator("#change-1").fill("Везти скло стоячи.")
    day.press(who, page.locator("#answer-form .buttons .btn-primary"))
    day.house.answered(case, "stock")


def _the_review_agrees(day: Day, case: str) -> None:
    who = "quality-manager"
    page = day.at(who, f"/cases/{case}")
    day.press(who, page.locator(f"form[action='/cases/{case}/review'] button"))
    day.at(who, f"/cases/{case}/times")
    page = day.at(who, f"/cases/{case}")
    form = page.locator("form[action$='/agreements']").first
    owner = form.locator("[name=owner_name]")
    shown(owner).fill("Packing Head")
    soon = now().date() + timedelta(days=7)
    form.locator("[name=due]").fill(soon.isoformat())
    day.press(who, form.locator("button.btn-primary"))
    expect(page.locator("[id^='solution-']").first).to_be_visible()
    answer = page.locator("form[action$='/answer']").first
    shown(answer.locator("[name=text]")).fill("Нове скло вже в дорозі.")
    day.press(who, answer.locator("button").last)


def _the_customer_is_content(day: Day, link: str) -> None:
    page = day.at("customer", link)
    expect(page.locator("main")).to_contain_text("Нове скло вже в дорозі.")
    day.press("customer", page.locator("form[action$='/accept'] button"))
    expect(page.locator("form[action$='/accept']")).to_have_count(0)


def _the_case_ends(day: Day, case: str) -> None:
    who = "quality-manager"
    page = day.at(who, f"/cases/{case}")
    outcome = page.locator("form[action$='/outcome']").first
    shown(outcome.locator("select[name=outcome]")).select_option("in_place")
    day.press(who, outcome.locator("button").last)
    day.press(who, page.locator(f"form[action='/cases/{case}/close'] button"))
    expect(page.locator("#say, form[action$='/review']")).not_to_have_count(2)
    day.at(who, f"/cases/{case}/story")
    day.at(who, "/search?q=glass")
