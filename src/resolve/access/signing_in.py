"""Signing in: passwords, one-time links, the browsers in which somebody is signed in.

What a browser or a link carries is a random secret; only its digest is kept. After
failures the next try has to wait, twice as long each time, by login and by address.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache

from pwdlib import PasswordHash
from sqlmodel import Session, col, delete, select

from resolve.access import patience
from resolve.access.errors import LinkEnded, SignInFailed, WeakPassword
from resolve.access.models import OneTimeLink, Person, SignIn
from resolve.access.people import person_named, the_person
from resolve.journal.rules import HOUSE
from resolve.journal.service import Draft, append
from resolve.kit.ids import new_id

STAYS = timedelta(days=30)
"""How long a browser stays signed in without being used."""

LINK_LASTS = timedelta(days=3)
"""How long a one-time link can be used."""

SHORTEST_PASSWORD = 10
_LONGEST_PASSWORD = 1000
_SEEN_EVERY = timedelta(minutes=5)
_OFTEN_GUESSED = frozenset({"1234567890", "0123456789", "qwertyuiop", "password123"})


class Purpose(StrEnum):
    """What a one-time link is for."""

    SIGN_IN = "sign_in"
    PASSWORD = "password"  # noqa: S105  a purpose, not a password


@dataclass(frozen=True, slots=True)
class Present:
    """A browser in which a person is signed in."""

    id: str
    person: Person


@dataclass(frozen=True, slots=True)
class Try:
    """A try to sign in: by whom, with what, from where."""

    login: str
    password: str
    address: str
    device: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a login: whose it is (None: nobody's), and a hash to check."""

    person_id: str | None
    password: str


@dataclass(frozen=True, slots=True)
class Fitting:
    """Somebody whose password fits; `better`: a hash to keep instead of theirs."""

    person_id: str
    checked: str
    better: str | None


def count_try(session: Session, tried: Try, *, at: datetime) -> None:
    """Count a try before it is checked, so that many at once are many tries.

    Raises:
        TooManyTries: this login or address has to wait.
    """
    names = _counted(tried)
    patience.guard(session, names, at=at)
    patience.count(session, names, at=at)


def look_up(session: Session, tried: Try) -> Known:
    """Find whose login it is; for one that nobody has there is a hash, too."""
    person = person_named(session, tried.login)
    if person is None or person.password is None:
        return Known(None, _nobody())
    return Known(person.id, person.password)


def check(known: Known, tried: Try) -> Fitting | None:
    """Check the password; it takes as long whether or not somebody has the login.

    It is slow on purpose, so nobody does it while a transaction waits.
    """
    fits, better = _hasher().verify_and_update(
        tried.password[:_LONGEST_PASSWORD], known.password
    )
    if not fits or known.person_id is None:
        return None
    return Fitting(known.person_id, known.password, better)


def sign_in(
    session: Session, fitting: Fitting, tried: Try, *, at: datetime
) -> str | None:
    """Sign somebody in and give the secret; None if their password changed meanwhile.

    The try was right, so it does not count as one.
    """
    person = session.get(Person, fitting.person_id, with_for_update=True)
    gone = person is None or person.ended_at is not None
    if person is None or gone or person.password != fitting.checked:
        return None
    if fitting.better is not None:
        person.password = fitting.better
        session.add(person)
    forgive(session, tried, at=at)
    return begin(session, person, device=tried.device, at=at)


def forgive(session: Session, tried: Try, *, at: datetime) -> None:
    """Take a counted try back, for it was right."""
    patience.take_back(session, _counted(tried), at=at)


def _counted(tried: Try) -> tuple[str, str]:
    return patience.names("sign-in", tried.login, tried.address)


def refused() -> SignInFailed:
    """Make the one error for a login that nobody has and for a wrong password."""
    return SignInFailed(
        "Login and password do not fit.",
        hint="Try again, or ask the administrator for a one-time link.",
    )


def begin(session: Session, person: Person, *, device: str, at: datetime) -> str:
    """Sign a person in, in a browser not known before; give the secret for it."""
    secret = secrets.token_urlsafe(32)
    made = SignIn(
        digest=_digest(secret),
        id=new_id(),
        person_id=person.id,
        device=device[:200].replace("\0", ""),
        created_at=at,
        seen_at=at,
        expires_at=at + STAYS,
    )
    session.add(made)
    session.flush()
    data = {"person": person.id, "sign_in": made.id}
    who = f"person:{person.id}"
    append(session, [Draft(HOUSE, "signed_in", data)], who=who, at=at)
    return secret


def present(session: Session, secret: str, *, at: datetime) -> Present | None:
    """Give who is signed in with this secret; None if nobody is any more."""
    row = session.get(SignIn, _digest(secret))
    if row is None or row.expires_at <= at:
        return None
    person = session.get(Person, row.person_id)
    if person is None or person.ended_at is not None:
        return None
    return Present(row.id, person)


def is_stale(session: Session, secret: str, *, at: datetime) -> bool:
    """Tell whether it is time to note that this browser was used."""
    row = session.get(SignIn, _digest(secret))
    return row is not None and at - row.seen_at >= _SEEN_EVERY


def seen(session: Session, secret: str, *, at: datetime) -> None:
    """Note that this browser was used: it stays signed in for longer."""
    row = session.get(SignIn, _digest(secret))
    if row is not None:
        row.seen_at, row.expires_at = at, at + STAYS
        session.add(row)


def sign_ins(session: Session, person_id: str, *, at: datetime) -> Sequence[SignIn]:
    """Give the browsers in which a person is signed in, the last used first."""
    return session.exec(
        select(SignIn)
        .where(SignIn.person_id == person_id, SignIn.expires_at > at)
        .order_by(col(SignIn.seen_at).desc())
    ).all()


def sign_out(session: Session, secret: str, *, at: datetime) -> None:
    """End the sign-in with this secret; twice is once."""
    row = session.get(SignIn, _digest(secret))
    if row is not None:
        end_sign_in(session, row.person_id, row.id, at=at)


def end_sign_in(
    session: Session, person_id: str, sign_in_id: str, *, at: datetime
) -> None:
    """End one of a person's sign-ins; twice is once."""
    gone = session.exec(
        delete(SignIn).where(
            col(SignIn.person_id) == person_id, col(SignIn.id) == sign_in_id
        )
    )
    if gone.rowcount:
        data = {"person": person_id, "sign_in": sign_in_id}
        who = f"person:{person_id}"
        append(session, [Draft(HOUSE, "signed_out", data)], who=who, at=at)


def end_sign_ins(session: Session, person_id: str, *, who: str, at: datetime) -> int:
    """Sign a person out everywhere; say in how many browsers they were signed in."""
    gone = session.exec(delete(SignIn).where(col(SignIn.person_id) == person_id))
    if gone.rowcount:
        draft = Draft(HOUSE, "signed_out_everywhere", {"person": person_id})
        append(session, [draft], who=who, at=at)
    return int(gone.rowcount)


def new_link(
    session: Session,
    name: str,
    purpose: Purpose,
    *,
    who: str,
    at: datetime,
    lasts: timedelta = LINK_LASTS,
) -> str:
    """Give the secret of a one-time link for a person; links before it end.

    One made before that can be used for longer than this one goes on.

    Raises:
        UnknownPerson: there is nobody of this name.
    """
    person = the_person(session, name)
    secret = secrets.token_urlsafe(32)
    session.exec(
        delete(OneTimeLink).where(
            col(OneTimeLink.person_id) == person.id,
            col(OneTimeLink.expires_at) <= at + lasts,
        )
    )
    made = OneTimeLink(
        digest=_digest(secret),
        person_id=person.id,
        purpose=purpose,
        created_at=at,
        expires_at=at + lasts,
    )
    session.add(made)
    data = {"person": person.id, "purpose": str(purpose)}
    append(session, [Draft(HOUSE, "link_made", data)], who=who, at=at)
    return secret


def link(session: Session, secret: str, *, at: datetime) -> OneTimeLink:
    """Look at a one-time link without using it up: mail scanners open links, too.

    Raises:
        LinkEnded: it was used, is too old, or never was.
    """
    found = session.get(OneTimeLink, _digest(secret), with_for_update=True)
    if found is None or found.used_at is not None or found.expires_at <= at:
        raise LinkEnded(
            "This link has ended.", hint="Ask the administrator for a new one."
        )
    return found


def use_link(
    session: Session,
    secret: str,
    *,
    device: str,
    at: datetime,
    chosen: Chosen | None = None,
) -> str:
    """Use a one-time link up and give the secret of the sign-in that it begins.

    Raises:
        LinkEnded: it was used, is too old, or never was.
        WeakPassword: the password that it is to set is too short or often guessed.
    """
    found = link(session, secret, at=at)
    person = session.get_one(Person, found.person_id)
    if person.ended_at is not None:
        raise LinkEnded("This link has ended.")
    found.used_at = at
    session.add(found)
    if found.purpose == Purpose.PASSWORD:
        set_password(session, person, chosen or Chosen("", ""), at=at)
    return begin(session, person, device=device, at=at)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A password that somebody chose, with its hash; make it with `choose`."""

    plain: str
    hash: str


def choose(password: str) -> Chosen:
    """Hash a password; it is slow on purpose, so nobody does it in a transaction."""
    usable = SHORTEST_PASSWORD <= len(password) <= _LONGEST_PASSWORD
    return Chosen(password, _hasher().hash(password) if usable else "")


def set_password(
    session: Session, person: Person, chosen: Chosen, *, at: datetime
) -> None:
    """Set a person's password; all their sign-ins and links end.

    Raises:
        WeakPassword: it is too short, or often guessed.
    """
    _guard_password(chosen.plain, person)
    person.password = chosen.hash
    person.revision += 1
    session.add(person)
    session.exec(delete(SignIn).where(col(SignIn.person_id) == person.id))
    session.exec(
        delete(OneTimeLink).where(
            col(OneTimeLink.person_id) == person.id, col(OneTimeLink.used_at).is_(None)
        )
    )
    who = f"person:{person.id}"
    draft = Draft(HOUSE, "password_set", {"person": person.id})
    append(session, [draft], who=who, at=at)


def fits(person: Person, password: str) -> bool:
    """Tell whether this is a person's password."""
    known = person.password or _nobody()
    return bool(_hasher().verify(password[:_LONGEST_PASSWORD], known)) and bool(
        person.password
    )


def anything_ended(session: Session, *, at: datetime) -> bool:
    """Tell whether there are sign-ins, links or failures to take away."""
    ended = (
        select(SignIn.id).where(SignIn.expires_at <= at),
        select(OneTimeLink.digest).where(OneTimeLink.expires_at <= at),
    )
    found = any(session.exec(one.limit(1)).first() is not None for one in ended)
    return found or patience.anything_old(session, at=at)


def forget_ended(session: Session, *, at: datetime) -> None:
    """Take away sign-ins, links and failures that mean nothing any more."""
    session.exec(delete(SignIn).where(col(SignIn.expires_at) <= at))
    session.exec(delete(OneTimeLink).where(col(OneTimeLink.expires_at) <= at))
    patience.forget_old(session, at=at)


def _guard_password(password: str, person: Person) -> None:
    easy = {person.login, person.name.lower(), *(_OFTEN_GUESSED)}
    short = len(password) < SHORTEST_PASSWORD
    if short or len(password) > _LONGEST_PASSWORD or password.lower() in easy:
        raise WeakPassword(
            f"A password has at least {SHORTEST_PASSWORD} characters and is none that "
            "is often guessed.",
            hint="Three or four words in a row are easy to remember.",
            pointer="/password",
        )


@cache
def _hasher() -> PasswordHash:
    return PasswordHash.recommended()


@cache
def _nobody() -> str:
    """Give the hash of a password that nobody has, for the time it takes to check."""
    return _hasher().hash(secrets.token_urlsafe(32))


def _digest(secret: str) -> str:
    # 256 random bits need no slow hash.
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
