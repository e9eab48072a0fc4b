"""Which patterns may fit a sentence: few, though a language has thousands.

A pattern is looked for where the element stands that is met least, and only if a
second one is there: directly before or behind it, where there must be one, and a
third one anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from resolve.wording import patterns
from resolve.wording.patterns import EDGE, Pattern

_ASKED = 3  # elements of a pattern: where all are asked for, it is no quicker
_WORDS = 14  # of a sentence, about
_BEFORE, _ANYWHERE, _BEHIND = -1, 0, 1
_EDGE = frozenset({EDGE})


_Candidate = tuple[int, int, int, int, tuple[int, int]]
"""A pattern: the bits it needs, its number, what must be before and behind the rarest
element, how many words precede that at most, and the places where it may begin."""
_Anywhere = dict[int, tuple[_Candidate, ...]]
_Beside = tuple[int, frozenset[int], dict[int, tuple[_Candidate, ...]]]
ToTry = tuple[int, _Anywhere, tuple[_Beside, ...]] | None
"""Candidates by their second element. First all bits of those that may be anywhere, and
each bit; then by side those that must stand there, their set, and each."""


class Index:
    """Patterns by the element that is met least; the rest is told where one is met.

    `bits` has the bits of elements that whole sentences, not only words, are asked for.
    """

    def __init__(
        self,
        found: Iterable[tuple[int, Pattern]],
        common: Mapping[int, float],
        bits: dict[int, int],
    ) -> None:
        self._common = common
        self._bits = bits
        self._by_rarest: dict[int, list[tuple[int, Pattern]]] = {}
        for number, pattern in found:
            rare = sorted(patterns.needs(pattern), key=self._commonness)
            self._by_rarest.setdefault(rare[0], []).append((number, pattern))
            for one in rare[1:_ASKED] or rare:
                bits.setdefault(one, 1 << len(bits))

    def to_try(self, elements: Iterable[int]) -> ToTry:
        """Give what to try where a word stands that fits these elements."""
        found: dict[int, dict[int, list[_Candidate]]] = {}
        for element in elements:
            for side, second, candidate in self._of(element):
                seconds = found.setdefault(side, {})
                seconds.setdefault(second, []).append(candidate)
        if not found:
            return None
        by_side = {
            side: {second: tuple(some) for second, some in seconds.items()}
            for side, seconds in found.items()
        }
        anywhere = by_side.pop(_ANYWHERE, {})
        return (
            sum(anywhere),
            anywhere,
            tuple((side, frozenset(some), some) for side, some in by_side.items()),
        )

    def _of(self, rarest: int) -> Iterator[tuple[int, int, _Candidate]]:
        for number, pattern in self._by_rarest.get(rarest, ()):
            asked = [one for one in patterns.needs(pattern) if one in self._bits]
            before, behind = patterns.beside(pattern, rarest)
            needs = sum(map(self._bits.__getitem__, asked))
            lead = patterns.lead(pattern, rarest)
            others = [one for one in asked if one != rarest] or [rarest]
            yield (
                *self._second(min(others, key=self._commonness), before, behind),
                (needs, number, before, behind, lead),
            )

    def _second(self, other: int, before: int, behind: int) -> tuple[int, int]:
        """Tell where which second element is met least, where the rarest is."""
        found = [(self._commonness(other) * _WORDS, _ANYWHERE, self._bits[other])]
        for side, one in (_BEFORE, before), (_BEHIND, behind):
            if one:
                found.append((self._commonness(one), side, one))
        return min(found)[1:]

    def _commonness(self, element: int) -> float:
        return self._common.get(element, 0.0)


def may_fit(
    to_try: Sequence[ToTry], words: Sequence[frozenset[int]], together: int
) -> dict[int, int]:
    """Give the numbers of the patterns to try, and the places they may begin at.

    `words` are the elements that each word fits, `together` the bits of all words.
    """
    edged = [*words, _EDGE]  # what is behind the last is before the first, too
    found: dict[int, int] = {}
    for at, candidates in _met(to_try, edged, together):
        for needs, number, before, behind, (most, starts) in candidates:
            if (
                needs & together == needs
                and (not before or before in edged[at - 1])
                and (not behind or behind in edged[at + 1])
            ):
                found[number] = found.get(number, 0) | starts << at >> most
    return found


def _met(
    to_try: Sequence[ToTry], edged: Sequence[frozenset[int]], together: int
) -> list[tuple[int, tuple[_Candidate, ...]]]:
    """Give candidates whose rarest and second elements are there."""
    met = []
    for at, of_word in enumerate(to_try):
        if of_word:
            bits, anywhere, sides = of_word
            there = bits & together
            while there:
                bit = there & -there
                met.append((at, anywhere[bit]))
                there ^= bit
            for side, seconds, by_second in sides:
                beside = edged[at + side]
                if not seconds.isdisjoint(beside):
                    met += [(at, by_second[one]) for one in seconds & beside]
    return met
