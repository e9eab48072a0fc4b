"""What carries letters away: a folder here; a mail server is in `smtp`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from resolve.kit.errors import Unavailable
from resolve.messages.mail import SENDER, Letter, as_mail


class Fate(StrEnum):
    """What became of one letter when it was to be carried."""

    SENT = "sent"
    WAITS = "waits"  # it may be taken later
    REFUSED = "refused"  # it never will
    NO_ADDRESS = "no_address"
    NOT_TRIED = "not_tried"  # there was no time for it


@dataclass(frozen=True, slots=True)
class Parcel:
    """A letter ready to go; `name` is its own for ever."""

    name: str
    letter: Letter
    at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a parcel, and why."""

    parcel: Parcel
    fate: Fate
    why: str = ""


class Carrier(Protocol):
    """Carries parcels; killed in between, they are carried again after `takes`."""

    @property
    def takes(self) -> timedelta:
        """Give how long carrying a batch may take."""
        ...

    def carry(self, parcels: Iterable[Parcel]) -> Iterator[Outcome]:
        """Carry them one by one, and say of each what became of it."""
        ...


@dataclass(frozen=True, slots=True)
class Folder:
    """Puts each letter into a folder as a file: carried twice it is the same file."""

    path: Path
    takes: timedelta = timedelta(seconds=30)

    def carry(self, parcels: Iterable[Parcel]) -> Iterator[Outcome]:
        """Write the files; they are whole when they appear.

        Raises:
            Unavailable: the folder cannot be written; the mail waits.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            for one in parcels:
                begun = self.path / f".{one.name}.part"
                mail = as_mail(one.letter, one.name, one.at, sender=SENDER)
                begun.write_bytes(mail.as_bytes())
                begun.replace(self.path / f"{one.name}.eml")
                yield Outcome(one, Fate.SENT)
        except OSError as why:
            raise Unavailable(
                f"The folder of mail {self.path} cannot be written: {why.strerror}.",
                hint="Make room or give it the right to write; the mail waits.",
            ) from why
