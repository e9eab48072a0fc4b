"""Ids: UUIDv7 (RFC 9562), so that rows written together lie together."""

from __future__ import annotations

import re
from uuid import UUID, uuid5

from uuid_utils import uuid7

_SHAPE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def new_id() -> str:
    """Make a fresh id; ids of one process rise."""
    return str(uuid7())


def derived_id(of: str, *parts: object) -> str:
    """Make the id that always belongs to this thing and these facts (UUIDv5)."""
    return str(uuid5(UUID(of), "/".join(map(str, parts))))


def is_id(text: str) -> bool:
    """Tell whether this could be an id of ours at all."""
    return _SHAPE.fullmatch(text) is not None
