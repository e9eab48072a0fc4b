"""How a language marks a word: by its form, its dictionary form, its beginning."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from itertools import chain

from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne
from simplemma import Lemmatizer, is_known
from simplemma.strategies import DEFAULT_DICTIONARY_FACTORY

from resolve.wording.patterns import SIGN, Vocabulary
from resolve.wording.words import Word, form, plain, words

_LONG_ENOUGH = 7  # of a word, so that a slip in it is surely a slip
_SHORT = 3
_HEAD = 4  # letters of a stem that it is looked up by
_LEAST = 2  # letters that a stem has
_WHOLE = 99  # letters: so many no word has
_Meant = tuple[int, int]  # how early in the rules a word stands, and its bits
_LEMMATIZER = Lemmatizer(cache_max_size=1)  # since what comes of it is remembered


class Marking:
    """Gives the bits of a word: of all elements that it fits."""

    def __init__(
        self, language: str, vocabulary: Vocabulary, no_names: frozenset[str]
    ) -> None:
        self._language = language
        self._no_names = no_names
        self._dictionary = DEFAULT_DICTIONARY_FACTORY.get_dictionary(language).get
        self._vocabulary = vocabulary
        self._words = vocabulary.words
        self._exact = _together(vocabulary.words, vocabulary.forms)
        self._stems = vocabulary.stems
        self._lengths = _by_head(vocabulary.stems)
        self._name = vocabulary.words.get("@", 0)

    def piece(self, piece: str) -> list[int]:
        """Mark the words of a piece of text."""
        alone = form(piece)
        if alone is None:
            return [self._other(word) for word in words(piece)]
        bits = self.word(alone)
        return [bits | self._name if self._is_name(piece) else bits]

    def word(self, word: str) -> int:
        """Mark a word by what it fits; a slip of a letter is forgiven."""
        found = self._exact.get(word, 0)
        known = self._dictionary(word)
        lemma = known or _LEMMATIZER.lemmatize(word, self._language)
        if lemma != word:
            found |= self._words.get(plain(lemma), 0)
        for length in self._stems_of(word):
            found |= self._stems.get(word[:length], 0)
        if found or known or lemma != word or len(word) < _LONG_ENOUGH:
            return found
        return 0 if is_known(word, self._language) else self._slips.meant(word)

    def _other(self, word: Word) -> int:
        """Mark a word that is not only letters, or a sign."""
        form = word.form
        if word.is_sign:
            return self._words.get(form, 0) | 1 << SIGN
        found = self.word(form)
        if "-" in form:
            last = form.rpartition("-")[2]
            if len(last) > _SHORT:
                found |= self.word(last)
        return found | self._words.get("0", 0) if form[0].isdigit() else found

    def _is_name(self, piece: str) -> bool:
        """Tell names; words all in capitals are names only if short."""
        if piece[0].islower() or len(piece) == 1 or not self._name:
            return False
        if len(piece) > _SHORT and piece.isupper():
            return False
        return plain(piece) not in self._no_names

    def _stems_of(self, word: str) -> tuple[int, ...]:
        """Give the lengths of the stems that may begin a word."""
        known = self._lengths.get
        return known(word[:_HEAD]) or known(word[:_SHORT]) or known(word[:_LEAST], ())

    @cached_property
    def _slips(self) -> Slips:
        return Slips(self._vocabulary)


class Slips:
    """The long words and stems of the rules, to find the one that was meant."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._known: dict[str, dict[int, dict[_Meant, str]]] = {}
        stems = ((*one, len(one[0])) for one in vocabulary.stems.items())
        whole = chain(vocabulary.words.items(), vocabulary.forms.items())
        every = chain(stems, ((*one, _WHOLE) for one in whole))
        for rank, (one, bits, length) in enumerate(every):
            if len(one) >= _LONG_ENOUGH:
                by_length = self._known.setdefault(one[0], {})
                by_length.setdefault(length, {})[rank, bits] = one

    def meant(self, word: str) -> int:
        """Give the bits of the first that is a letter away; none, if there is none."""
        found = [
            extractOne(word[:length], known, scorer=OSA.distance, score_cutoff=1)
            for length, known in self._known.get(word[0], {}).items()
            if length <= len(word) + 1 or length == _WHOLE
        ]
        return min((hit[2] for hit in found if hit), default=(0, 0))[1]


def _together(some: Mapping[str, int], others: Mapping[str, int]) -> dict[str, int]:
    return {one: some.get(one, 0) | others.get(one, 0) for one in {*some, *others}}


def _by_head(stems: Mapping[str, int]) -> dict[str, tuple[int, ...]]:
    """Give the lengths of the stems that a word of the same head may begin with."""
    heads: dict[str, set[int]] = {stem[:_HEAD]: set() for stem in stems}
    for stem in stems:
        heads[stem[:_HEAD]].add(len(stem))
    for head, lengths in heads.items():
        lengths.update(few for few in range(len(head)) if head[:few] in stems)
    return {head: tuple(sorted(lengths)) for head, lengths in heads.items()}
