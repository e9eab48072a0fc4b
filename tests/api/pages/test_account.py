"""One's own account: how one is spoken to, the password, other browsers."""

from __future__ import annotations

import pytest

from resolve_api.pages.visits import COOKIE
from tests.api.pages.conftest import Browser, House, fields, words
from tests.people import PASSWORD

NEW = "five other words in rows"


def test_the_page_speaks_the_language_that_was_chosen(house: House) -> None:
    browser = house.as_("frontline")

    for language, said in (("ru", "Выйти"), ("uk", "Вийти"), ("en", "Sign out")):
        form = fields(browser.get("/account"), of="/account")
        answer = browser.fill("/account", form | {"language": language})
        assert said in words(answer.text)
        assert f'<html lang="{language}"' in answer.text
        assert answer.headers["content-language"] == language


def test_who_chose_no_language_is_spoken_to_as_the_browser_asks(house: House) -> None:
    browser = house.as_("frontline")
    form = fields(browser.get("/account"), of="/account")
    browser.fill("/account", form | {"language": ""})

    for asked, language in (("uk-UA,uk;q=0.9,en;q=0.8", "uk"), ("de,ru;q=0.5", "ru")):
        answer = browser.get("/account", headers={"Accept-Language": asked})
        assert f'<html lang="{language}"' in answer.text


def test_a_visitor_chooses_a_language_for_the_browser(house: House) -> None:
    browser = house.browser(**{"Accept-Language": "en"})

    answer = browser.fill("/look", language="uk", next="/sign-in?next=/cases")

    assert '<html lang="uk"' in answer.text
    assert (answer.url.path, answer.url.params["next"]) == ("/sign-in", "/cases")
    assert '<html lang="uk"' in browser.get("/sign-in").text


def test_the_theme_chosen_is_on_every_page(house: House) -> None:
    browser = house.as_("frontline")
    form = fields(browser.get("/account"), of="/account")

    browser.fill("/account", form | {"theme": "dark"})

    assert 'data-bs-theme="dark"' in browser.get("/account").text


@pytest.mark.parametrize(
    "wrong",
    [
        {"zone": "Europe/Nowhere"},
        {"email": "no address"},
        {"email": "stock-head@company.example"},
        {"name": ""},
    ],
)
def test_what_is_wrong_stands_beside_the_field_and_nothing_typed_is_lost(
    house: House, wrong: dict[str, str]
) -> None:
    browser = house.as_("frontline")
    form = fields(browser.get("/account"), of="/account")
    typed = form | {"name": "Somebody <i>New</i>", "theme": "dark"} | wrong

    answer = browser.fill("/account", typed)

    (field,) = wrong
    assert answer.status_code == 422
    assert f'id="{field}-wrong"' in answer.text
    shown = fields(answer, of="/account")
    assert {name: value for name, (value,) in shown.items()} == {
        name: value if isinstance(value, str) else value[0]
        for name, value in typed.items()
    }
    assert house.person("frontline").name == "Frontline"


def test_a_new_password_ends_every_other_sign_in(house: House) -> None:
    house.password("frontline")
    here, elsewhere = _signed_in(house), _signed_in(house)

    answer = here.fill("/account/password", present=PASSWORD, password=NEW)

    assert "signed out everywhere else" in words(answer.text)
    assert here.get("/account").url.path == "/account"
    assert elsewhere.get("/account").url.path == "/sign-in"


def test_a_password_is_changed_by_who_knows_it(house: House) -> None:
    house.password("frontline")
    browser = _signed_in(house)

    wrong = browser.fill("/account/password", present=NEW, password=NEW)
    short = browser.fill(
        "/account/password", {"present": PASSWORD, "password": "short"}
    )

    assert (wrong.status_code, short.status_code) == (422, 422)
    assert "That is not your password." in words(wrong.text)
    assert "Choose a longer password" in words(short.text)
    assert _signed_in(house).get("/account").url.path == "/account"


def test_another_browser_is_signed_out_at_once(house: House) -> None:
    house.password("frontline")
    lost, here = _signed_in(house), _signed_in(house)

    page = here.get("/account")
    (ending,) = _endings(page.text)
    here.fill(ending)

    assert lost.get("/account").url.path == "/sign-in"
    assert here.get("/account").url.path == "/account"
    assert not _endings(here.get("/account").text)


def test_nobody_ends_the_sign_in_of_somebody_else(house: House) -> None:
    house.password("frontline")
    mine, other = _signed_in(house), _signed_in(house)
    (ending,) = _endings(other.get("/account").text)

    house.as_("stock-head").fill(ending)

    assert mine.get("/account").url.path == "/account"


def test_no_page_of_somebody_is_kept_by_the_browser_or_on_the_way(house: House) -> None:
    answer = house.as_("frontline").get("/account")

    assert "no-store" in answer.headers["cache-control"]
    assert "Cookie" in answer.headers["vary"]
    assert house.as_("frontline").cookies[COOKIE] not in answer.text


def _signed_in(house: House) -> Browser:
    browser = house.browser()
    browser.fill("/sign-in", login="frontline", password=PASSWORD, next="/account")
    return browser


def _endings(html: str) -> list[str]:
    return [
        part.partition('"')[0]
        for part in html.split('action="')
        if part.startswith("/account/sign-ins/")
    ]
