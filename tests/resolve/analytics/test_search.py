"""What people wrote is found in its word forms, newest first, and only by who may."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func
from sqlmodel import col, select

from resolve.analytics.search import filled, find, hits
from resolve.complaints.finding import Findable, Found
from resolve.complaints.models import Complaint
from resolve.complaints.service import answer as answer_customer
from resolve.complaints.words import query
from resolve.handling import indexing
from resolve.handling.duties import Duty, duties
from resolve.handling.indexing import index_some
from resolve.journal.rules import case_chain
from resolve.journal.service import Draft, append
from resolve.kit.database import Database, reading, transaction
from tests.builders import (
    MONDAY,
    answered,
    filed,
    published,
    tasks_by_department,
    work,
)


def index(database: Database) -> None:
    while index_some(database):
        pass


def found(
    database: Database, text: str, seen_by: frozenset[str] | None = None
) -> list[str]:
    with reading(database) as session:
        rows = find(session, query(text), limit=50, seen_by=seen_by)
        return [one.subject_id for one in rows]


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("The deliveries came late", "delivery"),
        ("Коробки были разорваны", "коробка"),
        ("Кур'єр привіз пошкоджену посилку", "посилки"),
        ("Кур'єр привіз пошкоджену посилку", "курʼєра"),
        ("Ждём счёт третью неделю", "счета"),
        ("Many клієнтів waited", "клієнт"),
    ],
)
def test_a_word_is_found_in_another_form(
    database: Database, written: str, asked: str
) -> None:
    one = filed(database, written)
    filed(database, "Something else altogether")
    index(database)
    assert found(database, asked) == [one.complaint_id]


def test_numbers_orders_and_customers_are_found(database: Database) -> None:
    one = filed(
        database,
        order="A-77/12",
        reference="shop-991",
        customer={"name": "Олена Коваленко", "phone": "+380 50 123-45-67"},
    )
    filed(database, "another", order="A-78/12", reference="shop-992")
    index(database)
    for asked in (one.number, "A-77/12", "shop-991", "Коваленку", "+380501234567"):
        assert found(database, asked) == [one.complaint_id], asked


def test_all_words_must_be_there_and_the_newest_comes_first(database: Database) -> None:
    old = filed(database, "late and broken", at=MONDAY)
    new = filed(database, "broken and late", at=MONDAY + timedelta(days=1))
    filed(database, "late only")
    index(database)
    assert found(database, "late broken") == [new.complaint_id, old.complaint_id]


def test_what_changes_is_found_by_its_new_words(database: Database) -> None:
    one = filed(database, "It came late")
    index(database)
    with transaction(database) as session:
        answer_customer(session, one.complaint_id, text="A voucher", who="q", at=MONDAY)
    assert found(database, "voucher") == []
    with reading(database) as session:
        assert not filled(session).up_to_date
        assert Duty.INDEX in duties(session, at=MONDAY)
    index(database)
    assert found(database, "vouchers") == [one.complaint_id]
    with reading(database) as session:
        assert filled(session).up_to_date
        assert Duty.INDEX not in duties(session, at=MONDAY)


def test_erased_words_are_not_found_any_more(database: Database) -> None:
    one = filed(database, "My name is Ostap")
    index(database)
    assert found(database, "Ostap") == [one.complaint_id]
    with transaction(database) as session:
        row = session.get_one(Complaint, one.complaint_id)
        row.text = row.salt = None
        data = {"complaint": one.complaint_id}
        append(session, [Draft(case_chain(one.case_id), "erased", data)], who="a",
               at=MONDAY)  # fmt: skip
    index(database)
    assert found(database, "Ostap") == []


def test_answers_of_departments_are_found_by_those_who_take_part(
    database: Database,
) -> None:
    published(database)
    one = filed(database)
    work(database)
    tasks = tasks_by_department(database, one.case_id)
    task = answered(database, next(iter(tasks.values())), "Label the pallets")
    index(database)
    assert found(database, "pallet label") == [task.id]
    own = frozenset({task.department_id})
    assert found(database, "pallet", seen_by=own) == [task.id]
    assert found(database, "pallet", seen_by=frozenset({"nobody"})) == []
    with reading(database) as session:
        rows = find(session, query("pallets"), limit=5)
        (hit,) = hits(session, rows)
    assert (hit.kind, hit.texts[0]) == (Found.ANSWER, "Label the pallets")


def test_what_was_there_before_is_taken_in_newest_first(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "_CASES", 2)
    made = [filed(database, f"late {n}") for n in range(5)]
    assert index_some(database)  # where it begins
    assert index_some(database)
    assert set(found(database, "late")) == {made[4].complaint_id, made[3].complaint_id}
    with reading(database) as session:
        assert not filled(session).complete
    index(database)
    assert len(found(database, "late")) == 5
    with reading(database) as session:
        assert filled(session).complete


def test_taking_in_twice_is_once(database: Database) -> None:
    one = filed(database, "It came late")
    index(database)
    for _ in range(2):
        with transaction(database) as session:
            data = {"complaint": one.complaint_id}
            append(session, [Draft(case_chain(one.case_id), "looked_at", data)],
                   who="a", at=MONDAY)  # fmt: skip
        index(database)
    with reading(database) as session:
        assert session.exec(select(func.count(col(Findable.id)))).one() == 1


@pytest.mark.parametrize(
    "asked",
    ["", "  ", "* \" ' : ( ) & | !", "AND OR NOT NEAR", "a" * 500, "\x00", "'"],
)
def test_any_text_may_be_asked_for(database: Database, asked: str) -> None:
    filed(database, "It came late")
    index(database)
    assert found(database, asked) == []
