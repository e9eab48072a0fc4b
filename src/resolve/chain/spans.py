"""Durations as people type and read them: '1 d 4 h', '4 ч', '2 дні', or ISO 8601.

A day has 24 hours and a week 7 days, as in map files.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from resolve.chain.durations import LONGEST, BadDuration, duration

SHORT: Mapping[str, tuple[str, str, str, str]] = {
    "en": ("d", "h", "min", "s"),
    "ru": ("д", "ч", "мин", "с"),
    "uk": ("д", "год", "хв", "с"),
}
"""How days, hours, minutes and seconds are written short in each language."""

_SECONDS = (86_400, 3_600, 60, 1)
_UNITS = {
    604_800: "w wk week weeks н нед неделя недели недель неделю т тиж тижні тижнів"
    " тиждень тижня",
    86_400: "d day days д дн день дня дни дней сут сутки суток дні днів доба доби діб",
    3_600: "h hr hrs hour hours ч час часа часов часы г год година години годин",
    60: "m min mins minute minutes м мин минута минуты минут хв хвилина хвилини хвилин",
    1: "s sec secs second seconds с сек секунда секунды секунд секунди",
}
_SECONDS_OF = {word: unit for unit, words in _UNITS.items() for word in words.split()}
_NEGATIVE = ("-", "\N{MINUS SIGN}", "\N{EN DASH}")
_NOTHING = re.compile(r"[+-]?0+(?:[.,]0+)?")
_ONE = re.compile(r"(\d+(?:[.,]\d+)?)\s*([^\W\d_]+)\.?\s*,?\s*")
_LONGEST_TEXT = 60


class NegativeSpan(BadDuration):
    """A time below nothing."""


def span(text: str) -> timedelta:
    """Read a duration; 0 needs no unit, every other number does.

    >>> span("1 d 4 h"), span("1,5 ч"), span("PT4H"), span("2 дні") == span("48h")
    (datetime.timedelta(days=1, seconds=14400), datetime.timedelta(seconds=5400), \
datetime.timedelta(seconds=14400), True)

    Raises:
        NegativeSpan: it is negative.
        BadDuration: it is no duration, or too long.
    """
    plain = " ".join(text.lower().split())
    if plain.startswith(_NEGATIVE):
        raise NegativeSpan("it is negative")
    if plain.startswith("p"):
        return duration(plain.upper())
    if len(plain) > _LONGEST_TEXT or not plain:
        raise BadDuration("it is not a duration")
    return timedelta() if _NOTHING.fullmatch(plain) else _added_up(plain)


def _added_up(text: str) -> timedelta:
    seconds, at, units = Decimal(0), 0, list[int]()
    while at < len(text):
        found = _ONE.match(text, at)
        unit = _SECONDS_OF.get(found[2]) if found else None
        if found is None or unit is None or unit in units:
            raise BadDuration("it is not a duration")
        seconds += Decimal(found[1].replace(",", ".")) * unit
        units.append(unit)
        at = found.end()
    if seconds > int(LONGEST.total_seconds()):
        raise BadDuration("it is longer than P10000D")  # LONGEST
    return timedelta(seconds=float(seconds))


def span_text(length: timedelta, language: str) -> str:
    """Write a duration short, as a field shows it; `span` reads it back.

    >>> span_text(timedelta(days=1, hours=4), "en"), span_text(timedelta(), "uk")
    ('1 d 4 h', '0 год')
    """
    names = SHORT.get(language, SHORT["en"])
    left, words = round(length.total_seconds()), []
    for seconds, name in zip(_SECONDS, names, strict=True):
        amount, left = divmod(left, seconds)
        if amount:
            words.append(f"{amount} {name}")
    return " ".join(words) or f"0 {names[1]}"
