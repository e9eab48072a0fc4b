"""How a language marks a word: by its form, its dictionary form, its beginning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from operator import itemgetter

from rapidfuzz.distance import OSA
from simplemma import Lemmatizer, is_known
from simplemma.strategies import DEFAULT_DICTIONARY_FACTORY

from resolve.wording.patterns import SIGN, Vocabulary
from resolve.wording.words import Word, form, plain, words

_LONG_ENOUGH = 7  # of a word, so that a slip in it is surely a slip
_SHORT = 3
_HEAD = 4  # letters of a stem that it is looked up by
_LEAST = 2  # letters that a stem has
_WHOLE = 99  # letters: so many no word has
_LEMMATIZER = Lemmatizer(cache_max_size=1)  # since what comes of it is remembered

Entry = int
"""The number of a word, form or stem of the rules: its place in `Marking.entries`."""
_SIGN: Entry = 0
_Entries = tuple[Entry, ...]


class Marking:
    """Tells which words, forms and stems of the rules a word is."""

    def __init__(
        self, language: str, vocabulary: Vocabulary, no_names: frozenset[str]
    ) -> None:
        self._language = language
        self._no_names = no_names
        self._dictionary = DEFAULT_DICTIONARY_FACTORY.get_dictionary(language).get
        self.entries: list[tuple[int, ...]] = [(SIGN,)]
        self._stems = self._entered(vocabulary.stems)
        self._words = self._entered(vocabulary.words)
        forms = self._entered(vocabulary.forms)
        self._exact = self._words | {
            one: self._words.get(one, ()) + entry for one, entry in forms.items()
        }
        self._lengths = _by_head(vocabulary.stems)
        self._name = self._words.get("@", ())

    def piece(self, piece: str) -> list[_Entries]:
        """Mark the words of a piece of text."""
        alone = form(piece)
        if alone is None:
            return [self._other(word) for word in words(piece)]
        found = self.word(alone)
        return [found + self._name if self._is_name(piece) else found]

    def word(self, word: str) -> _Entries:
        """Mark a word by what it is and begins with; a slip of a letter is forgiven."""
        found = self._exact.get(word, ())
        known = self._dictionary(word)
        lemma = known or _LEMMATIZER.lemmatize(word, self._language)
        if lemma != word:
            found += self._words.get(plain(lemma), ())
        for length in self._stems_of(word):
            found += self._stems.get(word[:length], ())
        if found or known or lemma != word or len(word) < _LONG_ENOUGH:
            return found
        return () if is_known(word, self._language) else self._slips.meant(word)

    def _other(self, word: Word) -> _Entries:
        """Mark a word that is not only letters, or a sign."""
        form = word.form
        if word.is_sign:
            return (*self._words.get(form, ()), _SIGN)
        found = self.word(form)
        if "-" in form:
            last = form.rpartition("-")[2]
            if len(last) > _SHORT:
                found += self.word(last)
        return found + self._words.get("0", ()) if form[0].isdigit() else found

    def _entered(self, some: Mapping[str, Sequence[int]]) -> dict[str, _Entries]:
        first = len(self.entries)
        self.entries.extend(map(tuple, some.values()))
        return {one: (entry,) for entry, one in enumerate(some, first)}

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
        return Slips(self._stems, self._exact)


class Slips:
    """The long words and stems of the rules, to find the one that was meant.

    Of seven letters and more, a slip leaves the first three or the last three.
    """

    def __init__(
        self, stems: Mapping[str, _Entries], whole: Mapping[str, _Entries]
    ) -> None:
        self._known: dict[int, dict[str, dict[Entry, str]]] = {}
        for some, is_stem in ((stems, True), (whole, False)):
            for one, (entry, *_) in sorted(some.items(), key=itemgetter(1)):
                if len(one) >= _LONG_ENOUGH:
                    length = len(one) if is_stem else _WHOLE
                    by_ends = self._known.setdefault(length, {})
                    for end in _ends(one):
                        by_ends.setdefault(end, {})[entry] = one

    def meant(self, word: str) -> _Entries:
        """Give the first that is a letter away, if there is one."""
        found = (
            entry
            for length, by_ends in self._known.items()
            if length <= len(word) + 1 or length == _WHOLE
            for end in _ends(word[:length])
            for entry, one in by_ends.get(end, {}).items()
            if OSA.distance(word[:length], one, score_cutoff=1) == 1
        )
        return tuple(sorted(found)[:1])


def _ends(word: str) -> tuple[str, str]:
    return word[:_SHORT] + "*", word[0] + "*" + word[-_SHORT:]


def _by_head(stems: Mapping[str, object]) -> dict[str, tuple[int, ...]]:
    """Give the lengths of the stems that a word of the same head may begin with."""
    heads: dict[str, set[int]] = {stem[:_HEAD]: set() for stem in stems}
    for stem in stems:
        heads[stem[:_HEAD]].add(len(stem))
    for head, lengths in heads.items():
        lengths.update(few for few in range(len(head)) if head[:few] in stems)
    return {head: tuple(sorted(lengths)) for head, lengths in heads.items()}
