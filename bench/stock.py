"""Complaints to measure with: filed by hand, or in bulk so that a table is large."""

from __future__ import annotations

import json
from itertools import count
from typing import Any

from bench.ground import told
from resolve.access.service import add_key
from resolve.complaints.filing import Filing, House, file_all
from resolve.demo.scale import write_many
from resolve.demo.telling import begin_empty
from resolve.kit.clock import now
from resolve.kit.database import Database, transaction
from resolve.kit.errors import ResolveError

# Touchpoint and promise: long and short walks, as they come.
CONCERNS = (
    ("door", "on-time"),
    ("door", "intact"),
    ("dealer-counter", "ready-at-dealer"),
    ("invoice", "correct-bill"),
    ("question", "answered-in-a-day"),
)
HOUSE = House(quality_manager="quality-manager", answer_within=10)
WHO = "bench"
# What a case and its tasks take on disk, with indexes and logs.
BYTES_EACH = 25_000
_AT_ONCE = 1_000
_TEXT = (
    "The parcel was promised for Monday and came on Thursday; when I called, "
    "nobody could say where it was."
)
_numbers = count(1)


def open_house(database: Database) -> str:
    """Found the company of the demonstration, and give a key that may do everything."""
    begin_empty(database, now=now())
    scopes = ["file", "read", "act", "admin"]
    with transaction(database) as session:
        return add_key(session, "bench", scopes, who=WHO, at=now())


def body() -> bytes:
    """Give the body of a complaint that nobody filed before."""
    return json.dumps(_facts()).encode()


def filed(database: Database, many: int) -> None:
    """File so many complaints; nobody handles them yet."""
    for start in range(0, many, _AT_ONCE):
        filings = [
            Filing(source=WHO, **_facts()) for _ in range(min(_AT_ONCE, many - start))
        ]
        with transaction(database) as session:
            for became in file_all(session, filings, house=HOUSE, who=WHO, at=now()):
                if isinstance(became, ResolveError):
                    raise became


def fill(database: Database, many: int) -> None:
    """Write so many cases, as the engine leaves them, before anything is measured."""
    told(f"  {many:,} cases are written first ...")
    write_many(database, many, now=now(), house=HOUSE, key=b"bench")
    if not database.is_sqlite:
        # What autovacuum does within a minute of so many rows.
        with transaction(database) as session:
            session.connection().exec_driver_sql("ANALYZE")


def _facts() -> dict[str, Any]:
    number = next(_numbers)
    touchpoint, promise = CONCERNS[number % len(CONCERNS)]
    return {
        "text": _TEXT,
        "map": "order-to-delivery",
        "touchpoint": touchpoint,
        "promise": promise,
        "reference": f"order-{number}",
        "customer": {"name": "Ada Nowak", "email": "ada@example.org"},
    }
