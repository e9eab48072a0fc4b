"""Languages of the interface: gettext catalogues, numbers, dates and durations.

The catalogues are `resolve/locales/CODE/*.po`, one for each part of the product, read
as they are (nothing to compile).
"""

from __future__ import annotations

import gettext
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Literal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.units import format_unit

LANGUAGES = ("en", "ru", "uk")

_ENDING = re.compile(r"\{(\w+)\}\.(?!\.)")
_UNITS = (("day", 86_400), ("hour", 3600), ("minute", 60), ("second", 1))
_READ_TO = (
    (timedelta(days=1), timedelta(hours=1)),
    (timedelta(minutes=10), timedelta(minutes=1)),
)
"""From so long on, a time that was measured is read to so much."""


@dataclass(frozen=True, slots=True)
class Language:
    """One language of the interface; make it with `language`."""

    code: str
    _catalogue: gettext.NullTranslations

    def say(self, message: str, /, **facts: object) -> str:
        """Give the text in this language with the facts filled in."""
        return _filled(self._catalogue.gettext(message), facts)

    def count(self, one: str, many: str, n: int, /, **facts: object) -> str:
        """Give the text in the plural form that n asks for; n is a fact too."""
        text = self._catalogue.ngettext(one, many, n)
        return _filled(text, {"n": self.number(n), **facts})

    def number(self, value: float) -> str:
        return format_decimal(value, locale=self.code)

    def day(self, at: datetime, zone: ZoneInfo) -> str:
        """Give the date alone, as people of this language write it."""
        return format_date(at.astimezone(zone), "d MMMM y", locale=self.code)

    def moment(self, at: datetime, zone: ZoneInfo) -> str:
        """Give date and time, as people of this language write it."""
        return format_datetime(at, "d MMMM y, HH:mm", tzinfo=zone, locale=self.code)

    def duration(self, span: timedelta) -> str:
        """Give a duration in words, exactly: '1 day 4 hours'.

        Where words take the case that a sentence asks for, units are written short.
        """
        left, words = int(span.total_seconds()), []
        for unit, seconds in _UNITS:
            amount, left = divmod(left, seconds)
            if amount:
                words.append(self._so_many(amount, unit))
        return " ".join(words) or self._so_many(0, "minute")

    def measured(self, span: timedelta) -> str:
        """Give a time that was measured, in words, as exactly as people read it."""
        return self.duration(as_read(span))

    def _so_many(self, amount: int, unit: str) -> str:
        length: Literal["long", "short"] = "long" if self.code == "en" else "short"
        return format_unit(amount, f"duration-{unit}", length=length, locale=self.code)


def _filled(text: str, facts: Mapping[str, object]) -> str:
    """Fill the facts in; one that ends with a full stop ends the sentence with it.

    In Russian and Ukrainian days are written short: `5 дн.`
    """

    def without_second(found: re.Match[str]) -> str:
        ends = str(facts.get(found[1], "")).endswith(".")
        return found[0][:-1] if ends else found[0]

    return _ENDING.sub(without_second, text).format(**facts)


def as_read(span: timedelta) -> timedelta:
    """Give a time as exactly as people read it: days to hours, others to minutes.

    Less than ten minutes are read to seconds.

    >>> str(as_read(timedelta(days=3, hours=7, minutes=21)))
    '3 days, 7:00:00'
    >>> str(as_read(timedelta(minutes=9, seconds=40.3)))
    '0:09:40'
    """
    unit = (exact for least, exact in _READ_TO if span >= least)
    exact = next(unit, timedelta(seconds=1))
    return round(span / exact) * exact


@cache
def language(code: str) -> Language:
    """Give the language with this code, English for one that is not known."""
    known = code if code in LANGUAGES else "en"
    return Language(known, _catalogue(known))


def _catalogue(code: str) -> gettext.NullTranslations:
    folder = files("resolve").joinpath("locales", code)
    together = gettext.NullTranslations()
    if code == "en":
        return together
    for source in sorted(folder.iterdir(), key=lambda file: file.name):
        part = _read(source, code)
        part.add_fallback(together)
        together = part
    return together


def _read(source: Traversable, code: str) -> gettext.GNUTranslations:
    compiled = io.BytesIO()
    with source.open("rb") as po:
        write_mo(compiled, read_po(po, locale=code))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
