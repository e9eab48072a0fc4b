"""A text as sentences, a sentence as words and signs with their places."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_LONGEST = 40

_QUOTED = re.compile(
    r"«[^«»]{1,2000}»|“[^“”]{1,2000}”|„[^„“”]{1,2000}[“”]|\"[^\"\n]{1,2000}\""
)
_PIECE = re.compile(
    r"(?P<number>\d+(?:[.,:]\d+)*)"
    r"|(?P<word>[^\W_][^\W_\u0300-\u036f]*(?:[\u0300-\u036f]+[^\W_]*)*"
    r"(?:['’ʼ`-][^\W_]+)*)"
    r"|(?P<end>[.!?…]+|\n)"
    r"|(?P<sign>[,;:()—–]|(?<=\s)-(?=\s))"
)
_CLITIC = re.compile(r"(?i)(?P<not>n['’ʼ`]t)$|['’ʼ`](?P<rest>s|ll|re|ve|d|m)$")
_CLITICS = {"s": "'s", "ll": "will", "re": "are", "ve": "have", "d": "would", "m": "am"}
_STUMPS = {"wo": "will", "ca": "can", "sha": "shall"}
_ALIKE = str.maketrans({"ё": "е", "’": "'", "ʼ": "'", "`": "'"})
_DASHES = {"–", "-"}


@dataclass(frozen=True, slots=True)
class Word:
    """One word or sign, as patterns see it, and where it stands in the text."""

    form: str
    start: int
    end: int
    is_sign: bool = False


def sentences(text: str) -> Iterator[list[Word]]:
    """Cut a text; what stands in quotation marks is somebody's words, left out.

    A question ends with the sign `¿`.
    """
    words: list[Word] = []
    for piece in _PIECE.finditer(_without_quotations(text)):
        if piece["end"] is None:
            words.extend(_words(piece))
        elif words:
            if "?" in piece["end"]:
                words.append(Word("¿", piece.start(), piece.end(), is_sign=True))
            yield words
            words = []
    if words:
        yield words


def plain(word: str) -> str:
    """Write a word as rules do: small letters, е for ё, one kind of apostrophe."""
    return unicodedata.normalize("NFC", word).lower().translate(_ALIKE)


def _without_quotations(text: str) -> str:
    """Blank out quotations of two words and more; a word alone may be irony."""
    return _QUOTED.sub(_blanked, text)


def _blanked(quotation: re.Match[str]) -> str:
    inner = quotation[0][1:-1].split()
    return quotation[0] if len(inner) < 2 else " " * len(quotation[0])  # noqa: PLR2004


def _words(piece: re.Match[str]) -> Iterator[Word]:
    start, end = piece.span()
    if piece["sign"]:
        form = "—" if piece[0] in _DASHES else piece[0]
        yield Word(form, start, end, is_sign=True)
        return
    whole = piece[0][:_LONGEST]
    clitic = _CLITIC.search(whole) if whole.isascii() or "’" in whole else None
    if clitic is None:
        yield Word(plain(whole), start, end)
        return
    cut = start + clitic.start()
    stump = plain(whole[: clitic.start()])
    if stump:
        yield Word(_STUMPS.get(stump, stump), start, cut)
    rest = "not" if clitic["not"] else _CLITICS[clitic["rest"].lower()]
    yield Word(rest, cut, end)
