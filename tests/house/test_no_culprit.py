"""Nobody is blamed: not by a name, a column, an order or a total (invariant 8)."""

from __future__ import annotations

import inspect
import re

import pytest
from typer.main import get_command

from resolve.analytics import lists, shapes
from resolve.kit.database import open_database
from resolve.tables import TABLES

BLAME = re.compile(
    r"culprit|guilt|blame|(?<!de)fault\b|at_fault|offender|violat|worst|ranking|score|"
    r"overrun|lateness|late_count|late_tasks|penalt|punish",
    re.IGNORECASE,
)
# Safety, severity and the state of an event are about things, not about people.
COUNTS = re.compile(r"(complaints|late|overdue|past_due)_(count|total|share|average)")


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
def test_no_table_has_a_place_for_fault(table: type) -> None:
    for column in table.__table__.columns.keys():  # type: ignore[attr-defined]  # noqa: SIM118
        assert not BLAME.search(column), column
        assert not COUNTS.search(column), column


def test_no_command_and_no_option_asks_for_fault() -> None:
    from resolve.cli.app import app  # noqa: PLC0415  slow

    waiting = [get_command(app)]
    while waiting:
        command = waiting.pop()
        waiting += getattr(command, "commands", {}).values()
        names = [command.name or "", *(p.name or "" for p in command.params)]
        assert not [name for name in names if BLAME.search(name)]


def test_no_interface_of_the_api_asks_for_fault(sqlite_url: str) -> None:
    from resolve_api.main import create_app  # noqa: PLC0415  slow

    database = open_database(sqlite_url)
    schema = str(sorted(_names(create_app(database).openapi())))
    database.engine.dispose()
    assert not BLAME.search(schema)
    assert not COUNTS.search(schema)


def _names(part: object) -> set[str]:
    if isinstance(part, dict):
        return set(part) | {name for value in part.values() for name in _names(value)}
    if isinstance(part, list):
        return {name for value in part for name in _names(value)}
    return set()


def test_lists_are_ordered_by_time_and_never_by_whose_work_is_late() -> None:
    source = inspect.getsource(lists)
    orders = re.findall(r"_page\(\s*session, query, \(([^)]*)\)", source)
    orders += re.findall(r"keys = \(([^)]*)\)", source)
    assert len(orders) >= 5
    for order in orders:
        assert "department" not in order
        assert re.search(r"(\bid|seq|position|version)\W*$", order.strip()), order


def test_no_shape_counts_what_departments_were_complained_about() -> None:
    source = inspect.getsource(shapes)
    keys = re.findall(r'"([a-z_]+)":', source)
    assert keys
    assert not [key for key in keys if BLAME.search(key) or COUNTS.search(key)]
