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


@dataclass(frozen=True, slots=True)
class Pattern:
    """The elements, and the bits without which no sentence can fit."""

    line: str
    elements: tuple[Element, ...]
    needs: int


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
        yield Pattern(plain, elements, _needs(elements))


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


def _needs(elements: Sequence[Element]) -> int:
    needs = 0
    for one in elements:
        if not (one.absent or one.optional):
            needs |= one.bit
    return needs


@dataclass(slots=True)
class Marks:
    """The bits of the words of a sentence, and where in it words of a bit stand.

    Places are bits, too: the first word is 1, the second 2, the third 4.
    """

    marks: Sequence[int]
    together: int
    end: int = field(init=False)
    no_sign: int = field(init=False)
    _marked: Sequence[tuple[int, int]] = field(init=False)
    _places: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.end = 1 << len(self.marks)
        self._marked = [(1 << at, one) for at, one in enumerate(self.marks) if one]
        self.no_sign = self.end - 1 & ~self.of(SIGN)

    def of(self, bit: int) -> int:
        """Give the places of the words of a bit."""
        known = self._places.get(bit)
        if known is None:
            known = 0
            if bit & self.together:
                for place, mark in self._marked:
                    if mark & bit:
                        known |= place
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
    elements = pattern.elements
    if pattern.needs & marks.together != pattern.needs:
        return None
    if not _behind(elements, marks, marks.end * 2 - 1):
        return None
    first = elements[0]
    starts = marks.of(first.bit) if first.bit & pattern.needs else marks.end - 1
    for start in single(starts):
        behind = _behind(elements, marks, start)
        if behind:
            lowest = behind & -behind
            return start.bit_length() - 1, lowest.bit_length() - 2
    return None


def _behind(elements: Sequence[Element], marks: Marks, places: int) -> int:
    """Give the places behind the last word, for all `places` to begin at."""
    for one in elements:
        if one.gap:
            places = _over_gap(one, marks, places)
        elif one.edge:
            places &= 1 if one.edge == "^" else marks.end
        elif one.absent:
            places &= ~marks.of(one.bit)
        elif one.optional:
            places |= (places & marks.of(one.bit)) << 1
        else:
            places = (places & marks.of(one.bit)) << 1
        if not places:
            break
    return places


def _over_gap(gap: Element, marks: Marks, places: int) -> int:
    over = marks.end - 1 if gap.over_signs else marks.no_sign
    for _ in range(gap.gap):
        further = places | (places & over) << 1
        if further == places:
            break
        places = further
    return places
