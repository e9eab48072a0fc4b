"""What is kept of orders says what adding all step times up anew says."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from resolve.kit.database import Database, reading, transaction
from resolve.steptimes.counting import changes_of, rebuild
from resolve.steptimes.models import OrderTime
from resolve.steptimes.rows import Timing, keyed
from resolve.steptimes.service import Taken, take
from tests import builders

SECOND = builders.ORDER.replace(b"id: order\n", b"id: second\n", 1)
MAPS = ("order", "second")

rows = st.builds(
    lambda order, step, start, took, only_end, id_: Timing(
        order,
        step,
        builders.MONDAY + timedelta(hours=start + took),
        None if only_end else builders.MONDAY + timedelta(hours=start),
        id=id_,
    ),
    st.sampled_from(["A", "B", "NA", "заказ"]),
    st.sampled_from(["take-order", "pick", "deliver"]),
    st.integers(-9, 9),
    st.integers(0, 5),
    st.booleans(),
    st.none() | st.sampled_from(["1", "2", "3", "4"]),
)
imports = st.lists(
    st.tuples(st.sampled_from(MAPS), st.sampled_from(["erp", "shop"]), st.lists(rows)),
    max_size=6,
)


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(imports)
def test_what_is_kept_is_what_all_rows_say(
    database: Database, drawn: list[tuple[str, str, list[Timing]]]
) -> None:
    """Rows come in any order, by two systems, and are replaced, also to another map."""
    with reading(database) as session:
        known = session.exec(select(OrderTime.map_id).limit(1)).first()
    if known is None:
        for file in (builders.ORDER, SECOND):
            builders.published(database, file)

    for map_id, source, given_rows in drawn:
        before = _changes(database, map_id)
        taken = _take(database, map_id, source, given_rows)
        assert _changes(database, map_id) == before + taken.new + taken.replaced

    kept = _kept(database)
    with transaction(database) as session:
        for map_id in MAPS:
            rebuild(session, map_id)
    assert _kept(database) == kept


def _take(
    database: Database, map_id: str, source: str, given_rows: list[Timing]
) -> Taken:
    named = list(keyed(given_rows, source=source, map_id=map_id, secret=b"secret"))
    with transaction(database) as session:
        return take(
            session,
            named,
            map_id=map_id,
            source=source,
            who="administrator",
            at=builders.MONDAY,
        )


def _changes(database: Database, map_id: str) -> int:
    with reading(database) as session:
        return changes_of(session, map_id)


def _kept(database: Database) -> list[OrderTime]:
    with reading(database) as session:
        key = (col(OrderTime.map_id), col(OrderTime.order_id))
        found = session.exec(select(OrderTime).order_by(*key)).all()
        return [OrderTime(**one.model_dump()) for one in found]
