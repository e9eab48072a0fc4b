"""Administration, as somebody does it in a browser."""

from __future__ import annotations

import email
import re
import time
from datetime import timedelta
from email import policy
from pathlib import Path

import pytest
from sqlalchemy import text

from resolve.access import signing_in
from resolve.access.models import Person
from resolve.access.people import PersonChange, change_person
from resolve.access.service import key_of
from resolve.departments.clients import client_of_key
from resolve.departments.members import posts_of
from resolve.departments.models import DepartmentRecord
from resolve.departments.queries import calendar
from resolve.departments.service import DepartmentChange, change
from resolve.handling.failures import note_try_in_vain
from resolve.handling.upkeep import seal_journal
from resolve.journal.keys import seal_key
from resolve.kit import clock
from resolve.kit.database import reading, transaction
from resolve.kit.ids import new_id
from resolve.kit.settings import Settings
from resolve.messages.models import Delivery, DeliveryState
from resolve.outbox.models import Event, EventState
from resolve.outbox.service import PAUSES, claim
from resolve_api.main import create_app
from resolve_api.pages import admin
from tests import builders
from tests.api.pages.conftest import House, words
from tests.builders import all_rows

ADMIN = "administrator"
PAGES = (
    "/admin",
    "/admin/people",
    "/admin/people/new",
    "/admin/departments",
    "/admin/departments/stock",
    "/admin/calendars",
    "/admin/calendars/default",
    "/admin/keys",
    "/admin/events",
    "/admin/journal",
)
SECRETS = "What only the customer and we know"
_CLAIM = "01a20000-0000-7000-8000-000000000001"


def page_of(house: House, login: str) -> str:
    return f"/admin/people/{house.person(login).id}"


def link_in(answer_text: str) -> str:
    """Give the secret of the link that a page shows."""
    found = re.search(r"/link/([\w-]{20,})</p>", answer_text)
    assert found, answer_text
    return found[1]


def failing(house: House) -> Event:
    """Let the event of a complaint fail as often as it is tried."""
    builders.filed(house.database, SECRETS, at=clock.now())
    at = clock.now()
    for pause in (*PAUSES, PAUSES[0]):
        with transaction(house.database) as session:
            (event,) = claim(session, at=at, most=1, token=_CLAIM)
            note_try_in_vain(session, event, token=_CLAIM, error="KeyError: x", at=at)
        at += pause
    found = all_rows(house.database, Event)[-1]
    assert isinstance(found, Event)
    return found


# ------------------------------------------------------------------------ who may what


@pytest.mark.parametrize("path", PAGES)
def test_only_administrators_see_administration(house: House, path: str) -> None:
    assert house.as_(ADMIN).get(path).status_code == 200
    assert house.as_("quality-manager").get(path).status_code == 403
    assert house.as_("stock-head").get(path).status_code == 403
    assert house.browser().get(path).url.path == "/sign-in"


@pytest.mark.parametrize("language", ["en", "ru", "uk"])
def test_administration_speaks_every_language(house: House, language: str) -> None:
    failing(house)
    house.post(ADMIN, "/account", name="A", language=language, theme="auto")
    for path in (*PAGES, page_of(house, "stock-head")):
        answer = house.as_(ADMIN).get(path)
        assert answer.status_code == 200, path
        assert answer.headers["content-language"] == language
        assert SECRETS not in answer.text


# ------------------------------------------------------------------------ the overview


def test_the_overview_says_what_to_do_first(house: House) -> None:
    read = house.as_(ADMIN).read("/admin")

    assert "to do Say when people work" in read
    assert "done Publish a map" in read
    assert "done Have a quality manager on duty" in read


def test_the_overview_says_that_no_worker_runs(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "well Complaints are handled" in house.as_(ADMIN).read("/admin")
    long_ago = clock.now() - timedelta(minutes=10)
    monkeypatch.setattr(admin, "_STARTED", long_ago)
    builders.filed(house.database, at=long_ago)

    read = house.as_(ADMIN).read("/admin")

    assert "look here Complaints wait to be handled 1 event waits" in read
    assert "No worker seems to run" in read


def test_the_overview_counts_failed_events(house: House) -> None:
    failing(house)

    read = house.as_(ADMIN).read("/admin")

    assert "look here Some events need a person" in read
    assert "1 event was tried in vain" in read


def test_without_a_mail_server_the_overview_does_not_say_that_letters_go_out(
    house: House,
) -> None:
    read = house.as_(ADMIN).read("/admin")

    assert "if you want Letters are put into a folder: no mail server is named" in read
    assert "Letters go out" not in read


def test_the_overview_says_that_letters_were_refused(house: House) -> None:
    with transaction(house.database) as session:
        session.add(_refused_letter())

    read = house.as_(ADMIN).read("/admin")

    assert "look here Some letters were refused" in read
    assert "Everything works" not in read


def _refused_letter() -> Delivery:
    at = clock.now()
    return Delivery(
        id=new_id(), addressee="person:x", digest_day=at.date(), due_at=at,
        created_at=at, settled_at=at, state=DeliveryState.REFUSED,
    )  # fmt: skip


# -------------------------------------------------------------------------- the people


def test_somebody_is_taken_in_and_signs_in_by_the_link_shown_once(
    house: House,
) -> None:
    answer = house.post(
        ADMIN, "/admin/people/new", login="Olena", name="Olena Koval", language="uk",
        email="olena@shop.example", role="frontline", department="stock", post="head",
    )  # fmt: skip

    secret = link_in(answer.text)
    assert answer.headers["cache-control"] == "no-store"
    assert secret not in house.as_(ADMIN).get(page_of(house, "olena")).text
    browser = house.browser()
    chosen = browser.fill(f"/link/{secret}", password="four words in a row")  # noqa: S106
    assert chosen.status_code == 200
    assert browser.get("/account").status_code == 200
    with reading(house.database) as session:
        (post,) = posts_of(session, house.person("olena").id)
    assert (post.department_id, post.post) == ("stock", "head")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"login": "two words", "name": "X"}, "A login is one word"),
        ({"login": "a b", "name": "X", "email": "x"}, "This is not an e-mail address"),
        ({"login": "a b", "name": "X", "email": "x"}, "A login is one word"),
        ({"login": "stock-head", "name": "X"}, "Somebody else has this already."),
        ({"login": "x", "name": " "}, "This cannot be used here."),
        ({"login": "x", "name": "X", "email": "x"}, "This is not an e-mail address"),
        ({"login": "x", "name": "X", "zone": "Kyiv"}, "This cannot be used here."),
        ({"login": "x", "name": "X", "department": "no"}, "no such department"),
        ({"login": "x", "name": "X", "role": "head"}, "This cannot be used here."),
    ],
)
def test_what_is_wrong_with_somebody_new_is_said_and_what_was_typed_stays(
    house: House, fields: dict[str, str], told: str
) -> None:
    answer = house.as_(ADMIN).fill(
        "/admin/people/new", {"zone": "Europe/Kyiv", **fields}
    )

    assert answer.status_code == 422
    assert told in words(answer.text)
    assert f'value="{fields.get("zone", "Europe/Kyiv")}"' in answer.text
    assert len(all_rows(house.database, Person)) == len(
        [one for one in all_rows(house.database, Person) if one.login != "x"]
    )


def test_people_are_found_by_name_login_and_email(house: House) -> None:
    admin = house.as_(ADMIN)

    assert "1 person" in admin.read("/admin/people?q=PACKING")
    assert "Packing Head" in admin.read("/admin/people?q=packing-head@company")
    assert "Nobody is found" in admin.read("/admin/people?q=nobody-like-this")


def test_somebody_is_changed(house: House) -> None:
    path = page_of(house, "stock-head")

    house.post(
        ADMIN, path, name="Anna Reed", role=["frontline", "quality_manager"],
        language="ru", revision="1",
    )  # fmt: skip

    person = house.person("stock-head")
    assert (person.name, person.language) == ("Anna Reed", "ru")
    assert person.roles == ["quality_manager", "frontline"]
    with reading(house.database) as session:
        assert session.get_one(DepartmentRecord, "stock").head == "Anna Reed"


def test_whoever_changes_second_sees_what_changed_and_loses_nothing(
    house: House,
) -> None:
    path, person = page_of(house, "stock-head"), house.person("stock-head")
    with transaction(house.database) as session:
        wanted = PersonChange(name="First Name")
        change_person(session, person.id, wanted, who="x", at=clock.now())

    answer = house.post(ADMIN, path, name="Second Name", revision=person.revision)

    assert answer.status_code == 422
    assert "Somebody else changed this in between" in words(answer.text)
    assert "Name: First Name" in words(answer.text)
    assert 'value="Second Name"' in answer.text
    again = house.post(ADMIN, path, name="Second Name", revision=person.revision + 1)
    assert again.status_code == 200
    assert house.person("stock-head").name == "Second Name"


def test_the_last_administrator_stays_administrator(house: House) -> None:
    path = page_of(house, ADMIN)

    changed = house.post(ADMIN, path, name="A", revision="1")
    ended = house.post(ADMIN, f"{path}/end")

    for answer in (changed, ended):
        assert answer.status_code == 422
        assert "Nobody would be left who looks after people" in words(answer.text)
    assert house.person(ADMIN).roles == ["administrator"]


def test_who_is_let_go_is_signed_out_and_heads_nothing(house: House) -> None:
    path, head = page_of(house, "stock-head"), house.as_("stock-head")
    assert head.get("/account").url.path == "/account"

    house.post(ADMIN, f"{path}/end")

    assert head.get("/account").url.path == "/sign-in"
    assert "Stock Head" not in house.as_(ADMIN).read("/admin/people")
    assert "Stock Head" in house.as_(ADMIN).read("/admin/people?show=ended")
    assert "Signs in no more since" in house.as_(ADMIN).read(path)
    assert "has no head" in house.as_(ADMIN).read("/admin/departments")
    assert house.post(ADMIN, f"{path}/link").status_code == 404


def test_posts_are_given_and_taken(house: House) -> None:
    path = page_of(house, "newcomer")

    house.post(ADMIN, f"{path}/posts", department="packing", post="champion")
    assert "Packing: Service champion" in house.as_(ADMIN).read(path)
    house.post(ADMIN, f"{path}/posts/end", department="packing", post="champion")

    assert "Belongs to no department." in house.as_(ADMIN).read(path)
    wrong = house.post(ADMIN, f"{path}/posts", department="no", post="head")
    assert wrong.status_code == 422


def test_a_new_link_and_signing_out_everywhere(house: House) -> None:
    path, head = page_of(house, "stock-head"), house.as_("stock-head")
    assert head.get("/account").status_code == 200

    secret = link_in(house.post(ADMIN, f"{path}/link").text)
    house.post(ADMIN, f"{path}/sign-out")

    assert head.get("/account").url.path == "/sign-in"
    with reading(house.database) as session:
        assert signing_in.link(session, secret, at=clock.now()).purpose == "password"
    assert "Is signed in nowhere." in house.as_(ADMIN).read(path)


def test_a_link_is_mailed_or_handed_over(house: House, tmp_path: Path) -> None:
    settings = Settings(rate_limit=0, home=tmp_path / "home")
    app = create_app(house.database, settings)
    elsewhere = House(house.database, app)
    path = page_of(house, "stock-head")

    sent = elsewhere.post(ADMIN, f"{path}/mail")

    assert "the link is on its way" in words(sent.text)
    (letter,) = (tmp_path / "home").rglob("*.eml")
    message = email.message_from_bytes(letter.read_bytes(), policy=policy.default)
    assert "stock-head@company.example" in str(message["To"])
    body = message.get_body(("plain",))
    assert body
    found = re.search(r"/link/([\w-]{20,})", body.get_content())
    assert found
    with reading(house.database) as session:
        assert signing_in.link(session, found[1], at=clock.now()).used_at is None


def test_nobody_of_this_id_is_a_page_that_says_so(house: House) -> None:
    for person in ("x", "01a20000-0000-7000-8000-000000000001"):
        answer = house.as_(ADMIN).get(f"/admin/people/{person}")
        assert answer.status_code == 404
        assert "There is no such person here." in words(answer.text)


# --------------------------------------------------------------------- the departments


def test_a_department_is_named_in_three_languages_and_gets_hours(
    house: House,
) -> None:
    house.post(ADMIN, "/admin/calendars/night", source=_WEEK, revision="0")

    house.as_(ADMIN).fill(
        "/admin/departments/stock",
        {"title-en": "Store", "title-ru": "Склад", "title-uk": "Склад!"}
        | {"email": "store@shop.example", "calendar": "night"},
    )

    with reading(house.database) as session:
        found = session.get_one(DepartmentRecord, "stock")
    assert found.title == {"en": "Store", "ru": "Склад", "uk": "Склад!"}
    assert (found.email, found.calendar_id) == ("store@shop.example", "night")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"title-en": ""}, "at least one language"),
        ({"title-en": "S", "email": "x"}, "This is no e-mail address."),
        ({"title-en": "S", "calendar": "no"}, "There are no such working hours."),
    ],
)
def test_what_is_wrong_with_a_department_is_said(
    house: House, fields: dict[str, str], told: str
) -> None:
    answer = house.as_(ADMIN).fill("/admin/departments/stock", fields)

    assert answer.status_code == 422
    assert told in words(answer.text)


def test_two_change_a_department(house: House) -> None:
    with transaction(house.database) as session:
        revision = session.get_one(DepartmentRecord, "stock").revision
        wanted = DepartmentChange(email="first@shop.example")
        change(session, "stock", wanted, who="x", at=clock.now())

    answer = house.as_(ADMIN).fill(
        "/admin/departments/stock",
        {"title-en": "Second", "email": "second@shop.example", "revision": revision},
    )

    assert answer.status_code == 422
    assert "E-mail: first@shop.example" in words(answer.text)
    assert 'value="second@shop.example"' in answer.text


def test_somebody_is_put_at_the_head_of_a_department_and_taken_out(
    house: House,
) -> None:
    person = house.person("newcomer").id
    path = "/admin/departments/stock/people"

    house.post(ADMIN, path, person=person, post="head")
    with reading(house.database) as session:
        head = session.get_one(DepartmentRecord, "stock").head
    assert head == "Newcomer, Stock Head"
    house.post(ADMIN, f"{path}/end", person=person, post="head")

    with reading(house.database) as session:
        assert session.get_one(DepartmentRecord, "stock").head == "Stock Head"
    assert house.post(ADMIN, path, person="", post="head").status_code == 422
    assert house.as_(ADMIN).get("/admin/departments/no").status_code == 404


# ------------------------------------------------------------------- the working hours

_WEEK = 'zone: Europe/Kyiv\nweek: {mon: ["22:00-24:00"]}\nholidays: {country: UA}\n'


def test_working_hours_are_written_as_text_or_as_a_file(house: House) -> None:
    admin = house.as_(ADMIN)
    house.post(ADMIN, "/admin/calendars/default", source=_WEEK, revision="0")
    assert "22:00–24:00" in admin.read("/admin/calendars")
    assert "Kyiv, Ukraine" in admin.read("/admin/calendars")

    admin.post(
        "/admin/calendars/default",
        data={"source": "", "revision": "1"},
        files={"file": ("week.yaml", _WEEK.replace("mon", "tue").encode())},
    )

    with reading(house.database) as session:
        known = calendar(session)
    assert known.revision == 2
    assert [len(hours) for hours in known.calendar.week] == [0, 1, 0, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "Line 2: `25:00-26:00` is not on the clock."),
        ("ru", "Строка 2: Времени `25:00-26:00` на часах нет."),
        ("uk", "Рядок 2: Часу `25:00-26:00` на годиннику немає."),
    ],
)
def test_what_is_wrong_with_working_hours_is_said_by_line(
    house: House, language: str, told: str
) -> None:
    house.post(ADMIN, "/account", name="A", language=language, theme="auto")
    wrong = 'zone: Europe/Kyiv\nweek: {mon: ["25:00-26:00"]}\n'

    answer = house.post(ADMIN, "/admin/calendars/default", source=wrong)

    assert answer.status_code == 422
    assert told in words(answer.text)
    assert "25:00-26:00" in answer.text.partition("<textarea")[2]


def test_two_write_the_same_working_hours(house: House) -> None:
    path = "/admin/calendars/default"
    house.post(ADMIN, path, source=_WEEK, revision="0")

    answer = house.post(ADMIN, path, source=_WEEK.replace("mon", "sun"), revision="0")

    assert answer.status_code == 422
    assert "What stands there now" in words(answer.text)
    assert "sun" in answer.text.partition("<textarea")[2]


def test_new_working_hours_have_a_name_that_can_stand_in_an_address(
    house: House,
) -> None:
    assert house.post(ADMIN, "/admin/calendars", id="a/b").status_code == 422
    made = house.post(ADMIN, "/admin/calendars", id="night-shift")
    assert made.url.path == "/admin/calendars/night-shift"
    assert "Working hours: Night shift" in words(made.text)
    assert "Nobody has written these hours yet" in words(made.text)


# ---------------------------------------------------------------------------- the keys


def test_a_key_is_shown_once_and_ends(house: House) -> None:
    admin = house.as_(ADMIN)

    answer = house.post(
        ADMIN, "/admin/keys", name="web-shop", scope=["file", "read"],
        whose="department:stock",
    )  # fmt: skip

    found = re.search(r"rk_[\w-]{20,}", answer.text)
    assert found
    assert answer.headers["cache-control"] == "no-store"
    assert found[0] not in admin.get("/admin/keys").text
    with reading(house.database) as session:
        client = client_of_key(session, key_of(session, found[0]))
    assert client.departments == {"stock"}
    house.post(ADMIN, "/admin/keys/revoke", name="web-shop")
    assert "1 key that was ended" in admin.read("/admin/keys")
    refused = house.browser(Authorization=f"Bearer {found[0]}").get("/api/v1/maps")
    assert refused.status_code == 401


def test_a_key_acts_for_a_person(house: House) -> None:
    person = house.person("stock-head").id

    answer = house.post(
        ADMIN, "/admin/keys", name="mine", scope="act", whose=f"person:{person}"
    )

    assert answer.status_code == 200
    assert "Stock Head" in house.as_(ADMIN).read("/admin/keys")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"name": "", "scope": "read"}, "Give the key a name."),
        ({"name": "x"}, "Tick at least one thing it may do."),
        ({"name": "x", "scope": "rule"}, "Tick at least one thing it may do."),
        ({"name": "x", "scope": "read", "whose": "department:no"}, "no such dep"),
        ({"name": "x", "scope": "read", "whose": "person:no"}, "no such person"),
        ({"name": "taken", "scope": "read"}, "Another key has this name."),
    ],
)
def test_what_is_wrong_with_a_key_is_said(
    house: House, fields: dict[str, str], told: str
) -> None:
    house.post(ADMIN, "/admin/keys", name="taken", scope="read")

    answer = house.as_(ADMIN).fill("/admin/keys", fields)

    assert answer.status_code == 422
    assert told in words(answer.text)
    assert "rk_" not in answer.text


# -------------------------------------------------------------------------- the events


def test_a_failed_event_is_told_in_words_and_tried_again(house: House) -> None:
    event = failing(house)
    read = house.as_(ADMIN).read("/admin/events")
    assert "A complaint was filed: the departments on its way" in read
    assert "C-20" in read
    assert SECRETS not in read

    house.post(ADMIN, f"/admin/events/{event.id}/retry")

    (again,) = all_rows(house.database, Event)
    assert (again.state, again.tries) == (EventState.WAITING, 0)
    assert house.work() == 1
    assert "No event needs you" in house.as_(ADMIN).read("/admin/events")


def test_all_failed_events_are_tried_again(house: House) -> None:
    failing(house)
    failing(house)
    assert "2 events need a person." in house.as_(ADMIN).read("/admin/events")

    house.post(ADMIN, "/admin/events/retry")

    assert {one.state for one in all_rows(house.database, Event)} == {
        EventState.WAITING
    }


def test_a_failed_event_is_set_aside_with_a_reason(house: House) -> None:
    event = failing(house)
    path = f"/admin/events/{event.id}/set-aside"

    silent = house.post(ADMIN, path, reason="  ")
    assert silent.status_code == 422
    assert "Say why it shall have no effect" in words(silent.text)
    house.post(ADMIN, path, reason="The map was withdrawn")

    assert "Why: The map was withdrawn" in house.as_(ADMIN).read("/admin/events")
    second = house.post(ADMIN, path, reason="Again")
    assert second.status_code == 422
    assert "Somebody dealt with this event already" in words(second.text)
    assert house.post(ADMIN, "/admin/events/999/retry").status_code == 422


# ------------------------------------------------------------------------- the journal


def verified(house: House) -> str:
    """Read the journal, and give what the page says at the end."""
    house.post(ADMIN, "/admin/journal/verify")
    end = time.monotonic() + 30
    while True:
        read = house.as_(ADMIN).read("/admin/journal")
        if "Read it now" in read or time.monotonic() > end:
            return read
        time.sleep(0.05)


def test_the_journal_is_read_beside_the_pages_and_found_sound(house: House) -> None:
    house.filed()
    settings = Settings(rate_limit=0)
    seal_journal(house.database, key=seal_key(settings), at=clock.now())
    assert "was not read since the last start" in house.as_(ADMIN).read(
        "/admin/journal"
    )

    read = verified(house)

    assert "The journal is sound" in read
    assert "1 seal was checked" in read
    assert "No text was ever erased." in read


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE journal_entry SET who = 'x' WHERE what = 'filed'", "altered after"),
        ("DELETE FROM journal_entry WHERE what = 'filed'", "missing."),
        ("DELETE FROM journal_entry WHERE chain LIKE 'case:%'", "since seal 1"),
        ("UPDATE task SET status = 'withdrawn'", "a task is stored as withdrawn"),
        ("UPDATE seal SET mac = 'x'", "Seal 1 does not match its key"),
    ],
)
def test_what_is_wrong_with_the_journal_is_said_in_words(
    house: House, statement: str, told: str
) -> None:
    house.filed()
    settings = Settings(rate_limit=0)
    seal_journal(house.database, key=seal_key(settings), at=clock.now())
    with transaction(house.database) as session:
        session.connection().execute(text(statement))

    read = verified(house)

    assert "The journal is not as it was written" in read
    assert told in read
