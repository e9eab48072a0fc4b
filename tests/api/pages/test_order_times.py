"""The order behind a complaint: up to what was promised, then what came after it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from resolve.kit.clock import now
from resolve.kit.database import transaction
from resolve.reviews.service import open_review
from resolve.steptimes.rows import Timing
from tests.api.pages.conftest import House, words
from tests.people import MAP
from tests.resolve.steptimes.orders import took

BEGAN = datetime(2026, 3, 2, 9, tzinfo=UTC)
QM = "quality-manager"
AFTER = '<details class="after-promised">'
LINE = '<line class="due"'
ORDER = (("take-order", 0, 2), ("pick", 30, 40), ("deliver", 150, 168),
         ("make-invoice", 300, 301), ("send-invoice", 2000, 2001))  # fmt: skip
"""Delivered after seven days, promised were five; the invoice took eighty."""


def timed(house: House, *steps: tuple[str, float, float], order: str = "O-1") -> None:
    rows = [
        Timing(
            order, step, BEGAN + timedelta(hours=end), BEGAN + timedelta(hours=start)
        )
        for step, start, end in steps
    ]
    took(house.database, rows, at=now(), map_id=MAP)


def shown(house: House, login: str = QM, **facts: str) -> str:
    """Give the page of the times of a case about an order."""
    case = house.filed(**{"order": "O-1"} | facts).case_id
    answer = house.as_(login).get(f"/cases/{case}/times")
    assert answer.status_code == 200
    return answer.text


def test_it_says_when_it_was_there_and_what_was_promised(house: House) -> None:
    timed(house, *ORDER)

    page = words(shown(house))

    assert "At the door: 9 March 2026, after 7 days; promised were 5 days." in page
    assert "The promised time ran until 7 March 2026" in page
    assert "2 March 2026, 09:00 to 9 March 2026, 09:00: 7 days." in page


def test_what_came_after_what_was_promised_is_folded(house: House) -> None:
    timed(house, *ORDER)

    promised, after = shown(house).split(AFTER)

    assert "invoice" not in words(promised).lower()
    assert "After what was promised" in words(after)
    assert "83 days" in words(after)
    # In every row of both parts a line marks where the promised time ended.
    assert (promised.count(LINE), after.count(LINE)) == (3, 2)


def test_the_promised_end_lies_where_it_was_in_the_time_of_the_order(
    house: House,
) -> None:
    timed(house, *ORDER)

    promised = shown(house).split(AFTER)[0]

    assert promised.count('x1="714" x2="714"') == 3  # 5 of 7 days


def test_of_an_order_in_time_no_line_is_drawn(house: House) -> None:
    timed(house, ("take-order", 0, 2), ("deliver", 40, 48))

    page = shown(house)

    assert "after 2 days; promised were 5 days." in words(page)
    assert LINE not in page
    assert "end of the promised time" not in page
    assert AFTER not in page


def test_while_it_is_not_there_all_steps_stand_together(house: House) -> None:
    timed(house, *(one for one in ORDER if one[0] != "deliver"))

    page = shown(house)

    assert "promised were" not in words(page)
    assert AFTER not in page
    assert LINE not in page


def test_a_promise_without_a_time_has_no_end(house: House) -> None:
    timed(house, *ORDER)

    page = shown(house, promise="intact")

    assert "promised were" not in words(page)
    assert AFTER not in page


def test_partners_and_our_own_see_the_same(house: House) -> None:
    timed(house, *ORDER)
    case = house.filed(order="O-1").case_id
    seen = [
        house.as_(login).get(f"/cases/{case}/times").text.split("<h1>")[1]
        for login in (QM, "frontline")
    ]

    assert seen[0] == seen[1]
    carrier = house.as_("carrier-head").get(f"/cases/{case}/times").text
    assert carrier.count(LINE) == seen[0].count(LINE)


def test_a_task_leads_to_the_time_of_the_order_as_soon_as_it_is_known(
    house: House,
) -> None:
    case = house.filed(order="O-1").case_id
    path = f"/tasks/{house.tasks(case)['packing'].id}"
    timed(house, *ORDER, order="O-2")
    assert f"/cases/{case}/times" not in house.as_("packing-head").get(path).text

    timed(house, *ORDER)

    assert f"/cases/{case}/times" in house.as_("packing-head").get(path).text


def test_the_joint_review_shows_it_too(house: House) -> None:
    timed(house, *ORDER)
    case = house.filed(order="O-1").case_id
    house.answered(case)
    with transaction(house.database) as session:
        open_review(session, case, who="person:quality-manager", at=now())

    page = house.as_(QM).get(f"/cases/{case}/review").text

    assert "after 7 days; promised were 5 days." in words(page)
    assert AFTER in page
    assert LINE in page
