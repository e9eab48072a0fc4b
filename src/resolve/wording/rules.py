"""The rules of a language, read once from `rules/LANGUAGE.yaml`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from importlib.resources import files
from operator import or_
from typing import Any

import yaml
from rapidfuzz.distance import OSA
from simplemma import Lemmatizer, is_known

from resolve.wording import patterns
from resolve.wording.patterns import SIGN, Pattern, Vocabulary, single
from resolve.wording.suggestions import Offer
from resolve.wording.values import Kind
from resolve.wording.words import Word, form, plain, words

_LONG_ENOUGH = 7  # of a word, so that a slip in it is surely a slip
_SHORT = 3
_HEAD = 2  # letters of a stem that it is looked up by

ALWAYS = "all"  # what cancels every kind
Group = tuple[str, bool]  # a kind or `ALWAYS`, and whether it cancels
ToTry = tuple[tuple[int, tuple[tuple[int, int, int, int], ...]], ...]
"""By a second rare bit: what patterns need, their numbers, what is beside."""
Mark = tuple[int, ToTry]  # the bits of a word, and the patterns to try for it

_REMEMBERED = 65_536  # pieces of text: what is written once is often written again
_LEMMATIZER = Lemmatizer(cache_max_size=1)  # since `Remembered` remembers


@dataclass(frozen=True, slots=True)
class Rules:
    """What a language's rules notice, what cancels it, what is offered.

    `patterns` are numbered; `anchored` gives those to try where a bit is there: each
    stands once, under the bit that is met least. `exact` are the bits of whole words,
    `stems` the lengths of stems by their first letters.
    """

    language: str
    vocabulary: Vocabulary
    kinds: tuple[Kind, ...]
    patterns: tuple[tuple[Group, Pattern], ...]
    anchored: Mapping[int, ToTry]
    anchors: int
    names: int
    no_names: frozenset[str]
    exact: Mapping[str, int]
    stems: Mapping[str, tuple[int, ...]]
    offer: Offer


class Remembered(dict[str, tuple[Mark, ...]]):
    """The marks of pieces of text, as they were asked for."""

    def __init__(self, own: Rules) -> None:
        super().__init__()
        self._own = own

    def __missing__(self, piece: str) -> tuple[Mark, ...]:
        if len(self) >= _REMEMBERED:
            self.clear()
        alone = form(piece)
        found = self[piece] = (
            (_to_try(_bits(alone, self._own) | _name(piece, self._own), self._own),)
            if alone
            else tuple([_marked(word, self._own) for word in words(piece)])
        )
        return found


@cache
def remembered(language: str) -> Remembered:
    """Give what a language remembers."""
    return Remembered(rules(language))


@cache
def rules(language: str) -> Rules:
    """Read the rules of a language; kinds in the file's order, most telling first."""
    source = files("resolve.wording") / "rules" / f"{language}.yaml"
    known: dict[str, Any] = yaml.load(
        source.read_text(encoding="utf-8"),
        Loader=yaml.BaseLoader,  # noqa: S506  texts only
    )
    lists = {name: tuple(some.split()) for name, some in known["lists"].items()}
    vocabulary = Vocabulary(lists)
    found = tuple(_patterns(known, vocabulary))
    anchored = _anchored([pattern for _, pattern in found], vocabulary)
    offer = Offer.of(known["offer"], vocabulary)
    return Rules(
        language,
        vocabulary,
        tuple(Kind(kind) for kind in known["notice"]),
        found,
        anchored,
        reduce(or_, anchored),
        vocabulary.words.get("@", 0),
        frozenset(lists.get("no_names", ())),
        _together(vocabulary.words, vocabulary.forms),
        _by_head(vocabulary.stems),
        offer,
    )


def _patterns(
    known: Mapping[str, Any], vocabulary: Vocabulary
) -> Iterator[tuple[Group, Pattern]]:
    for part, cancels in (("notice", False), ("not", True)):
        for kind, lines in known[part].items():
            for pattern in _read(lines, vocabulary):
                yield (kind, cancels), pattern


def _anchored(found: Sequence[Pattern], vocabulary: Vocabulary) -> dict[int, ToTry]:
    common = vocabulary.commonness()
    anchored: dict[int, dict[int, list[tuple[int, int, int, int]]]] = {}
    for number, pattern in enumerate(found):
        rare = sorted(single(pattern.needs), key=common.__getitem__)
        anchored.setdefault(rare[0], {}).setdefault(rare[:2][-1], []).append(
            (pattern.needs, number, *patterns.beside(pattern, rare[0]))
        )
    return {
        bit: tuple((rare_one, tuple(some)) for rare_one, some in by_rare.items())
        for bit, by_rare in anchored.items()
    }


def _together(some: Mapping[str, int], others: Mapping[str, int]) -> dict[str, int]:
    return {one: some.get(one, 0) | others.get(one, 0) for one in {*some, *others}}


def _by_head(stems: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """Give the lengths of the stems that begin with the same letters."""
    heads: dict[str, set[int]] = {}
    for stem in stems:
        heads.setdefault(stem[:_HEAD], set()).add(len(stem))
    return {head: tuple(sorted(lengths)) for head, lengths in heads.items()}


def _read(lines: str, vocabulary: Vocabulary) -> Iterator[Pattern]:
    for line in lines.splitlines():
        pattern = line.partition("#")[0].strip()
        if pattern:
            yield from patterns.read(plain(pattern), vocabulary)


def _marked(word: Word, own: Rules) -> Mark:
    form = word.form
    if word.is_sign:
        return _to_try(own.vocabulary.words.get(form, 0) | SIGN, own)
    found = 0
    if "-" in form:
        last = form.rpartition("-")[2]
        if len(last) > _SHORT:
            found = _bits(last, own)
    if form[0].isdigit():
        found |= own.vocabulary.words.get("0", 0)
    return _to_try(found | _bits(form, own), own)


def _name(piece: str, own: Rules) -> int:
    """Give the bits of a name; words all in capitals are names only if short."""
    if not own.names or piece[0].islower() or len(piece) == 1:
        return 0
    if piece.isupper() and len(piece) > _SHORT:
        return 0
    return 0 if plain(piece) in own.no_names else own.names


def _to_try(found: int, own: Rules) -> Mark:
    hit = found & own.anchors
    if not hit:
        return found, ()
    return found, tuple([one for bit in single(hit) for one in own.anchored[bit]])


def _bits(word: str, own: Rules) -> int:
    """Say which elements of the rules a word fits; a slip of a letter is forgiven."""
    exact = own.exact
    found = exact.get(word, 0)
    lemma = _LEMMATIZER.lemmatize(word, own.language)
    if lemma != word:
        found |= own.vocabulary.words.get(plain(lemma), 0)
    for length in own.stems.get(word[:_HEAD], ()):
        found |= own.vocabulary.stems.get(word[:length], 0)
    if found or lemma != word or len(word) < _LONG_ENOUGH:
        return found
    return 0 if is_known(word, own.language) else _nearly(word, own.language)


def _nearly(word: str, language: str) -> int:
    for known, is_stem, found in _long_forms(language).get(word[0], ()):
        meant = word[: len(known)] if is_stem else word
        if abs(len(meant) - len(known)) <= 1 and (
            OSA.distance(meant, known, score_cutoff=1) <= 1
        ):
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
        for one, found in some.items():
            if len(one) >= _LONG_ENOUGH:
                known.setdefault(one[0], []).append((one, is_stem, found))
    return known
