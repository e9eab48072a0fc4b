"""A text as sentences, a sentence as pieces, a piece as words or a sign."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

_LONGEST = 40

_QUOTE = re.compile('[«“„"]')
_QUOTED = re.compile(
    r"«[^«»]{1,2000}»|“[^“”]{1,2000}”|„[^„“”]{1,2000}[“”]|\"[^\"\n]{1,2000}\""
)
_ENDS = frozenset(".!?…\n")
_PIECE = re.compile(
    r"[^\W\d_][^\W_]*+(?:[\u0300-\u036f]++[^\W_]*+)*+(?:['’ʼ`-][^\W_]++)*+"
    r"|\d++(?:[.,:]\d++)*+"
    r"|[.!?…]++|\n"
    r"|[,;:()—–]|(?<=\s)-(?=\s)"
)
_CLITIC = re.compile(r"(?i)(?P<not>n['’ʼ`]t)$|['’ʼ`](?P<rest>s|ll|re|ve|d|m)$")
_CLITICS = {"s": "'s", "ll": "will", "re": "are", "ve": "have", "d": "would", "m": "am"}
_STUMPS = {"wo": "will", "ca": "can", "sha": "shall"}
_ALIKE = (("ё", "е"), ("’", "'"), ("ʼ", "'"), ("`", "'"))
_SIGNS = frozenset(",;:()—–-")
_DASHES = frozenset("–-")


class Word(NamedTuple):
    """One word or sign, as patterns see it, and where it stands in its piece."""

    form: str
    start: int
    end: int
    is_sign: bool = False


def sentences(text: str) -> Iterator[tuple[int, list[str]]]:
    """Cut a text; what stands in quotation marks is somebody's words, left out.

    A sentence is the number of its first piece, and its pieces: words as they are
    written, signs, and at the end of a question its mark.
    """
    pieces = _PIECE.findall(_without_quotations(text))
    first = 0
    for which, piece in enumerate(pieces):
        if piece[0] in _ENDS:
            if which > first:
                last = which + 1 if "?" in piece else which
                yield first, pieces[first:last]
            first = which + 1
    if first < len(pieces):
        yield first, pieces[first:]


def places(text: str) -> list[int]:
    """Tell where each piece of a text begins."""
    return [piece.start() for piece in _PIECE.finditer(_without_quotations(text))]


def form(piece: str) -> str | None:
    """Give the form of a piece that is one word, and only letters."""
    return plain(piece[:_LONGEST]) if piece.isalpha() else None


def plain(word: str) -> str:
    """Write a word as rules do: small letters, е for ё, one kind of apostrophe."""
    if word.isascii() and "`" not in word:
        return word.lower()
    written = unicodedata.normalize("NFC", word).lower()
    for one, alike in _ALIKE:
        written = written.replace(one, alike)
    return written


def words(piece: str) -> Iterator[Word]:
    """Give the words of a piece: two, where a short one leans on it (don't).

    A question ends with the sign `¿`.
    """
    end = len(piece)
    if piece in _SIGNS or piece[0] in _ENDS:
        form = "—" if piece in _DASHES else "¿" if "?" in piece else piece
        yield Word(form, 0, end, is_sign=True)
        return
    whole = piece[:_LONGEST]
    clitic = _CLITIC.search(whole) if whole.isascii() or "’" in whole else None
    if clitic is None:
        yield Word(plain(whole), 0, end)
        return
    cut = clitic.start()
    stump = plain(whole[:cut])
    if stump:
        yield Word(_STUMPS.get(stump, stump), 0, cut)
    rest = "not" if clitic["not"] else _CLITICS[clitic["rest"].lower()]
    yield Word(rest, cut, end)


def _without_quotations(text: str) -> str:
    """Blank out quotations of two words and more; a word alone may be irony."""
    return _QUOTED.sub(_blanked, text) if _QUOTE.search(text) else text


def _blanked(quotation: re.Match[str]) -> str:
    inner = quotation[0][1:-1].split()
    return quotation[0] if len(inner) < 2 else " " * len(quotation[0])  # noqa: PLR2004
