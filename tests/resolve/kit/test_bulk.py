"""Rows written at once are the rows that SQLAlchemy would have written."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from resolve.cases.models import CaseStatus
from resolve.kit.database import (
    Database,
    insert_missing,
    insert_rows,
    reading,
    transaction,
)
from resolve.kit.ids import new_id
from resolve.messages.models import Message
from resolve.outbox.models import Event, EventState

NINE = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)


def message(**facts: Any) -> dict[str, Any]:
    return {
        "id": new_id(),
        "kind": "task",
        "recipient": "person:eve",
        "subject_id": new_id(),
        "case_id": new_id(),
        "facts": {},
        "at": NINE,
    } | facts


def test_values_come_back_as_they_went_in(database: Database) -> None:
    facts = {"text": 'Ґанок "№ 5"\n', "n": 2**70, "none": None, "list": [1.5, True]}
    row = message(facts=facts, kind=CaseStatus.TASKS, mailed_at=None)
    with transaction(database) as session:
        insert_rows(session, Message, [row])
    with reading(database) as session:
        assert session.exec(select(Message)).one().model_dump() == row


def test_what_is_left_out_gets_its_default(database: Database) -> None:
    row = {"topic": "filed", "case_id": new_id(), "at": NINE, "not_before": NINE}
    with transaction(database) as session:
        insert_rows(session, Event, [row])
    with reading(database) as session:
        event = session.exec(select(Event)).one()
    assert (event.data, event.state, event.tries) == ({}, EventState.WAITING, 0)


def test_what_is_there_already_is_left_as_it_is(database: Database) -> None:
    first = message()
    again = first | {"id": new_id(), "at": NINE.replace(hour=10)}
    other = message()
    with transaction(database) as session:
        insert_missing(session, Message, [first])
        insert_missing(session, Message, [again, other])
    with reading(database) as session:
        found = {row.id: row.at for row in session.exec(select(Message))}
    assert found == {first["id"]: NINE, other["id"]: NINE}


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    rows = [message(), message(at=NINE.replace(tzinfo=None))]
    with pytest.raises(Exception, match="without a zone"), transaction(database) as s:
        insert_rows(s, Message, rows)


def test_too_long_a_text_is_refused_and_not_cut(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("SQLite holds texts of any length")
    with pytest.raises(Exception, match="too long"), transaction(database) as session:
        insert_rows(session, Message, [message(kind="k" * 21)])


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(facts=st.dictionaries(st.text(), values))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_any_json_comes_back(database: Database, facts: dict[str, Any]) -> None:
    if "\\u0000" in repr(facts) or "\\x00" in repr(facts):
        return  # what no PostgreSQL can hold is refused before, in texts of people
    row = message(facts=facts)
    with transaction(database) as session:
        insert_rows(session, Message, [row])
    with reading(database) as session:
        assert session.get_one(Message, row["id"]).facts == facts
