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


OKSANA = Identity(("Оксана Гриценко",), ("oksana.hrytsenko@example.com",))


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        (
            "Оксана Гриценко",
            "Hrytsenko, Gritsenko, Hricenko, HRYTSENKO, oksana, Oksany",
        ),
        ("Сергій Шевчук", "Serhii, Serhiy, Sergij; Shevchuk, Shevchuka, Shevchuk's"),
        ("Юлія Щербак", "Yuliia, Yulia, Julia, Iuliia; Shcherbak, Scherbak"),
        ("Павел Ковальський", "Pavel, Pavlo, Pavla; Kovalskyi, Kovalsky, Kovalskoho"),
        ("Пётр Жуков", "Pyotr, Petr, Petra; Zhukov, Zhukova"),
        ("Александр Згурський", "Alexander, Aleksandr, Alexandra; Zghurskyi"),
        ("Єва Хоменко", "Yeva, Ieva, Eva; Khomenko"),
        ("Дар’я Лис", "Daria, Darya, Dariia; Lys, LYS"),
        ("Olena Hrytsenko", "Олена, Олени, Оленою; Гриценко, Гриценка, Гриценкові"),
        ("Yuliia Tsymbaliuk", "Юлія, Юлії, Юлию; Цимбалюк, Цимбалюка, Цимбалюком"),
        ("Andriy Kovalskyi", "Андрій, Андрия; Ковальський, Ковальского, Ковальському"),
    ],
)
def test_a_known_name_is_hidden_in_the_other_script(name: str, texts: str) -> None:
    hidden = masked(texts, Identity(names=(name,)))
    left = hidden.replace(HIDDEN, "").strip(" ,;-’'s")
    assert not any(sign.isalpha() for sign in left), hidden


def test_what_an_inner_head_writes_in_latin_letters_names_nobody() -> None:
    assert masked("Hrytsenko O. waits since Monday", OKSANA) == (
        f"{HIDDEN} O. waits since Monday"
    )


@pytest.mark.parametrize("text", ["hrytsenko85", "o_hrytsenko", "Гриценко", "Oksana"])
def test_a_name_in_the_e_mail_is_hidden_although_no_name_is_given(text: str) -> None:
    known = Identity(others=("oksana.hrytsenko@example.com",))
    assert masked(f"Ask {text} first", known) == f"Ask {HIDDEN} first"


@pytest.mark.parametrize(
    "email",
    ["info@example.com", "sales.office@x.org", "mail.me@x.org", "o.k.the@x.org"],
)
def test_ordinary_and_short_parts_of_an_e_mail_are_no_names(email: str) -> None:
    text = "Info: the sales office can mail me the order, OK. Інфо, офіс, мейл."
    assert masked(text, Identity(others=(email,))) == text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Майя Вил", "May I ask: it will take a day, maybe in May."),
        ("Анна Марк", "The annual market is near, remarkable."),
        ("Год Рая", "Good goods, a ray of hope and a hood."),
        ("Tom Lee", "В том числе и ли. Том не про то."),
        ("Mark Sam", "Эта марка по марке сама на складе, сам видел."),
        ("Olena Mary", "Олень стоял в марте у маркета."),
        ("John Hood", "It is good; good things."),
    ],
)
def test_ordinary_words_of_the_other_script_stay(name: str, text: str) -> None:
    assert masked(text, Identity(names=(name,))) == text


@given(st.text(max_size=60))
def test_a_customer_who_gave_nothing_hides_no_word(text: str) -> None:
    assert masked(text, NOBODY) == masked(text, Identity(others=("info@x.org",)))


def test_a_long_text_and_an_odd_name_are_masked_at_once() -> None:
    odd = Identity(names=("иййиййииййиійїйййїїйи" * 9, "ssssssssssss" * 15))
    text = "yiyyiyyiiyyiyiyiy " * 1000 + "с" * 20_000
    assert masked(text, odd) == text
