"""Cursors: where the last page of a list ended; each belongs to one question."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, Uuid, literal

from resolve.analytics.lists import BadCursor
from resolve.kit.database import UTCTime
from resolve.kit.ids import is_id


def cursor_of(keys: Sequence[Any], question: object) -> str:
    """Write where a page ended."""
    plain = [v.isoformat() if isinstance(v, date) else v for v in keys]
    return base64.urlsafe_b64encode(
        json.dumps([_digest(question), plain]).encode()
    ).decode()


def keys_of(cursor: str, question: object, columns: Sequence[Any]) -> list[Any]:
    """Read back what `cursor_of` wrote, as values for these columns.

    Raises:
        BadCursor: it is garbage, or of another question.
    """
    try:
        of, plain = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii")))
        if of != _digest(question):
            raise ValueError  # noqa: TRY301  one message for all of them
        pairs = zip(columns, plain, strict=True)
        return [literal(_typed(one, value), one.type) for one, value in pairs]
    except (ValueError, TypeError, RecursionError, binascii.Error):
        raise BadCursor(
            "The cursor cannot be used for this list.",
            hint="Start again from the first page.",
            pointer="/cursor",
        ) from None


def _typed(column: Any, value: Any) -> Any:  # noqa: ANN401  whatever the column holds
    if not isinstance(value, str):
        raise TypeError
    if isinstance(column.type, UTCTime):
        at = datetime.fromisoformat(value)
        if at.tzinfo is None:
            raise ValueError
        return at
    if isinstance(column.type, Date):
        return date.fromisoformat(value)
    if isinstance(column.type, Uuid) and not is_id(value):
        raise ValueError
    return value


def _digest(question: object) -> str:
    return hashlib.sha256(repr(question).encode("utf-8", "replace")).hexdigest()[:12]
