"""An internal complaint: of who receives a hand-over, handled as a customer's."""

from __future__ import annotations

import pytest

from resolve.cases.models import Case
from resolve.complaints.errors import NothingSaid
from resolve.complaints.filing import Filed
from resolve.complaints.models import Complaint
from resolve.handling.internal import NotAsAgreed, raise_internal
from resolve.handovers.errors import NotYourHandover, UnknownHandover
from resolve.kit.clock import now
from resolve.kit.database import Database, transaction
from tests.builders import HOUSE, all_rows, published, tasks_by_department, work
from tests.people import MAP, MAP_FILE


@pytest.fixture
def map_(database: Database) -> Database:
    published(database, MAP_FILE.read_bytes(), at=now())
    return database


def _raised(
    database: Database,
    text: str = "The box came without the list.",
    *,
    late: bool = False,
    department: str = "packing",
    between: tuple[str, str] = ("pick", "pack"),
) -> Filed:
    with transaction(database) as session:
        return raise_internal(
            session, MAP, between, NotAsAgreed(text, late=late),
            department=department, house=HOUSE, who="department:packing", at=now(),
        )  # fmt: skip


def test_it_asks_both_sides_of_the_hand_over(map_: Database) -> None:
    raised = _raised(map_)
    work(map_, at=now())

    assert sorted(tasks_by_department(map_, raised.case_id)) == ["packing", "stock"]
    (complaint,) = all_rows(map_, Complaint)
    assert complaint.handover == {"from": "pick", "to": "pack", "late": False}
    assert complaint.internal_of == "packing"
    assert not raised.warnings


def test_one_that_came_late_asks_everybody_before_it_too(map_: Database) -> None:
    raised = _raised(map_, late=True)
    work(map_, at=now())

    asked = set(tasks_by_department(map_, raised.case_id))
    assert {"stock", "packing", "sales"} <= asked
    assert "carrier" not in asked


def test_only_who_receives_raises_it_and_nothing_else_is_filed(map_: Database) -> None:
    with pytest.raises(NotYourHandover):
        _raised(map_, department="stock")
    with pytest.raises(UnknownHandover):
        _raised(map_, between=("pack", "pick"))
    with pytest.raises(NothingSaid):
        _raised(map_, " ")
    assert not all_rows(map_, Case)
