"""The pages of mail: wishes, letters to read, a forgotten password."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from resolve.access.models import OneTimeLink, Patience, Person
from resolve.handling.mail import mail_folder, send_waiting
from resolve.kit.clock import now
from resolve.kit.database import transaction
from resolve.kit.ids import new_id
from resolve.kit.settings import settings
from resolve.messages.mail import Letter, as_mail
from resolve.messages.models import Delivery, DeliveryState
from resolve_api.pages import forgot
from tests.api.pages.conftest import House, fields, words
from tests.builders import all_rows

NOT_OURS = ("../resolve", "%2e%2e%2fresolve", "x", ".hidden", "01a2014c")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give the folder of mail, empty for each test."""
    monkeypatch.setenv("RESOLVE_HOME", str(tmp_path / "home"))
    settings.cache_clear()
    yield mail_folder(settings())
    settings.cache_clear()


@pytest.fixture
def house(folder: Path, house: House) -> House:  # noqa: ARG001  its home is the folder's
    return house


def put(folder: Path, subject: str, body: str, name: str = "") -> str:
    folder.mkdir(parents=True, exist_ok=True)
    name = name or new_id()
    letter = Letter("Olha", "olha@example.com", "en", subject, body)
    (folder / f"{name}.eml").write_bytes(as_mail(letter, name, now()).as_bytes())
    return name


# ------------------------------------------------------------------------------- wishes


def test_wishes_are_saved_and_shown(house: House) -> None:
    head = house.as_("stock-head")

    page = head.fill(
        "/account/mail", mail="digest", digest_at="07:45",
        quiet_from="21:00", quiet_until="06:30",
    )  # fmt: skip

    assert "done=mail_saved" in str(page.url)
    kept = fields(head.get("/account/mail"))
    assert kept == {
        "mail": ["digest"], "digest_at": ["07:45"],
        "quiet_from": ["21:00"], "quiet_until": ["06:30"],
    }  # fmt: skip
    assert house.person("stock-head").mail == "digest"


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"quiet_from": "22:00"}, "quiet_from"),
        ({"quiet_until": "06:00"}, "quiet_until"),
        ({"quiet_from": "06:00", "quiet_until": "06:00"}, "quiet_until"),
        ({"digest_at": "25:00"}, "digest_at"),
        ({"mail": "often"}, "mail"),
    ],
)
def test_a_wish_that_cannot_be_is_told_and_kept(
    house: House, sent: dict[str, str], field: str
) -> None:
    head = house.as_("packing-head")
    known = {"mail": "each", "digest_at": "09:00", "quiet_from": "", "quiet_until": ""}

    page = head.fill("/account/mail", known | sent)

    assert page.status_code == 422
    if field != "mail":
        assert fields(page)[field] == [sent.get(field, "")]
    assert house.person("packing-head").digest_at == "08:00"


def test_who_has_no_address_is_told_so(house: House) -> None:
    with transaction(house.database) as session:
        session.execute(update(Person).values(email=None))

    assert "No e-mail of yours is known" in house.as_("frontline").read("/account/mail")


# ------------------------------------------------------------------------------ reading


def test_the_administrator_reads_the_letters_of_the_house(
    house: House, folder: Path
) -> None:
    task = house.tasks(house.filed().case_id)["stock"]
    send_waiting(house.database, folder, at=now(), most=500)
    administrator = house.as_("administrator")

    listed = administrator.get("/mail")
    path = f"/mail/{_letter_to(house, 'stock-head')}"
    letter = administrator.get(path)

    assert path in listed.text
    assert "Stock Head &lt;stock-head@company.example&gt;" in letter.text
    assert f'<a href="/tasks/{task.id}">' in letter.text


def _letter_to(house: House, login: str) -> str:
    id_ = house.person(login).id
    letters: list[Delivery] = all_rows(house.database, Delivery)
    return next(one.file for one in letters if one.person_id == id_)


def test_a_letter_stays_text_whatever_it_holds(house: House, folder: Path) -> None:
    bad = "<script>alert(1)</script> javascript:alert(1) http://elsewhere/tasks/1"
    name = put(folder, f"Hello {bad}", f'{bad}\nhttp://127.0.0.1:8000/x" onclick=1\n')

    page = house.as_("administrator").get(f"/mail/{name}").text
    listed = house.as_("administrator").get("/mail").text

    for shown in (page, listed):
        assert "<script>alert" not in shown
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert 'href="http://elsewhere' not in page
    assert 'href="javascript' not in page
    assert '<a href="/x">' in page


def test_a_page_of_mail_in_html_stays_text(house: House, folder: Path) -> None:
    name = new_id()
    folder.mkdir(parents=True)
    (folder / f"{name}.eml").write_bytes(
        b"Subject: =?utf-8?q?=3Cb=3E?=\nContent-Type: text/html\n\n<b onclick=1>x</b>"
    )

    page = house.as_("administrator").get(f"/mail/{name}")

    assert page.status_code == 200
    assert "&lt;b onclick=1&gt;x&lt;/b&gt;" in page.text


@pytest.mark.parametrize("name", NOT_OURS)
def test_only_files_named_by_us_are_read(house: House, folder: Path, name: str) -> None:
    put(folder, "Secret", "secret", "x")
    put(folder.parent, "Secret", "secret", "resolve")

    answer = house.as_("administrator").get(f"/mail/{name}", follow_redirects=False)

    assert answer.status_code in (404, 307)
    assert "secret" not in answer.text
    assert "Secret" not in house.as_("administrator").read("/mail")


def test_a_link_to_another_file_is_not_followed(house: House, folder: Path) -> None:
    put(folder.parent, "Secret", "secret", "other")
    folder.mkdir()
    name = new_id()
    (folder / f"{name}.eml").symlink_to(folder.parent / "other.eml")

    assert house.as_("administrator").get(f"/mail/{name}").status_code == 404
    assert house.as_("administrator").get("/mail").status_code == 200


def test_broken_files_do_not_break_the_page(house: House, folder: Path) -> None:
    folder.mkdir(parents=True)
    for content in (
        b"",
        b"\xff\xfe\x00",
        b"Date: never\nContent-Type: multipart/x\n\n",
    ):
        name = new_id()
        (folder / f"{name}.eml").write_bytes(content)
        assert house.as_("administrator").get(f"/mail/{name}").status_code == 200

    assert house.as_("administrator").get("/mail").status_code == 200


def test_older_letters_are_on_further_pages(house: House, folder: Path) -> None:
    names = [put(folder, f"Letter {n}", "x") for n in range(53)]

    first = house.as_("administrator").get("/mail")
    second = house.as_("administrator").get(f"/mail?before={names[3]}")

    assert f"/mail?before={names[3]}" in first.text
    assert names[3] in first.text
    assert names[2] not in first.text
    assert [name for name in names if f"/mail/{name}" in second.text] == names[:3]


def test_what_waits_is_shown_with_the_reason_and_tried_again(house: House) -> None:
    house.filed()
    send_waiting(house.database, mail_folder(settings()), at=now(), most=500)
    first, second = all_rows(house.database, Delivery)[:2]
    with transaction(house.database) as session:
        for one, state in (
            (first, DeliveryState.REFUSED), (second, DeliveryState.WAITING)
        ):  # fmt: skip
            row = session.get_one(Delivery, one.id)
            row.state, row.tries, row.trouble = state, 2, "550 <nobody> here"
            session.add(row)
    administrator = house.as_("administrator")

    page = administrator.get("/mail")
    administrator.fill("/mail/try")

    assert page.text.count("550 &lt;nobody&gt; here") == 2
    assert "Tried 2 times" in words(page.text)
    after = {one.id: one for one in all_rows(house.database, Delivery)}
    assert after[first.id].state == DeliveryState.WAITING
    assert after[first.id].due_at <= now()


@pytest.mark.parametrize("login", ["stock-head", "quality-manager", "frontline"])
def test_letters_of_others_are_for_administrators(
    house: House, folder: Path, login: str
) -> None:
    name = put(folder, "Secret", "x")

    for path in ("/mail", f"/mail/{name}"):
        answer = house.as_(login).get(path)
        assert answer.status_code == 403
        assert "Secret" not in answer.text


# ------------------------------------------------------------------- forgotten password


def asked(house: House, name: str, **headers: str) -> str:
    """Ask for a link; give the words of the answer, once what follows is done."""
    page = house.browser(**headers).fill("/forgot", login=name)
    forgot._BESIDES.submit(lambda: None).result()
    return words(page.text)


def test_a_link_comes_by_mail_and_sets_a_new_password(
    house: House, folder: Path
) -> None:
    house.password("stock-head")
    asked(house, "stock-head@company.example")

    (file,) = folder.glob("*.eml")
    page = house.as_("administrator").get(f"/mail/{file.stem}")
    link = page.text.partition('<a href="/link/')[2].partition('"')[0]
    browser = house.browser()
    set_ = browser.fill(f"/link/{link}", password="a new row of words")  # noqa: S106
    again = house.browser().fill(f"/link/{link}", password="another one here")  # noqa: S106

    assert set_.status_code == 200
    assert "Stock Head" in set_.text
    assert again.status_code == 404
    signed = house.browser().fill(
        "/sign-in",
        login="stock-head",
        password="a new row of words",  # noqa: S106
    )
    assert "Stock Head" in signed.text


def test_the_answer_is_the_same_whoever_is_asked_for(
    house: House, folder: Path
) -> None:
    with transaction(house.database) as session:
        session.execute(
            update(Person).where(Person.login == "frontline").values(email=None)  # type: ignore[arg-type]
        )

    answers = {asked(house, one) for one in ("stock-head", "frontline", "nobody", "")}

    assert len(answers) == 1
    assert len(list(folder.glob("*.eml"))) == 1


def test_the_secret_of_a_link_is_not_in_the_database(
    house: House, folder: Path
) -> None:
    asked(house, "stock-head")

    (file,) = folder.glob("*.eml")
    text = house.as_("administrator").get(f"/mail/{file.stem}").text
    secret = text.partition('<a href="/link/')[2].partition('"')[0]
    assert len(secret) > 30
    (row,) = all_rows(house.database, OneTimeLink)
    assert secret not in repr(row)
    assert all_rows(house.database, Delivery) == []


def test_asking_often_has_to_wait(house: House, folder: Path) -> None:
    answers = [asked(house, "stock-head") for _ in range(8)]

    assert "Too many tries" in answers[-1]
    assert len(list(folder.glob("*.eml"))) < 8
    assert all("stock" not in one.of for one in all_rows(house.database, Patience))


def test_a_link_of_the_administrator_is_not_taken_away_by_asking(house: House) -> None:
    house.post("administrator", f"/admin/people/{house.person('frontline').id}/link")
    before = {one.digest for one in all_rows(house.database, OneTimeLink)}

    asked(house, "frontline")

    after = {one.digest for one in all_rows(house.database, OneTimeLink)}
    assert before <= after


def test_the_sign_in_page_leads_there(house: House) -> None:
    assert 'href="/forgot"' in house.browser().get("/sign-in").text
    assert "Send me a link" in house.browser().read("/forgot")
