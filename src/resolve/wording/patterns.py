"""The language of the rules: a pattern is a line of elements, matched in a sentence.

    word        a word, by its form or its dictionary form: `send` is sends, sent
    =word       only this form: `=fired` is not fire
    stem*       every word that begins so
    a|b|c       one of these (any of the above, and lists)
    @           a word with a capital that does not begin the sentence: a name
    <name>      a word of the list `name`
    word?       may be missing
    !word       the next word is not this one
    ( a b | c ) one of these lines
    ..          up to four words, no sign between
    ...         up to twelve words or signs
    ^  $        the beginning, the end of the sentence
    , : ; —     the sign itself

Everything stands within one sentence. There is nothing else: what needs more is
not a family of phrases.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

SIGN, EDGE, _FIRST = range(3)
"""Numbers: of what signs are, of what is before and behind a sentence, of elements."""
LONGEST = 120
"""Words of a sentence that are looked at: nobody writes longer ones."""
_PLACES = tuple(1 << place for place in range(LONGEST))
_GAPS = {"..": 4, "...": 12}
_EDGES = frozenset("^$")
_GROUP = re.compile(r"\( ([^()]*) \)(\??)")

_WORD, _OPTIONAL, _ABSENT, _GAP, _OVER_SIGNS, _START, _END = range(7)

Step = tuple[int, int]
"""One element: what it is, and its number or, of a gap, its length."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """The elements in their order, and the bits without which no sentence can fit.

    An element of number `n` has the bit `1 << n`; a word has the bits of all elements
    that it fits.
    """

    steps: tuple[Step, ...]
    needs: int


@dataclass(slots=True)
class Vocabulary:
    """Which bits a word carries; grows while patterns are read."""

    lists: Mapping[str, Sequence[str]]
    words: dict[str, int] = field(default_factory=dict)
    forms: dict[str, int] = field(default_factory=dict)
    stems: dict[str, int] = field(default_factory=dict)
    _numbers: dict[str, int] = field(default_factory=dict)
    _steps: dict[str, Step] = field(default_factory=dict)

    def number(self, alternatives: str) -> int:
        """Give the number of an element, as it is written."""
        known = self._numbers.get(alternatives)
        if known is None:
            known = self._numbers[alternatives] = _FIRST + len(self._numbers)
            for one in self.spelled(alternatives):
                self._add(one, 1 << known)
        return known

    def step(self, one: str) -> Step:
        """Give an element, as it is written; the same each time."""
        known = self._steps.get(one)
        if known is None:
            known = self._steps[one] = _step(one, self)
        return known

    def spelled(self, alternatives: str) -> Iterator[str]:
        """Spell alternatives out, lists too."""
        for one in alternatives.split("|"):
            if one.startswith("<"):
                for inner in self.lists[one.strip("<>")]:
                    yield from self.spelled(inner)
            else:
                yield one

    def commonness(self) -> dict[int, float]:
        """Guess how often a word of each bit is met.

        What is short and stands in many elements is common: the, not, they.
        """
        guessed: dict[int, float] = {}
        for some in (self.words, self.forms, self.stems):
            for one, found in some.items():
                common = found.bit_count() ** 1.5 * 2.0 ** -len(one)
                for bit in single(found):
                    guessed[bit] = guessed.get(bit, 0) + common
        return guessed

    def _add(self, one: str, bit: int) -> None:
        if one.endswith("*"):
            self.stems[one[:-1]] = self.stems.get(one[:-1], 0) | bit
        elif one.startswith("="):
            self.forms[one[1:]] = self.forms.get(one[1:], 0) | bit
        else:
            self.words[one] = self.words.get(one, 0) | bit


def single(bits: int) -> Iterator[int]:
    """Give the bits one by one."""
    while bits:
        lowest = bits & -bits
        yield lowest
        bits ^= lowest


def read(line: str, vocabulary: Vocabulary) -> Iterator[Pattern]:
    """Read one line; groups make several patterns of it."""
    for plain in _spread(line):
        steps = tuple([vocabulary.step(one) for one in plain.split()])
        yield Pattern(steps, reduce(or_, map(_must_be, steps), 0))


def _spread(line: str) -> Iterator[str]:
    group = _GROUP.search(line)
    if group is None:
        yield line
        return
    before, after = line[: group.start()], line[group.end() :]
    for choice in _choices(group[1], optional=group[2] == "?"):
        yield from _spread(f"{before}{choice}{after}")


def _choices(inside: str, *, optional: bool) -> Iterator[str]:
    """Give the lines of a group; those of one word are one element."""
    lines = [one.strip() for one in inside.split("|")]
    alone = [one for one in lines if " " in one or one in _EDGES]
    single = "|".join(one for one in lines if one not in alone)
    if single:
        yield f"{single}?" if optional else single
    elif optional:
        yield ""
    yield from alone


def _step(one: str, vocabulary: Vocabulary) -> Step:
    if set(one) & set("()") or "*" in one.rstrip("?").replace("*|", "|")[:-1]:
        message = f"not an element of a pattern: {one}"
        raise ValueError(message)
    if one in _GAPS:
        return (_OVER_SIGNS if one == "..." else _GAP), _GAPS[one]
    if one in _EDGES:
        return (_START if one == "^" else _END), 0
    if one.startswith("!"):
        return _ABSENT, vocabulary.number(one[1:])
    if one.endswith("?"):
        return _OPTIONAL, vocabulary.number(one[:-1])
    return _WORD, vocabulary.number(one)


def _must_be(step: Step) -> int:
    return 1 << step[1] if step[0] == _WORD else 0


class Marks(dict[int, int]):
    """The bits of the words of a sentence; by an element's number, where it fits.

    Places are bits, too: the first word is 1, the second 2, the third 4.
    """

    __slots__ = ("_no_sign", "end", "marks", "together")

    def __init__(self, marks: Sequence[int], together: int) -> None:
        super().__init__()
        self.marks = marks
        self.together = together
        self.end = 1 << len(marks)
        self._no_sign: int | None = None

    @property
    def no_sign(self) -> int:
        """The places of words that are no sign."""
        if self._no_sign is None:
            self._no_sign = self.end - 1 & ~self[SIGN]
        return self._no_sign

    def __missing__(self, number: int) -> int:
        found = 0
        bit = 1 << number
        if bit & self.together:
            for place, mark in zip(_PLACES, self.marks, strict=False):
                if mark & bit:
                    found |= place
        self[number] = found
        return found

    def behind(self, number: int, places: int) -> int:
        """Give the places behind those of `places` where an element fits."""
        if places & places - 1 or number in self:
            return (places & self[number]) << 1
        if places < self.end and self.marks[places.bit_length() - 1] >> number & 1:
            return places << 1
        return 0


def beside(pattern: Pattern, bit: int) -> tuple[int, int]:
    """Give the bits that must be directly before and behind the element of a bit.

    0 is anything; the beginning and the end of a sentence have the bit of `EDGE`.
    """
    steps = pattern.steps
    at = [place for place, step in enumerate(steps) if _must_be(step) == bit]
    if len(at) > 1:
        return 0, 0
    before, after = (
        steps[place] if 0 <= place < len(steps) else (_GAP, 0)
        for place in (at[0] - 1, at[0] + 1)
    )
    return (
        1 << EDGE if before[0] == _START else _must_be(before),
        1 << EDGE if after[0] == _END else _must_be(after),
    )


def fits(pattern: Pattern, marks: Marks) -> bool:
    """Tell whether a pattern fits somewhere."""
    return bool(_behind(pattern.steps, marks, _starts(pattern, marks)))


def find(pattern: Pattern, marks: Marks) -> tuple[int, int] | None:
    """Give the first and the last word of the first place where a pattern fits."""
    if pattern.needs & marks.together != pattern.needs:
        return None
    steps = pattern.steps
    starts = _starts(pattern, marks)
    if starts & starts - 1 and not _behind(steps, marks, starts):
        return None
    for start in single(starts):
        behind = _behind(steps, marks, start)
        if behind:
            lowest = behind & -behind
            return start.bit_length() - 1, lowest.bit_length() - 2
    return None


def _starts(pattern: Pattern, marks: Marks) -> int:
    what, first = pattern.steps[0]
    return marks[first] if what == _WORD else marks.end - 1


def _behind(steps: Sequence[Step], marks: Marks, places: int) -> int:
    """Give the places behind the last word, for all `places` to begin at."""
    for what, number in steps:
        if what == _WORD:
            places = marks.behind(number, places)
        elif what == _OPTIONAL:
            places |= marks.behind(number, places)
        elif what == _ABSENT:
            places &= ~marks[number]
        elif what == _START:
            places &= 1
        elif what == _END:
            places &= marks.end
        else:
            over = marks.no_sign if what == _GAP else marks.end - 1
            places = _over_gap(number, over, places)
        if not places:
            break
    return places


def _over_gap(longest: int, over: int, places: int) -> int:
    for _ in range(longest):
        further = places | (places & over) << 1
        if further == places:
            break
        places = further
    return places
