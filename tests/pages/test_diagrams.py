"""Process diagrams in a browser: what they open with, and how one goes on."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from resolve.kit.clock import now
from resolve.kit.database import transaction
from resolve.maps.service import publish
from tests.api.pages.conftest import House
from tests.pages.conftest import Seats
from tests.people import MAP_FILE, WHO

# What is asked of a picture as it stands on the screen.
_SEEN = """([box, selector]) => {
  const frame = box.querySelector(".diagram-frame").getBoundingClientRect();
  return [...box.querySelectorAll(selector)].map((one) => {
    const at = one.getBoundingClientRect();
    return {
      name: one.dataset.name,
      whole: at.left >= frame.left && at.right <= frame.right
        && at.top >= frame.top && at.bottom <= frame.bottom,
      cut: at.left < frame.right && at.right > frame.left
        && at.top < frame.bottom && at.bottom > frame.top,
    };
  });
}"""
_SMALLEST = """(box) => Math.min(...[...box.querySelectorAll("svg text")]
  .filter((one) => one.textContent.trim()).map((one) =>
  Number(one.getAttribute("font-size")) * one.getScreenCTM().a))"""


def drawn(page: Page) -> Any:
    """Give the diagram of a page once it is drawn."""
    expect(page.locator(".diagram-drawn svg").first).to_be_visible()
    return page.locator(".diagram").first


def seen(page: Page, selector: str) -> list[dict[str, Any]]:
    box = drawn(page).element_handle()
    return list(page.evaluate(_SEEN, [box, selector]))


def letters(page: Page) -> float:
    """Give the height of the smallest letters, in pixels."""
    return float(page.evaluate(_SMALLEST, drawn(page).element_handle()))


def nothing_lies_over_the_picture(page: Page) -> None:
    box = drawn(page)
    bar, frame, key = (
        box.locator(one).bounding_box()
        for one in (".diagram-bar", ".diagram-frame", ".diagram-key")
    )
    assert bar
    assert frame
    assert key
    assert bar["y"] + bar["height"] <= frame["y"] + 1
    assert frame["y"] + frame["height"] <= key["y"] + 1


@pytest.mark.parametrize("width", [1440, 360])
def test_a_case_opens_with_its_promise_and_the_customer_where_it_can_be_read(
    house: House, seat: Seats, width: int
) -> None:
    case = house.filed(touchpoint="door", promise="intact").case_id
    for path in (f"/cases/{case}", "/maps/order-to-delivery?about=door/intact"):
        page = seat("quality-manager", width=width).open(path)
        (touchpoint,) = seen(page, ".lit[data-name=touchpoint-door]")
        assert touchpoint["whole"]
        assert letters(page) >= 10.4
        nothing_lies_over_the_picture(page)
        if width > 1000:
            (customer,) = seen(page, "[data-name=customer]")
            assert customer["whole"]
            lit = seen(page, ".lit")
            assert sum(one["whole"] for one in lit) > 1
            assert not [one for one in lit if one["cut"] and not one["whole"]]


def test_a_department_opens_the_map_at_its_own_step(seat: Seats) -> None:
    page = seat("packing-head").open("/maps/order-to-delivery?department=packing")
    own = {one["name"]: one for one in seen(page, ".lit")}
    assert own["step-pack"]["whole"]
    assert letters(page) >= 10.4


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_legend_is_seen_without_moving_the_picture(seat: Seats, theme: str) -> None:
    page = seat("quality-manager", width=360, theme=theme).open(
        "/maps/order-to-delivery"
    )
    box = drawn(page)
    expect(box.locator(".diagram-key")).to_contain_text("dashed frame: a partner")
    expect(box.locator(".diagram-shade").last).to_be_visible()
    assert page.locator("html").get_attribute("data-bs-theme") == theme


def test_two_versions_open_at_the_first_change_and_lead_to_the_next(
    house: House, seat: Seats
) -> None:
    changed = MAP_FILE.read_text("utf-8")
    changed = changed.replace("en: Take the order", "en: Write the order down")
    changed = changed.replace("en: At the dealer", "en: At the dealer's")
    with transaction(house.database) as session:
        publish(session, changed.encode(), who=WHO, at=now())
    page = seat("quality-manager").open("/maps/order-to-delivery/compare?from=1&to=2")
    first, last = ".changed[data-name^=step-]", ".changed[data-name^=touchpoint-]"
    assert seen(page, first)[0]["whole"]
    assert not seen(page, last)[0]["whole"]
    place = page.locator(".diagram-place")
    expect(place).to_have_text("Change 1 of 2")

    page.get_by_role("button", name="The next change").click()
    expect(place).to_have_text("Change 2 of 2")
    assert seen(page, last)[0]["whole"]

    page.locator(".diagram-frame").focus()
    page.keyboard.press("p")
    expect(place).to_have_text("Change 1 of 2")
    assert seen(page, first)[0]["whole"]


@pytest.mark.parametrize("width", [1440, 360])
def test_the_picture_for_filing_is_dark_where_the_page_is_and_opens_at_a_touchpoint(
    seat: Seats, width: int
) -> None:
    page = seat("frontline", width=width, theme="dark").open("/file")
    page.locator("button[name=picture]").first.click()
    assert any(one["whole"] for one in seen(page, "[data-name^=touchpoint-]"))
    ground = page.locator(".diagram svg polygon").first
    assert ground.get_attribute("fill") == "#11161c"

    whole = next(
        one["name"] for one in seen(page, "[data-name^=touchpoint-]") if one["whole"]
    )
    page.locator(f"[data-name={whole}] a").click()
    expect(page.locator(".touchpoint.picked")).to_have_count(1)


def test_without_scripts_the_picture_for_filing_leads_to_the_promises(
    seat: Seats,
) -> None:
    page = seat("frontline", scripts=False).open("/file")
    page.locator("button[name=picture]").first.click()
    page.wait_for_load_state()
    touchpoint = page.locator(".chain svg [id^=touchpoint-] a").first
    expect(touchpoint).to_be_visible()
    named = touchpoint.get_attribute("xlink:href") or ""
    assert page.locator(f"[id='{named[1:]}']").count() == 1


def test_without_scripts_a_map_is_an_image_with_its_legend(seat: Seats) -> None:
    page = seat("quality-manager", scripts=False).open("/maps/order-to-delivery")
    still = page.locator(".diagram-still img")
    expect(still).to_be_visible()
    assert still.evaluate("one => one.naturalWidth") > 500
    expect(page.locator(".diagram-key")).to_contain_text("dashed frame: a partner")
