"""A house without people asks whoever comes first to make the administrator."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from resolve.access.people import people
from resolve.access.table import Role
from resolve.kit.database import Database, reading
from resolve.kit.settings import Settings
from resolve_api.main import create_app
from tests.api.pages.conftest import Browser, House, words
from tests.people import PASSWORD

FORM = {"name": "Ada", "login": "ada", "email": "", "password": PASSWORD}


@pytest.fixture
def first(database: Database) -> Browser:
    """Give a browser at a house in which nobody is."""
    return Browser(create_app(database, Settings(rate_limit=0)))


def test_the_first_page_asks_for_the_administrator(first: Browser) -> None:
    assert first.get("/").url.path == "/first-start"


def test_whoever_comes_first_looks_after_people_and_is_signed_in(
    first: Browser, database: Database
) -> None:
    answer = first.post("/first-start", data=FORM, follow_redirects=False)

    assert answer.headers["location"].startswith("/admin")
    assert "Ada" in first.get("/account").text
    with reading(database) as session:
        (made,) = people(session)
    assert Role.ADMINISTRATOR in made.roles


def test_whoever_comes_second_signs_in(house: House) -> None:
    browser = house.browser()

    assert browser.get("/").url.path == "/sign-in"
    assert browser.get("/first-start").url.path == "/sign-in"
    assert browser.fill("/first-start", FORM).url.path == "/sign-in"
    with reading(house.database) as session:
        assert "ada" not in {one.login for one in people(session)}


def test_of_several_at_once_one_becomes_administrator(
    first: Browser, database: Database
) -> None:
    def begin(login: str) -> str:
        browser = Browser(first.app)
        sent = FORM | {"login": login}
        answer = browser.post("/first-start", data=sent, follow_redirects=False)
        return answer.headers["location"].partition("?")[0]

    with ThreadPoolExecutor(4) as at_once:
        led = sorted(at_once.map(begin, ("ada", "eve", "kim", "lea")))

    assert led == ["/admin", "/sign-in", "/sign-in", "/sign-in"]
    with reading(database) as session:
        assert len(people(session)) == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"password": "short"}, "Choose a longer password"),
        ({"password": "password123"}, "Choose a longer password"),
        ({"login": "two words"}, "A login is one word"),
        ({"email": "no address"}, "This is not an e-mail address"),
    ],
)
def test_what_is_wrong_stands_beside_the_field_and_nothing_typed_is_lost(
    first: Browser, database: Database, wrong: dict[str, str], said: str
) -> None:
    typed = FORM | {"name": 'Ada "A." <Lovelace>'} | wrong

    answer = first.fill("/first-start", typed)

    assert answer.status_code == 422
    (field,) = wrong
    assert f'id="{field}-wrong"' in answer.text
    assert said in words(answer.text)
    for kept in ("name", "login", "email"):
        assert f'value="{_escaped(typed[kept])}"' in answer.text
    assert typed["password"] not in answer.text
    with reading(database) as session:
        assert not people(session)


def _escaped(text: str) -> str:
    return text.replace("<", "&lt;").replace(">", "&gt;").replace('"', "&#34;")
