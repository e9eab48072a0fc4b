"""Whole numbers as forms and addresses send them: anything may stand there."""

from __future__ import annotations

_LONGEST = 9


def whole(text: str) -> int | None:
    """Give the number; None for what is none, or too large for any of ours.

    >>> whole("12"), whole("²"), whole("9" * 5000), whole("")
    (12, None, None, None)
    """
    fits = text.isascii() and text.isdigit() and len(text) <= _LONGEST
    return int(text) if fits else None
