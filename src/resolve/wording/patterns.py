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

SIGN, EDGE, _FIRST = range(3)
"""Numbers: of what signs are, of what is before and behind a sentence, of elements."""
LONGEST = 120
"""Words of a sentence that are looked at: nobody writes longer ones."""
_NOTHING: frozenset[int] = frozenset()  # what is behind the last word fits
_PLACES = tuple(1 << place for place in range(LONGEST))
_GAPS = {"..": 4, "...": 12}
_EDGES = frozenset("^$")
_GROUP = re.compile(r"\( ([^()]*) \)(\??)")

_WORD, _OPTIONAL, _ABSENT, _GAP, _OVER_SIGNS, _START, _END = range(7)

Step = tuple[int, int]
"""One element: what it is, and its number or, of a gap, its length."""
Pattern = tuple[Step, ...]


@dataclass(slots=True)
class Vocabulary:
    """The numbers of the elements that a word fits; grows while patterns are read."""

    lists: Mapping[str, Sequence[str]]
    words: dict[str, list[int]] = field(default_factory=dict)
    forms: dict[str, list[int]] = field(default_factory=dict)
    stems: dict[str, list[int]] = field(default_factory=dict)
    _numbers: dict[str, int] = field(default_factory=dict)
    _steps: dict[str, Step] = field(default_factory=dict)

    def number(self, alternatives: str) -> int:
        """Give the number of an element, as it is written."""
        known = self._numbers.get(alternatives)
        if known is None:
            known = self._numbers[alternatives] = _FIRST + len(self._numbers)
            for one in dict.fromkeys(self.spelled(alternatives)):
                self._add(one, known)
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
        """Guess how often a word of each element is met.

        What is short and stands in many elements is common: the, not, they.
        """
        guessed: dict[int, float] = {}
        for some in (self.words, self.forms, self.stems):
            for one, found in some.items():
                common = len(found) ** 1.5 * 2.0 ** -len(one)
                for number in found:
                    guessed[number] = guessed.get(number, 0) + common
        return guessed

    def _add(self, one: str, number: int) -> None:
        if one.endswith("*"):
            self.stems.setdefault(one[:-1], []).append(number)
        elif one.startswith("="):
            self.forms.setdefault(one[1:], []).append(number)
        else:
            self.words.setdefault(one, []).append(number)


def read(line: str, vocabulary: Vocabulary) -> Iterator[Pattern]:
    """Read one line; groups make several patterns of it."""
    for plain in _spread(line):
        yield tuple([vocabulary.step(one) for one in plain.split()])


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


class Fitting(dict[int, int]):
    """Where in a sentence an element fits, by its number.

    Places are bits: the first word is 1, the second 2, the third 4.
    """

    __slots__ = ("_no_sign", "_words", "end")

    def __init__(self, words: Sequence[frozenset[int]]) -> None:
        super().__init__()
        self.end = 1 << len(words)
        self._words = (*words, _NOTHING)
        self._no_sign: int | None = None

    @property
    def no_sign(self) -> int:
        """The places of words that are no sign."""
        if self._no_sign is None:
            self._no_sign = self.end - 1 & ~self[SIGN]
        return self._no_sign

    def __missing__(self, number: int) -> int:
        found = 0
        for place, word in zip(_PLACES, self._words, strict=False):
            if number in word:
                found |= place
        self[number] = found
        return found

    def behind(self, number: int, places: int) -> int:
        """Give the places behind those of `places` where an element fits."""
        if places & places - 1 or number in self:
            return (places & self[number]) << 1
        return places << 1 if number in self._words[places.bit_length() - 1] else 0


def needs(pattern: Pattern) -> tuple[int, ...]:
    """Give the elements without which no sentence can fit."""
    return tuple(dict.fromkeys(number for what, number in pattern if what == _WORD))


def beside(pattern: Pattern, element: int) -> tuple[int, int]:
    """Give what must stand directly before and behind an element; 0 is anything."""
    at = [place for place, step in enumerate(pattern) if step == (_WORD, element)]
    if len(at) > 1:
        return 0, 0
    before, behind = (
        pattern[place] if 0 <= place < len(pattern) else (_GAP, 0)
        for place in (at[0] - 1, at[0] + 1)
    )
    return _must_be(before, _START), _must_be(behind, _END)


def _must_be(step: Step, edge: int) -> int:
    what, number = step
    if what == edge:
        return EDGE
    return number if what == _WORD else 0


def lead(pattern: Pattern, element: int) -> tuple[int, int]:
    """Give how many words precede an element at most, and where a pattern may begin.

    Places are counted as if the first word that may precede it were the first.
    """
    least = most = 0
    for what, number in pattern:
        if what == _WORD:
            if number == element:
                break
            least += 1
            most += 1
        elif what == _OPTIONAL:
            most += 1
        elif what in (_GAP, _OVER_SIGNS):
            most += number
    return most, (1 << most - least + 1) - 1


def fits(pattern: Pattern, sentence: Fitting, starts: int) -> bool:
    """Tell whether a pattern fits that begins at one of some places."""
    return bool(_behind(pattern, sentence, starts))


def find(pattern: Pattern, sentence: Fitting, starts: int) -> tuple[int, int] | None:
    """Give the first and the last word of the first of some places where it fits."""
    if starts & starts - 1:
        what, first = pattern[0]
        if what == _WORD:
            starts &= sentence[first]
        if not _behind(pattern, sentence, starts):
            return None
    while starts:
        start = starts & -starts
        behind = _behind(pattern, sentence, start)
        if behind:
            lowest = behind & -behind
            return start.bit_length() - 1, lowest.bit_length() - 2
        starts ^= start
    return None


def _behind(pattern: Pattern, sentence: Fitting, places: int) -> int:
    """Give the places behind the last word, for all `places` to begin at."""
    for what, number in pattern:
        if what == _WORD:
            places = sentence.behind(number, places)
        elif what == _OPTIONAL:
            places |= sentence.behind(number, places)
        elif what == _ABSENT:
            places &= ~sentence[number]
        elif what == _START:
            places &= 1
        elif what == _END:
            places &= sentence.end
        else:
            over = sentence.no_sign if what == _GAP else sentence.end - 1
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
