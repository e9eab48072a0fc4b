"""Complaints to measure with: filed by hand, or in bulk so that a table is large."""

from __future__ import annotations

import json
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import update

from bench.ground import told
from resolve.access.service import add_key
from resolve.complaints.filing import Filing, House, file_all
from resolve.handling.walking import assign, plan
from resolve.kit.clock import now
from resolve.kit.database import Database, reading, transaction
from resolve.kit.errors import ResolveError
from resolve.maps.service import publish
from resolve.messages.models import Message
from resolve.outbox.service import claim, new_token

MAP = Path(__file__).resolve().parents[1] / "process_maps/order-to-delivery.yaml"
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
# What a filed complaint and its tasks take on disk, with indexes and logs.
BYTES_EACH = 25_000
_AT_ONCE = 1_000
_TEXT = (
    "The parcel was promised for Monday and came on Thursday; when I called, "
    "nobody could say where it was."
)
_numbers = count(1)


def open_house(database: Database) -> str:
    """Publish the map and give a key that may do everything."""
    scopes = ["file", "read", "act", "admin"]
    with transaction(database) as session:
        publish(session, MAP.read_bytes(), who=WHO, at=now())
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


def handled(database: Database) -> None:
    """Hand out the tasks of all that waits, without Prefect: only to fill tables."""
    while True:
        token, at = new_token(), now()
        with transaction(database) as session:
            events = claim(session, at=at, most=_AT_ONCE, token=token)
        if not events:
            return
        with reading(database) as session:
            plans = plan(session, events)
        with transaction(database) as session:
            assign(session, plans, token=token, run_id=token, at=at)


def fill(database: Database, many: int) -> None:
    """File and handle so many complaints before anything is measured."""
    told(f"  {many:,} complaints are written first ...")
    for start in range(0, many, 10 * _AT_ONCE):
        filed(database, min(10 * _AT_ONCE, many - start))
        handled(database)
    with transaction(database) as session:  # the mail for all of them was sent
        session.execute(update(Message).values(mailed_at=now()))


def _facts() -> dict[str, Any]:
    number = next(_numbers)
    touchpoint, promise = CONCERNS[number % len(CONCERNS)]
    return {
        "text": _TEXT,
        "touchpoint": touchpoint,
        "promise": promise,
        "reference": f"order-{number}",
        "customer": {"name": "Ada Nowak", "email": "ada@example.org"},
    }
