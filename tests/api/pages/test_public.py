"""A customer complains without an account, follows it, and answers the answer."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resolve.attachments.models import Attachment
from resolve.complaints.models import ClosedAs, Complaint
from resolve.complaints.service import answer as answer_customer
from resolve.journal.verify import verify
from resolve.kit.clock import now
from resolve.kit.database import Database, open_database, reading, transaction
from resolve.kit.language import LANGUAGES, language
from resolve.kit.settings import Settings
from resolve_api.main import create_app
from resolve_api.pages.doors import Doorkeeper
from resolve_api.pages.places import Choice, MapPlaces, Place, lines
from tests.api.pages.conftest import Browser, House, fields, house_in, words
from tests.api.pages.test_filing import DOOR, PNG, WORDS, send
from tests.builders import all_rows

UKRAINIAN = {"Accept-Language": "uk,en;q=0.5"}


def complained(house: House, **typed: Any) -> tuple[Browser, str]:
    """Complain as a customer; give the browser and the path of the private link."""
    browser = house.browser()
    sent = fields(browser.get("/complain"), of="/complain")
    done = browser.fill("/complain", sent, **{"text": WORDS, "where": DOOR} | typed)
    assert done.status_code == 200, words(done.text)
    house.work()
    return browser, str(done.url.path)


def answered(house: House, text: str = "We bring a new one.") -> None:
    with transaction(house.database) as session:
        found = all_rows(house.database, Complaint)[-1]
        answer_customer(session, found.id, text=text, remedy="No freight", who="qm",
                        at=now())  # fmt: skip


def test_the_words_alone_are_enough_and_the_link_tells_how_it_stands(
    house: House,
) -> None:
    browser, path = complained(house, where="")

    filed = all_rows(house.database, Complaint)[0]
    assert (filed.text, filed.filed_by, filed.customer) == (WORDS, "customer", None)
    shown = browser.get(path)
    assert filed.number in words(shown.text)
    assert WORDS in words(shown.text)
    assert shown.headers["x-robots-tag"] == "noindex, nofollow"
    assert shown.headers["referrer-policy"] == "no-referrer"
    assert shown.headers["cache-control"] == "no-store"


def test_everything_a_customer_says_is_kept(house: House) -> None:
    browser = house.browser()
    send(
        browser, "/complain", [("photo.png", PNG)], text=WORDS, where=DOOR,
        order="4711", occurred="2026-11-20", desired_outcome="A new one",
        name="Олена", email="olena@example.com", phone="+380 50 123",
    )  # fmt: skip

    filed = all_rows(house.database, Complaint)[0]
    assert (filed.touchpoint, filed.promise) == ("door", "on-time")
    assert (filed.order_id, filed.desired_outcome) == ("4711", "A new one")
    assert filed.occurred_at is not None
    assert filed.customer == {
        "name": "Олена", "email": "olena@example.com", "phone": "+380 50 123",
    }  # fmt: skip
    assert [file.name for file in all_rows(house.database, Attachment)] == ["photo.png"]


def test_it_is_shown_in_the_language_of_the_visitor(house: House) -> None:
    page = house.browser(**UKRAINIAN).get("/complain")

    assert 'lang="uk"' in page.text
    assert "Розкажіть, що пішло не так" in page.text
    assert "Біля дверей клієнта" in page.text


def test_a_link_speaks_the_customer_s_language_until_another_is_chosen(
    house: House,
) -> None:
    _, path = complained(house)
    other = house.browser()
    assert "Ваша жалоба" in other.get(path).text

    shown = other.fill("/look", language="en", next=path)
    assert shown.url.path == path
    assert "Your complaint" in shown.text


def test_a_form_sent_twice_leads_to_the_same_link(house: House) -> None:
    browser = house.browser()
    sent = fields(browser.get("/complain"), of="/complain")
    one = browser.fill("/complain", sent, text=WORDS)
    other = browser.fill("/complain", sent, text=WORDS)

    assert one.url == other.url
    assert len(all_rows(house.database, Complaint)) == 1


def test_an_address_on_a_label_names_place_and_order(house: House) -> None:
    page = house.browser().get(
        "/complain?map=order-to-delivery&touchpoint=invoice&order=<4711>"
    )
    sent = fields(page, of="/complain")

    assert sent["where"] == ["order-to-delivery/invoice/"]
    assert sent["order"] == ["<4711>"]
    assert "<4711>" not in page.text
    unknown = house.browser().get("/complain?touchpoint=moon&map=x")
    assert unknown.status_code == 200


def test_a_line_that_several_maps_share_stands_there_once_and_names_no_map() -> None:
    def of_map(name: str, *promises: tuple[str, str]) -> MapPlaces:
        choices = (*promises, ("", ""))
        at = tuple(Choice(f"{name}/phone/{id_}", title) for id_, title in choices)
        return MapPlaces(name, 1, name, (Place("x", "On the phone", "Calls", at),))

    known = [of_map("a", ("soon", "Answered soon"), ("kind", "Kindly")),
             of_map("b", ("soon", "Answered soon"), ("clear", "Clearly"))]  # fmt: skip

    (_, shared), *others = lines(known, "")
    assert not others
    assert [one.value for one in shared] == [
        "/phone/soon", "a/phone/kind", "b/phone/clear", "/phone/",
    ]  # fmt: skip
    for chosen in ("a/phone/soon", "b/phone/soon", "/phone/soon"):
        assert lines(known, chosen)[0][1][0].value == chosen


def test_the_answer_is_accepted_with_one_button(house: House) -> None:
    browser, path = complained(house)
    answered(house)
    shown = words(browser.get(path).text)
    assert "We bring a new one." in shown
    assert "No freight" in shown

    done = browser.fill(f"{path}/accept")

    assert all_rows(house.database, Complaint)[0].closed_as == ClosedAs.ACCEPTED
    assert "Вы приняли наш ответ" in words(done.text)
    again = browser.fill(f"{path}/accept")
    assert again.status_code == 409
    assert "Traceback" not in again.text


def test_an_answer_that_is_not_accepted_comes_back_with_the_words(
    house: House,
) -> None:
    browser, path = complained(house)
    answered(house)
    empty = browser.fill(f"{path}/refuse", why="  ")
    assert empty.status_code == 422
    assert "Скажите в нескольких словах" in words(empty.text)

    browser.fill(f"{path}/refuse", why="Он снова сломан <i>")

    filed = all_rows(house.database, Complaint)[0]
    assert (filed.status, filed.stage) == ("received", 2)
    shown = browser.get(path).text
    assert "Он снова сломан &lt;i&gt;" in shown
    assert "We bring a new one." in shown  # what was answered before
    answered(house, "We come ourselves.")
    assert "We come ourselves." in words(browser.get(path).text)
    with reading(house.database) as session:
        assert verify(session, key=b"key").sound


def test_a_reply_works_where_a_browser_names_no_origin(house: House) -> None:
    browser, path = complained(house)
    answered(house)

    done = browser.post(f"{path}/accept", headers={"Origin": "null"})

    assert done.status_code == 200
    assert all_rows(house.database, Complaint)[0].closed_as == ClosedAs.ACCEPTED


def test_what_was_settled_at_once_is_told_so(house: House) -> None:
    house.post("frontline", "/file", text="Dented.", where=DOOR, settled="1",
               remedy="A new one")  # fmt: skip
    page = house.as_("frontline").get(
        f"/file/done/{all_rows(house.database, Complaint)[0].id}"
    )
    path = re.search(r"/track/[\w-]{43}", page.text)
    assert path

    shown = words(house.browser().get(path[0]).text)
    assert "It was settled at once." in shown
    assert "A new one" in shown


def test_a_guess_tells_nothing(house: House) -> None:
    _, path = complained(house)
    wrong = path[:-1] + ("A" if path[-5:-1] != "AAAA" else "B")
    wrong = wrong[:40] + ("x" if wrong[40] != "x" else "y") + wrong[41:]
    browser = house.browser()

    answers = [
        browser.get(one)
        for one in (wrong, "/track/x", f"/track/{'A' * 43}", "/track/..%2f..%2fetc")
    ]
    assert {one.status_code for one in answers} == {404}
    for act in ("accept", "refuse"):
        assert browser.fill(f"{wrong}/{act}", why="x").status_code == 404


def test_html_in_any_field_stays_text(house: House) -> None:
    evil = '"><script>alert(1)</script>'
    browser, path = complained(
        house, text=evil, desired_outcome=evil, order=evil, name=evil, where=evil
    )
    answered(house, evil)
    refused = browser.fill("/complain", text="", name=evil, order=evil, email=evil)

    for page in (browser.get(path).text, refused.text):
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page
    inside = house.as_("frontline").post(
        "/file", data={"text": evil, "look": "1", "find": evil},
        headers={"Sec-Fetch-Site": "same-origin"},
    )  # fmt: skip
    assert "<script>alert" not in inside.text


def test_a_program_that_fills_in_what_nobody_sees_files_nothing(
    house: House,
) -> None:
    browser = house.browser()
    sent = browser.fill("/complain", text="Buy now", leave_empty="http://spam")

    assert sent.status_code == 422
    assert not all_rows(house.database, Complaint)
    # Should it have been a browser, its owner only presses the button once more.
    browser.fill("/complain", fields(sent, of="/complain"))
    assert all_rows(house.database, Complaint)[0].text == "Buy now"


def test_a_form_of_another_site_files_nothing(house: House) -> None:
    sent = house.browser().post(
        "/complain", data={"text": "x"}, headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert sent.status_code == 403
    assert not all_rows(house.database, Complaint)


def limited(database: Database, **wanted: Any) -> House:
    house = house_in(database)
    house.app = create_app(database, Settings(rate_limit=0, **wanted))
    return house


def test_a_flood_waits_and_loses_nothing(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    browser = limited(database, public_rate=3).browser()
    for n in range(3):
        assert browser.fill("/complain", text=f"{n}").status_code == 200

    fourth = browser.fill("/complain", text=WORDS, name="Олена")

    assert fourth.status_code == 429
    assert fields(fourth, of="/complain")["text"] == [WORDS]
    large = send(browser, "/complain", [("a.png", PNG + b"\0" * 2_000_000)], text=WORDS)
    assert large.status_code == 429
    assert len(all_rows(database, Complaint)) == 3
    database.engine.dispose()


def test_the_form_can_be_switched_off(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    browser = limited(database, public_form=False).browser()

    assert browser.get("/complain").status_code == 404
    sent = browser.fill("/complain", text=WORDS)
    assert sent.status_code == 404
    assert "Complaints come another way here" in words(sent.text)
    assert '/complain"' not in browser.get("/how-to-complain").text
    assert not all_rows(database, Complaint)
    database.engine.dispose()


def test_more_than_all_files_together_is_not_even_read(house: House) -> None:
    browser = house.browser()
    sent = browser.post(
        "/complain", content=b"x", headers={"Content-Length": "60000000"}
    )
    assert sent.status_code == 413
    assert browser.fill("/how-to-complain", text="x" * 1_100_000).status_code == 413


def test_neighbours_of_one_ipv6_house_are_counted_together() -> None:
    keeper = Doorkeeper(1)

    assert keeper.seconds_to_wait("2001:db8::1") == 0
    assert keeper.seconds_to_wait("2001:db8::2") > 0
    assert keeper.seconds_to_wait("2001:db8:0:1::1") == 0
    assert keeper.seconds_to_wait("10.0.0.1") == keeper.seconds_to_wait("10.0.0.2") == 0
    assert keeper.seconds_to_wait("") == 0
    assert Doorkeeper(0).seconds_to_wait("10.0.0.1") == 0


def test_how_to_complain_is_told_to_everybody_in_three_languages(
    house: House,
) -> None:
    for code in LANGUAGES:
        page = house.browser(**{"Accept-Language": code}).get("/how-to-complain")
        assert page.status_code == 200
        title = language(code).say("How to complain here")
        assert f"<h1>{title}</h1>" in page.text
        assert "10" in words(page.text)


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(text=st.text(max_size=80), name=st.text(max_size=30), order=st.text(max_size=30))
def test_any_text_is_filed_or_refused_with_a_sentence(
    any_house: House, text: str, name: str, order: str
) -> None:
    sent = any_house.browser().fill("/complain", text=text, name=name, order=order)

    assert sent.status_code in (200, 422)
    assert "Traceback" not in sent.text


@pytest.fixture
def any_house(sqlite_url: str) -> House:
    return limited(open_database(sqlite_url), public_rate=0)


def test_naughty_strings_come_back_as_they_were(data: Path, any_house: House) -> None:
    file = data / "complaints/naughty_strings.json"
    naughty = [one for one in json.loads(file.read_text("utf-8")) if one.strip()]
    for text in naughty[::4]:
        done = any_house.browser().fill("/complain", text=text, name=text, order=text)
        assert done.status_code in (200, 422), text
        if done.status_code == 200:
            filed = all_rows(any_house.database, Complaint)[-1]
            assert filed.text == text.replace("\r\n", "\n").strip()
            assert any_house.as_("quality-manager").get("/file").status_code == 200
