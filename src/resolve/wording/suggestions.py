"""What is offered instead: the fact, as a step or hand-over, and what would help."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from resolve.wording.patterns import Vocabulary
from resolve.wording.values import Kind

LENGTH = "length"
"""What tells how long it took; all else that tells is a fact."""


@dataclass(frozen=True, slots=True)
class Offer:
    """The texts of a language.

    `told`: each fact - it came late, got lost, ... - as a sentence, with {where}.
    `departments`: a bit of what sentences are asked for, and how the hand-over of
    such a department is written.
    """

    told: Mapping[str, str]
    departments: tuple[tuple[int, str], ...]
    somewhere: str
    helps: str
    by_kind: Mapping[Kind, str]
    question: str

    @classmethod
    def of(
        cls, known: Mapping[str, Any], vocabulary: Vocabulary, bits: dict[int, int]
    ) -> Offer:
        """Read the part `offer` of a language's file; departments are given bits."""
        return cls(
            known["told"],
            tuple(
                (bits.setdefault(vocabulary.number(stems), 1 << len(bits)), written)
                for stems, written in known["departments"].items()
            ),
            known["somewhere"],
            known["helps"],
            {Kind(kind): text for kind, text in known["by_kind"].items()},
            known["question"],
        )


def telling(known: Mapping[str, Any]) -> dict[str, str]:
    """Give the lines of patterns that tell each fact, and how long it took."""
    return {**known["happened"], LENGTH: known["span"]}


def suggestion(offer: Offer, fact: str, spoken: str, together: int) -> str:
    """Offer a sentence that keeps a fact.

    `spoken` is how long it took, as the sentence has it, or nothing; `together` has
    the bits of its words: a department is among them or not.
    """
    span = f" ({spoken})" if spoken else ""
    told = offer.told[fact].format(where=_department(offer, together), span=span)
    return f"{told[0].upper()}{told[1:]}; {offer.helps}"


def question(offer: Offer, kind: Kind) -> str:
    """Ask what would help, where there is no fact."""
    return offer.by_kind.get(kind, offer.question)


def _department(offer: Offer, together: int) -> str:
    for bit, written in offer.departments:
        if together & bit:
            return written
    return offer.somewhere
