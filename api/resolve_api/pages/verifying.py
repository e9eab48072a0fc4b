"""One look through the whole journal at a time, beside the pages.

It runs in a thread of its own and pauses again and again, so that pages are answered
meanwhile; what it found is kept until the next look or the end of the process.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

import structlog
from fastapi import FastAPI
from sqlalchemy import func
from sqlmodel import select

from resolve.analytics.replayed import Difference, differences
from resolve.journal.keys import seal_key
from resolve.journal.models import JournalEntry
from resolve.journal.verify import Report, verify
from resolve.kit.clock import now
from resolve.kit.database import Database, reading
from resolve.kit.settings import Settings

log = structlog.get_logger("resolve.pages")
_PAUSE = 0.005


class Stage(StrEnum):
    """How far a look through the journal has come."""

    NEVER = "never"
    READING = "reading"  # entries against hashes and seals
    COMPARING = "comparing"  # stored states against those that the journal leads to
    DONE = "done"
    BROKEN_OFF = "broken_off"  # it could not be read to the end


@dataclass(frozen=True, slots=True)
class Look:
    """A look through the journal, as far as it has come."""

    stage: Stage = Stage.NEVER
    read: int = 0
    total: int = 0
    began: datetime | None = None
    ended: datetime | None = None
    report: Report | None = None
    differences: Sequence[Difference] = ()

    @property
    def runs(self) -> bool:
        return self.stage in (Stage.READING, Stage.COMPARING)


class Verifier:
    """Looks through the journal of a database, once at a time."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings
        self._lock = threading.Lock()
        self.look = Look()

    def begin(self) -> bool:
        """Begin a look, unless one runs; tell whether it began."""
        with self._lock:
            if self.look.runs:
                return False
            self.look = Look(Stage.READING, began=now())
        threading.Thread(target=self._run, name="verify", daemon=True).start()
        return True

    def _run(self) -> None:
        try:
            self._look_through()
        except Exception:
            log.exception("the journal could not be read to its end")
            self.look = replace(self.look, stage=Stage.BROKEN_OFF, ended=now())

    def _look_through(self) -> None:
        with reading(self._database) as session:
            count = select(func.count()).select_from(JournalEntry)
            self.look = replace(self.look, total=session.exec(count).one())
            key = seal_key(self._settings)
            report = verify(session, key=key, tell_progress=self._note)
            self.look = replace(self.look, stage=Stage.COMPARING, report=report)
            wrong = differences(session)
        self.look = replace(self.look, stage=Stage.DONE, differences=wrong, ended=now())

    def _note(self, read: int) -> None:
        self.look = replace(self.look, read=read)
        time.sleep(_PAUSE)


def verifier(app: FastAPI, database: Database, settings: Settings) -> Verifier:
    """Give the verifier of this process."""
    made = getattr(app.state, "verifier", None)
    if not isinstance(made, Verifier):
        made = app.state.verifier = Verifier(database, settings)
    return made
