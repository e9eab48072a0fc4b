"""The rules of a language, read once from `rules/LANGUAGE.yaml`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, reduce
from importlib.resources import files
from operator import or_
from typing import Any

import yaml
from rapidfuzz.distance import OSA
from simplemma import Lemmatizer, is_known
from simplemma.strategies import DEFAULT_DICTIONARY_FACTORY

from resolve.wording import patterns
from resolve.wording.patterns import SIGN, Pattern, Vocabulary, single
from resolve.wording.suggestions import Offer
from resolve.wording.values import Kind
from resolve.wording.words import Word, form, plain, words

_LONG_ENOUGH = 7  # of a word, so that a slip in it is surely a slip
_SHORT = 3
_HEAD = 2  # letters of a stem that it is looked up by
_MUCH = 1e4  # what is said to be common is more so than what is guessed to be

ALWAYS = "all"  # what cancels every kind
Group = tuple[str, bool]  # a kind or `ALWAYS`, and whether it cancels
ToTry = tuple[tuple[int, tuple[tuple[int, int, int, int], ...]], ...]
"""By a second rare bit: what patterns need, their numbers, what is beside."""
Mark = tuple[int, ToTry, ToTry]
"""The bits of a word, and what to try for it: what notices, what cancels."""
_UNMARKED: Mark = (0, (), ())

_REMEMBERED = 65_536  # pieces of text: what is written once is often written again
_LEMMATIZER = Lemmatizer(cache_max_size=1)  # since `Remembered` remembers


class Anchored:
    """Patterns by the bit that is met least: those to try where it is there."""

    def __init__(
        self, found: Iterable[tuple[int, Pattern]], common: Mapping[int, float]
    ) -> None:
        by_bit: dict[int, dict[int, list[tuple[int, int, int, int]]]] = {}
        for number, pattern in found:
            rare = sorted(single(pattern.needs), key=lambda bit: common.get(bit, 0.0))
            by_bit.setdefault(rare[0], {}).setdefault(rare[:2][-1], []).append(
                (pattern.needs, number, *patterns.beside(pattern, rare[0]))
            )
        self._by_bit: dict[int, ToTry] = {
            bit: tuple((rare_one, tuple(some)) for rare_one, some in by_rare.items())
            for bit, by_rare in by_bit.items()
        }
        self.bits = reduce(or_, self._by_bit, 0)

    def to_try(self, bits: int) -> ToTry:
        """Give the patterns to try for a word of these bits."""
        hit = bits & self.bits
        if not hit:
            return ()
        return tuple([one for bit in single(hit) for one in self._by_bit[bit]])


class Marking:
    """How a language marks a word: by its form, its dictionary form, its beginning."""

    def __init__(
        self,
        language: str,
        vocabulary: Vocabulary,
        noticing: Anchored,
        cancelling: Anchored,
    ) -> None:
        self._language = language
        self._noticing = noticing
        self._cancelling = cancelling
        self._anchors = noticing.bits | cancelling.bits
        self._dictionary = DEFAULT_DICTIONARY_FACTORY.get_dictionary(language).get
        self._vocabulary = vocabulary
        self._exact = self._marks(_together(vocabulary.words, vocabulary.forms))
        self._lemmas = self._marks(vocabulary.words)
        self._stems = self._marks(vocabulary.stems)
        self._lengths = _by_head(vocabulary.stems)
        self.names = self._lemmas.get("@", _UNMARKED)

    def word(self, word: str) -> Mark:
        """Mark a word by what it fits; a slip of a letter is forgiven."""
        found = self._exact.get(word, _UNMARKED)
        lemma = self._dictionary(word) or _LEMMATIZER.lemmatize(word, self._language)
        if lemma != word:
            meant = self._lemmas.get(plain(lemma))
            if meant:
                found = self.both(found, meant)
        for length in self._lengths.get(word[:_HEAD], ()):
            begun = self._stems.get(word[:length])
            if begun:
                found = self.both(found, begun)
        if found[0] or lemma != word or len(word) < _LONG_ENOUGH:
            return found
        if is_known(word, self._language):
            return found
        return self._mark(_nearly(word, self._language))

    def other(self, word: Word) -> Mark:
        """Mark a word that is not only letters, or a sign."""
        form = word.form
        if word.is_sign:
            return self._mark(self._vocabulary.words.get(form, 0) | SIGN)
        found = self.word(form)
        if "-" in form:
            last = form.rpartition("-")[2]
            if len(last) > _SHORT:
                found = self.both(found, self.word(last))
        if form[0].isdigit():
            found = self.both(found, self._lemmas.get("0", _UNMARKED))
        return found

    def both(self, one: Mark, other: Mark) -> Mark:
        """Give what a word is that is both."""
        if not one[0]:
            return other
        if not other[0]:
            return one
        if one[0] & other[0] & self._anchors:
            return self._mark(one[0] | other[0])
        return one[0] | other[0], one[1] + other[1], one[2] + other[2]

    def _marks(self, some: Mapping[str, int]) -> dict[str, Mark]:
        return {one: self._mark(bits) for one, bits in some.items()}

    def _mark(self, bits: int) -> Mark:
        return bits, self._noticing.to_try(bits), self._cancelling.to_try(bits)


@dataclass(frozen=True, slots=True)
class Rules:
    """What a language's rules notice, what cancels it, what is offered.

    `patterns` are numbered: `marking` gives those to try for a word.
    """

    language: str
    vocabulary: Vocabulary
    kinds: tuple[Kind, ...]
    patterns: tuple[tuple[Group, Pattern], ...]
    marking: Marking
    no_names: frozenset[str]
    offer: Offer


class Remembered(dict[str, tuple[Mark, ...]]):
    """The marks of pieces of text, as they were asked for."""

    def __init__(self, own: Rules) -> None:
        super().__init__()
        self._own = own

    def __missing__(self, piece: str) -> tuple[Mark, ...]:
        if len(self) >= _REMEMBERED:
            self.clear()
        marking = self._own.marking
        alone = form(piece)
        if alone is None:
            found = tuple([marking.other(word) for word in words(piece)])
        elif _is_name(piece, self._own):
            found = (marking.both(marking.word(alone), marking.names),)
        else:
            found = (marking.word(alone),)
        self[piece] = found
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
    offer = Offer.of(known["offer"], vocabulary)
    common = _common(language, vocabulary)
    noticing, cancelling = (
        Anchored(
            (
                (number, pattern)
                for number, ((_, cancels), pattern) in enumerate(found)
                if cancels == asked
            ),
            common,
        )
        for asked in (False, True)
    )
    return Rules(
        language,
        vocabulary,
        tuple(Kind(kind) for kind in known["notice"]),
        found,
        Marking(language, vocabulary, noticing, cancelling),
        frozenset(lists.get("no_names", ())),
        offer,
    )


def _common(language: str, vocabulary: Vocabulary) -> dict[int, float]:
    """Guess how often a word of each bit is met, by the words that are met often."""
    source = files("resolve.wording") / "rules" / "common.yaml"
    known: dict[str, str] = yaml.load(
        source.read_text(encoding="utf-8"),
        Loader=yaml.BaseLoader,  # noqa: S506  texts only
    )
    marking = Marking(language, vocabulary, Anchored((), {}), Anchored((), {}))
    common = vocabulary.commonness()
    for rank, word in enumerate(known[language].split(), 1):
        bits = vocabulary.words.get(word, 0) | marking.word(word)[0]
        for bit in single(bits):
            common[bit] = common.get(bit, 0.0) + _MUCH / (rank + 3)
    return common


def _patterns(
    known: Mapping[str, Any], vocabulary: Vocabulary
) -> Iterator[tuple[Group, Pattern]]:
    for part, cancels in (("notice", False), ("not", True)):
        for kind, lines in known[part].items():
            for pattern in _read(lines, vocabulary):
                yield (kind, cancels), pattern


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


def _is_name(piece: str, own: Rules) -> bool:
    """Tell names; words all in capitals are names only if short."""
    if piece[0].islower() or len(piece) == 1 or not own.marking.names[0]:
        return False
    if len(piece) > _SHORT and piece.isupper():
        return False
    return plain(piece) not in own.no_names


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
