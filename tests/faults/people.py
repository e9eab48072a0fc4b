"""People at a distance: they file, they answer, they repeat what got no answer."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any

import httpx

from tests.faults.processes import Api

CONCERNS: tuple[dict[str, str], ...] = (
    {"touchpoint": "door", "promise": "on-time"},
    {"touchpoint": "door", "promise": "intact"},
    {"touchpoint": "payment", "promise": "correct-bill"},
    {"touchpoint": "nowhere"},
)
LONGEST = 120.0
_AGAIN = {500, 502, 503, 504}
# Nothing here is encrypted; making a context for every client costs most of the time.
_PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


class Caller:
    """A client of one thread that repeats, as it should, until there is an answer."""

    def __init__(self, api: Api, key: str, *, timeout: float = 15.0) -> None:
        self._client = httpx.Client(
            base_url=f"{api.address}/api/v1",
            headers={"Authorization": f"Bearer {key}"},
            timeout=timeout,
            verify=_PLAIN,
            limits=httpx.Limits(max_keepalive_connections=1),
        )
        self.repeated = 0

    def once(self, method: str, path: str, **more: Any) -> httpx.Response:
        return self._client.request(method, path, **more)

    def call(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Ask until somebody answers who is able to."""
        end = time.monotonic() + LONGEST
        while True:
            answer = self._try(method, path, **more)
            if answer is not None and not _is_to_repeat(answer):
                return answer
            told = answer.text if answer is not None else "no answer"
            assert time.monotonic() < end, f"{method} {path}: {told}"
            self.repeated += 1
            time.sleep(0.1)

    def _try(self, method: str, path: str, **more: Any) -> httpx.Response | None:
        try:
            return self.once(method, path, **more)
        except httpx.TransportError:
            return None

    def file(self, source: str, reference: str, **facts: Any) -> httpx.Response:
        """File under a key, and repeat with the same one."""
        body = {"text": "It came late.", "source": source, "reference": reference}
        return self.call(
            "POST",
            "/complaints",
            json=body | facts,
            headers={"Idempotency-Key": f"{source}/{reference}"},
        )

    def all(self, path: str, **query: Any) -> Iterator[dict[str, Any]]:
        """Give every row of a list, page after page."""
        cursor: dict[str, str] = {}
        while True:
            answer = self.call("GET", path, params=query | {"limit": 100} | cursor)
            assert answer.status_code == 200, answer.text
            page = answer.json()
            yield from page["data"]
            if not page["page"]["has_more"]:
                return
            cursor = {"cursor": page["page"]["next_cursor"]}

    def close(self) -> None:
        self._client.close()


def _is_to_repeat(answer: httpx.Response) -> bool:
    running = answer.status_code == 409 and "Retry-After" in answer.headers
    return running or answer.status_code in _AGAIN


@contextmanager
def caller(api: Api, key: str, *, timeout: float = 15.0) -> Iterator[Caller]:
    """Give a caller whose connection is closed in the end."""
    made = Caller(api, key, timeout=timeout)
    try:
        yield made
    finally:
        made.close()


@dataclass
class Receipts:
    """What people were told: (source, reference) of the 201s, and accepted answers."""

    filed: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    answered: dict[str, str] = field(default_factory=dict)
    repeated: int = 0


@contextmanager
def clients_filing(
    api: Api, key: str, receipts: Receipts, *, pause: float, clients: int = 8
) -> Iterator[None]:
    """Let clients file while something else goes on; each filing gets its 201."""
    stop = threading.Event()

    def one(number: int) -> None:
        source, n = f"shop-{number}", 0
        with caller(api, key, timeout=3) as by:
            while not stop.wait(pause):
                facts = CONCERNS[(n + number) % len(CONCERNS)]
                answer = by.file(source, str(n), **facts)
                assert answer.status_code == 201, answer.text
                receipts.filed[source, str(n)] = answer.json()
                n += 1
            receipts.repeated += by.repeated

    with _going_on([partial(one, n) for n in range(clients)], stop):
        yield


@contextmanager
def _going_on(
    acts: Sequence[Callable[[], Any]], stop: threading.Event
) -> Iterator[None]:
    with ThreadPoolExecutor(len(acts)) as pool:
        working = [pool.submit(act) for act in acts]
        try:
            yield
        finally:
            stop.set()
        for one in working:
            one.result(LONGEST * 2)


def at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Do all of this at the same time; give the results in this order."""
    with ThreadPoolExecutor(len(acts)) as pool:
        futures = [pool.submit(act) for act in acts]
        return [one.result() for one in futures]


@contextmanager
def heads_answering(
    api: Api, keys: dict[str, str], receipts: Receipts, *, seed: int, share: float
) -> Iterator[None]:
    """Let the heads answer a share of their tasks while something else goes on."""
    stop = threading.Event()
    chances = {name: Random(f"{seed} {name}") for name in keys}  # noqa: S311
    acts = [
        partial(_head, api, name, key, receipts, stop, chances[name], share)
        for name, key in keys.items()
    ]
    with _going_on(acts, stop):
        yield


def _head(  # noqa: PLR0913, PLR0917  what one person knows
    api: Api,
    department: str,
    key: str,
    receipts: Receipts,
    stop: threading.Event,
    chance: Random,
    share: float,
) -> None:
    seen: set[str] = set()
    with caller(api, key) as by:
        while not stop.wait(0.3):
            for task in by.all("/tasks", department=department, status="open"):
                if task["id"] in seen:
                    continue
                seen.add(task["id"])
                if chance.random() < share:
                    answer_task(by, task, receipts)
                if stop.is_set():
                    return


def answer_task(by: Caller, task: dict[str, Any], receipts: Receipts) -> None:
    """Answer with a proposal for the first step; a repetition finds its own answer."""
    change = f"A change for {task['id']}"
    step = task["steps"][0]
    body = {"proposals": [{"change": change, "step": _id(step)}]}
    answer = by.call("POST", f"/tasks/{task['id']}/answer", json=body)
    if answer.status_code == 409:
        assert answer.json()["code"] == "already_answered", answer.text
        assert change in answer.text
    else:
        assert answer.status_code == 200, answer.text
    receipts.answered[task["id"]] = change


def _id(step: Any) -> str:
    return str(step["step"] if isinstance(step, dict) and "step" in step else step)
