"""The page of waits: the same for both sides of a hand-over, in three languages."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from resolve.kit.clock import now
from resolve.steptimes.rows import Timing
from tests.api.pages.conftest import House, words
from tests.builders import published
from tests.people import MAP, MAP_FILE
from tests.resolve.steptimes.orders import took

HERE = f"/maps/{MAP}/waits"
BARS = re.compile(r'(?s)<svg class="bar".*?</svg>')


@pytest.fixture
def waiting(house: House) -> House:
    """Give a house in which thirty orders waited three hours between pick and pack."""
    rows = []
    for number in range(30):
        began = now() - timedelta(days=300 - number)
        end = began + timedelta(hours=2)
        start = end + timedelta(hours=3)
        rows.append(Timing(f"A-{number}", "pick", end, began, "anna"))
        packed = start + timedelta(hours=1)
        rows.append(Timing(f"A-{number}", "pack", packed, start, "boris"))
    took(house.database, rows, at=now(), map_id=MAP)
    return house


@pytest.mark.parametrize("login", ["quality-manager", "stock-head", "carrier-head"])
def test_both_sides_see_the_same_and_nobody_is_named(
    waiting: House, login: str
) -> None:
    answer = waiting.as_(login).get(HERE)

    (bar,) = BARS.findall(answer.text)
    assert 'width="100.0%"' in bar or bar.count("<rect") > 1
    assert "anna" not in words(answer.text)


def test_a_wait_is_said_in_words(waiting: House) -> None:
    page = waiting.as_("quality-manager").read(HERE)

    assert "30 orders" in page
    assert "On average 3 hours; half of them waited at most 3 hours." in page
    assert "Most of it:" in page


def test_what_is_not_known_anywhere_is_said_once(house: House) -> None:
    rows = []
    for number in range(30):
        at = now() - timedelta(days=300 - number)
        for step in ("pick", "pack", "check-parcel"):
            rows.append(Timing(f"A-{number}", step, at + timedelta(hours=1), at))
            at += timedelta(hours=4)
    took(house.database, rows, at=now(), map_id=MAP)

    page = house.as_("quality-manager").read(HERE)

    assert page.count("half of them waited at most") > 1
    assert page.count("Who or what did the next step is known for") == 1


def test_the_page_speaks_the_language_of_its_reader(waiting: House) -> None:
    russian = waiting.as_("stock-head").read(HERE)

    assert "Чего ждали" in russian
    assert "вне рабочего времени" in russian


def test_the_same_comes_as_a_table(waiting: House) -> None:
    answer = waiting.as_("quality-manager").get(f"{HERE}.csv")

    lines = answer.text.lstrip("\ufeff").splitlines()
    assert answer.headers["content-type"].startswith("text/csv")
    assert "outside working hours" in lines[0]
    (pick,) = [line for line in lines if ",30," in line]
    assert ",3.0,3.0," in pick


def test_a_map_may_have_a_name_of_any_script(house: House) -> None:
    named = MAP_FILE.read_text(encoding="utf-8").replace(f"id: {MAP}", "id: заказ")
    published(house.database, named.encode(), at=now())

    answer = house.as_("quality-manager").get("/maps/заказ/waits.csv")

    assert answer.status_code == 200
    named_so = answer.headers["content-disposition"]
    assert named_so.endswith("''waits-%D0%B7%D0%B0%D0%BA%D0%B0%D0%B7.csv")


def test_without_step_times_it_says_where_they_come_from(house: House) -> None:
    assert "the administrator connects them" in house.as_("quality-manager").read(HERE)
    assert house.as_("quality-manager").get("/maps/none/waits").status_code == 404
