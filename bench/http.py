"""Keep-alive clients that cost little, since they share the machine with the server."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from time import perf_counter, sleep
from types import TracebackType
from typing import Self
from urllib.error import URLError
from urllib.request import urlopen

from bench.ground import Process

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_START_WITHIN = 60.0


@dataclass(frozen=True, slots=True)
class Server:
    """Where a server listens, the key to it, and the cookie of who is signed in."""

    port: int
    key: str
    cookie: str = ""


class Client:
    """One connection; answers other than the expected one end the run."""

    def __init__(self, server: Server) -> None:
        self._server = server

    async def __aenter__(self) -> Self:
        self._reader, self._writer = await asyncio.open_connection(
            "127.0.0.1", self._server.port
        )
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._writer.close()
        await self._writer.wait_closed()

    async def ask(
        self, method: str, path: str, body: bytes = b"", *, expected: bytes = b"201"
    ) -> bytes:
        """Send a request and give the body of the answer."""
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n"
            f"Authorization: Bearer {self._server.key}\r\n"
            f"Cookie: {self._server.cookie}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self._writer.write(head.encode() + body)
        top = await self._reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(top)
        answer = await self._reader.readexactly(int(length[1]) if length else 0)
        if top[9:12] != expected:
            msg = f"{method} {path} gave {top[:60]!r} {answer[:300]!r}"
            raise RuntimeError(msg)
        return answer


def rate(
    server: Server, path: str, body: Callable[[], bytes], *, clients: int, length: float
) -> float:
    """Let clients post for so many seconds; give answers per second."""
    return asyncio.run(_rate(server, path, body, clients, length))


async def _rate(
    server: Server, path: str, body: Callable[[], bytes], clients: int, length: float
) -> float:
    answered = 0
    start = perf_counter()

    async def post() -> None:
        nonlocal answered
        async with Client(server) as client:
            while perf_counter() < start + length:
                await client.ask("POST", path, body())
                answered += 1

    await asyncio.gather(*(post() for _ in range(clients)))
    return answered / (perf_counter() - start)


def post_all(server: Server, bodies: Iterable[bytes], *, clients: int) -> None:
    """Post all these complaints."""
    waiting = iter(bodies)

    async def post() -> None:
        async with Client(server) as client:
            for one in waiting:
                await client.ask("POST", "/api/v1/complaints", one)

    asyncio.run(_together([post() for _ in range(clients)]))


async def _together(acts: Iterable[Awaitable[None]]) -> None:
    await asyncio.gather(*acts)


def ready(port: int, process: Process) -> None:
    """Wait until the server answers.

    Raises:
        RuntimeError: it ended, or took longer than a minute.
    """
    start = perf_counter()
    while perf_counter() < start + _START_WITHIN and process.runs:
        try:
            with urlopen(f"http://127.0.0.1:{port}/health", timeout=5):
                return
        except (URLError, OSError):
            sleep(0.1)
    msg = f"the API did not start:\n{process.said()}"
    raise RuntimeError(msg)
