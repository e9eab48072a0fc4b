"""HTML in any field stays text on every page, in every picture, for everybody."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import Browser

from resolve.kit.database import open_database
from tests.api.pages.conftest import House
from tests.pages.addresses import ADDRESSES
from tests.pages.company import known, speak, tell
from tests.pages.planting import SIGN, plant
from tests.pages.seats import Room, Seat
from tests.pages.serving import served

_GREW = f"""() => {{
  const grown = [];
  for (const one of document.querySelectorAll("*")) {{
    if (one.matches("script:not([src]), img[src='{SIGN}']")) grown.push(one.outerHTML);
    for (const {{name, value}} of one.attributes) {{
      if (name.startsWith("on") || name.includes("{SIGN}")) grown.push(one.outerHTML);
      if (/^\\s*javascript:/i.test(value)) grown.push(one.outerHTML);
    }}
  }}
  return grown.map((one) => one.slice(0, 200));
}}"""
_SHOWN = f"""() => document.documentElement.outerHTML.includes("{SIGN}")"""


@pytest.fixture(scope="module")
def planted(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """Give the company with something evil in every text."""
    file = tmp_path_factory.mktemp("planted") / "resolve.db"
    shutil.copy(sqlite_template, file)
    database = open_database(f"sqlite:///{file}")
    house = tell(database, file.parent)
    plant(house)
    speak(house, "en")
    yield house
    database.engine.dispose()


def test_nothing_that_people_wrote_becomes_part_of_a_page(
    planted: House, browser: Browser
) -> None:
    facts = known(planted)
    grown: list[str] = []
    shown = 0
    with served(planted.app) as site:
        room = Room(planted, site, browser)
        seats: dict[str | None, Seat] = {}
        for address in ADDRESSES:
            login = address.login(facts)
            seat = seats.get(login) or seats.setdefault(login, room.seat(login))
            page = seat.open(address.example(facts))
            grown += [f"{seat.path}: {one}" for one in page.evaluate(_GREW)]
            shown += page.evaluate(_SHOWN)
        room.close()  # nor did a browser have to refuse anything

    assert not grown, "\n".join(grown)
    assert shown > len(ADDRESSES) / 2, "it is hardly shown anywhere: what is tested?"


def test_nothing_that_people_wrote_becomes_part_of_a_picture(planted: House) -> None:
    facts = known(planted)
    manager = planted.as_("quality-manager")

    for path in ("/pictures/cases/{case}.svg", "/pictures/maps/order-to-delivery.svg"):
        answer = manager.get(path.format_map(facts))
        assert answer.status_code == 200, path
        drawn = ET.fromstring(answer.text)  # noqa: S314  drawn by us
        names = {one.tag.rpartition("}")[2].lower() for one in drawn.iter()}
        assert names.isdisjoint({"script", "img", "foreignobject"}), path
        assert not [
            name for one in drawn.iter() for name in one.attrib if name.startswith("on")
        ]
        assert SIGN in answer.text
