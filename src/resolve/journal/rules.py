"""What makes the journal tamper-evident, as pure functions."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from resolve.kit.clock import iso

NOTHING = "0" * 64


def case_chain(case_id: str) -> str:
    """Name the chain of a case."""
    return f"case:{case_id}"


def map_chain(map_id: str) -> str:
    """Name the chain of a map."""
    return f"map:{map_id}"


HOUSE = "house"


def digest(salt: str, *texts: object) -> str:
    """Give the salted digest that stands for erasable texts in the journal."""
    return hashlib.sha256(_canonical([salt, *texts])).hexdigest()


def entry_hash(  # noqa: PLR0913  all that it covers
    chain: str,
    seq: int,
    *,
    at: datetime,
    who: str,
    what: str,
    data: Mapping[str, Any],
    previous: str,
) -> str:
    """Hash an entry together with its predecessor's hash (SHA-256)."""
    return hashlib.sha256(
        _canonical([chain, seq, iso(at), who, what, data, previous])
    ).hexdigest()


def seal_mac(
    key: bytes, previous: str, number: int, heads: Iterable[tuple[str, int, str]]
) -> str:
    """Compute a seal: HMAC-SHA-256 over its number, the seal before and its heads."""
    mac = hmac.new(key, _canonical([previous, number]), hashlib.sha256)
    for head in sorted(heads):
        mac.update(_canonical(list(head)))
    return mac.hexdigest()


def replay(entries: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Give the states that the `data` of a chain's entries lead to, by thing.

    >>> replay([{"states": {"case": "tasks"}}, {"states": {"case": "review"}}])
    {'case': 'review'}
    """
    states: dict[str, str] = {}
    for data in entries:
        states.update(data.get("states", {}))
    return states


def _canonical(value: object) -> bytes:
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode("utf-8", "surrogatepass")
