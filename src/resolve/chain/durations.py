"""Durations as people write them in files: ISO 8601, on the clock on the wall."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

LONGEST = timedelta(days=10_000)
"""The longest one taken; a sum over any map of 1 MB then still fits a timedelta."""

_NUMBER = r"([0-9]+(?:[.,][0-9]+)?)"
_PATTERN = re.compile(
    rf"P(?=.)(?:{_NUMBER}W)?(?:{_NUMBER}D)?"
    rf"(?:T(?=.)(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:{_NUMBER}S)?)?"
)
_CALENDAR = re.compile(r"P(?:[0-9.,]+W)?(?:[0-9.,]+Y)?(?:[0-9.,]+M)?.*")
_SECONDS = (604_800, 86_400, 3_600, 60, 1)
_MICROSECOND = timedelta(microseconds=1)
_LONGEST_TEXT = 60


class BadDuration(ValueError):
    """The text is no duration that we take; its message says why and what to write."""


def duration(text: str) -> timedelta:
    """Read weeks, days (24 h), hours, minutes and seconds; the smallest may be decimal.

    >>> duration("P1DT2H")
    datetime.timedelta(days=1, seconds=7200)
    >>> duration("PT0,5H")
    datetime.timedelta(seconds=1800)
    """
    match = _PATTERN.fullmatch(text) if len(text) <= _LONGEST_TEXT else None
    if match is None:
        raise BadDuration(_why_not(text))
    given = [(n, s) for n, s in zip(match.groups(), _SECONDS, strict=True) if n]
    if any(not number.isdigit() for number, _ in given[:-1]):
        raise BadDuration("only the smallest unit may have decimals")
    seconds = sum(Decimal(n.replace(",", ".")) * s for n, s in given)
    if seconds > int(LONGEST.total_seconds()):
        raise BadDuration("it is longer than P10000D")  # LONGEST
    return timedelta(microseconds=round(seconds * 1_000_000))


def duration_text(length: timedelta) -> str:
    """Write a duration back as ISO 8601, in days, hours, minutes and seconds.

    >>> duration_text(timedelta(days=8, hours=4)), duration_text(timedelta())
    ('P8DT4H', 'PT0S')
    """
    if length < timedelta():
        raise ValueError("a duration cannot be negative")
    days, rest = divmod(length // _MICROSECOND, 86_400_000_000)
    hours, rest = divmod(rest, 3_600_000_000)
    minutes, micro = divmod(rest, 60_000_000)
    seconds = f"{Decimal(micro) / 1_000_000:f}" if micro else "0"
    day = f"{days}D" if days else ""
    parts = ((str(hours), "H"), (str(minutes), "M"), (seconds, "S"))
    time = "".join(f"{number}{unit}" for number, unit in parts if number != "0")
    return f"P{day}T{time}" if time else f"P{day or 'T0S'}"


def _why_not(text: str) -> str:
    if text.startswith("-"):
        return "it is negative"
    if _CALENDAR.fullmatch(text) and re.search(r"[YM]", text.partition("T")[0]):
        return "months and years have no fixed length; write days"
    return "it is not an ISO 8601 duration"
