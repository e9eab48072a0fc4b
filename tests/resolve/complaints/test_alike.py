"""Recent complaints like a new one, and the language that words are in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from resolve.complaints.alike import LOOKED_AT, alike
from resolve.complaints.speech import recognised
from resolve.kit.database import Database, reading
from tests.builders import filed, published

DOOR = ("order", "door", "on-time")


def found(database: Database, text: str, where: tuple[str | None, ...]) -> list[str]:
    named = (where[0], where[1], where[2])
    with reading(database) as session:
        return [one.text or "" for one in alike(session, text, named)]


def test_like_are_near_words_first_then_the_same_promise(database: Database) -> None:
    published(database)
    filed(database, "The parcel was three days late")
    filed(database, "Nobody told us the day")
    filed(database, "The bill is wrong", touchpoint="payment", promise="correct-bill")
    filed(database, "A box was broken", promise="intact")

    assert found(database, "our parcel came three days late", DOOR) == [
        "The parcel was three days late",
        "Nobody told us the day",
    ]
    assert found(database, "the bill is wrong", (None, None, None)) == [
        "The bill is wrong"
    ]
    assert found(database, "", (None, None, None)) == []


def test_the_cost_does_not_grow_with_what_was_filed(database: Database) -> None:
    published(database)
    for n in range(5):
        filed(database, f"It came late {n}")
    asked: list[str] = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def note(*args: object) -> None:
        asked.append(str(args[2]))

    found(database, "It came late", DOOR)

    about = [one for one in asked if "complaint" in one]
    assert len(about) == 2
    assert "LIMIT" in about[0]
    assert LOOKED_AT <= 500


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Посилка прийшла пізно", "uk"),
        ("де моє замовлення", "uk"),
        ("Обещали во вторник, привезли в пятницу.", "ru"),
        ("Где мой заказ? Вы обещали", "ru"),
        ("The parcel came three days late", "en"),
        ("12345", None),
        ("", None),
        ("ok", None),
    ],
)
def test_the_language_of_words_is_told_or_left_open(
    text: str, code: str | None
) -> None:
    assert recognised(text) == code


@given(st.text(max_size=200))
def test_any_words_are_in_a_language_of_ours_or_none(text: str) -> None:
    assert recognised(text) in ("en", "ru", "uk", None)
