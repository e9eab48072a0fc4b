"""Reading the folder of mail: only files that we named, and only as text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from heapq import nlargest
from pathlib import Path

from resolve.kit.errors import NotFound

_ID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_NAME = re.compile(rf"{_ID}(?:\.{_ID})?")
_LARGEST = 2_000_000


@dataclass(frozen=True, slots=True)
class KeptLetter:
    """A letter in the folder of mail."""

    name: str
    to: str
    subject: str
    at: datetime | None
    text: str


def newest(folder: Path, *, before: str = "", most: int) -> Sequence[KeptLetter]:
    """Give the newest letters, or the newest of those before this one."""
    names = (one for one in _names(folder) if not before or one < before)
    found: list[KeptLetter] = []
    for name in nlargest(most, names):
        with suppress(NotFound, OSError):  # gone meanwhile, or no file of ours
            found.append(letter(folder, name))
    return found


def letter(folder: Path, name: str) -> KeptLetter:
    """Give a letter.

    Raises:
        NotFound: there is none of this name.
    """
    path = folder / f"{name}.eml"
    if not _NAME.fullmatch(name) or path.is_symlink() or not path.is_file():
        raise NotFound("There is no such letter.", hint="See /mail.")
    with path.open("rb") as file:
        return _read(name, file.read(_LARGEST))


def _names(folder: Path) -> Iterator[str]:
    """Give the names of our files: ids, which rise with time."""
    if folder.is_dir():
        for path in folder.iterdir():
            if path.suffix == ".eml" and _NAME.fullmatch(path.stem):
                yield path.stem


def _read(name: str, content: bytes) -> KeptLetter:
    mail = message_from_bytes(content, policy=default)
    return KeptLetter(
        name, _head(mail, "To"), _head(mail, "Subject"), _at(mail), _text(mail)
    )


def _head(mail: EmailMessage, name: str) -> str:
    return " ".join(str(mail.get(name, "")).split())


def _at(mail: EmailMessage) -> datetime | None:
    found = getattr(mail.get("Date"), "datetime", None)
    if found is None or found.tzinfo is None:
        return None
    at: datetime = found.astimezone(UTC)
    return at


def _text(mail: EmailMessage) -> str:
    part = mail.get_body(("plain", "html"))
    content = part.get_payload(decode=True) if part is not None else b""
    plain = content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
    return plain.replace("\r\n", "\n")
