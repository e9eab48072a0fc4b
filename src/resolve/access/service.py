"""Keys: made once, shown once, kept as a digest."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from resolve.access.errors import (
    BadKeyName,
    KeyUnknown,
    NameTaken,
    UnknownKey,
    UnknownScope,
)
from resolve.access.models import ApiKey
from resolve.access.table import Right, Scope
from resolve.journal.rules import HOUSE
from resolve.journal.service import Draft, append
from resolve.kit.ids import new_id
from resolve.kit.texts import storable


@dataclass(frozen=True, slots=True)
class Client:
    """Who a request comes from, a key or a person, and what it may do.

    `who` is its name in the journal; `departments` are those it acts for.
    """

    who: str
    name: str
    rights: frozenset[Right]
    departments: frozenset[str] = frozenset()
    is_partner: bool = False
    key_id: str | None = None
    person_id: str | None = None


def add_key(  # noqa: PLR0913  all of them named
    session: Session,
    name: str,
    scopes: Sequence[str],
    *,
    who: str,
    at: datetime,
    department: str | None = None,
    person: str | None = None,
) -> str:
    """Make a key and give its secret, which is shown this once.

    It belongs to a department, or to the person with this id, or to the house.

    Raises:
        UnknownScope: a scope that does not exist, or none.
        BadKeyName: it has no name.
        NameTaken: a key of this name exists.
    """
    known = [str(scope) for scope in Scope]
    wrong = [scope for scope in scopes if scope not in known]
    if wrong or not scopes:
        raise UnknownScope(
            f"There is no scope {wrong[0]!r}." if wrong else "The key has no scope.",
            hint=f"The scopes are: {', '.join(known)}.",
            pointer="/scopes",
        )
    if not name.strip():
        raise BadKeyName("A key has a name.", hint="Give it one.", pointer="/name")
    if session.exec(select(ApiKey.id).where(ApiKey.name == name)).first():
        raise NameTaken(
            f"A key named {name!r} exists.",
            hint="Choose another name.",
            pointer="/name",
        )
    secret = f"rk_{secrets.token_urlsafe(32)}"
    made = ApiKey(
        id=new_id(),
        name=storable(name, pointer="/name", longest=100),
        digest=_digest(secret),
        scopes=sorted(set(scopes)),
        department_id=department,
        person_id=person,
        created_at=at,
    )
    session.add(made)
    session.flush()
    data = {"key": made.id, "scopes": made.scopes, "department": department}
    data |= {"person": person} if person else {}
    append(session, [Draft(HOUSE, "key_added", data)], who=who, at=at)
    return secret


def revoke_key(session: Session, name: str, *, who: str, at: datetime) -> ApiKey:
    """End a key; what it filed stays.

    Raises:
        UnknownKey: there is none of this name.
    """
    found = session.exec(select(ApiKey).where(ApiKey.name == name)).first()
    if found is None:
        raise UnknownKey(f"There is no key {name!r}.", hint="See `resolve key list`.")
    found.revoked_at = found.revoked_at or at
    session.add(found)
    append(session, [Draft(HOUSE, "key_revoked", {"key": found.id})], who=who, at=at)
    return found


def keys(session: Session) -> Sequence[ApiKey]:
    """Give all keys by name."""
    return session.exec(select(ApiKey).order_by(col(ApiKey.name))).all()


def key_of(session: Session, secret: str) -> ApiKey:
    """Give the key with this secret.

    Raises:
        KeyUnknown: there is none, or it was revoked.
    """
    found = session.exec(select(ApiKey).where(ApiKey.digest == _digest(secret))).first()
    if found is None or found.revoked_at is not None:
        raise KeyUnknown(
            "This key is not known here.", hint="Ask the administrator for one."
        )
    return found


def _digest(secret: str) -> str:
    # 256 random bits need no slow hash.
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
