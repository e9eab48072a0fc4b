"""The rules of a language, read once from `rules/LANGUAGE.yaml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, reduce
from importlib.resources import files
from operator import or_
from typing import Any

import yaml
from rapidfuzz.distance import OSA
from simplemma import is_known, lemmatize

from resolve.wording import patterns
from resolve.wording.patterns import Pattern, Vocabulary
from resolve.wording.suggestions import Offer
from resolve.wording.values import Kind
from resolve.wording.words import plain

_LONG_ENOUGH = 7  # of a word, so that a slip in it is surely a slip
_SHORT = 3


ALWAYS = "all"  # what cancels every kind
Group = tuple[str, bool]  # a kind or `ALWAYS`, and whether it cancels


@dataclass(frozen=True, slots=True)
class Rules:
    """What a language's rules notice, what cancels it, what is offered.

    `patterns` are numbered; `anchored` gives those to try where a bit is there: each
    stands once, under the bit that fewest words carry.
    """

    language: str
    vocabulary: Vocabulary
    kinds: tuple[Kind, ...]
    patterns: tuple[tuple[Group, Pattern], ...]
    anchored: Mapping[int, tuple[int, ...]]
    anchors: int
    offer: Offer


@cache
def rules(language: str) -> Rules:
    """Read the rules of a language; kinds in the file's order, most telling first."""
    source = files("resolve.wording") / "rules" / f"{language}.yaml"
    known: dict[str, Any] = yaml.load(
        source.read_text(encoding="utf-8"),
        Loader=yaml.BaseLoader,  # noqa: S506  texts only
    )
    lists = {name: tuple(words.split()) for name, words in known["lists"].items()}
    vocabulary = Vocabulary(lists)
    found = tuple(
        ((kind, cancels), pattern)
        for part, cancels in (("notice", False), ("not", True))
        for kind, lines in known[part].items()
        for pattern in _read(lines, vocabulary)
    )
    anchored = _anchored([pattern for _, pattern in found], vocabulary)
    return Rules(
        language,
        vocabulary,
        tuple(Kind(kind) for kind in known["notice"]),
        found,
        anchored,
        reduce(or_, anchored),
        Offer.of(known["offer"], vocabulary),
    )


def _anchored(
    found: Sequence[Pattern], vocabulary: Vocabulary
) -> dict[int, tuple[int, ...]]:
    anchored: dict[int, list[int]] = {}
    for number, pattern in enumerate(found):
        needed = [one.bit for one in pattern.elements if one.bit & pattern.needs]
        rarest = min(needed, key=vocabulary.carried_by)
        anchored.setdefault(rarest, []).append(number)
    return {bit: tuple(numbers) for bit, numbers in anchored.items()}


def _read(lines: str, vocabulary: Vocabulary) -> Iterator[Pattern]:
    for line in lines.splitlines():
        pattern = line.partition("#")[0].strip()
        if pattern:
            yield from patterns.read(plain(pattern), vocabulary)


@lru_cache(maxsize=65_536)
def marked(word: str, language: str) -> tuple[int, tuple[int, ...]]:
    """Say which elements of the rules a word fits, and which patterns to try for it.

    A slip of one letter is forgiven.
    """
    found = _bits(word, language)
    last = word.rpartition("-")[2]
    if last != word and len(last) > _SHORT:
        found |= _bits(last, language)
    if not found and len(word) >= _LONG_ENOUGH and not is_known(word, language):
        found = _nearly(word, language)
    own = rules(language)
    return found, tuple(_anchors(found & own.anchors, own.anchored))


def _anchors(found: int, anchored: Mapping[int, tuple[int, ...]]) -> Iterator[int]:
    while found:
        lowest = found & -found
        yield from anchored[lowest]
        found ^= lowest


def _bits(word: str, language: str) -> int:
    vocabulary = rules(language).vocabulary
    found = vocabulary.words.get(word, 0) | vocabulary.forms.get(word, 0)
    if word[0].isdigit():
        found |= vocabulary.words.get("0", 0)
    elif word.isalpha() or "'" in word:
        lemma = plain(lemmatize(word, language))
        found |= vocabulary.words.get(lemma, 0)
    for length in range(2, len(word) + 1):
        found |= vocabulary.stems.get(word[:length], 0)
    return found


def _nearly(word: str, language: str) -> int:
    for form, is_stem, found in _long_forms(language).get(word[0], ()):
        meant = word[: len(form)] if is_stem else word
        if OSA.distance(meant, form, score_cutoff=1) <= 1:
            return found
    return 0


@cache
def _long_forms(language: str) -> dict[str, list[tuple[str, bool, int]]]:
    """Give the long words and stems of the rules by their first letter."""
    vocabulary = rules(language).vocabulary
    known: dict[str, list[tuple[str, bool, int]]] = {}
    for some, is_stem in (
        (vocabulary.stems, True),
        (vocabulary.words, False),
        (vocabulary.forms, False),
    ):
        for form, found in some.items():
            if len(form) >= _LONG_ENOUGH:
                known.setdefault(form[0], []).append((form, is_stem, found))
    return known
