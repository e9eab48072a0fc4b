"""The rules of a language, read once from `rules/LANGUAGE.yaml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
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


@dataclass(frozen=True, slots=True)
class Rules:
    """What a language's rules notice, what cancels it, what is offered."""

    language: str
    vocabulary: Vocabulary
    noticed: tuple[tuple[Kind, tuple[Pattern, ...]], ...]
    cancelled: Mapping[str, tuple[Pattern, ...]]
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
    return Rules(
        language,
        vocabulary,
        tuple(
            (Kind(kind), tuple(_read(lines, vocabulary)))
            for kind, lines in known["notice"].items()
        ),
        {kind: tuple(_read(lines, vocabulary)) for kind, lines in known["not"].items()},
        Offer.of(known["offer"], vocabulary),
    )


def _read(lines: str, vocabulary: Vocabulary) -> Iterator[Pattern]:
    for line in lines.splitlines():
        pattern = line.partition("#")[0].strip()
        if pattern:
            yield from patterns.read(plain(pattern), vocabulary)


@lru_cache(maxsize=65_536)
def bits(word: str, language: str) -> int:
    """Say which elements of the rules a word fits; a slip of one letter is forgiven."""
    found = _bits(word, language)
    last = word.rpartition("-")[2]
    if last != word and len(last) > _SHORT:
        found |= _bits(last, language)
    if not found and len(word) >= _LONG_ENOUGH and not is_known(word, language):
        found = _nearly(word, language)
    return found


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
    vocabulary = rules(language).vocabulary
    for stem, found in vocabulary.stems.items():
        if len(stem) >= _LONG_ENOUGH and _one_off(word[: len(stem)], stem):
            return found
    for known in (vocabulary.words, vocabulary.forms):
        for one, found in known.items():
            if len(one) >= _LONG_ENOUGH and _one_off(word, one):
                return found
    return 0


def _one_off(word: str, other: str) -> bool:
    return word[0] == other[0] and OSA.distance(word, other, score_cutoff=1) <= 1
