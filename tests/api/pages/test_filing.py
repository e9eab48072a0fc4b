"""Filing by the frontline: once, in under a minute, with what the customer brings."""

from __future__ import annotations

import re
from typing import Any

import pytest
from httpx2 import Response

from resolve.attachments.models import AttachedContent, Attachment
from resolve.cases.models import Case
from resolve.complaints.models import ClosedAs, Complaint
from resolve.tasks.models import Task
from tests.api.pages.conftest import Browser, House, fields, words
from tests.builders import all_rows

DOOR = "order-to-delivery/door/on-time"
WORDS = "Обещали во вторник, привезли в пятницу."
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 50
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


def send(browser: Browser, path: str, files: Any = (), **typed: Any) -> Response:
    """Send a form of filing with files."""
    named = [("files", file) for file in files]
    return browser.post(path, data=typed, files=named, headers=SAME_SITE)


def complaint(house: House) -> Complaint:
    found: Complaint = all_rows(house.database, Complaint)[-1]
    return found


def test_words_and_a_place_are_enough(house: House) -> None:
    browser = house.as_("frontline")
    page = browser.get("/file")
    sent = fields(page, of="/file")

    done = browser.fill("/file", sent, text=WORDS, where=DOOR, order="4711")
    house.work()

    filed = complaint(house)
    assert (filed.text, filed.order_id, filed.language) == (WORDS, "4711", "ru")
    assert filed.filed_by == f"person:{house.person('frontline').id}"
    assert filed.number in words(done.text)
    assert re.search(r"http://[^\"]+/track/[\w-]{43}", done.text)
    assert len(house.tasks(filed.case_id)) == 7


def test_a_form_sent_twice_files_once(house: House) -> None:
    browser = house.as_("frontline")
    sent = fields(browser.get("/file"), of="/file")
    one = browser.fill("/file", sent, text=WORDS)
    other = browser.fill("/file", sent, text=WORDS)

    assert one.url == other.url
    assert len(all_rows(house.database, Complaint)) == 1
    # Who reads the complaint cannot send its form again.
    assert complaint(house).reference not in sent["key"]

    browser.fill("/file", fields(browser.get("/file"), of="/file"), text=WORDS)
    assert len(all_rows(house.database, Complaint)) == 2


def test_who_does_not_know_where_files_all_the_same(house: House) -> None:
    house.post("newcomer", "/file", text="Nobody answers the telephone.", where="")

    assert all_rows(house.database, Case)[0].status == "to_place"


def test_what_is_wrong_stands_beside_it_and_nothing_typed_is_lost(
    house: House,
) -> None:
    typed = {
        "text": "  ", "where": DOOR, "name": "Олена", "email": "no address",
        "order": "<b>4711</b>", "desired_outcome": "A new one", "occurred": "yesterday",
        "severity": "high", "safety": "1", "remedy": "", "settled": "1",
    }  # fmt: skip
    answer = house.post("frontline", "/file", **typed)

    assert answer.status_code == 422
    shown = words(answer.text)
    assert "Write in a few words what happened." in shown
    assert "This is not an e-mail address" in shown
    assert "Give a day" in shown
    assert "Say what you did for the customer." in shown
    again = fields(answer, of="/file")
    for name in ("name", "email", "order", "desired_outcome", "severity", "where"):
        assert again[name] == [typed[name]], name
    assert again["safety"] == again["settled"] == ["1"]
    assert "<b>4711" not in answer.text
    assert not all_rows(house.database, Complaint)


def test_a_too_long_text_and_a_day_to_come_are_refused(house: House) -> None:
    answer = house.post(
        "frontline", "/file", text="x" * 20_001, occurred="2999-01-01", order="o" * 201
    )

    shown = words(answer.text)
    assert shown.count("This is too long") == 2
    assert "This day is still to come." in shown


def test_settled_at_once_closes_it_with_what_was_done(house: House) -> None:
    done = house.post(
        "frontline", "/file", text="Dented.", where=DOOR, settled="1",
        remedy="A new one from the shelf",
    )  # fmt: skip
    house.work()

    assert complaint(house).closed_as == ClosedAs.SETTLED_AT_ONCE
    assert complaint(house).remedy == "A new one from the shelf"
    assert "Nothing more: it is settled" in words(done.text)
    assert not all_rows(house.database, Task)


def test_who_may_not_settle_is_not_asked_and_cannot(house: House) -> None:
    browser = house.as_("newcomer")
    assert 'name="settled"' not in browser.get("/file").text

    browser.fill("/file", text="Dented.", where=DOOR, settled="1", remedy="A new one")

    assert complaint(house).closed_as is None


def test_places_are_found_in_any_language_and_by_steps(house: House) -> None:
    browser = house.as_("frontline")
    for sought, place in (
        ("at the dealer", "at-order-to-delivery-dealer-counter"),
        ("рахунок", "at-order-to-delivery-invoice"),
        ("у двери", "at-order-to-delivery-door"),
        ("pack", "at-order-to-delivery-door"),
    ):
        found = browser.get("/file/places", params={"find": sought}).text
        assert f'id="{place}"' in found, sought
    nothing = browser.get("/file/places", params={"find": "qqqqqq"})
    assert "No place fits these words" in words(nothing.text)


def test_searching_without_scripts_keeps_what_was_typed_and_chosen(
    house: House,
) -> None:
    answer = house.post(
        "frontline", "/file", text=WORDS, where=DOOR, find="invoice", look="1"
    )

    assert answer.status_code == 200
    again = fields(answer, of="/file")
    assert (again["text"], again["where"]) == ([WORDS], [DOOR])
    assert not all_rows(house.database, Complaint)


def test_the_picture_leads_to_the_choices_on_the_same_page(house: House) -> None:
    answer = house.post("frontline", "/file", text=WORDS, picture="order-to-delivery")

    assert "<svg" in answer.text
    targets = set(re.findall(r'xlink:href="#([^"]+)"', answer.text))
    assert "at-order-to-delivery-door" in targets
    ids = set(re.findall(r'id="([^"]+)"', answer.text))
    assert targets <= ids
    assert fields(answer, of="/file")["text"] == [WORDS]
    assert " style=" not in answer.text


def test_an_address_can_name_where_it_happened(house: House) -> None:
    page = house.as_("frontline").get("/file?touchpoint=door&promise=intact&order=4711")

    sent = fields(page, of="/file")
    assert sent["where"] == ["order-to-delivery/door/intact"]
    assert sent["order"] == ["4711"]


def test_like_recent_complaints_are_shown_and_masked_for_partners(
    house: House,
) -> None:
    house.filed(
        "The parcel came three days late, says Olena Kovalenko",
        customer={"name": "Olena Kovalenko"},
        map="order-to-delivery",
    )
    house.filed("The invoice has a wrong sum", touchpoint="invoice",
                promise="correct-bill", map="order-to-delivery")  # fmt: skip
    asked = {"text": "parcel three days late", "where": DOOR}

    ours = words(house.post("frontline", "/file/like", **asked).text)
    assert "Olena Kovalenko" in ours
    assert "wrong sum" not in ours
    theirs = words(house.post("carrier-head", "/file/like", **asked).text)
    assert "three days late" in theirs
    assert "Olena" not in theirs
    other = words(house.post("frontline", "/file/like", text="zzz yyy xxx").text)
    assert "No recent complaint is like this one." in other


def test_files_come_with_it_and_are_saved_by_who_may_see_the_case(
    house: House,
) -> None:
    browser = house.as_("frontline")
    send(browser, "/file", [("../../Двері.png", PNG), ("a.txt", b"hello")], text=WORDS,
         where=DOOR)  # fmt: skip
    house.work()

    files = all_rows(house.database, Attachment)
    assert [file.name for file in files] == ["Двері.png", "a.txt"]
    for login in ("frontline", "stock-head", "quality-manager"):
        answer = house.as_(login).get(f"/attachments/{files[0].id}")
        assert answer.content == PNG
        assert answer.headers["content-disposition"].startswith("attachment;")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in answer.headers["content-security-policy"]
        assert answer.headers["content-type"] == "image/png"
    assert (
        house.as_("carrier-head").get(f"/attachments/{files[0].id}").status_code == 404
    )
    nobody = house.browser().get(f"/attachments/{files[0].id}", follow_redirects=False)
    assert nobody.headers["location"].startswith("/sign-in")
    for name in ("x", "..%2Fx", files[0].complaint_id):
        assert house.as_("frontline").get(f"/attachments/{name}").status_code == 404


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (("photo.png", b"<html><script>alert(1)</script>"), "of a kind that cannot"),
        (("x.svg", b"<svg onload='alert(1)'/>"), "of a kind that cannot"),
        (("run.exe", b"MZ\0\0"), "of a kind that cannot"),
        (("letter.pdf", PNG), "holds something else"),
        (("empty.txt", b""), "There is nothing in the file"),
        (("film.mp4", b"\0\0\0\x18ftypmp42" + b"\0" * 11_000_000), "larger than 10 MB"),
    ],
)
def test_a_file_that_is_refused_files_nothing_and_loses_nothing(
    house: House, file: tuple[str, bytes], said: str
) -> None:
    answer = send(house.as_("frontline"), "/file", [("ok.png", PNG), file], text=WORDS,
                  where=DOOR)  # fmt: skip

    assert answer.status_code == 422
    assert said in words(answer.text)
    assert fields(answer, of="/file")["text"] == [WORDS]
    assert not all_rows(house.database, Complaint)
    assert not all_rows(house.database, AttachedContent)


def test_six_files_are_one_too_many(house: House) -> None:
    files = [(f"{n}.png", PNG) for n in range(6)]
    answer = send(house.as_("frontline"), "/file", files, text=WORDS)

    assert "At most 5 files can be sent." in words(answer.text)


def test_without_a_map_the_words_are_filed_and_wait_to_be_placed(
    house: House,
) -> None:
    house.post("frontline", "/file", text=WORDS, where="nowhere/door/on-time")

    assert all_rows(house.database, Case)[0].status == "to_place"


def test_a_stranger_s_complaint_is_thanked_for_by_nobody_else(house: House) -> None:
    house.post("frontline", "/file", text=WORDS, where="order-to-delivery/invoice/")
    path = f"/file/done/{complaint(house).id}"

    assert house.as_("quality-manager").get(path).status_code == 200
    assert house.as_("carrier-head").get(path).status_code == 404
    assert house.as_("frontline").get("/file/done/nothing").status_code == 404


def test_what_was_typed_survives_a_sign_in_that_ended(house: House) -> None:
    browser = house.browser()
    sent = browser.fill("/file", text=WORDS, where=DOOR, order="4711")
    assert "What you typed is kept" in words(sent.text) or sent.status_code == 401

    again = fields(sent, of="/sign-in") | {
        "login": "frontline", "password": house.password("frontline"),
    }  # fmt: skip
    waiting = browser.fill("/sign-in", again)
    browser.fill("/file", fields(waiting, of="/file"))

    assert (complaint(house).text, complaint(house).order_id) == (WORDS, "4711")
    assert complaint(house).touchpoint == "door"
