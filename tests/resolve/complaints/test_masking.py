"""A partner reads what happened, not whom it happened to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolve.complaints.masking import HIDDEN, Identity, masked

NOBODY = Identity()


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("Павел Иванов", "Павел, Павла, Павлу, Павлом, ПАВЕЛ; Иванову, Ивановым"),
        ("Олена Коваленко", "Олени, Олену, Оленою; Коваленка, Коваленку"),
        ("Федір Гончар", "Федора, Федорові; Гончара, Гончаром"),
        ("Марія Лис", "Марії, Марію; Лис"),
        ("Пётр", "Петра, Пётр, Петру"),
        ("Anna O'Brien", "Anna's, ANNA, OBrien, O’Brien's"),
        ("Jean-Luc Picard", "Jean, Luc, Picards"),
    ],
)
def test_a_known_name_is_hidden_in_its_forms(name: str, texts: str) -> None:
    hidden = masked(texts, Identity(names=(name,)))
    left = hidden.replace(HIDDEN, "").strip(" ,;-’'s")
    assert not any(sign.isalpha() for sign in left), hidden


def test_other_words_stay() -> None:
    text = "Курьер не позвонил, заказ 4711 лежит на складе с 2026-11-03, 12.11.2026."
    assert masked(text, Identity(names=("Роман Мороз",))) == text


@pytest.mark.parametrize(
    "trace",
    [
        "olena.k@example.com",
        "o'hara+shop@mail.example.co.uk",
        "пошта@приклад.укр",
        "+380 50 123 45 67",
        "0501234567",
        "(050) 123-45-67",
        "8 800 555 35 35",
        "123-45-67",
        "UA21 3223 1300 0002 6007 2335 6600 1",
        "DE89370400440532013000",
        "4111 1111 1111 1111",
        "40817810099910004312",
    ],
)
def test_what_reaches_a_person_is_hidden_although_unknown(trace: str) -> None:
    assert masked(f"Write to {trace}, please.", NOBODY) == (
        f"Write to {HIDDEN}, please."
    )


@pytest.mark.parametrize(
    "text",
    [
        "It cost 1 000 000 UAH, then 12 500.",
        "On 2026-11-21 at 10:30, and on 21.11.2026.",
        "Two parcels of 15 kg, article 123456.",
        "1.250.000 times",
    ],
)
def test_amounts_and_dates_stay(text: str) -> None:
    assert masked(text, NOBODY) == text


def test_the_order_and_reference_stay_for_they_are_nobody() -> None:
    known = Identity(kept=("4711-123456789", "UA213223130000026007233566001"))
    text = "Order 4711-123456789, reference UA213223130000026007233566001"
    assert masked(text, known) == text


def test_a_known_telephone_is_hidden_however_it_is_written() -> None:
    known = Identity(others=("55-66-77", "Mail.Me@example.com"))
    assert masked("Call 556677 or 55 66 77", known) == f"Call {HIDDEN} or {HIDDEN}"
    assert "mail" not in masked("to mail.me@EXAMPLE.com", known).lower()


@given(
    st.text("аеикорнті", min_size=3, max_size=12),
    st.text(st.characters(codec="utf-8"), max_size=40),
)
def test_a_name_never_comes_through(name: str, around: str) -> None:
    hidden = masked(f"{around} {name.title()} {around}", Identity(names=(name,)))
    assert f" {name} " not in f" {hidden.lower()} ".replace(HIDDEN, "")


@given(st.text(), st.lists(st.text(max_size=20), max_size=3))
def test_masking_twice_is_masking_once(text: str, names: list[str]) -> None:
    known = Identity(names=tuple(names))
    once = masked(text, known)
    assert masked(once, known) == once


@pytest.mark.parametrize("kept", ["1", "5", "380", "23 45"])
def test_a_number_of_the_order_inside_a_telephone_number_reveals_nothing(
    kept: str,
) -> None:
    hidden = masked("Call +380 50 123 45 67", Identity(kept=(kept,)))
    assert hidden == f"Call {HIDDEN}"


def test_the_number_of_the_order_itself_stays() -> None:
    assert masked("Order 4711-0815-99 is late", Identity(kept=("4711-0815-99",))) == (
        "Order 4711-0815-99 is late"
    )
