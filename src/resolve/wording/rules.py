"""The rules of a language, read once from `rules/LANGUAGE.yaml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from resolve.wording import patterns
from resolve.wording.index import Index, ToTry
from resolve.wording.marking import Marking
from resolve.wording.patterns import EDGE, Pattern, Vocabulary, single
from resolve.wording.suggestions import Offer
from resolve.wording.words import plain

_MUCH = 1e4  # what is said to be common is more so than what is guessed to be

ALWAYS = "all"  # what cancels every kind
Mark = tuple[int, ToTry, ToTry]
"""The bits of a word, and what to try for it: what notices, what cancels."""

_REMEMBERED = 65_536  # pieces of text: what is written once is often written again


class Marks(dict[int, Mark]):
    """What to try for words of the same bits."""

    def __init__(self, noticing: Index, cancelling: Index) -> None:
        super().__init__()
        self._noticing = noticing
        self._cancelling = cancelling

    def __missing__(self, bits: int) -> Mark:
        if len(self) >= _REMEMBERED:
            self.clear()
        found = bits, self._noticing.to_try(bits), self._cancelling.to_try(bits)
        self[bits] = found
        return found


@dataclass(frozen=True, slots=True)
class Rules:
    """What a language's rules notice, what cancels it, what is offered.

    `patterns` are numbered: `marks` gives those to try for a word. Those of one kind
    stand together, the most telling kind first; those that cancel stand last.
    """

    language: str
    patterns: tuple[tuple[str, Pattern], ...]
    marking: Marking
    marks: Marks
    offer: Offer


class Remembered(dict[str, tuple[Mark, ...]]):
    """The marks of pieces of text, as they were asked for."""

    def __init__(self, own: Rules) -> None:
        super().__init__()
        self._own = own

    def __missing__(self, piece: str) -> tuple[Mark, ...]:
        if len(self) >= _REMEMBERED:
            self.clear()
        marks = self._own.marks
        found = tuple([marks[bits] for bits in self._own.marking.piece(piece)])
        self[piece] = found
        return found


@cache
def remembered(language: str) -> Remembered:
    """Give what a language remembers."""
    return Remembered(rules(language))


@cache
def rules(language: str) -> Rules:
    """Read the rules of a language; kinds in the file's order, most telling first."""
    known = _known(language)
    lists = {name: tuple(some.split()) for name, some in known["lists"].items()}
    vocabulary = Vocabulary(lists)
    noticing = tuple(_patterns(known["notice"], vocabulary))
    cancelling = tuple(_patterns(known["not"], vocabulary))
    offer = Offer.of(known["offer"], vocabulary)
    marking = Marking(language, vocabulary, frozenset(lists.get("no_names", ())))
    common = _common(_known("common")[language], marking, vocabulary)
    numbered = list(enumerate(pattern for _, pattern in noticing + cancelling))
    marks = Marks(
        Index(numbered[: len(noticing)], common),
        Index(numbered[len(noticing) :], common),
    )
    return Rules(language, noticing + cancelling, marking, marks, offer)


def _known(name: str) -> dict[str, Any]:
    source = files("resolve.wording") / "rules" / f"{name}.yaml"
    known: dict[str, Any] = yaml.load(
        source.read_text(encoding="utf-8"),
        Loader=yaml.BaseLoader,  # noqa: S506  texts only
    )
    return known


def _common(met: str, marking: Marking, vocabulary: Vocabulary) -> dict[int, float]:
    """Guess how often a word of each bit is met, by the words that are met often."""
    common = vocabulary.commonness()
    for rank, word in enumerate(met.split(), 1):
        for bit in single(vocabulary.words.get(word, 0) | marking.word(word)):
            common[bit] = common.get(bit, 0.0) + _MUCH / (rank + 3)
    common[1 << EDGE] = _MUCH
    return common


def _patterns(
    known: Mapping[str, str], vocabulary: Vocabulary
) -> Iterator[tuple[str, Pattern]]:
    for kind, lines in known.items():
        for line in lines.splitlines():
            pattern = line.partition("#")[0].strip()
            if pattern:
                for one in patterns.read(plain(pattern), vocabulary):
                    yield kind, one
