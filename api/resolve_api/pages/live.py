"""What is new, told while a page is open: server-sent events.

One poller per process looks for new entries of the change feed while anybody listens,
and wakes those concerned; a stream holds no session and no thread. Two kinds of event
are sent, both without business data: `news` when anything changed that this person may
see, and `case` when it was the case that the page shows. The page then asks for the
part that it shows.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import dataclass, field

from fastapi import APIRouter, FastAPI
from sqlmodel import Session, col, select
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from resolve.analytics import lists
from resolve.cases.models import Case
from resolve.journal import feed
from resolve.kit.database import Database, reading
from resolve_api.pages.visits import Reader
from resolve_api.seen import partner

router = APIRouter()
_LOOKS_EVERY = 1.0
_SAYS_SOMETHING_EVERY = 20.0
_AT_ONCE = 1000


@dataclass(eq=False)
class Listener:
    """An open page: whose departments it may see (None: all), and which case."""

    case_id: str
    departments: frozenset[str] | None
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    news: bool = False
    case: bool = False

    def wake(self, changed: frozenset[str], seen: frozenset[str]) -> None:
        """Note what changed, and wake the stream if it concerns this page."""
        self.case = self.case or self.case_id in changed
        self.news = self.news or bool(seen)
        if self.case or self.news:
            self.woken.set()


class Poller:
    """Looks for what is new while anybody listens."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._listeners: set[Listener] = set()
        self._looking: asyncio.Task[None] | None = None
        self._position: int | None = None
        self.stopping = False

    def join(self, listener: Listener) -> None:
        """Begin to tell a page what is new."""
        self._listeners.add(listener)
        if self._looking is None or self._looking.done():
            self._position = None
            self._looking = asyncio.create_task(self._look())

    def leave(self, listener: Listener) -> None:
        """End telling a page."""
        self._listeners.discard(listener)

    def stop(self) -> None:
        """End all streams: the process stops."""
        self.stopping = True
        for listener in self._listeners:
            listener.woken.set()
        if self._looking is not None:
            self._looking.cancel()

    async def _look(self) -> None:
        while self._listeners:
            wanted = {one.departments for one in self._listeners}
            with suppress(Exception):  # a database away for a moment; look again
                changed = await run_in_threadpool(self._changed, wanted)
                for listener in tuple(self._listeners):
                    seen = changed.get(listener.departments, frozenset())
                    listener.wake(changed.get(None, frozenset()) & seen, seen)
            await asyncio.sleep(_LOOKS_EVERY)

    def _changed(
        self, wanted: set[frozenset[str] | None]
    ) -> dict[frozenset[str] | None, frozenset[str]]:
        """Give the cases that changed, as each of these may see them."""
        with reading(self._database) as session:
            waiting = feed.anything_new(session)
        if waiting:
            feed.number_new(self._database)
        with reading(self._database) as session:
            if self._position is None:
                last = feed.newest(session)
                self._position = last[0] if last else 0
                return {}
            rows = feed.after(session, self._position, limit=_AT_ONCE)
            if not rows:
                return {}
            self._position = rows[-1].position
            cases = frozenset(row.case_id for row in rows)
            return {None: cases} | {
                one: _seen(session, cases, one) for one in wanted if one is not None
            }


def _seen(
    session: Session, cases: frozenset[str], departments: frozenset[str]
) -> frozenset[str]:
    takes_part = lists.taking_part(Case.id, departments)
    return frozenset(
        session.exec(select(Case.id).where(col(Case.id).in_(cases), takes_part))
    )


@router.get("/live")
async def live(visit: Reader) -> Response:
    """Tell an open page what is new."""
    poller: Poller = visit.request.app.state.poller
    listener = Listener(visit.ask("case"), partner(visit.client))
    return StreamingResponse(
        stream(poller, listener),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def stream(poller: Poller, listener: Listener) -> AsyncGenerator[str]:
    poller.join(listener)
    try:
        yield "retry: 3000\n: open\n\n"
        while not poller.stopping:
            with suppress(TimeoutError):
                await asyncio.wait_for(listener.woken.wait(), _SAYS_SOMETHING_EVERY)
            listener.woken.clear()
            yield _told(listener)
    finally:
        poller.leave(listener)


def _told(listener: Listener) -> str:
    named = [name for name in ("case", "news") if getattr(listener, name)]
    listener.case = listener.news = False
    # An event without data would not be dispatched.
    return (
        "".join(f"event: {name}\ndata: 1\n\n" for name in named) or ": still here\n\n"
    )


def add_live(app: FastAPI, database: Database) -> None:
    """Give the application its poller."""
    app.state.poller = Poller(database)
