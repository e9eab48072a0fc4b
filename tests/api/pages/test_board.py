"""The board of the quality manager: what waits, lists, placing, search, figures."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import event

from resolve.analytics import board_lists as analytics_lists
from resolve.cases.models import Case
from resolve.complaints.service import answer as answer_customer
from resolve.departments.members import take_out
from resolve.departments.models import Post
from resolve.handling.indexing import index_some
from resolve.kit.clock import now
from resolve.kit.database import reading, transaction
from resolve.tasks.returning import hand_back
from resolve_api.pages import board_lists
from tests.api.pages.conftest import House, words
from tests.people import MAP

MANAGER = "quality-manager"
EVERY = ("/board", "/board/place", "/board/cases", "/board/work", "/board/monitoring",
         "/board/waiting/review", "/board/waiting/answer", "/board/waiting/returned",
         "/board/waiting/outcome")  # fmt: skip
TABLES = ("/board/cases.csv", "/board/work.csv", "/board/monitoring.csv")


def index(house: House) -> None:
    while index_some(house.database):
        pass


def table(house: House, path: str, login: str = MANAGER) -> list[list[str]]:
    answer = house.as_(login).get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def queries(house: House, path: str) -> int:
    asked = []

    def note(*_: object) -> None:
        asked.append(1)

    house.as_(MANAGER).get(path)
    event.listen(house.database.engine, "before_cursor_execute", note)
    try:
        assert house.as_(MANAGER).get(path).status_code == 200
    finally:
        event.remove(house.database.engine, "before_cursor_execute", note)
    return len(asked)


@pytest.mark.parametrize("path", [*EVERY, *TABLES])
def test_the_board_is_for_who_handles_cases(house: House, path: str) -> None:
    assert house.as_(MANAGER).get(path).status_code == 200
    assert house.as_("stock-head").get(path).status_code == 403
    answer = house.browser().get(path, follow_redirects=False)
    assert answer.headers["location"].startswith("/sign-in")


def test_an_empty_board_says_what_comes(house: House) -> None:
    assert "Nothing waits for you now" in house.as_(MANAGER).read("/board")


def test_the_board_leads_to_what_is_next(house: House) -> None:
    to_place = house.filed("Who knows why", touchpoint=None)
    asked = house.filed("Boxes were torn", promise="intact")
    house.answered(asked.case_id)
    page = house.as_(MANAGER).get("/board")
    assert f'href="/cases/{to_place.case_id}#place"' in page.text
    assert f'href="/cases/{asked.case_id}#acts"' in page.text
    assert "Open the joint review" in page.text


def test_a_task_that_was_handed_back_waits_for_the_facilitator(house: House) -> None:
    one = house.filed(promise="intact")
    task = house.tasks(one.case_id)["stock"]
    with transaction(house.database) as session:
        hand_back(session, task.id, reason="It is the carrier's", who="x", at=now())
    page = house.as_(MANAGER).get("/board")
    assert "Tasks handed back to you" in page.text
    assert f"/tasks/{task.id}" in page.text
    assert "handed back" in house.as_(MANAGER).read("/board/waiting/returned")


def test_departments_without_a_head_are_named(house: House) -> None:
    assert "Departments without a head" not in house.as_(MANAGER).read("/board")
    house.filed(promise="intact")
    with transaction(house.database) as session:
        head = house.person("stock-head").id
        take_out(session, "stock", head, Post.HEAD, who="x", at=now())
    assert "Departments without a head" in house.as_(MANAGER).read("/board")


# ------------------------------------------------------------------------ to be placed


WHERE = f"{MAP}/door/on-time"


def test_several_are_placed_at_once(house: House) -> None:
    ids = [house.filed(f"late {n}", touchpoint=None).case_id for n in range(3)]
    answer = house.post(MANAGER, "/board/place", case=ids[:2], place=WHERE)
    assert "Placed." in answer.text
    with reading(house.database) as session:
        states = [session.get_one(Case, one).status for one in ids]
    assert states == ["tasks", "tasks", "to_place"]


def test_one_is_placed_by_a_suggestion(house: House) -> None:
    one = house.filed("Not delivered on the promised day", touchpoint=None)
    page = house.as_(MANAGER).get("/board/place")
    assert "because of" in page.text
    idea = f"{one.case_id}@{WHERE}"
    assert f'value="{idea}"' in page.text
    assert "Placed." in house.post(MANAGER, "/board/place", idea=idea).text


def test_each_is_told_what_became_of_it(house: House) -> None:
    first, second = (house.filed(f"x {n}", touchpoint=None) for n in range(2))
    house.post(MANAGER, "/board/place", case=[first.case_id], place=WHERE)
    both = [first.case_id, second.case_id]
    answer = house.post(MANAGER, "/board/place", case=both, place=WHERE)
    assert answer.status_code == 422
    assert f"{first.number}</a>: The case has gone on" in answer.text
    assert f"{second.number}</a>: placed" in answer.text


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"place": WHERE}, "Choose at least one complaint"),
        ({"case": "CASE"}, "Choose what they are about"),
        ({"case": "CASE", "place": f"{MAP}/door/nothing"}, "no such promise"),
        ({"case": "CASE", "place": "nothing/at/all"}, "no such map"),
        ({"case": "garbage", "place": WHERE}, "no such case"),
        ({"idea": "garbage"}, "Choose what they are about"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_lost(
    house: House, sent: dict[str, str], said: str
) -> None:
    one = house.filed("x", touchpoint=None)
    fields = {k: v.replace("CASE", one.case_id) for k, v in sent.items()}
    answer = house.post(MANAGER, "/board/place", **fields)
    assert answer.status_code == 422
    assert said in words(answer.text)
    if fields.get("case") == one.case_id:
        assert "checked" in answer.text


# ------------------------------------------------------------------------------- lists


def test_filters_live_in_the_address(house: House) -> None:
    one = house.filed("Only in the shop", source="shop", severity="high", safety=True)
    house.filed("Somewhere else", source="mail", promise="intact")
    today = now().date()
    for kept in (
        "state=tasks&source=shop", "promise=on-time", "severity=high", "safety=1",
        f"since={today - timedelta(days=1)}&until={today}&source=shop",
        f"map={MAP}&touchpoint=door&promise=on-time", "department=credit",
    ):  # fmt: skip
        text = house.as_(MANAGER).get(f"/board/cases?{kept}").text
        assert "Only in the shop" in text, kept
        assert "Somewhere else" not in text, kept
    for none in (
        "state=closed", "source=nobody", "map=nothing", "owner=nobody",
        f"until={today - timedelta(days=2)}", f"since={today + timedelta(days=2)}",
    ):  # fmt: skip
        assert "No case fits" in house.as_(MANAGER).read(f"/board/cases?{none}"), none
    assert one.case_id


@pytest.mark.parametrize(
    "asked",
    ["state=nothing", "since=yesterday", "until=9999-99-99", "severity=x"],
)
def test_a_filter_that_nothing_ever_has_is_left_out(house: House, asked: str) -> None:
    house.filed("Here I am")
    assert "Here I am" in house.as_(MANAGER).read(f"/board/cases?{asked}")


def test_pages_go_on_where_the_last_ended(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board_lists, "_AT_ONCE", 2)
    made = [house.filed(f"No {n}") for n in range(5)]
    seen: list[str] = []
    path = "/board/cases"
    while path:
        text = house.as_(MANAGER).get(path).text
        seen += re.findall(r'id="case-([0-9a-f-]+)"', text)
        on = re.search(r'href="([^"]+)" rel="next"', text)
        path = unescape(on[1]) if on else ""
    assert seen == [one.case_id for one in reversed(made)]
    assert house.as_(MANAGER).get("/board/cases?cursor=garbage").status_code == 400


def test_a_page_looks_only_so_far_and_says_so(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analytics_lists, "LOOKED_AT", 3)
    old = house.filed("The rare one", source="rare")
    for n in range(4):
        house.filed(f"No {n}")
    text = house.as_(MANAGER).get("/board/cases?source=rare").text
    assert "Looked through up to" in text
    on = re.search(r'href="([^"]+)" rel="next"', text)
    assert on is not None
    assert old.number in house.as_(MANAGER).read(unescape(on[1]))


def test_a_table_is_for_spreadsheets_and_names_no_customer(house: House) -> None:
    house.filed(
        "=HYPERLINK(1) says Olena Kovalenko",
        customer={"name": "Olena Kovalenko", "email": "olena@example.org"},
    )
    header, row = table(house, "/board/cases.csv")
    assert len(header) == len(row)
    assert row[-1] == "'=HYPERLINK(1) says ••• •••"
    assert not any("olena" in cell.lower() for cell in row)
    header, row = table(house, "/board/cases.csv?customers=1")
    assert row[-3:] == ["Olena Kovalenko", "olena@example.org", ""]
    assert len(header) == len(row)
    opened = row[header.index("Opened")]
    assert re.search(r"[+-]\d\d:\d\d$", opened)


def test_a_table_holds_all_that_the_filters_leave(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board_lists, "_EXPORTED", 2)
    for n in range(5):
        house.filed(f"No {n}", source="shop" if n else "mail", promise="intact")
    assert len(table(house, "/board/cases.csv?source=shop")) == 1 + 4
    assert len(table(house, "/board/work.csv")) == 1 + 15


# ------------------------------------------------------------------------------ search


def test_what_was_found_is_marked_and_leads_to_its_case(house: House) -> None:
    one = house.filed("Two <b>boxes</b> were torn")
    index(house)
    page = house.as_(MANAGER).get("/search?q=box")
    assert "<mark>boxes</mark>" in page.text
    assert "&lt;" in page.text
    assert "<b>" not in page.text
    assert f"/cases/{one.case_id}" in page.text


def test_the_search_says_that_something_is_not_yet_in_it(house: House) -> None:
    house.filed("One")
    index(house)
    house.filed("Two")
    assert "in a few seconds" in house.as_(MANAGER).read("/search?q=two")
    index(house)
    assert "in a few seconds" not in house.as_(MANAGER).read("/search?q=two")


def test_a_partner_finds_words_in_its_cases_but_no_customer(house: House) -> None:
    customer = {"name": "Olena Kovalenko"}
    own = house.filed("Olena Kovalenko: a torn parcel", promise="intact",
                      customer=customer)  # fmt: skip
    house.filed("Another torn parcel", touchpoint=None)
    index(house)
    inside = house.as_("credit-head").get("/search?q=Kovalenko").text
    assert own.case_id in inside
    partner = house.as_("carrier-head")
    text = partner.get("/search?q=parcel").text
    assert text.count("<article") == 1
    assert own.case_id in text
    assert "Kovalenko" not in text
    assert "<article" not in partner.get("/search?q=Kovalenko").text
    assert partner.get("/search.csv?q=parcel&customers=1").status_code == 403
    assert "Kovalenko" not in partner.get("/search.csv?q=parcel").text


def test_everything_found_is_a_table(house: House) -> None:
    house.filed("A torn box", customer={"name": "Anna Moss"})
    house.filed("A torn letter")
    index(house)
    header, *rows = table(house, "/search.csv?q=torn")
    assert len(rows) == 2
    assert {len(row) for row in rows} == {len(header)}
    header, *rows = table(house, "/search.csv?q=torn&customers=1")
    assert "Anna Moss" in [row[-3] for row in rows]
    assert {len(row) for row in rows} == {len(header)}


@pytest.mark.parametrize("q", ["", "' OR 1=1 --", "%00", "<script>", "&before=x"])
def test_any_text_may_be_searched(house: House, q: str) -> None:
    assert house.as_(MANAGER).get(f"/search?q={q}").status_code in (200, 400)


# ----------------------------------------------------------------------------- figures


def test_figures_are_of_complaints_and_name_no_department(house: House) -> None:
    one = house.filed("late")
    house.filed("torn", promise="intact", source="shop")
    with transaction(house.database) as session:
        answer_customer(session, one.number, text="Sorry.", who="q", at=now())
    text = house.as_(MANAGER).read("/board/monitoring?months=3")
    assert "Received 2" in text
    assert "1 of 1 100 %" in text
    assert "Carrier" not in text
    header, *rows = table(house, "/board/monitoring.csv?months=3")
    assert len(rows) == 3
    assert {len(row) for row in rows} == {len(header)}


def test_our_own_sources_are_named_in_words_and_found_by_them(house: House) -> None:
    house.filed("late", source="public form", touchpoint=None)
    house.filed("torn", source="shop")
    manager = house.as_(MANAGER)
    assert "form on the website" in manager.read("/board/place")
    assert "form on the website" in manager.read("/board/monitoring")
    _, *rows = table(house, "/board/cases.csv?source=Form+on+the+website")
    assert ["form on the website" in row for row in rows] == [True]


def test_usual_sources_are_named_in_the_readers_language(house: House) -> None:
    house.filed("late", source="web-shop", touchpoint=None)
    house.filed("torn", source="city-portal", touchpoint=None)
    house.post(MANAGER, "/account", name="Q", language="ru", theme="auto")
    read = house.as_(MANAGER).read("/board/place")
    assert "интернет-магазин" in read
    assert "web-shop" not in read
    assert "city-portal" in read  # as its owner called it


def test_figures_without_complaints_say_so(house: House) -> None:
    assert "nothing to count yet" in house.as_(MANAGER).read("/board/monitoring")


# ----------------------------------------------------------------------------- queries


@pytest.mark.parametrize("path", [*EVERY, "/search?q=late"])
def test_a_page_asks_as_often_among_many_as_among_few(house: House, path: str) -> None:
    _some_of_everything(house)
    index(house)
    few = queries(house, path)
    for _ in range(4):
        _some_of_everything(house)
    index(house)
    assert queries(house, path) <= few


def _some_of_everything(house: House) -> None:
    house.filed("It is late", touchpoint=None)
    house.filed("It is late", promise="intact")
    back = house.tasks(house.filed("Late", promise="intact").case_id)["stock"]
    with transaction(house.database) as session:
        hand_back(session, back.id, reason="Not ours", who="x", at=now())
    ready = house.filed("It is late and torn", promise="intact")
    house.answered(ready.case_id)
