"""The language of the rules: a pattern is a line of elements, matched in a sentence.

    word        a word, by its form or its dictionary form: `send` is sends, sent
    =word       only this form: `=fired` is not fire
    stem*       every word that begins so
    a|b|c       one of these (any of the above, and lists)
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
    _sizes: dict[int, int] = field(default_factory=dict)

    def bit(self, alternatives: str) -> int:
        """Give the bit of an element, as it is written."""
        known = self._bits.get(alternatives)
        if known is None:
            known = self._bits[alternatives] = 1 << len(self._bits)
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

    def carried_by(self, bit: int) -> int:
        """Count the words and stems of a bit, so that rare ones are tried first."""
        return self._sizes[bit]

    def _add(self, one: str, bit: int) -> None:
        self._sizes[bit] = self._sizes.get(bit, 0) + 1
        if one.endswith("*"):
            self.stems[one[:-1]] = self.stems.get(one[:-1], 0) | bit
        elif one.startswith("="):
            self.forms[one[1:]] = self.forms.get(one[1:], 0) | bit
        else:
            self.words[one] = self.words.get(one, 0) | bit


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


def find(
    pattern: Pattern, bits: Sequence[int], signs: Sequence[bool]
) -> tuple[int, int] | None:
    """Give the first and the last word of the first place where a pattern fits."""
    elements = pattern.elements
    first = elements[0]
    must = first.bit and not (first.optional or first.absent)
    starts = range(1 if first.edge == "^" else len(bits))
    for start in starts:
        if must and not bits[start] & first.bit:
            continue
        end = _fits(elements, 0, start, bits, signs)
        if end is not None and end > start:
            return start, end - 1
    return None


def _fits(
    elements: Sequence[Element],
    which: int,
    at: int,
    bits: Sequence[int],
    signs: Sequence[bool],
) -> int | None:
    """Give the place behind the last word, if the elements from `which` fit at `at`."""
    for place, one in enumerate(elements[which:], which + 1):
        if one.gap:
            return _behind_gap(one, elements, place, at, bits, signs)
        is_there = at < len(bits) and bool(bits[at] & one.bit)
        if not _may_go_on(one, at, len(bits), is_there=is_there):
            return None
        if is_there and one.optional:
            found = _fits(elements, place, at + 1, bits, signs)
            if found is not None:
                return found
        elif is_there:
            at += 1
    return at


def _may_go_on(one: Element, at: int, length: int, *, is_there: bool) -> bool:
    if one.edge:
        return at == (0 if one.edge == "^" else length)
    if one.absent:
        return not is_there
    return is_there or one.optional


def _behind_gap(
    gap: Element,
    elements: Sequence[Element],
    which: int,
    at: int,
    bits: Sequence[int],
    signs: Sequence[bool],
) -> int | None:
    for skipped in range(gap.gap + 1):
        place = at + skipped
        found = _fits(elements, which, place, bits, signs)
        if found is not None:
            return found
        if place >= len(bits) or (signs[place] and not gap.over_signs):
            return None
    return None
