"""The times of some orders, as the company's systems told them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session

from resolve.demo.company import WHO, past, read
from resolve.demo.moments import Past
from resolve.steptimes.rows import Timing, keyed
from resolve.steptimes.service import take


def tell_orders(session: Session, *, now: datetime) -> None:
    """Take in when the steps of the company's orders began and ended; twice is once."""
    before = past(now)
    for order in read("orders.yaml"):
        rows = [_timing(order, step, before) for step in order["steps"]]
        # Nobody is named in them, so there is nothing to hash.
        named = keyed(
            rows, source=order["source"], map_id=order["map"], secret=b"demonstration"
        )
        take(
            session,
            list(named),
            map_id=order["map"],
            source=order["source"],
            who=WHO,
            at=now,
        )


def _timing(order: dict[str, Any], step: list[str], before: Past) -> Timing:
    name, began, ended = step
    return Timing(
        order=order["order"],
        step=name,
        started=before.moment(began),
        ended=before.moment(ended),
    )
