"""Look at a text: at most one finding per sentence, the most telling one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from itertools import chain, islice
from operator import or_

from resolve.wording import languages, patterns, suggestions
from resolve.wording.patterns import BEGINNING, Marks, Pattern
from resolve.wording.rules import ALWAYS, Group, Rules, ToTry, remembered, rules
from resolve.wording.values import Finding, Kind, Looked
from resolve.wording.words import places, sentences, words

LIMIT = 20_000
"""Characters that are looked at; a longer text is looked at up to there."""
_LONGEST = 120  # words of a sentence that are looked at: nobody writes longer ones

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
    sentence = list(chain.from_iterable(map(marked, [no_name, *pieces[1:]])))[:_LONGEST]
    marks = [mark for mark, _, _ in sentence]
    together = reduce(or_, marks)
    noticing = _may_fit([to_try for _, to_try, _ in sentence], marks, together)
    if not noticing:
        return None
    cancelling = [to_try for _, _, to_try in sentence]
    return _first(noticing, cancelling, own, Marks(marks, together))


def _may_fit(to_try: Iterable[ToTry], marks: list[int], together: int) -> set[int]:
    """Give the numbers of the patterns to try, by the words there and beside them."""
    return {
        number
        for at, of_word in enumerate(to_try)
        for rare, some in of_word
        if rare & together
        for needs, number, before, after in some
        if needs & together == needs
        and (not before or _is_before(at, before, marks))
        and (not after or (at + 1 < len(marks) and marks[at + 1] & after))
    }


def _is_before(at: int, before: int, marks: list[int]) -> bool:
    if before == BEGINNING:
        return not at
    return at > 0 and bool(marks[at - 1] & before)


def _first(
    noticing: set[int], to_try: Sequence[ToTry], own: Rules, marks: Marks
) -> _Noticed | None:
    """Give the most telling kind that nothing cancels."""
    groups = _by_group(noticing, own)
    cancelling: Mapping[Group, Sequence[Pattern]] | None = None
    for kind in own.kinds:
        span = _fits(groups.get((kind, False), ()), marks)
        if span:
            if cancelling is None:
                cancels = _may_fit(to_try, marks.marks, marks.together)
                cancelling = _by_group(cancels, own)
                if _fits(cancelling.get((ALWAYS, True), ()), marks):
                    return None
            if not _fits(cancelling.get((kind, True), ()), marks):
                return kind, span, marks
    return None


def _by_group(numbers: set[int], own: Rules) -> dict[Group, list[Pattern]]:
    groups: dict[Group, list[Pattern]] = {}
    for number in sorted(numbers):
        group, pattern = own.patterns[number]
        groups.setdefault(group, []).append(pattern)
    return groups


def _fits(some: Sequence[Pattern], marks: Marks) -> tuple[int, int] | None:
    for pattern in some:
        span = patterns.find(pattern, marks)
        if span:
            return span
    return None


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
