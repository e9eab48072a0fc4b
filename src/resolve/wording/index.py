"""Which patterns may fit a sentence: few, though a language has thousands.

A pattern is looked for where the element stands that is met least, and only if a
second one is there: directly before or behind it, where there must be one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from resolve.wording import patterns
from resolve.wording.patterns import EDGE, Pattern, single

_WORDS = 14  # of a sentence, about
_BEFORE, _SOMEWHERE, _BEHIND = -1, 0, 1

_Candidate = tuple[int, int, int, int]
"""What a pattern needs, its number, what must be before and behind the rarest."""
_Side = tuple[int, int, tuple[tuple[int, tuple[_Candidate, ...]], ...]]
"""Where a second bit must be; all such bits together; by such a bit: candidates."""
ToTry = tuple[_Side, ...]


class Index:
    """Patterns by the bit that is met least, and a second one."""

    def __init__(
        self, found: Iterable[tuple[int, Pattern]], common: Mapping[int, float]
    ) -> None:
        by_bit: dict[int, dict[tuple[int, int], list[_Candidate]]] = {}
        for number, pattern in found:
            rarest, second, candidate = _placed(number, pattern, common)
            by_bit.setdefault(rarest, {}).setdefault(second, []).append(candidate)
        self._by_bit = by_bit
        self._bits = sum(by_bit)

    def to_try(self, bits: int) -> ToTry:
        """Give what to try where a word of these bits stands."""
        sides: dict[int, dict[int, list[_Candidate]]] = {}
        for bit in single(bits & self._bits):
            for (side, second), some in self._by_bit[bit].items():
                sides.setdefault(side, {}).setdefault(second, []).extend(some)
        return tuple(
            (side, sum(seconds), tuple((bit, tuple(s)) for bit, s in seconds.items()))
            for side, seconds in sides.items()
        )


def _placed(
    number: int, pattern: Pattern, common: Mapping[int, float]
) -> tuple[int, tuple[int, int], _Candidate]:
    rare = sorted(single(pattern.needs), key=lambda bit: common.get(bit, 0.0))
    before, after = patterns.beside(pattern, rare[0])
    seconds = [
        (common.get(before, 0.0), _BEFORE, before),
        (common.get(after, 0.0), _BEHIND, after),
        (common.get(rare[:2][-1], 0.0) * _WORDS, _SOMEWHERE, rare[:2][-1]),
    ]
    _, side, second = min(one for one in seconds if one[2])
    return rare[0], (side, second), (pattern.needs, number, before, after)


def may_fit(to_try: Iterable[ToTry], marks: Sequence[int], together: int) -> list[int]:
    """Give the numbers of the patterns to try, in their order."""
    edged = [*marks, 1 << EDGE]  # what is before the first is behind the last, too
    found = set()
    for at, of_word in enumerate(to_try):
        for side, seconds, by_second in of_word:
            there = edged[at + side] if side else together
            if seconds & there:
                for second, candidates in by_second:
                    if second & there:
                        for needs, number, before, after in candidates:
                            if (
                                needs & together == needs
                                and (not before or edged[at - 1] & before)
                                and (not after or edged[at + 1] & after)
                            ):
                                found.add(number)
    return sorted(found)
