"""Mailing the messages that wait, each in its recipient's language."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path

from resolve.handling.letters import letters
from resolve.kit.database import Database
from resolve.kit.language import language
from resolve.kit.settings import settings
from resolve.messages.mail import deliver


def send_waiting(database: Database, folder: Path, *, at: datetime, most: int) -> int:
    """Put at most so many waiting messages into the folder of mail; give how many.

    Those to customers without a known e-mail are marked as mailed without a file: they
    are only in the list.

    Raises:
        Unavailable: the folder cannot be written; the messages wait.
    """
    write = partial(letters, spoken=language(settings().language))
    return deliver(database, folder, write=write, at=at, most=most)
