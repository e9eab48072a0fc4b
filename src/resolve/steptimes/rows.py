"""What a row of step times says, and which row it is (pure)."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

_ROWS = UUID("6ad0b3a4-6a76-5b4e-9a2c-6b8f5f1c7d01")  # the names of rows begin here
_SKEW = timedelta(days=1)
_LONGEST_ORDER = 200


class Refusal(StrEnum):
    """Why a row is not taken."""

    NO_ORDER = "no_order"
    NO_STEP = "no_step"
    UNKNOWN_STEP = "unknown_step"
    NO_END = "no_end"
    ENDS_BEFORE_IT_STARTS = "ends_before_it_starts"
    IN_THE_FUTURE = "in_the_future"  # the zone is probably wrong
    UNREADABLE = "unreadable"
    TOO_LONG = "too_long"
    SEVERAL_MAPS = "several_maps"
    ANOTHER_DEPARTMENT = "another_department"


@dataclass(frozen=True, slots=True)
class Timing:
    """A step of an order with its times; `resource` is not stored, only its hash."""

    order: str
    step: str
    ended: datetime
    started: datetime | None = None
    resource: str | None = None
    department: str | None = None
    id: str | None = None


def refusal(row: Timing, *, now: datetime) -> Refusal | None:
    """Say why a row cannot be right; None if it can.

    The day between tolerates clocks that are not ours.
    """
    if not row.order.strip():
        return Refusal.NO_ORDER
    if len(row.order) > _LONGEST_ORDER or "\0" in row.order:
        return Refusal.TOO_LONG
    if row.started is not None and row.started > row.ended:
        return Refusal.ENDS_BEFORE_IT_STARTS
    if row.ended > now + _SKEW:
        return Refusal.IN_THE_FUTURE
    return None


@dataclass(frozen=True, slots=True)
class Keyed:
    """A row with its key in its source and a digest of what it says."""

    key: str
    row: Timing
    resource: str | None
    content: str


def keyed(
    rows: Iterable[Timing],
    *,
    source: str,
    map_id: str,
    secret: bytes,
    seen: Counter[str] | None = None,
) -> Iterator[Keyed]:
    """Give each row its key.

    The key is that of (source, id); without an id of (source, map, order, step, started
    or ended) and the how manieth such row of the request this is, counted in `seen`.
    """
    seen = Counter() if seen is None else seen
    for row in rows:
        name = _name(row, source, map_id)
        if row.id is None:
            seen[name] += 1
            name = f"{name}\0{seen[name]}"
        resource = _hashed(row.resource, secret)
        yield Keyed(_uuid(name), row, resource, _content(row, map_id, resource))


def _name(row: Timing, source: str, map_id: str) -> str:
    if row.id is not None:
        return f"id\0{source}\0{row.id}"
    at = (row.started or row.ended).isoformat()
    return f"row\0{source}\0{map_id}\0{row.order}\0{row.step}\0{at}"


def _uuid(name: str) -> str:
    # As uuid5 of `_ROWS`, at a third of the time.
    digest = hashlib.sha1(_ROWS.bytes + name.encode("utf-8", "surrogatepass"))  # noqa: S324  a name
    text = digest.hexdigest()
    variant = "89ab"[int(text[16], 16) & 3]
    parts = (text[:8], text[8:12], f"5{text[13:16]}", f"{variant}{text[17:20]}",
             text[20:32])  # fmt: skip
    return "-".join(parts)


def _hashed(resource: str | None, secret: bytes) -> str | None:
    """Give what stands for a person: the same for the same, and no way back."""
    if not resource:
        return None
    said = f"resource\0{resource}".encode("utf-8", "surrogatepass")
    return hmac.digest(secret, said, "sha256").hex()[:32]


def _content(row: Timing, map_id: str, resource: str | None) -> str:
    said = (map_id, row.order, row.step, row.started, row.ended, row.department)
    text = "\0".join("" if one is None else str(one) for one in (*said, resource))
    return hashlib.blake2b(
        text.encode("utf-8", "surrogatepass"), digest_size=16
    ).hexdigest()
