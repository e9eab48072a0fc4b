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

SIGN = 1
"""The bit of all signs; no element has it."""
BEGINNING = -1
_GAPS = {"..": 4, "...": 12}
_EDGES = frozenset("^$")
_GROUP = re.compile(r"\( ([^()]*) \)(\??)")


@dataclass(frozen=True, slots=True)
class Element:
    """One element: `bit` says which words fit, or it is a gap or an edge."""

    bit: int = 0
    gap: int = 0
    over_signs: bool = False
    optional: bool = False
    absent: bool = False
    edge: str = ""


_WORD, _OPTIONAL, _ABSENT, _GAP, _OVER_SIGNS, _START, _END = range(7)


@dataclass(frozen=True, slots=True)
class Pattern:
    """The elements, and the bits without which no sentence can fit.

    `steps` are the elements once more: what each is, and its bit or its length.
    """

    line: str
    elements: tuple[Element, ...]
    needs: int
    steps: tuple[tuple[int, int], ...]


@dataclass(slots=True)
class Vocabulary:
    """Which bits a word carries; grows while patterns are read."""

    lists: Mapping[str, Sequence[str]]
    words: dict[str, int] = field(default_factory=dict)
    forms: dict[str, int] = field(default_factory=dict)
    stems: dict[str, int] = field(default_factory=dict)
    _bits: dict[str, int] = field(default_factory=dict)

    def bit(self, alternatives: str) -> int:
        """Give the bit of an element, as it is written."""
        known = self._bits.get(alternatives)
        if known is None:
            known = self._bits[alternatives] = SIGN << (len(self._bits) + 1)
            for one in self.spelled(alternatives):
                self._add(one, known)
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
        elements = tuple(_element(one, vocabulary) for one in plain.split())
        steps = tuple(map(_step, elements))
        yield Pattern(plain, elements, _needs(elements), steps)


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


def _element(one: str, vocabulary: Vocabulary) -> Element:
    if set(one) & set("()") or "*" in one.rstrip("?").replace("*|", "|")[:-1]:
        message = f"not an element of a pattern: {one}"
        raise ValueError(message)
    if one in _GAPS:
        return Element(gap=_GAPS[one], over_signs=one == "...")
    if one in _EDGES:
        return Element(edge=one)
    if one.startswith("!"):
        return Element(bit=vocabulary.bit(one[1:]), absent=True)
    if one.endswith("?"):
        return Element(bit=vocabulary.bit(one[:-1]), optional=True)
    return Element(bit=vocabulary.bit(one))


def _step(element: Element) -> tuple[int, int]:
    if element.gap:
        return (_OVER_SIGNS if element.over_signs else _GAP), element.gap
    if element.edge:
        return (_START if element.edge == "^" else _END), 0
    if element.absent:
        return _ABSENT, element.bit
    return (_OPTIONAL if element.optional else _WORD), element.bit


def _needs(elements: Sequence[Element]) -> int:
    needs = 0
    for one in elements:
        if not (one.absent or one.optional):
            needs |= one.bit
    return needs


class Marks:
    """The bits of the words of a sentence, and where in it words of a bit stand.

    Places are bits, too: the first word is 1, the second 2, the third 4.
    """

    __slots__ = ("_no_sign", "_places", "end", "marks", "together")

    def __init__(self, marks: list[int], together: int) -> None:
        self.marks = marks
        self.together = together
        self.end = 1 << len(marks)
        self._no_sign: int | None = None
        self._places: dict[int, int] = {}

    @property
    def no_sign(self) -> int:
        """The places of words that are no sign."""
        if self._no_sign is None:
            self._no_sign = self.end - 1 & ~self.of(SIGN)
        return self._no_sign

    def of(self, bit: int) -> int:
        """Give the places of the words of a bit."""
        known = self._places.get(bit)
        if known is None:
            known = 0
            if bit & self.together:
                place = 1
                for mark in self.marks:
                    if mark & bit:
                        known |= place
                    place <<= 1
            self._places[bit] = known
        return known


def beside(pattern: Pattern, bit: int) -> tuple[int, int]:
    """Give what must stand directly before and behind the element of a bit.

    0 is anything, `BEGINNING` the beginning of the sentence.
    """
    elements = pattern.elements
    at = [place for place, one in enumerate(elements) if one.bit == bit]
    if len(at) > 1:
        return 0, 0
    before, after = (
        elements[place] if 0 <= place < len(elements) else None
        for place in (at[0] - 1, at[0] + 1)
    )
    if before and before.edge == "^":
        return BEGINNING, _must_be(after)
    return _must_be(before), _must_be(after)


def _must_be(element: Element | None) -> int:
    if element is None or element.optional or element.absent:
        return 0
    return element.bit


def find(pattern: Pattern, marks: Marks) -> tuple[int, int] | None:
    """Give the first and the last word of the first place where a pattern fits."""
    if pattern.needs & marks.together != pattern.needs:
        return None
    steps = pattern.steps
    if not _behind(steps, marks, marks.end * 2 - 1):
        return None
    what, first = steps[0]
    starts = marks.of(first) if what == _WORD else marks.end - 1
    for start in single(starts):
        behind = _behind(steps, marks, start)
        if behind:
            lowest = behind & -behind
            return start.bit_length() - 1, lowest.bit_length() - 2
    return None


def _behind(steps: Sequence[tuple[int, int]], marks: Marks, places: int) -> int:
    """Give the places behind the last word, for all `places` to begin at."""
    for what, bit in steps:
        if what == _WORD:
            places = (places & marks.of(bit)) << 1
        elif what == _OPTIONAL:
            places |= (places & marks.of(bit)) << 1
        elif what == _ABSENT:
            places &= ~marks.of(bit)
        elif what == _START:
            places &= 1
        elif what == _END:
            places &= marks.end
        else:
            over = marks.no_sign if what == _GAP else marks.end - 1
            places = _over_gap(bit, over, places)
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
