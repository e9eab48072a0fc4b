"""A text without what tells who the customer is (pure).

Masked are the names known of the customer in their word forms and in the other script,
the names in their e-mail, what is known besides (e-mail, telephone), and whatever
looks like an e-mail, telephone or account number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from resolve.complaints.spelling import (
    Spellings,
    is_other_spelling,
    names_in_email,
    spellings,
)

HIDDEN = "•••"

_EMAIL = re.compile(r"(?<![\w.+%'-])[\w.+%'-]+\s?@\s?[\w-]+(?:\.[\w-]+)+")
_IBAN = re.compile(r"(?<!\w)[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]{4}){2,7}"
                   r"(?:[ -]?[A-Za-z0-9]{1,3})?(?!\w)")  # fmt: skip
_NUMBER = re.compile(r"(?<![\w.,])\+?\(?\d(?:[\s().\-\u2010-\u2014/]{0,3}\d){5,}(?!\w)")
_DATE = re.compile(
    r"(?<!\d)(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{2,4})(?!\d)"
)
_AMOUNT = re.compile(r"\d{1,3}(?:[ .]\d{3})+")
_WORD = re.compile(r"[^\W\d_]+(?:[’'ʼ`][^\W\d_]+)*")
_RUN = re.compile(r"\w+(?:[’'ʼ`]\w+)*")
_PART = re.compile(r"[^\W\d_]+")
_SHORTEST_STEM = 3
_LONG_NUMBER = 9
_SHORT = 7
_VOWELS = "аеёиоуыэюяєії"
_FLEETING = re.compile(f"^(.*)[еёоіє]([^{_VOWELS}ьй])$")


@dataclass(frozen=True, slots=True)
class Identity:
    """What is known of the customers of a case; `kept` numbers are nobody's identity.

    Kept are the order and reference, which partners need and see anyway.
    """

    names: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def masked(text: str, known: Identity) -> str:
    """Give the text with every trace of the customer replaced by HIDDEN.

    >>> masked("Пані Коваленко з 050 123-45-67 просила Олену", Identity(("Олена",)))
    'Пані Коваленко з ••• просила •••'
    """
    text = unicodedata.normalize("NFC", text)
    for other in known.others:
        text = _without(text, other)
    text = _EMAIL.sub(HIDDEN, text)
    text = _IBAN.sub(_unless_kept(known.kept, always=True), text)
    text = _NUMBER.sub(_unless_kept(known.kept), text)
    for pattern in _names(known.names):
        text = pattern.sub(HIDDEN, text)
    return _without_spellings(text, known)


def _without_spellings(text: str, known: Identity) -> str:
    mailed, spelt = _spellings(known.names, known.others)

    def hide(found: re.Match[str]) -> str:
        run = found[0]
        parts = _PART.findall(run)
        alike = any(one.lower() in mailed for one in parts) or any(
            is_other_spelling(one, spelt) for one in (run, *parts)
        )
        return HIDDEN if alike else run

    return _RUN.sub(hide, text) if mailed or any(one.whole for one in spelt) else text


@lru_cache(maxsize=1000)
def _spellings(
    names: tuple[str, ...], others: tuple[str, ...]
) -> tuple[frozenset[str], tuple[Spellings, Spellings]]:
    """Give the names in e-mails, and the spellings of all names in both scripts."""
    mailed = {one for other in others for one in names_in_email(other)}
    named = {
        word
        for name in names
        for word in _WORD.findall(unicodedata.normalize("NFC", name))
        if len(word) > 1
    }
    return frozenset(mailed), spellings(named | mailed)


def _unless_kept(
    kept: tuple[str, ...], *, always: bool = False
) -> Callable[[re.Match[str]], str]:
    def hide(found: re.Match[str]) -> str:
        number = found[0]
        if any(_same_number(number, k) for k in kept):
            return number
        return HIDDEN if always or _tells(number) else number

    return hide


def _same_number(number: str, kept: str) -> bool:
    """Whether these are the same digits; a part of a number says nothing about it."""
    digits = [sign for sign in number if sign.isdigit()]
    return digits == [sign for sign in kept if sign.isdigit()]


def _tells(number: str) -> bool:
    """Whether digits are so many, or written so, that they reach a person."""
    if _DATE.search(number):
        rest = _DATE.sub("", number)
        return sum(sign.isdigit() for sign in rest) >= _LONG_NUMBER
    digits = sum(sign.isdigit() for sign in number)
    if digits >= _LONG_NUMBER or number.startswith("+"):
        return True
    written = number.strip()
    return not (written.isdigit() or _AMOUNT.fullmatch(written) or digits < _SHORT)


def _without(text: str, other: str) -> str:
    signs = [sign for sign in unicodedata.normalize("NFC", other) if sign.isalnum()]
    if len(signs) < _SHORTEST_STEM:
        return text
    loose = r"[\s().+\-@_/]*".join(map(re.escape, signs))
    return re.sub(rf"(?<!\w)\+?{loose}(?!\w)", HIDDEN, text, flags=re.IGNORECASE)


@lru_cache(maxsize=1000)
def _names(names: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    words = {
        word
        for name in names
        for word in _WORD.findall(unicodedata.normalize("NFC", name))
        if len(word) > 1
    }
    return tuple(_forms(word) for word in sorted(words, key=len, reverse=True))


def _forms(word: str) -> re.Pattern[str]:
    """Match a name in its cases: the stem, and an ending of up to three letters."""
    letters = word.lower()
    if len(letters) <= _SHORTEST_STEM:
        return re.compile(rf"(?<!\w){_spelt(letters)}(?!\w)", re.IGNORECASE)
    stems = {letters[:-1] if letters[-1] in _VOWELS + "ьй" else letters}
    fleeting = _FLEETING.match(letters)
    if fleeting:
        # Павел, Павла; Федір, Федора
        stems |= {fleeting[1] + fleeting[2], f"{fleeting[1]}о{fleeting[2]}"}
    endings = r"\w{0,3}(?:[’'ʼ]\w)?(?!\w)"
    either = "|".join(_spelt(stem) for stem in sorted(stems, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{either}){endings}", re.IGNORECASE)


def _spelt(stem: str) -> str:
    alike = {"е": "[её]", "ё": "[её]", "’": "[’'ʼ`]?", "'": "[’'ʼ`]?", "ʼ": "[’'ʼ`]?"}
    return "".join(alike.get(sign) or re.escape(sign) for sign in stem)
