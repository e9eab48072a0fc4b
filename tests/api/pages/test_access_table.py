"""The access table, walked through: every page and address, by everybody there is."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from docs.access import DOCUMENT as PAGE
from docs.access import Door, api_doors, document, keys, page_doors, people
from resolve.access.service import add_key
from resolve.access.table import Right, Role, Scope, rights_of_roles
from resolve.kit.clock import now
from resolve.kit.database import open_database, transaction
from resolve.kit.ids import new_id
from tests.api.pages.conftest import Browser, House, house_in, words
from tests.people import NEWCOMER

NOT_YOURS = "This page is not among those for your roles."
OF_ONE_DEPARTMENT = "/last-touch/{department_id}"  # for its own people, whoever reads
STREAMS = "/live"  # it never ends; tests of its own open it
WHO_IS = {
    "not signed in": None,
    "no role": NEWCOMER,
    "head": "packing-head",  # who reads English, as the sentence below
    "member": "stock-member",
    "champion": "stock-champion",
    "quality manager": "quality-manager",
    "frontline": "frontline",
    "administrator": "administrator",
}


@pytest.fixture
def house(sqlite_url: str) -> Iterator[House]:
    """Give a house; who may do what does not depend on the kind of database."""
    database = open_database(sqlite_url)
    yield house_in(database)
    database.engine.dispose()


def test_the_document_says_what_the_table_and_the_routes_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == document(), "python docs/access.py"


def test_everybody_there_is_walks_through() -> None:
    assert set(people()) == set(WHO_IS)


@pytest.mark.parametrize("kind", WHO_IS)
def test_pages_open_for_whom_the_table_says(house: House, kind: str) -> None:
    rights, login = people()[kind], WHO_IS[kind]

    different = [
        (door.method, door.path, answer.status_code)
        for door in page_doors()
        if not (door.path == STREAMS and door.opens_for(rights))
        and not door.path.startswith(OF_ONE_DEPARTMENT)
        for answer in [_knock(_somebody(house, login), door)]
        if _is_open(answer, door) != door.opens_for(rights)
    ]

    assert not different


@pytest.mark.parametrize("kind", keys())
def test_addresses_open_for_the_keys_that_the_table_names(
    house: House, kind: str
) -> None:
    scope = Scope(kind.partition(",")[0])
    department = "stock" if "department" in kind else None
    client = _keeper(house, [scope], department=department)

    assert not _surprises(client, keys()[kind])


@pytest.mark.parametrize("role", [None, *Role])
def test_a_key_of_a_person_opens_what_the_person_may(
    house: House, role: Role | None
) -> None:
    kind = str(role).replace("_", " ") if role else "no role"
    login = WHO_IS[kind]
    assert login
    client = _keeper(house, list(Scope), person=house.person(login).id)

    assert not _surprises(client, rights_of_roles([role] if role else []))


def _somebody(house: House, login: str | None) -> Browser:
    """Give a browser that no form before has signed out."""
    house.known.clear()
    return house.as_(login) if login else house.browser(**{"Accept-Language": "en"})


def _knock(browser: Browser, door: Door) -> Response:
    """Ask for a page, or send an empty form; whatever it is about does not exist."""
    sent = {"Sec-Fetch-Site": "same-origin", "Accept-Language": "en"}
    return browser.request(
        door.method, _filled(door.path), headers=sent, follow_redirects=False
    )


def _is_open(answer: Response, door: Door) -> bool:
    asks = answer.headers.get("location", "").startswith("/sign-in?next=")
    asks = asks or "What you typed is kept" in answer.text
    return not asks and not (answer.status_code == 403 and _not_yours(answer, door))


def _not_yours(answer: Response, door: Door) -> bool:
    return NOT_YOURS in words(answer.text) or not door.rights


def _keeper(
    house: House,
    scopes: list[Scope],
    *,
    department: str | None = None,
    person: str | None = None,
) -> TestClient:
    with transaction(house.database) as session:
        secret = add_key(
            session, new_id(), [str(one) for one in scopes], who="admin", at=now(),
            department=department, person=person,
        )  # fmt: skip
    headers = {"Authorization": f"Bearer {secret}"}
    return TestClient(house.app, raise_server_exceptions=False, headers=headers)


def _surprises(
    client: TestClient, rights: frozenset[Right]
) -> list[tuple[str, str, int]]:
    """Give the addresses that open, or do not, otherwise than these rights say."""
    return [
        (door.method, door.path, answer.status_code)
        for door in api_doors()
        for answer in [client.request(door.method, _filled(door.path))]
        if (_code(answer) != "scope_missing") != door.opens_for(rights)
    ]


def _code(answer: Response) -> str:
    return str(answer.json().get("code", "")) if answer.status_code == 403 else ""


def _filled(path: str) -> str:
    """Name things that do not exist."""
    return re.sub(r"\{\w+\}", lambda _: new_id(), path.replace("{kind}", "svg"))
