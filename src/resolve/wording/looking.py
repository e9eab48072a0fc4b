"""Look at a text: at most one finding per sentence, the most telling one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from operator import or_

from resolve.wording import languages, patterns, suggestions
from resolve.wording.patterns import Pattern
from resolve.wording.rules import ALWAYS, Group, Rules, marked, rules
from resolve.wording.values import Finding, Kind, Looked
from resolve.wording.words import Word, sentences

LIMIT = 20_000
"""Characters that are looked at; a longer text is looked at up to there."""
_LONGEST = 120  # words of a sentence that are looked at: nobody writes longer ones


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
    for sentence in sentences(text):
        forms = [one.form for one in sentence if not one.is_sign]
        if forms:
            own = rules(languages.of(forms, otherwise))
            found = _finding(text, sentence[:_LONGEST], own)
            if found:
                yield found


def _finding(text: str, sentence: list[Word], own: Rules) -> Finding | None:
    marks, to_try = _marked(sentence, own)
    signs = [word.is_sign for word in sentence]
    if _fits(to_try.get((ALWAYS, True), ()), marks, signs):
        return None
    for kind in own.kinds:
        place = _fits(to_try.get((kind, False), ()), marks, signs)
        cancels = to_try.get((kind, True), ())
        if place and not _fits(cancels, marks, signs):
            start = sentence[place[0]].start
            end = sentence[place[1]].end
            offered = _offered(text, sentence, own, kind, marks, signs)
            return Finding(start, end, kind, text[start:end], offered)
    return None


def _marked(
    sentence: list[Word], own: Rules
) -> tuple[list[int], dict[Group, list[Pattern]]]:
    """Mark each word; give the patterns that may fit, in the order of the rules."""
    marks: list[int] = []
    numbers: set[int] = set()
    for word in sentence:
        mark, anchored = marked(word.form, own.language)
        marks.append(mark)
        numbers.update(anchored)
    together = reduce(or_, marks)
    to_try: dict[Group, list[Pattern]] = {}
    for number in sorted(numbers):
        group, pattern = own.patterns[number]
        if pattern.needs & together == pattern.needs:
            to_try.setdefault(group, []).append(pattern)
    return marks, to_try


def _fits(
    some: Sequence[Pattern], marks: list[int], signs: list[bool]
) -> tuple[int, int] | None:
    for pattern in some:
        place = patterns.find(pattern, marks, signs)
        if place:
            return place
    return None


def _offered(
    text: str,
    sentence: list[Word],
    own: Rules,
    kind: Kind,
    marks: list[int],
    signs: list[bool],
) -> str:
    span = suggestions.how_long(own.offer, marks, signs)
    words = sentence
    spoken = text[words[span[0]].start : words[span[1]].end] if span else ""
    return suggestions.suggestion(own.offer, kind, marks, signs, spoken)
