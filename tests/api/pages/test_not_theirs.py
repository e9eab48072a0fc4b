"""What people may not see or do, although they are signed in."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from resolve.access.absences import AbsenceWish, add_absence
from resolve.departments.members import put_in
from resolve.departments.models import Post
from resolve.kit.clock import now
from resolve.kit.database import reading, transaction
from resolve.tasks.models import Answer
from tests.api.pages.conftest import House
from tests.people import NEWCOMER

OLENA = {"name": "Olena Kovalenko", "email": "olena@mail.example"}
WORDS = "Olena waited three days for her red sofa."


def stands_in(house: House, substitute: str, of: str) -> None:
    today = now().date()
    days = AbsenceWish(house.person(substitute).id, today, today + timedelta(days=2))
    with transaction(house.database) as session:
        who = house.person(of).id
        add_absence(session, who, days, zone=ZoneInfo("UTC"), who="x", at=now())


def test_who_belongs_nowhere_and_stands_in_for_a_partner_sees_as_a_partner(
    house: House,
) -> None:
    case = house.filed(WORDS, customer=OLENA).case_id
    elsewhere = house.filed("It was sold out.", touchpoint=None).case_id

    stands_in(house, NEWCOMER, "carrier-head")

    newcomer = house.as_(NEWCOMER)
    seen = newcomer.get(f"/cases/{case}")
    assert seen.status_code == 200
    assert "sofa" in seen.text
    assert "Olena" not in seen.text
    assert newcomer.get(f"/cases/{elsewhere}").status_code == 404


def test_who_stands_in_for_one_of_us_sees_what_we_see(house: House) -> None:
    case = house.filed(WORDS, customer=OLENA).case_id

    stands_in(house, NEWCOMER, "stock-head")

    assert "Kovalenko" in house.as_(NEWCOMER).get(f"/cases/{case}").text


@pytest.mark.parametrize("login", [NEWCOMER, "administrator"])
def test_who_sees_no_cases_is_shown_like_complaints_of_their_own_only(
    house: House, login: str
) -> None:
    house.filed(WORDS, customer=OLENA)

    assert "sofa" not in house.post(login, "/file/like", text=WORDS).text

    house.post(login, "/file", text=WORDS)
    assert "sofa" in house.post(login, "/file/like", text=WORDS).text


def test_the_customers_link_is_for_who_filed_and_who_answers_customers(
    house: House,
) -> None:
    path = f"/file/done/{house.filed(WORDS).complaint_id}"

    for login in ("stock-head", "stock-member", "carrier-head", NEWCOMER):
        assert house.as_(login).get(path).status_code == 404, login
    for login in ("frontline", "quality-manager"):
        assert "/track/" in house.as_(login).get(path).text, login
    assert "/track/" in house.post("stock-member", "/file", text="It is late.").text


def test_who_sees_no_cases_is_not_called_into_their_talk(house: House) -> None:
    case = house.filed().case_id
    said = {"text": "What can we do?"}

    for login in (NEWCOMER, "administrator"):
        answer = house.post("stock-head", f"/cases/{case}/talk", mention=login, **said)
        assert answer.status_code == 422, login
    named = house.post("stock-head", f"/cases/{case}/talk", mention="frontline", **said)
    assert named.status_code == 200


def test_answers_entered_together_for_departments_say_so(house: House) -> None:
    cases = [house.filed(text).case_id for text in ("It is late.", "Late again.")]
    tasks = [house.tasks(case)["stock"].id for case in cases]

    sent = {"task": tasks, "observed": "Nothing was to be changed.", "minutes": ""}
    answer = house.post("quality-manager", "/tasks/together", **sent)

    assert answer.status_code == 200
    with reading(house.database) as session:
        given = [session.get_one(Answer, one) for one in tasks]
    assert all(one.by_word_of_mouth for one in given)


@pytest.mark.parametrize("number", ["9" * 5000, "²"], ids=["long", "sign"])
def test_a_number_that_is_none_ends_in_no_trace(house: House, number: str) -> None:
    case = house.filed().case_id
    admin, manager = house.as_("administrator"), house.as_("quality-manager")
    person = house.person("stock-head").id
    sent = {"name": "Ann", "revision": number, "source": "x"}

    for path in (f"/admin/people/{person}", "/admin/departments/stock"):
        assert admin.fill(path, sent).status_code < 500, path
    assert admin.fill("/admin/calendars/default", sent).status_code < 500
    for question in (f"complaints?after={number}", f"story?before={number}"):
        assert manager.get(f"/cases/{case}/{question}").status_code == 200


def test_a_draft_is_private_also_where_the_facilitator_puts_two_together(
    house: House,
) -> None:
    task = house.tasks(house.filed().case_id)["stock"].id
    house.post("stock-head", f"/tasks/{task}/draft", observed="Not yet for others.")

    sent = {"observed": "By telephone.", "both": "draft"}
    seen = house.post("quality-manager", f"/tasks/{task}/answer", **sent)

    assert "By telephone." in seen.text
    assert "Not yet for others." not in seen.text


def test_a_partners_head_sends_nobody_of_the_house_away(house: House) -> None:
    manager = house.person("quality-manager").id
    with transaction(house.database) as session:
        put_in(session, "carrier", manager, Post.MEMBER, who="x", at=now())
    day = now().date().isoformat()
    days = {"first_day": day, "last_day": day}
    instead = {"substitute": house.person("carrier-member").id, **days}

    refused = house.post("carrier-head", "/absence", person=manager, **instead)

    assert refused.status_code == 403
    mine = {"substitute": house.person("carrier-head").id, **days}
    member = house.person("carrier-member").id
    entered = house.post("carrier-head", "/absence", person=member, **mine)
    assert entered.status_code == 200
