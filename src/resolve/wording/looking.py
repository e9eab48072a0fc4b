"""Look at a text: at most one finding per sentence, the most telling one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import chain, islice
from operator import or_

from resolve.wording import languages, patterns, suggestions
from resolve.wording.index import ToTry, may_fit
from resolve.wording.patterns import LONGEST, Marks
from resolve.wording.rules import ALWAYS, Rules, remembered, rules
from resolve.wording.values import Finding, Kind, Looked
from resolve.wording.words import places, sentences, words

LIMIT = 20_000
"""Characters that are looked at; a longer text is looked at up to there."""

_Noticed = tuple[Kind, tuple[int, int], Marks]  # and from which word to which


def look(text: str, language: str | None = None) -> Looked:
    """Find wording that looks for a culprit; each sentence by its own language.

    `language` decides only where the letters do not. Nothing is refused: a text of
    another language, or of none, has no findings.

    >>> found = look("Stock always sends it late.", "en").findings[0]
    >>> print(found.kind, found.start, found.end)
    generalisation 0 12
    >>> print(found.suggestion)
    The hand-over from stock came after the agreed time; what would help is ...
    >>> look("Nobody is to blame for the storm.").findings
    ()
    """
    blanks = len(text) - len(text.lstrip())
    read = text[: blanks + LIMIT]
    return Looked(tuple(_findings(read, language)), len(read), len(text))


def _findings(text: str, language: str | None) -> Iterator[Finding]:
    otherwise = language if language in languages.LANGUAGES else "en"
    where = Places(text)
    for first, pieces in sentences(text):
        own = rules(languages.of(pieces, otherwise))
        noticed = _noticed(pieces, own)
        if noticed:
            kind, span, marks = noticed
            start, end = where.of(span, first, pieces)
            spoken = ""
            long = suggestions.how_long(own.offer, marks)
            if long:
                spoken = text[slice(*where.of(long, first, pieces))]
            offered = suggestions.suggestion(own.offer, kind, marks, spoken)
            yield Finding(start, end, kind, text[start:end], offered)


def _noticed(pieces: list[str], own: Rules) -> _Noticed | None:
    marked = remembered(own.language).__getitem__
    no_name = pieces[0].lower()
    sentence = list(chain.from_iterable(map(marked, [no_name, *pieces[1:]])))[:LONGEST]
    bits = [one for one, _, _ in sentence]
    together = reduce(or_, bits)
    noticing = may_fit([to_try for _, to_try, _ in sentence], bits, together)
    if not noticing:
        return None
    marks = Marks(bits, together)
    return _first(noticing, [to_try for _, _, to_try in sentence], own, marks)


def _first(
    noticing: Sequence[int], to_try: Sequence[ToTry], own: Rules, marks: Marks
) -> _Noticed | None:
    """Give the most telling kind that nothing cancels."""
    cancelled: set[str] | None = None
    for number in noticing:
        kind, pattern = own.patterns[number]
        if cancelled and kind in cancelled:
            continue
        span = patterns.find(pattern, marks)
        if span:
            if cancelled is None:
                cancelled = _cancelled(to_try, own, marks)
            if ALWAYS in cancelled:
                return None
            if kind not in cancelled:
                return Kind(kind), span, marks
    return None


def _cancelled(to_try: Sequence[ToTry], own: Rules, marks: Marks) -> set[str]:
    """Give the kinds that something in the sentence cancels."""
    cancelled: set[str] = set()
    for number in may_fit(to_try, marks.marks, marks.together):
        kind, pattern = own.patterns[number]
        if kind not in cancelled and patterns.fits(pattern, marks):
            cancelled.add(kind)
    return cancelled


class Places:
    """Where the words of a text stand; asked for only where something was noticed."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts: list[int] = []
        self._further: Iterator[int] | None = None

    def of(
        self, span: tuple[int, int], first: int, pieces: Sequence[str]
    ) -> tuple[int, int]:
        """Give the characters from the first word of a span to its last.

        The words are those of `pieces`, the first of which is number `first`.
        """
        found: list[tuple[int, int, int]] = []
        for which, piece in enumerate(pieces[: span[1] + 1], first):
            if piece.isalpha():
                found.append((which, 0, len(piece)))
            else:
                found.extend((which, word.start, word.end) for word in words(piece))
        (which, start, _), (last, _, end) = found[span[0]], found[span[1]]
        return self._start(which) + start, self._start(last) + end

    def _start(self, which: int) -> int:
        if self._further is None:
            self._further = places(self._text)
        self._starts.extend(
            islice(self._further, max(0, which + 1 - len(self._starts)))
        )
        return self._starts[which]
