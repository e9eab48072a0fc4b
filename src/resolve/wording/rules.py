"""The rules of a language, read once from `rules/LANGUAGE.yaml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from importlib.resources import files
from itertools import chain, count
from operator import add
from typing import Any

import yaml

from resolve.wording import patterns
from resolve.wording.index import Index, ToTry
from resolve.wording.marking import Entry, Marking
from resolve.wording.patterns import EDGE, Pattern, Vocabulary
from resolve.wording.suggestions import Offer, telling
from resolve.wording.words import plain

_MUCH = 1e4  # what is said to be common is more so than what is guessed to be

ALWAYS = "all"  # what cancels every kind
Mark = tuple[frozenset[int], int, ToTry, ToTry, ToTry]
"""The elements that a word fits, the bits of those that sentences are asked for, and
what to try for it: what notices, what cancels, what tells the fact."""

_REMEMBERED = 65_536  # pieces of text: what is written once is often written again


class Marks(dict[tuple[Entry, ...], tuple[Mark]]):
    """The mark of a word, alone, by the words and stems of the rules that it is."""

    def __init__(
        self,
        entries: Sequence[Sequence[int]],
        indexes: tuple[Index, Index, Index],
        bits: Mapping[int, int],
    ) -> None:
        super().__init__()
        self._entries = entries
        self._indexes = indexes
        self._bits = bits

    def __missing__(self, found: tuple[Entry, ...]) -> tuple[Mark]:
        if len(self) >= _REMEMBERED:
            self.clear()
        elements = frozenset().union(*(self._entries[one] for one in found))
        asked = sum(self._bits.get(element, 0) for element in elements)
        noticing, cancelling, telling = (
            index.to_try(elements) for index in self._indexes
        )
        alone = self[found] = ((elements, asked, noticing, cancelling, telling),)
        return alone


@dataclass(frozen=True, slots=True)
class Rules:
    """What a language's rules notice, what cancels it, what is offered.

    `patterns` are numbered, each with its kind or its fact: `marks` gives those to try
    for a word. Those of the most telling kind stand first.
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
        found: tuple[Mark, ...] = reduce(
            add, [marks[one] for one in self._own.marking.piece(piece)]
        )
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
    found = [
        tuple(_patterns(some, vocabulary))
        for some in (known["notice"], known["not"], telling(known["offer"]))
    ]
    bits: dict[int, int] = {}
    offer = Offer.of(known["offer"], vocabulary, bits)
    marking = Marking(language, vocabulary, frozenset(lists.get("no_names", ())))
    common = _common(_known("common")[language], marking, vocabulary)
    numbers = count()
    noticing, cancelling, facts = (
        Index([(next(numbers), pattern) for _, pattern in some], common, bits)
        for some in found
    )
    marks = Marks(marking.entries, (noticing, cancelling, facts), bits)
    return Rules(language, tuple(chain(*found)), marking, marks, offer)


def _known(name: str) -> dict[str, Any]:
    source = files("resolve.wording") / "rules" / f"{name}.yaml"
    known: dict[str, Any] = yaml.load(
        source.read_text(encoding="utf-8"),
        Loader=yaml.BaseLoader,  # noqa: S506  texts only
    )
    return known


def _common(met: str, marking: Marking, vocabulary: Vocabulary) -> dict[int, float]:
    """Guess how often each element is met, by the words that are met often."""
    common = vocabulary.commonness()
    for rank, word in enumerate(met.split(), 1):
        for element in {
            one for entry in marking.word(word) for one in marking.entries[entry]
        }:
            common[element] = common.get(element, 0.0) + _MUCH / (rank + 3)
    common[EDGE] = _MUCH
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
