"""The inbox in a real browser: what it may be narrowed to can be read and found."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.api.pages.conftest import House
from tests.pages.conftest import Seats

_LONGEST = """it => {
  const shown = it.getBoundingClientRect().width;
  it.style.width = "max-content";
  return it.getBoundingClientRect().width - shown;
}"""


@pytest.mark.parametrize("language", ["en", "ru", "uk"])
def test_no_choice_is_cut_where_there_is_room(
    house: House, seat: Seats, language: str
) -> None:
    house.post("quality-manager", "/account", name="Q", language=language, theme="auto")
    page = seat("quality-manager", width=1440).open("/inbox")
    for choice in page.locator(".filters select").all():
        assert choice.evaluate(_LONGEST) <= 1, choice.get_attribute("name")


def test_the_search_is_there_on_a_phone(house: House, seat: Seats) -> None:
    house.filed()
    page = seat("stock-member", width=360).open("/inbox")
    page.locator(".choosing > summary").click()
    expect(page.locator("#q")).to_be_visible()
