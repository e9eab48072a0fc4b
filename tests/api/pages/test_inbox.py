"""The inbox: whose tasks, in which order, found how, and at what price."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event

from resolve.access.absences import AbsenceWish, add_absence
from resolve.analytics.inbox import Wish, inbox
from resolve.kit.clock import now
from resolve.kit.database import Database, reading, transaction
from resolve.kit.language import language
from resolve.tasks.models import Task
from resolve.tasks.requests import ask
from resolve.tasks.service import extend, pass_on
from tests.api.pages.conftest import House


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """Count the statements that the database is asked."""
    statements: list[str] = []

    def note(*given: object) -> None:
        statements.append(str(given[2]))

    event.listen(database.engine, "before_cursor_execute", note)
    yield statements
    event.remove(database.engine, "before_cursor_execute", note)


def links(page: str) -> list[str]:
    return re.findall(r'href="/tasks/([0-9a-f-]{36})" data-row', page)


def due_in(house: House, task: Task, days: int) -> None:
    with transaction(house.database) as session:
        later = now() + timedelta(days=days)
        extend(session, task.id, due=later, reason="x", who="qm", at=now())


def test_a_row_says_what_is_asked_why_it_matters_how_far_when_and_for_whom(
    house: House,
) -> None:
    house.filed("My parcel came three days late.")

    read = house.as_("stock-member").read("/inbox")
    packing = house.as_("quality-manager").read("/inbox?department=packing&whose=all")

    assert "what can change so that the customer gets next time" in packing
    assert "Promise: Delivered on the promised day" in packing
    assert "My parcel came three days late." in packing
    assert "The goods survive the road" in packing
    assert "3 hand-overs to the customer (At the door)" in packing
    assert "It stands for 1 customer." in packing
    assert "due " in packing
    assert "→" in read


def test_only_tasks_of_ones_own_departments_are_shown_by_due_time(
    house: House,
) -> None:
    first, second = house.filed().case_id, house.filed().case_id
    early, late = house.tasks(second)["stock"], house.tasks(first)["stock"]
    due_in(house, late, 30)

    shown = links(house.as_("stock-head").get("/inbox").text)

    assert shown == [early.id, late.id]


def test_what_was_due_is_said_in_words_and_with_no_colour(house: House) -> None:
    task = house.tasks(house.filed().case_id)["stock"]
    with transaction(house.database) as session:
        found = session.get_one(Task, task.id)
        found.due_at = now() - timedelta(days=1)
        session.add(found)

    page = house.as_("stock-member").get("/inbox").text

    assert "was due " in page
    assert not re.search(r"danger|warning|text-bg|overdue", page.split("<main")[1])


def test_what_is_passed_on_is_mine_and_what_is_mine_can_be_shown_alone(
    house: House,
) -> None:
    mine, ours = house.filed().case_id, house.filed().case_id
    member = house.person("stock-member").id
    task = house.tasks(mine)["stock"]
    with transaction(house.database) as session:
        pass_on(session, task.id, to=member, who="x", at=now())

    own = links(house.as_("stock-member").get("/inbox?whose=mine").text)
    of_head = links(house.as_("stock-head").get("/inbox?whose=mine").text)

    assert own == [task.id]
    assert of_head == [house.tasks(ours)["stock"].id]
    assert "Stock Member" in house.as_("stock-head").read("/inbox")


def stands_in(house: House, absent: str, substitute: str) -> None:
    """Let somebody do the work of somebody else, from today to tomorrow."""
    today = now().date()
    with transaction(house.database) as session:
        away, here = house.person(absent), house.person(substitute)
        wish = AbsenceWish(here.id, today, today + timedelta(days=1))
        add_absence(session, away.id, wish, zone=ZoneInfo("UTC"), who="x", at=now())


def test_a_substitute_sees_and_answers_what_the_absent_would(house: House) -> None:
    task = house.tasks(house.filed().case_id)["stock"]
    assert house.as_("frontline").get("/inbox").status_code == 403
    stands_in(house, "stock-head", "frontline")
    browser = house.as_("frontline")

    assert links(browser.get("/inbox").text) == [task.id]
    form = {"change-1": "Pick at once", "step-1": "pick", "draft_revision": "0"}
    answer = browser.fill(f"/tasks/{task.id}/answer", form)

    assert "Your answer is in." in answer.text
    assert "by word of mouth" not in answer.text


def test_a_substitute_of_a_partner_acts_for_no_department_of_ours(
    house: House,
) -> None:
    task = house.tasks(house.filed("I am Maria.", customer={"name": "Maria"}).case_id)
    stands_in(house, "stock-head", "carrier-head")
    carrier = house.as_("carrier-head")

    assert links(carrier.get("/inbox").text) == [task["carrier"].id]
    assert "Maria" not in carrier.get(f"/tasks/{task['carrier'].id}").text


def test_filters_live_in_the_address(house: House) -> None:
    done, open_ = house.filed().case_id, house.filed(promise="intact").case_id
    house.answered(done, "stock")
    head = house.as_("stock-head")

    assert links(head.get("/inbox?status=answered").text) == [
        house.tasks(done)["stock"].id
    ]
    assert links(head.get("/inbox").text) == [house.tasks(open_)["stock"].id]
    assert links(head.get("/inbox?status=withdrawn").text) == []
    assert links(head.get("/inbox?status=garbage&whose=all&department=no").text) == []


@pytest.mark.parametrize(
    "words", ["feathers", "Feathers", "o-77", "Доставлено", "доставлено в"]
)
def test_a_task_is_found_by_the_customers_words_the_promise_or_the_order(
    house: House, words: str
) -> None:
    case = house.filed("All feathers were gone.", order="o-77").case_id
    house.filed("Something else.", promise="intact")

    shown = links(house.as_("stock-head").get("/inbox", params={"q": words}).text)

    # The promise is found by its name in the language of the head: Russian.
    assert shown == [house.tasks(case)["stock"].id]


def test_a_partner_finds_nobody_by_their_name(house: House) -> None:
    house.filed("I am Maria Ivanova.", customer={"name": "Maria Ivanova"}, order="o-78")
    carrier = house.as_("carrier-head")

    assert links(carrier.get("/inbox", params={"q": "Ivanova"}).text) == []
    assert len(links(carrier.get("/inbox", params={"q": "o-78"}).text)) == 1
    assert "Ivanova" not in carrier.get("/inbox").text


def test_a_page_leads_to_the_next_one_until_all_were_shown(house: House) -> None:
    house_tasks = [house.filed(source=f"s{n}").case_id for n in range(23)]
    head = house.as_("stock-head")

    first = head.get("/inbox").text
    [more] = re.findall(r'href="(/inbox\?[^"]*)" rel="next"', first)
    second = head.get(more.replace("&amp;", "&")).text

    assert len(links(first)) == 20
    assert len(set(links(first) + links(second))) == len(house_tasks)
    assert 'rel="next"' not in second


def test_a_garbled_cursor_is_told_on_a_page(house: House) -> None:
    answer = house.as_("stock-head").get("/inbox?cursor=%00garbage")

    assert answer.status_code == 400
    assert "<h1>" in answer.text


def test_the_quality_manager_looks_at_everybodys(house: House) -> None:
    case = house.filed().case_id

    shown = links(house.as_("quality-manager").get("/inbox").text)

    assert set(shown) == {one.id for one in house.tasks(case).values()}


def test_heads_do_not_look_at_everybodys(house: House) -> None:
    case = house.filed().case_id

    shown = links(house.as_("stock-head").get("/inbox?whose=all").text)

    assert shown == [house.tasks(case)["stock"].id]


def test_who_has_no_department_and_no_work_here_is_told_so(house: House) -> None:
    house.filed()

    assert "Nothing here fits." in house.as_("quality-manager").read(
        "/inbox?whose=mine"
    )
    assert house.as_("newcomer").get("/inbox").status_code == 403


def test_the_number_of_questions_to_the_database_is_the_same_for_any_number_of_tasks(
    house: House,
) -> None:
    head = house.as_("stock-head")
    house.filed(source="first")
    head.get("/inbox")
    with counted(house.database) as few:
        head.get("/inbox")
    for n in range(15):
        house.filed(source=f"s{n}", promise="intact" if n % 2 else "on-time")
    with counted(house.database) as many:
        assert len(links(head.get("/inbox").text)) == 16

    assert len(many) == len(few) <= 23, "\n".join(many)


def test_each_department_is_read_along_its_index(house: House) -> None:
    wish = Wish(("packing", "stock"), (house.person("stock-head").id,))
    with reading(house.database) as session, counted(house.database) as asked:
        inbox(session, wish, language=language("en"))
    [listing] = [one for one in asked if "UNION" in one]
    if not house.database.is_sqlite:  # an empty PostgreSQL plans for no rows
        assert listing.count("LIMIT") == 4
        return
    with house.database.engine.connect() as connection:
        plan = connection.exec_driver_sql(
            f"EXPLAIN QUERY PLAN {listing}", ("x",) * listing.count("?")
        )
        steps = [row[3] for row in plan]

    assert sum("USING COVERING INDEX ix_task_department" in one for one in steps) or (
        sum("USING INDEX ix_task_department" in one for one in steps) == 2
    )
    assert any("ix_task_assignee" in one for one in steps)
    assert not any("SCAN task" in one and "INDEX" not in one for one in steps)


def test_requests_are_replied_to_and_seen_by_who_asked(house: House) -> None:
    case = house.filed().case_id
    task = house.tasks(case)["packing"]
    with transaction(house.database) as session:
        made = ask(
            session, task.id, department="stock", what="Crates <b>by noon</b>",
            who="x", at=now(),
        )  # fmt: skip
    stock = house.as_("stock-member")
    assert "Crates <b>by noon</b>" in stock.read("/requests")
    assert "Crates <b>" not in stock.get("/requests").text

    empty = stock.fill(f"/requests/{made.id}/reply", instead="  ")
    assert empty.status_code == 422
    told = stock.fill(f"/requests/{made.id}/reply", instead="By two, every day.")

    assert told.url.path == "/requests"
    assert "By two, every day." in house.as_("packing-head").read("/requests")
    assert "By two, every day." in house.as_("packing-head").read(f"/tasks/{task.id}")
    late = stock.fill(f"/requests/{made.id}/reply", accept="1")
    assert late.status_code == 422


def test_nobody_replies_for_another_department(house: House) -> None:
    task = house.tasks(house.filed().case_id)["packing"]
    with transaction(house.database) as session:
        made = ask(
            session, task.id, department="stock", what="Crates", who="x", at=now()
        )

    answer = house.as_("sales-head").fill(f"/requests/{made.id}/reply", accept="1")

    assert answer.status_code == 403
