"""A small company that is about to have a hard day."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from resolve.access.service import add_key
from resolve.kit.database import Database, open_database, transaction
from resolve.kit.settings import Settings
from tests.builders import MONDAY, published
from tests.faults.processes import Processes

DEPARTMENTS = ("sales", "stock", "packing", "carrier", "billing")
MAPPING = """\
resolve-mapping: 1
of: complaints
encoding: utf-8
delimiter: ","
fields: {reference: number, text: what, touchpoint: where, promise: about}
constants: {source: shop, map: order}
"""


@dataclass
class Company:
    """A home with a published map and a key for everybody."""

    processes: Processes
    database: Database
    keys: dict[str, str]

    @property
    def home(self) -> Path:
        return self.processes.home

    @property
    def settings(self) -> Settings:
        return Settings(home=self.home)

    def table(self, rows: int) -> tuple[str, ...]:
        """Write a table of complaints; give the command that files it."""
        table, mapping = self.home / "complaints.csv", self.home / "mapping.yaml"
        lines = [f"{n},It came late,door,on-time" for n in range(rows)]
        table.write_text("\n".join(["number,what,where,about", *lines]), "utf-8")
        mapping.write_text(MAPPING, "utf-8")
        return "file", str(table), "--mapping", str(mapping)

    @property
    def heads(self) -> dict[str, str]:
        return {name: self.keys[name] for name in DEPARTMENTS}


@pytest.fixture(scope="session")
def seed() -> int:
    """Give what every random moment of this run follows from."""
    return int(os.environ.get("RESOLVE_FAULT_SEED", "1"))


@pytest.fixture(scope="session")
def scale() -> float:
    """Give how much is done: 1 in `make faults`, a tenth in `make test`."""
    return float(os.environ.get("RESOLVE_FAULT_SCALE", "0.1"))


@pytest.fixture
def chance(seed: int, request: pytest.FixtureRequest) -> Random:
    """Give the random moments of this test."""
    return Random(f"{seed} {request.node.name}")  # noqa: S311  moments, no secrets


@pytest.fixture
def company(database_url: str, tmp_path: Path) -> Iterator[Company]:
    """Give a company on a database of each kind; nothing runs yet."""
    yield from _company(database_url, tmp_path)


@pytest.fixture
def sqlite_company(sqlite_url: str, tmp_path: Path) -> Iterator[Company]:
    """Give a company on SQLite, the default; nothing runs yet."""
    yield from _company(sqlite_url, tmp_path)


def _company(url: str, folder: Path) -> Iterator[Company]:
    home = folder / "home"
    home.mkdir()
    if url.startswith("sqlite"):
        url = f"sqlite:///{shutil.move(folder / 'resolve.db', home / 'resolve.db')}"
    database = open_database(url)
    processes = Processes(home, url)
    try:
        published(database)
        yield Company(processes, database, _keys(database))
    finally:
        try:
            processes.close()
        finally:
            database.engine.dispose()
            print(processes.said())  # noqa: T201  pytest shows it if the test failed


def _keys(database: Database) -> dict[str, str]:
    with transaction(database) as session:

        def key(name: str, *scopes: str, department: str | None = None) -> str:
            return add_key(
                session, name, scopes, who="administrator", at=MONDAY,
                department=department,
            )  # fmt: skip

        house = {
            "shop": key("shop", "file"),
            "manager": key("manager", "read", "act", "admin", "file"),
        }
        return house | {
            name: key(name, "read", "act", department=name) for name in DEPARTMENTS
        }
