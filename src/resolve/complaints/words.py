"""Words as a search compares them: in their basic forms, in three languages (pure).

A word stands for itself, for its lemma in each language of its script, and for its
stem: short texts do not tell Russian from Ukrainian surely enough to choose one, and
the dictionaries miss some endings ("клієнтів"). Numbers, orders and addresses are also
compared without their punctuation. The same is done to what is stored and to what is
asked, so no language has to be recognised.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache

LONGEST_QUERY = 200
_MOST_WORDS = 12
_LONGEST_WORD = 60
_SHORTEST_STEM = 4
_AROUND = 90

_WORD = re.compile(r"[^\W_]+(?:['’ʼ`][^\W_]+)*")
_APOSTROPHE = re.compile("['’ʼ`]")
_LATIN = re.compile("[a-z]")
_CYRILLIC = re.compile("[а-яєіїґё]")
_ENDING = re.compile(
    "(?:ами|ями|ові|еві|єві|ого|его|ому|ему|ими|ыми|ою|ею|єю|ий|ый|ій|ів|їв|ов|ев|ей|"
    "ах|ях|ам|ям|ом|ем|єм|ую|юю|ая|яя|ое|ее|ие|ые|их|ых|[аяоеєиіїыуюьй])$"
)

Terms = frozenset[str]
"""The forms that a word, or a whole text, is found by."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for: all of `words`; a word is there in one of its readings.

    A reading is one or several forms of which each must be there ("C-2026-000123" is
    read as one number and as its three parts).
    """

    words: tuple[tuple[tuple[Terms, ...], ...], ...]

    def fits(self, found: AbstractSet[str]) -> bool:
        """Tell whether a text with these terms is looked for."""
        return all(
            any(all(forms & found for forms in reading) for reading in readings)
            for readings in self.words
        )

    @property
    def forms(self) -> Terms:
        """Give every form, to mark them in a text."""
        return frozenset(
            form
            for readings in self.words
            for reading in readings
            for forms in reading
            for form in forms
        )


def query(text: str) -> Query:
    """Read what somebody typed into the field of the search.

    >>> query("the late deliveries").fits(terms(["The delivery came late"]))
    True
    >>> query("посилки").fits(terms(["Посилку розірвано"]))
    True
    """
    chunks = unicodedata.normalize("NFC", text[:LONGEST_QUERY]).split()
    words = (_readings(chunk) for chunk in chunks[:_MOST_WORDS])
    return Query(tuple(one for one in words if one))


def _readings(chunk: str) -> tuple[tuple[Terms, ...], ...]:
    pieces = tuple(forms(word) for word in _words(chunk))
    compact = _compact(chunk)
    if len(pieces) > 1 and compact:
        return ((frozenset({compact}),), pieces)
    return (pieces,) if pieces else ()


def terms(texts: Iterable[str | None]) -> Terms:
    """Give what these texts are found by."""
    found: set[str] = set()
    for text in texts:
        for chunk in unicodedata.normalize("NFC", text or "").split():
            words = list(_words(chunk))
            found.update(form for word in words for form in forms(word))
            if len(words) > 1 and (compact := _compact(chunk)):
                found.add(compact)
    return frozenset(found)


def identifier(text: str | None) -> Terms:
    """Give what a number, order, telephone or address is found by as a whole.

    >>> sorted(identifier("+380 50 123"))
    ['123', '380', '38050123', '50']
    """
    if not text:
        return frozenset()
    compact = _compact(text)
    return terms([text]) | ({compact} if compact else set())


@lru_cache(maxsize=50_000)
def forms(word: str) -> Terms:
    """Give the forms that one word is compared by.

    >>> sorted(forms("Deliveries"))
    ['deliveries', 'delivery']
    """
    plain = _plain(word)
    if _CYRILLIC.search(plain):
        basic = {plain, *(_plain(one) for one in _lemmas(word.lower(), "ru", "uk"))}
        return frozenset(basic | {_stem(one) for one in basic})
    if _LATIN.search(plain):
        return frozenset({plain, *(_plain(one) for one in _lemmas(plain, "en"))})
    return frozenset({plain})


def _lemmas(word: str, *languages: str) -> Iterator[str]:
    # The dictionaries are large: only who searches or fills the index holds them, and
    # compressed, 35 MB instead of 250.
    from simplemma import lemmatize  # noqa: PLC0415

    word = word[:_LONGEST_WORD]
    for language in languages:
        yield lemmatize(word, lang=language, low_memory=True).lower()


def _plain(word: str) -> str:
    return _APOSTROPHE.sub("", word.lower()).replace("ё", "е")[:_LONGEST_WORD]


def _stem(word: str) -> str:
    stem = _ENDING.sub("", word)
    return stem if len(stem) >= _SHORTEST_STEM else word


def _words(text: str) -> Iterator[str]:
    return (found[0] for found in _WORD.finditer(text))


def _compact(text: str) -> str:
    """Give numbers and addresses without punctuation; nothing for plain words."""
    if not any(sign.isdigit() or sign == "@" for sign in text):
        return ""
    return "".join(s for s in text.lower() if s.isalnum())[:_LONGEST_WORD]


# ------------------------------------------------------------------------ what is shown


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text; `found` if it is what was looked for."""

    text: str
    found: bool = False


def snippet(text: str, wanted: Query) -> tuple[Piece, ...]:
    """Give the part of a text around the first word found, with all found marked.

    >>> [one.text for one in snippet("It came late.", query("came")) if one.found]
    ['came']
    """
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    places = _places(text, wanted.forms)
    start, end = _part(text, places[0][0] if places else 0)
    pieces = [Piece("… ")] if start else []
    at = start
    for first, last in places:
        if first >= at and last <= end:
            pieces += [Piece(text[at:first]), Piece(text[first:last], found=True)]
            at = last
    pieces.append(Piece(text[at:end] + (" …" if end < len(text) else "")))
    return tuple(one for one in pieces if one.text)


def _places(text: str, wanted: Terms) -> list[tuple[int, int]]:
    found = [one.span() for one in _WORD.finditer(text) if forms(one[0]) & wanted]
    if found:
        return found
    chunks = re.finditer(r"\S+", text)
    return [one.span() for one in chunks if _compact(one[0]) in wanted]


def _part(text: str, first: int) -> tuple[int, int]:
    start, end = max(0, first - _AROUND), min(len(text), first + 2 * _AROUND)
    if start:
        start = text.find(" ", start, first) + 1 or start
    if end < len(text):
        end = max(text.rfind(" ", first, end), first + 1)
    return start, end
