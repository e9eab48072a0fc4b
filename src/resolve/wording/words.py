"""A text as sentences, a sentence as pieces, a piece as words or a sign."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_LONGEST = 40

_QUOTE = re.compile('[«“„"]')
_QUOTED = re.compile(
    r"«[^«»]{1,2000}»|“[^“”]{1,2000}”|„[^„“”]{1,2000}[“”]|\"[^\"\n]{1,2000}\""
)
_ENDS = frozenset(".!?…\n")
_PIECE = re.compile(
    r"[^\W\d_](?:(?:\.[^\W\d_](?![^\W_]))++\.?"  # e.g., т.д.
    r"|[^\W_]*+(?:[\u0300-\u036f]++[^\W_]*+)*+(?:['’ʼ`-][^\W_]++)*+)"
    r"|\d++(?:[.,:]\d++)*+"
    r"|[.!?…]++|\n"
    r"|[,;:()—–]|(?<=\s)-(?=\s)"
)
_CLITIC = re.compile(r"(?i)(n['’ʼ`]t)$|(['’ʼ`](?:s|ll|re|ve|d|m))$")
_RUN_TOGETHER = re.compile(
    "(?i)(?:do|does|did|is|was|are|were|has|have|had|could|should|would|wo|ca)(nt)"
    "|can(not)|(?:he|she|that|what|where|there|here|who)(s)|i(m)"
    "|(?:i|you|we|they)(ve)|(?:you|they)(re|ll)"
)
_CLITICS = {"s": "'s", "ll": "will", "re": "are", "ve": "have", "d": "would", "m": "am"}
_STUMPS = {"wo": "will", "ca": "can", "sha": "shall"}
_ALIKE = (("ё", "е"), ("’", "'"), ("ʼ", "'"), ("`", "'"))
_UNLIKE = re.compile("[^a-zа-яіїєґ0-9'-]")  # what may have to be written otherwise
_SIGNS = frozenset(",;:()—–-")
_IT = "IT"
_DASHES = frozenset("–-")


class Word(NamedTuple):
    """One word or sign, as patterns see it, and where it stands in its piece."""

    form: str
    start: int
    end: int
    is_sign: bool = False


def pieces(text: str) -> list[str]:
    """Cut a text into words, as they are written, and signs."""
    return _PIECE.findall(text)


def sentences(pieces: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Give sentences: the number of the first piece, and the pieces.

    At the end of a question stands its mark, at the end of others nothing.
    """
    first = 0
    for which, piece in enumerate(pieces):
        if piece[0] in _ENDS:
            if which > first:
                last = which + 1 if "?" in piece else which
                yield first, pieces[first:last]
            first = which + 1
    if first < len(pieces):
        yield first, pieces[first:]


def is_end(piece: str) -> bool:
    """Tell whether a piece is the sign at the end of a sentence, not of a line."""
    return piece[0] in _ENDS and piece != "\n"


def places(text: str, pieces: Sequence[str]) -> list[int]:
    """Tell where each piece of a text begins: what lies between is of no piece."""
    behind = 0
    found = []
    for piece in pieces:
        start = text.find(piece, behind)
        found.append(start)
        behind = start + len(piece)
    return found


def as_meant(pieces: Sequence[str]) -> list[str]:
    """Give a sentence as it is meant: its first word is no name, IT is a department.

    Where all is in capitals, IT is the word it.
    """
    meant = [pieces[0].lower(), *pieces[1:]]
    if _IT in pieces and not "".join(pieces).isupper():
        return [
            "i.t." if one == _IT else own
            for one, own in zip(pieces, meant, strict=True)
        ]
    return meant


def form(piece: str) -> str | None:
    """Give the form of a piece that is one word, and only letters."""
    if not piece.isalpha() or _RUN_TOGETHER.fullmatch(piece):
        return None
    return plain(piece[:_LONGEST])


def plain(word: str) -> str:
    """Write a word as rules do: small letters, е for ё, one kind of apostrophe."""
    written = word.lower()
    if not _UNLIKE.search(written):
        return written
    written = unicodedata.normalize("NFC", written)
    for one, alike in _ALIKE:
        written = written.replace(one, alike)
    return written


def words(piece: str) -> Iterator[Word]:
    """Give the words of a piece: two, where a short one leans on it (don't, dont).

    A question ends with the sign `¿`.
    """
    end = len(piece)
    if piece in _SIGNS or piece[0] in _ENDS:
        form = "—" if piece in _DASHES else "¿" if "?" in piece else piece
        yield Word(form, 0, end, is_sign=True)
        return
    whole = piece[:_LONGEST]
    cut, rest = _clitic(whole) if whole.isascii() or "’" in whole else (end, "")
    stump = plain(whole[:cut])
    if stump:
        yield Word(_STUMPS.get(stump, stump) if rest else stump, 0, cut)
    if rest:
        yield Word(rest, cut, end)


def _clitic(word: str) -> tuple[int, str]:
    """Tell where a short word leans on a longer one, and which; none at the end."""
    clitic = _RUN_TOGETHER.fullmatch(word) or _CLITIC.search(word)
    if clitic is None or clitic.lastindex is None:
        return len(word), ""
    rest = clitic[clitic.lastindex].lower().lstrip("'’ʼ`")
    return clitic.start(clitic.lastindex), _CLITICS.get(rest, "not")


def without_quotations(text: str) -> str:
    """Blank out somebody's words: quotations of two and more; one may be irony."""
    return _QUOTED.sub(_blanked, text) if _QUOTE.search(text) else text


def _blanked(quotation: re.Match[str]) -> str:
    inner = quotation[0][1:-1].split()
    return quotation[0] if len(inner) < 2 else " " * len(quotation[0])  # noqa: PLR2004
