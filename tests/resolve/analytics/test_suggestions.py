"""Where a complaint may belong is suggested from its words, with the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from resolve.analytics.suggestions import Earlier, Place, places, suggest
from resolve.chain.reader import load
from resolve.complaints.words import terms

ROOT = Path(__file__).resolve().parents[3]
ORDER = places(
    load((ROOT / "process_maps/order-to-delivery.yaml").read_bytes(), name="order")
)


@pytest.mark.parametrize(
    ("text", "promise"),
    [
        ("Not delivered on the day that you promised", "on-time"),
        ("Коробка разорвана, товар повреждён", "intact"),
        ("У рахунку неправильна сума", "correct-bill"),
    ],
)
def test_words_lead_to_the_promise(text: str, promise: str) -> None:
    found = suggest(text, ORDER)
    assert found, [one.promise for one in ORDER]
    assert found[0].place.promise == promise
    assert found[0].words


def test_complaints_placed_earlier_count() -> None:
    places_ = [_place("bill"), _place("door")]
    earlier = [
        Earlier(("m", "door", "p"), terms(["The courier shouted at my mother"])),
        Earlier(("m", "bill", "p"), terms(["Wrong sum"])),
    ]
    (first,) = suggest("Your courier shouted at me", places_, earlier)
    assert (first.place.touchpoint, first.like) == ("door", 1)


def test_what_the_sender_named_counts_even_if_misspelt() -> None:
    known = [_place("delivery"), _place("payment")]
    (first,) = suggest("Bad.", known, named=["delivrey", None])
    assert (first.place.touchpoint, first.named) == ("delivery", "delivrey")


def test_nothing_is_suggested_without_a_reason() -> None:
    assert suggest("xyzzy", ORDER) == []
    assert suggest("", ORDER) == []
    assert suggest("The and was not", ORDER) == []


def _place(touchpoint: str) -> Place:
    return Place("m", touchpoint, "p", frozenset(), (touchpoint,))
