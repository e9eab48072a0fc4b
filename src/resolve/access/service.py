"""Keys: made once, shown once, kept as a digest."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session, col, select

from resolve.access.errors import KeyUnknown, NameTaken, UnknownKey, UnknownScope
from resolve.access.models import ApiKey
from resolve.journal.rules import HOUSE
from resolve.journal.service import Draft, append
from resolve.kit.ids import new_id
from resolve.kit.texts import storable


class Scope(StrEnum):
    """What a key may do."""

    FILE = "file"  # file complaints and read its own
    READ = "read"  # every GET
    ACT = "act"  # tasks, requests, place, answer, close
    ADMIN = "admin"  # maps, keys, departments, calendars


@dataclass(frozen=True, slots=True)
class Client:
    """Who a request comes from: a key, and the department it belongs to, if any."""

    key_id: str
    name: str
    scopes: frozenset[Scope]
    department: str | None = None
    is_partner: bool = False

    @property
    def who(self) -> str:
        """Name the client in the journal."""
        return f"key:{self.key_id}"


def add_key(
    session: Session,
    name: str,
    scopes: Sequence[str],
    *,
    who: str,
    at: datetime,
    department: str | None = None,
) -> str:
    """Make a key and give its secret, which is shown this once.

    Raises:
        UnknownScope: a scope that does not exist, or none.
        NameTaken: a key of this name exists.
    """
    known = [str(scope) for scope in Scope]
    wrong = [scope for scope in scopes if scope not in known]
    if wrong or not scopes:
        raise UnknownScope(
            f"There is no scope {wrong[0]!r}." if wrong else "The key has no scope.",
            hint=f"The scopes are: {', '.join(known)}.",
        )
    if session.exec(select(ApiKey.id).where(ApiKey.name == name)).first():
        raise NameTaken(f"A key named {name!r} exists.", hint="Choose another name.")
    secret = f"rk_{secrets.token_urlsafe(32)}"
    made = ApiKey(
        id=new_id(),
        name=storable(name, longest=100),
        digest=_digest(secret),
        scopes=sorted(set(scopes)),
        department_id=department,
        created_at=at,
    )
    session.add(made)
    session.flush()
    data = {"key": made.id, "scopes": made.scopes, "department": department}
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
