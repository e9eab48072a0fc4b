"""A slow order of a real log, from the complaint to the verdict, in a real browser.

The quality manager enters what four departments said at a table: their answers and
their votes. `docs/time-along-the-chain.md` tells the same story for people.
"""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from resolve.handling.proving import judge_all_due
from resolve.kit.clock import now
from resolve.kit.database import reading
from resolve.maps.queries import chain_of, the_map
from resolve.steptimes.bulk import Into, take_log
from resolve.steptimes.logs import Tally, lines_of
from resolve.steptimes.mapping import read_log_mapping, steps_by_name
from resolve.steptimes.opening import open_log
from tests.api.pages.conftest import House
from tests.builders import published
from tests.pages.conftest import Seats

EXAMPLES = Path(__file__).parents[2] / "docs/examples"
SLOW = "635"  # of more than a hundred days; promised are twelve
DAY = "2011-04-01"
DEPARTMENTS = 4
pytestmark = pytest.mark.timeout(900)


def test_a_slow_order_is_looked_at_together_until_the_verdict(
    house: House, seat: Seats, data: Path
) -> None:
    _log_taken(house, data / "logs/PurchasingExample.csv.gz")
    manager = seat("quality-manager").page
    site = seat("quality-manager").site.address

    case = f"{site}{_filed(manager, site)}"
    house.work()
    _answered(manager, site, house, case)
    manager.goto(f"{case}/times")
    expect(manager.locator("main")).to_contain_text(SLOW)
    manager.goto(case)
    _press(manager, manager.locator("form[action$='/review'] button").first)

    _divided(manager, case)
    with reading(house.database) as session:
        assert the_map(session, "purchasing").newest == 2
    _proposal_agreed(manager, case)
    _in_place_since_a_day_of_the_log(manager, case)
    judge_all_due(house.database, at=now())  # as the worker does every minute

    manager.goto(case)
    solution = manager.locator("[id^='solution-']").first
    expect(solution).to_contain_text("95 %")
    expect(solution).to_contain_text("60 orders")


def _log_taken(house: House, log: Path) -> None:
    """Publish the map of the log and take its orders in."""
    published(house.database, (EXAMPLES / "purchasing.yaml").read_bytes(), at=now())
    said = read_log_mapping((EXAMPLES / "purchasing.mapping.yaml").read_bytes())
    records, known = open_log(gzip.decompress(log.read_bytes()), said, name="log.csv")
    with reading(house.database) as session:
        steps = steps_by_name(chain_of(session, "purchasing"), known)
    into = Into("purchasing", "example", b"secret", "a test")
    lines = lines_of(records, known, steps, now=now(), tally=Tally())
    taken = take_log(house.database, lines, into, now=now, reject=lambda _: None)
    assert taken.new == 9119 - 11


def _filed(page: Page, site: str) -> str:
    page.goto(f"{site}/file")
    page.locator("#text").fill("Three months for a pump. We stood still twice.")
    _shown(page.locator("[name=where][value*='goods'][value*='in-time']")).check()
    _shown(page.locator("[name=order]")).fill(SLOW)
    page.locator("button[name=go]").click()
    page.wait_for_url("**/file/done/*")
    return str(page.locator("main a[href^='/cases/']").first.get_attribute("href"))


def _answered(page: Page, site: str, house: House, case: str) -> None:
    tasks = house.tasks(case.rpartition("/")[2])
    assert len(tasks) == DEPARTMENTS
    for task in tasks.values():
        page.goto(f"{site}/tasks/{task.id}")
        page.locator("#change-1").fill("A day that was said is confirmed a day before.")
        _press(page, page.locator("#answer-form .buttons .btn-primary"))
    house.work()


def _divided(page: Page, case: str) -> None:
    """Divide the promised time so that each part is equally hard, and agree on it."""
    page.goto(f"{case}/division")
    page.locator("[name=do][value=difficulty]").click()
    expect(page.locator("#effect, .effect").first).to_be_visible()
    page.locator("[name=customer_says]").fill("A day that is kept is worth more.")
    _press(page, page.locator("[name=do][value=put]"))
    _all_agree(page, case)


def _proposal_agreed(page: Page, case: str) -> None:
    page.goto(f"{case}/review")
    form = page.locator("form[action$='/review/put']").first
    _shown(form.locator("[name=customer_says]")).fill("Tell me the day, and keep it.")
    form.locator("[name=owner_name]").fill("Kiu Kan")
    _press(page, form.locator("button").last)
    _all_agree(page, case)


def _all_agree(page: Page, case: str) -> None:
    """Enter the vote of each department, given by word of mouth; then decide."""
    for n in range(DEPARTMENTS):
        page.goto(f"{case}/review")
        form = page.locator("form[action$='/vote']").first
        _shown(form.locator("[name=department]")).select_option(index=n + 1)
        form.locator("[name=position]").select_option("agree")
        _press(page, form.locator("button").last)
    _press(page, page.locator("form[action$='/decide'] button").first)


def _in_place_since_a_day_of_the_log(page: Page, case: str) -> None:
    page.goto(case)
    aim = page.locator("form[action$='/aim']").first
    _shown(aim.locator("[name=measure]")).select_option("time_of_order")
    aim.locator("[name=prove_days]").fill("60")
    aim.locator("[name=prove_in]").select_option("orders")
    _press(page, aim.locator("button").last)
    outcome = page.locator("form[action$='/outcome']").first
    _shown(outcome.locator("[name=outcome]")).select_option("in_place")
    outcome.locator("[name=on]").fill(DAY)
    _press(page, outcome.locator("button").last)


def _press(page: Page, button: Locator) -> None:
    with page.expect_navigation(wait_until="load"):
        _shown(button).click()


def _shown(one: Locator) -> Locator:
    """Open the parts that this is folded into."""
    one.evaluate(
        "it => { for (let up = it.closest('details'); up;"
        " up = up.parentElement.closest('details')) up.open = true; }"
    )
    return one
