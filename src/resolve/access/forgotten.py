"""A forgotten password: a one-time link by mail, which tells nobody who is here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from resolve.access import patience
from resolve.access.models import Person
from resolve.access.people import person_named
from resolve.access.signing_in import Purpose, new_link

LASTS = timedelta(hours=1)
"""How long the link can be used."""

WHO = "forgotten password"


@dataclass(frozen=True, slots=True)
class Reset:
    """A link to be mailed: its secret is kept nowhere else."""

    person: Person
    secret: str


def count_asking(session: Session, name: str, address: str, *, at: datetime) -> None:
    """Count that somebody asks for a link, whoever it is.

    Raises:
        TooManyTries: for this name, or from this address, it was asked often.
    """
    counted = patience.names("forgotten", name, address)
    patience.guard(session, counted, at=at)
    patience.count(session, counted, at=at)


def reset(session: Session, name: str, *, at: datetime) -> Reset | None:
    """Make a link for a person with an e-mail; None if there is none of this name.

    One that the administrator made goes on: it can be used for longer.
    """
    person = person_named(session, name)
    if person is None or person.email is None:
        return None
    secret = new_link(session, person.id, Purpose.PASSWORD, who=WHO, at=at, lasts=LASTS)
    return Reset(person, secret)
