"""Look at a text: at most one finding per sentence, the most telling one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import chain
from operator import or_

from resolve.wording import languages, patterns
from resolve.wording.index import may_fit
from resolve.wording.patterns import LONGEST, Fitting
from resolve.wording.rules import ALWAYS, Rules, remembered, rules
from resolve.wording.suggestions import LENGTH, question, suggestion
from resolve.wording.values import Finding, Kind, Looked
from resolve.wording.words import (
    as_meant,
    is_end,
    pieces,
    places,
    sentences,
    without_quotations,
    words,
)

LIMIT = 20_000
"""Characters that are looked at; a longer text is looked at up to there."""

_Span = tuple[int, int]  # from which word to which
_Word = tuple[int, int, int]  # in which piece, from which of its characters to which


def look(text: str, language: str | None = None) -> Looked:
    """Find wording that looks for a culprit; each sentence by its own language.

    `language` decides only where the letters do not. Nothing is refused: a text of
    another language, or of none, has no findings.

    >>> found = look("Stock always sends it late.", "en").findings[0]
    >>> print(found.kind, found.start)
    generalisation 0
    >>> print(found.suggestion)
    The hand-over from stock came after the agreed time; what would help is ...
    >>> look("Nobody is to blame for the storm.").findings
    ()
    """
    blanks = len(text) - len(text.lstrip())
    read = text[: blanks + LIMIT]
    return Looked(tuple(_findings(read, language)), len(read), len(text))


def prepare() -> None:
    """Read the rules and dictionaries of all languages, so that nobody waits for it.

    It takes about a second; else the first look in a language does it.
    """
    for language in languages.LANGUAGES:
        rules(language)


def _findings(text: str, language: str | None) -> Iterator[Finding]:
    otherwise = language if language in languages.LANGUAGES else "en"
    own_words = without_quotations(text)
    cut = pieces(own_words)
    where = Places(own_words, cut)
    for first, of_sentence in sentences(cut):
        language = languages.of(of_sentence, otherwise)
        own = rules(language)
        sentence = Sentence(of_sentence, own)
        noticed = sentence.noticed()
        if noticed:
            kind, span = noticed
            found = where.of(first, sentence.ends(span))
            fact, length = sentence.told()
            offered = question(own.offer, kind)
            if fact:
                spoken = text[where.of(first, sentence.ends(length))] if length else ""
                offered = suggestion(own.offer, fact, spoken, sentence.together)
            whole = where.whole(first, len(of_sentence))
            yield Finding(
                *(found.start, found.stop, kind, text[found], offered),
                *(whole.start, whole.stop, language),
            )


class Sentence:
    """A sentence, by what its words fit."""

    __slots__ = (
        "_cancelling",
        "_fitting",
        "_found",
        "_noticing",
        "_patterns",
        "_pieces",
        "_telling",
        "_words",
        "together",
    )

    def __init__(self, pieces: Sequence[str], own: Rules) -> None:
        marked = remembered(own.language).__getitem__
        self._pieces = pieces
        self._found = [marked(piece) for piece in as_meant(pieces)]
        marks = list(chain.from_iterable(self._found))
        self._words, asked, self._noticing, self._cancelling, self._telling = zip(
            *marks[:LONGEST], strict=True
        )
        self.together = reduce(or_, asked)
        self._patterns = own.patterns

    def noticed(self) -> tuple[Kind, _Span] | None:
        """Give the most telling kind that nothing cancels, and where it stands."""
        noticing = may_fit(self._noticing, self._words, self.together)
        if not noticing:
            return None
        self._fitting = Fitting(self._words)
        cancelled: set[str] | None = None
        for number, starts in sorted(noticing.items()):
            kind, pattern = self._patterns[number]
            if cancelled and kind in cancelled:
                continue
            span = patterns.find(pattern, self._fitting, starts)
            if span:
                if cancelled is None:
                    cancelled = self._cancelled()
                if ALWAYS in cancelled:
                    return None
                if kind not in cancelled:
                    return Kind(kind), span
        return None

    def told(self) -> tuple[str | None, _Span | None]:
        """Give the fact that is told, and where it is said how long it took."""
        fact = length = None
        telling = may_fit(self._telling, self._words, self.together)
        for number, starts in sorted(telling.items()):
            what, pattern = self._patterns[number]
            if what == LENGTH:
                length = length or patterns.find(pattern, self._fitting, starts)
            elif fact is None and patterns.fits(pattern, self._fitting, starts):
                fact = what
        return fact, length

    def ends(self, span: _Span) -> tuple[_Word, _Word]:
        """Tell in which pieces the first and the last word of a span stand."""
        first, last = map(self._word, span)
        return first, last

    def _word(self, number: int) -> _Word:
        which = 0
        while number >= len(self._found[which]):
            number -= len(self._found[which])
            which += 1
        piece = self._pieces[which]
        if len(self._found[which]) == 1:
            return which, 0, len(piece)
        word = list(words(piece))[number]
        return which, word.start, word.end

    def _cancelled(self) -> set[str]:
        cancelled: set[str] = set()
        may_cancel = may_fit(self._cancelling, self._words, self.together)
        for number, starts in may_cancel.items():
            kind, pattern = self._patterns[number]
            if kind not in cancelled and patterns.fits(pattern, self._fitting, starts):
                cancelled.add(kind)
        return cancelled


class Places:
    """Where the words of a text stand; asked for only where something was noticed."""

    def __init__(self, text: str, pieces: Sequence[str]) -> None:
        self._text = text
        self._pieces = pieces
        self._found: list[int] = []

    def of(self, first: int, ends: tuple[_Word, _Word]) -> slice:
        """Give the characters from one word to another; `first` is the first piece."""
        (from_piece, start, _), (to_piece, _, end) = ends
        starts = self._starts
        return slice(starts[first + from_piece] + start, starts[first + to_piece] + end)

    def whole(self, first: int, count: int) -> slice:
        """Give the characters of a sentence of so many pieces, and its sign at the end.

        A line that ends it is no part of it.
        """
        last = first + count - 1
        behind = self._pieces[last + 1 : last + 2]
        if behind and is_end(behind[0]):
            last += 1
        end = self._starts[last] + len(self._pieces[last])
        return slice(self._starts[first], end)

    @property
    def _starts(self) -> list[int]:
        if not self._found:
            self._found = places(self._text, self._pieces)
        return self._found
