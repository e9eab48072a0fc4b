"""What is offered instead: the fact, as a step or hand-over, and what would help."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from resolve.wording import patterns
from resolve.wording.patterns import Marks, Pattern, Vocabulary, single
from resolve.wording.values import Kind
from resolve.wording.words import plain


@dataclass(frozen=True, slots=True)
class Offer:
    """The texts of a language.

    `happened`: what words tell that came late, got lost, ...: patterns of a fact, and
    bits of which a sentence must have one.
    `told`: the fact as a sentence, with {from} where a department is known.
    `departments`: a stem, and how its hand-over is written.
    """

    happened: tuple[tuple[str, int, tuple[Pattern, ...]], ...]
    told: Mapping[str, str]
    departments: tuple[tuple[int, str], ...]
    span: tuple[Pattern, ...]
    somewhere: str
    helps: str
    by_kind: Mapping[Kind, str]
    question: str

    @classmethod
    def of(cls, known: Mapping[str, Any], vocabulary: Vocabulary) -> Offer:
        """Read the part `offer` of a language's file."""
        return cls(
            tuple(
                (fact, _any_of(some), some)
                for fact, lines in known["happened"].items()
                for some in [tuple(_lines(lines, vocabulary))]
            ),
            known["told"],
            tuple(
                (1 << vocabulary.number(stems), words)
                for stems, words in known["departments"].items()
            ),
            tuple(_lines(known["span"], vocabulary)),
            known["somewhere"],
            known["helps"],
            {Kind(kind): text for kind, text in known["by_kind"].items()},
            known["question"],
        )


def _lines(lines: str, vocabulary: Vocabulary) -> Iterator[Pattern]:
    for line in lines.splitlines():
        if line.strip():
            yield from patterns.read(plain(line.strip()), vocabulary)


def _any_of(some: Sequence[Pattern]) -> int:
    """Give bits of which a sentence must have one; each pattern needs a word."""
    return reduce(or_, (next(single(one.needs)) for one in some))


def suggestion(offer: Offer, kind: Kind, marks: Marks, spoken: str) -> str:
    """Offer a sentence that keeps the fact; without one, ask what would help.

    `spoken` is how long it took, as the sentence has it, or nothing.
    """
    fact = _fact(offer, marks)
    if fact is None:
        return offer.by_kind.get(kind, offer.question)
    told = offer.told[fact].format(
        where=_department(offer, marks), span=f" ({spoken})" if spoken else ""
    )
    return f"{told[0].upper()}{told[1:]}; {offer.helps}"


def how_long(offer: Offer, marks: Marks) -> tuple[int, int] | None:
    """Find the words that say how long it took."""
    return _first(offer.span, marks)


def _fact(offer: Offer, marks: Marks) -> str | None:
    for fact, any_of, some in offer.happened:
        if any_of & marks.together and _first(some, marks):
            return fact
    return None


def _department(offer: Offer, marks: Marks) -> str:
    for bit, words in offer.departments:
        if marks.together & bit:
            return words
    return offer.somewhere


def _first(some: Sequence[Pattern], marks: Marks) -> tuple[int, int] | None:
    for pattern in some:
        found = patterns.find(pattern, marks)
        if found:
            return found
    return None
