"""Every page, in every language, wide and narrow, light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser

from tests.api.pages.conftest import House
from tests.pages.addresses import ADDRESSES, Address, Known
from tests.pages.company import known, speak
from tests.pages.seats import Room, Seat
from tests.pages.serving import Site

# Each language once, so that every width and theme is seen by axe.
LOOKS: dict[str, tuple[int, Literal["light", "dark"]]] = {
    "en": (1440, "light"),
    "ru": (360, "dark"),
    "uk": (360, "light"),
}


@pytest.fixture(params=LOOKS)
def look(
    told: House, told_site: Site, browser: Browser, request: pytest.FixtureRequest
) -> Iterator[Look]:
    """Give everybody's seats, in one language, width and theme."""
    language: str = request.param
    speak(told, language)
    room = Room(told, told_site, browser)
    yield Look(room, language, known(told))
    room.close()


class Look:
    """Everybody in front of a browser of one width and theme, in one language."""

    def __init__(self, room: Room, language: str, facts: Known) -> None:
        self._room = room
        self.language = language
        self.facts = facts
        self._seats: dict[str | None, Seat] = {}

    def at(self, address: Address) -> Seat:
        """Give the seat of who looks at this page, in front of it."""
        login = address.login(self.facts)
        if login not in self._seats:
            width, theme = LOOKS[self.language]
            self._seats[login] = self._room.seat(
                login, width=width, theme=theme, language=self.language
            )
        self._seats[login].open(address.example(self.facts))
        return self._seats[login]


def test_every_page_is_whole_and_shuts_nobody_out(look: Look) -> None:
    """One heading, a title, a language, labels; nothing sticks out; axe is content."""
    wrong = []
    for address in ADDRESSES:
        seat = look.at(address)
        if seat.status != 200:
            wrong.append(f"{address.route}: {seat.status}")
            continue
        lang = seat.page.locator("html").get_attribute("lang")
        if lang != address.language(look.facts, look.language):
            wrong.append(f"{seat.path} speaks {lang}")
        wrong += seat.oddities()
        wrong += [f"{seat.path}: {barrier}" for barrier in seat.barriers()]

    assert not wrong, "\n".join(wrong)
