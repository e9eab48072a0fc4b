"""Pages on very many complaints, against the same on few; and while many are open."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from statistics import median
from time import perf_counter

from sqlmodel import col, select

from bench import stock
from bench.ground import KINDS, Ground
from bench.http import Client, Server
from bench.posting import serving
from bench.repetitions import milliseconds, quantile
from bench.row import Line, Reach, Row, compared
from resolve.access import signing_in
from resolve.access.people import the_person
from resolve.cases.models import Case, CaseStatus
from resolve.demo.people import take_in_people
from resolve.kit.clock import now
from resolve.kit.database import Database, reading, transaction

MANY, FEW = 1_000_000, 10_000
REACH = Reach(1.5)
HEAD, MANAGER = "thomas", "quality-manager"
PAGES = {
    "inbox": (HEAD, ("/inbox",)),
    "case": (MANAGER, ("/cases/{case}",)),
    "cases": (MANAGER, ("/cases",)),
    "board": (MANAGER, ("/board",)),
}
OPEN_PAGES = 200
_TIMES = 150
_CASES = 30
_WARM_UP = 20
_BOUTS = 5
_ASKED = 40


@dataclass(frozen=True, slots=True)
class Company:
    """A served company, who is signed in there, and some of its cases."""

    server: Server
    cookies: Mapping[str, str]
    cases: tuple[str, ...]

    def seen_by(self, login: str) -> Server:
        return replace(self.server, cookie=self.cookies[login])

    def example(self, page: str, number: int) -> str:
        """Give the address of a page; each time of another case."""
        return page.replace("{case}", self.cases[number % len(self.cases)])


def measure(ground: Ground) -> Iterator[Line]:
    for kind in KINDS:
        yield from _on(ground, kind)


def measure_live(ground: Ground) -> Iterator[Line]:
    for kind in KINDS:
        yield _while_open(ground, kind)


ROWS = (
    Row(
        "pages",
        measure,
        room=lambda scale: round(1.2 * MANY * scale * stock.BYTES_EACH),
    ),
    Row("live", measure_live),
)


def _on(ground: Ground, kind: str) -> Iterator[Line]:
    many, few = ground.size(MANY), ground.size(FEW, least=1_000)
    with ExitStack() as running:
        large = _served(ground, running, kind, many)
        small = _served(ground, running, kind, few)
        for name, (login, addresses) in PAGES.items():
            for page in addresses:
                ours, theirs = asyncio.run(_slowest(large, small, login, page))
                yield compared(
                    "pages",
                    f"{name} on {many:,}, {kind}",
                    measured=(ours, f"p95 {milliseconds(ours)}"),
                    against=(theirs, f"on {few:,} p95 {milliseconds(theirs)}"),
                    reach=REACH,
                )


def _served(ground: Ground, running: ExitStack, kind: str, many: int) -> Company:
    database, url = running.enter_context(ground.database(kind))
    key = stock.open_house(database)
    stock.fill(database, many)
    cookies = {login: signed_in(database, login) for login in (HEAD, MANAGER)}
    server = running.enter_context(serving(ground, url, key))
    return Company(server, cookies, _some_cases(database))


def signed_in(database: Database, login: str) -> str:
    """Sign somebody of the company in; gives the cookie."""
    with transaction(database) as session:
        take_in_people(session, at=now())
        person = the_person(session, login)
        secret = signing_in.begin(session, person, device="bench", at=now())
        return f"resolve={secret}"


def _some_cases(database: Database) -> tuple[str, ...]:
    with reading(database) as session:
        found = session.exec(
            select(Case.id)
            .where(Case.status == CaseStatus.TASKS)
            .order_by(col(Case.id))
            .limit(_CASES)
        ).all()
    return tuple(found)


async def _slowest(
    large: Company, small: Company, login: str, page: str
) -> tuple[float, float]:
    """Ask both in turn; give the p95 of each."""
    taken: tuple[list[float], list[float]] = ([], [])
    both = (large, small)
    async with Client(large.seen_by(login)) as one, Client(small.seen_by(login)) as two:
        for number in range(_TIMES + _WARM_UP):
            for company, client, seconds in zip(both, (one, two), taken, strict=True):
                start = perf_counter()
                await client.ask("GET", company.example(page, number), expected=b"200")
                if number >= _WARM_UP:
                    seconds.append(perf_counter() - start)
    return quantile(taken[0], 0.95), quantile(taken[1], 0.95)


# ------------------------------------------------------------------ while many are open


def _while_open(ground: Ground, kind: str) -> Line:
    few = ground.size(FEW, least=1_000)
    with ExitStack() as running:
        company = _served(ground, running, kind, few)
        ours, alone = asyncio.run(_with_and_without(company))
    return compared(
        "live",
        f"inbox while {OPEN_PAGES} live pages are open, {kind}",
        measured=(ours, f"median {milliseconds(ours)}"),
        against=(alone, f"while none is {milliseconds(alone)}"),
        reach=REACH,
    )


async def _with_and_without(company: Company) -> tuple[float, float]:
    """Ask for a page in bouts, every other one while many are open; give the medians.

    In each bout a complaint is filed now and then: the open pages are told of it.
    """
    await _bout(company)
    opened: list[float] = []
    alone: list[float] = []
    for _ in range(_BOUTS):
        async with _open_pages(company, OPEN_PAGES):
            opened += await _bout(company)
        alone += await _bout(company)
    return median(opened), median(alone)


async def _bout(company: Company) -> list[float]:
    taken = []
    async with Client(company.seen_by(HEAD)) as head, Client(company.server) as shop:
        for number in range(_ASKED):
            if number % 10 == 0:
                await shop.ask("POST", "/api/v1/complaints", stock.body())
            start = perf_counter()
            await head.ask("GET", "/inbox", expected=b"200")
            taken.append(perf_counter() - start)
            await asyncio.sleep(0.05)
    return taken


@asynccontextmanager
async def _open_pages(company: Company, many: int) -> AsyncIterator[None]:
    """Hold so many streams open, and read what they tell."""
    reading_on = [
        asyncio.create_task(_listen(company.seen_by(MANAGER))) for _ in range(many)
    ]
    await asyncio.sleep(2)
    try:
        yield
    finally:
        for one in reading_on:
            assert not one.done(), "a stream ended"  # noqa: S101  told as a failure
            one.cancel()
        await asyncio.gather(*reading_on, return_exceptions=True)


async def _listen(server: Server) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    try:
        asked = (
            f"GET /live HTTP/1.1\r\nHost: localhost\r\nCookie: {server.cookie}\r\n\r\n"
        )
        writer.write(asked.encode())
        top = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in top[:15]:
            msg = f"/live gave {top[:60]!r}"
            raise RuntimeError(msg)
        while await reader.read(4096):
            pass
    finally:
        writer.close()
