"""Mail as files: one for each message, named by its id, so that twice is once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from sqlalchemy import update
from sqlmodel import Session, col, select

from resolve.kit.database import Database, reading, transaction
from resolve.kit.errors import Unavailable
from resolve.messages.models import Message

HOST = "localhost"

_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*"
)
_LONGEST_ADDRESS = 254
_LONGEST_LINE = 200
_SENDER = Address("Resolve", "resolve", HOST)


@dataclass(frozen=True, slots=True)
class Letter:
    """A message in words: to a name, at an address if one is known."""

    name: str
    address: str | None
    language: str
    subject: str
    body: str


Write = Callable[[Session, Sequence[Message]], Mapping[str, Letter]]
"""Puts messages into words, by id; those it leaves out are only in the list."""


def deliver(
    database: Database, folder: Path, *, write: Write, at: datetime, most: int
) -> int:
    """Put the oldest messages not mailed yet into the folder; give how many.

    The files are whole when they appear; if this is interrupted before the messages
    are marked, the same files are written again.

    Raises:
        Unavailable: the folder cannot be written; the messages wait.
    """
    with reading(database) as session:
        waiting = session.exec(
            select(Message)
            .where(col(Message.mailed_at).is_(None))
            .order_by(col(Message.id))
            .limit(most)
        ).all()
        letters = write(session, waiting)
    if not waiting:
        return 0
    _write_all(folder, {one.id: one for one in waiting}, letters)
    with transaction(database) as session:
        session.execute(
            update(Message)
            .where(col(Message.id).in_([one.id for one in waiting]))
            .where(col(Message.mailed_at).is_(None))
            .values(mailed_at=at)
            .execution_options(synchronize_session=False)
        )
    return len(waiting)


def _write_all(
    folder: Path, messages: Mapping[str, Message], letters: Mapping[str, Letter]
) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for id_, letter in letters.items():
            begun = folder / f".{id_}.part"
            begun.write_bytes(as_mail(letter, id_, messages[id_].at).as_bytes())
            begun.replace(folder / f"{id_}.eml")
    except OSError as why:
        raise Unavailable(
            f"The folder of mail {folder} cannot be written: {why.strerror}.",
            hint="Make room or give it the right to write; the mail waits.",
        ) from why


def as_mail(letter: Letter, id_: str, at: datetime) -> EmailMessage:
    """Make the mail; nothing in a name or a subject can add a line to its head."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = _SENDER
    mail["To"] = _recipient(letter)
    mail["Subject"] = one_line(letter.subject)
    mail["Date"] = at
    mail["Message-ID"] = f"<{id_}@resolve.{HOST}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.body, cte="base64")
    mail["Content-Language"] = letter.language
    return mail


def one_line(text: str) -> str:
    """Give a text on one line, without signs that are no signs, and not too long."""
    line = " ".join("".join(" " if _breaks(sign) else sign for sign in text).split())
    return line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}…"


def is_address(text: str) -> bool:
    """Tell whether a mail can be addressed to this."""
    return len(text) <= _LONGEST_ADDRESS and _ADDRESS.fullmatch(text) is not None


def _recipient(letter: Letter) -> Address:
    for known in (letter.address, letter.name):
        if known and is_address(known):
            name = "" if known == letter.name else one_line(letter.name)
            return Address(name, addr_spec=known)
    return Address(one_line(letter.name), _box(letter.name), HOST)


def _box(name: str) -> str:
    """Make a local part of a name, for whom no address is known."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain.lower()))[:60] or "person"


def _breaks(sign: str) -> bool:
    return unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp")
