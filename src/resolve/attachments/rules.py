"""Which files are taken: by how many and large they are, content and name (pure)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from resolve.attachments.errors import (
    FileEmpty,
    FileTooLarge,
    KindRefused,
    NotWhatItSays,
    TooManyFiles,
)
from resolve.attachments.kinds import EXTENSIONS, recognised
from resolve.attachments.names import clean, split

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """How many files of a complaint are taken, and how large each may be."""

    most: int = 5
    megabytes: int = 10

    @property
    def largest(self) -> int:
        """Give the bytes that a file may have."""
        return self.megabytes * MEGABYTE


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that is taken, under the name that it is shown by."""

    name: str
    media_type: str
    content: bytes

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def guard_number(files: Sequence[object], limits: Limits) -> None:
    """Refuse more files than are taken.

    Raises:
        TooManyFiles: there are more.
    """
    if len(files) > limits.most:
        raise TooManyFiles(
            f"{len(files)} files were sent, {limits.most} are taken at most.",
            hint="Send the most important ones.",
            pointer="/files",
            most=limits.most,
        )


def check(name: str, content: bytes, limits: Limits) -> Checked:
    """Look at a file; its name gets the extension of its kind if it has none.

    Raises:
        FileEmpty, FileTooLarge: there is nothing in it, or too much.
        KindRefused: it is no picture, film, text or document that is taken.
        NotWhatItSays: its name says that it is something else.
    """
    shown = clean(name)
    known = {"pointer": "/files", "name": shown or "?"}
    if not content:
        raise FileEmpty(f"The file {shown} is empty.", **known)
    if len(content) > limits.largest:
        raise FileTooLarge(
            f"The file {shown} has {len(content)} bytes; "
            f"{limits.megabytes} MB are taken at most.",
            hint="Make it smaller, or send a part of it.",
            megabytes=limits.megabytes,
            **known,
        )
    kind = recognised(content)
    if kind is None:
        raise KindRefused(
            f"The file {shown} is of a kind that is not taken here.",
            hint="Pictures, films, PDF, plain text and documents of Word, Excel and "
            "OpenDocument are taken.",
            **known,
        )
    return Checked(_named(shown, kind), kind, content)


def _named(name: str, kind: str) -> str:
    stem, extension = split(name)
    usual = EXTENSIONS[kind]
    if extension.lower() in usual:
        return name
    if not extension:
        return f"{name or 'file'}{usual[0]}"
    if _is_picture(kind) and any(
        extension.lower() in ours for of, ours in EXTENSIONS.items() if _is_picture(of)
    ):
        return f"{stem}{usual[0]}"  # a telephone's camera often names one as another
    raise NotWhatItSays(
        f"The file {name} is not what its name says: it holds {kind}.",
        hint="Save it as what it is and send it again.",
        pointer="/files",
        name=name,
    )


def _is_picture(kind: str) -> bool:
    return kind.startswith("image/")
