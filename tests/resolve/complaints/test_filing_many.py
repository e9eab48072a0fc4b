"""Filing many complaints at once is filing each of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from resolve.cases.models import Case, CaseStatus
from resolve.complaints.errors import AlreadyFiled, NothingSaid
from resolve.complaints.filing import Filed, Filing, file_all
from resolve.complaints.models import Complaint
from resolve.journal.service import seal
from resolve.journal.verify import verify
from resolve.kit.database import Database, reading, transaction
from resolve.kit.errors import Invalid, ResolveError
from resolve.messages.models import Message
from resolve.outbox.models import Event
from tests.builders import HOUSE, MONDAY, ORDER, all_rows, filed, published, work

JOINING = ORDER.replace(b"resolve: 1", b"resolve: 1\njoin: P1D", 1)


def filed_all(
    database: Database, *filings: Filing, later: timedelta = timedelta(0)
) -> list[Filed | ResolveError]:
    with transaction(database) as session:
        return file_all(
            session, filings, house=HOUSE, who="administrator", at=MONDAY + later
        )


def filing(reference: str | None = None, **facts: Any) -> Filing:
    known: dict[str, Any] = {
        "touchpoint": "door",
        "promise": "on-time",
        "text": "Late.",
    } | facts
    return Filing(source="shop", reference=reference, **known)


def test_a_refused_complaint_keeps_none_of_the_others_out(database: Database) -> None:
    published(database)

    became = filed_all(database, filing("1"), filing("2", text=" "), filing("3"))

    assert [type(one) for one in became] == [Filed, NothingSaid, Filed]
    assert len(all_rows(database, Complaint)) == 2


def test_what_was_filed_before_is_told_with_where_it_is(database: Database) -> None:
    published(database)
    first = filed_all(database, filing("1"))[0]

    again, new = filed_all(database, filing("1"), filing("2"))

    assert isinstance(first, Filed)
    assert isinstance(again, AlreadyFiled)
    assert again.extra["existing"] == first.complaint_id
    assert isinstance(new, Filed)


def test_the_same_reference_twice_at_once_is_filed_once(database: Database) -> None:
    published(database)

    became = filed_all(database, filing("1"), filing("1"))

    assert [type(one) for one in became] == [Filed, AlreadyFiled]


@pytest.mark.parametrize(
    ("field", "longest"), [("reference", 200), ("touchpoint", 200), ("language", 20)]
)
def test_a_field_longer_than_its_place_is_refused_by_name(
    database: Database, field: str, longest: int
) -> None:
    published(database)
    facts = {field: "x" * (longest + 1)}

    refused = filed_all(database, Filing(text="Late.", source="shop", **facts))[0]  # type: ignore[arg-type]

    assert isinstance(refused, Invalid)
    assert refused.pointer == f"/{field}"


def test_numbers_rise_in_the_order_of_filing(database: Database) -> None:
    published(database)

    became = filed_all(database, *(filing(str(n)) for n in range(5)))

    numbers = [one.number for one in became if isinstance(one, Filed)]
    assert numbers == sorted(set(numbers))


def test_like_complaints_join_one_case_within_and_across_transactions(
    database: Database,
) -> None:
    published(database, JOINING)

    first = filed_all(database, filing("1"), filing("2"), filing("3", promise="intact"))
    later = filed_all(database, filing("4"), later=timedelta(hours=1))

    cases = [one.case_id for one in first + later if isinstance(one, Filed)]
    assert cases[0] == cases[1] == cases[3] != cases[2]
    assert len(all_rows(database, Case)) == 2
    assert len(all_rows(database, Event)) == 2  # who joins is walked once


def test_nobody_joins_a_case_that_is_older_than_the_map_allows(
    database: Database,
) -> None:
    published(database, JOINING)

    filed_all(database, filing("1"))
    filed_all(database, filing("2"), later=timedelta(days=2))

    assert len(all_rows(database, Case)) == 2


def test_the_journal_of_many_is_whole(database: Database) -> None:
    published(database, JOINING)
    filed_all(database, *(filing(str(n)) for n in range(4)))
    filed_all(database, *(filing(str(n), promise="?") for n in range(4, 8)))
    filed(database, reference="9")
    work(database)

    with transaction(database) as session:
        seal(session, key=b"key", at=MONDAY)
    with reading(database) as session:
        report = verify(session, key=b"key")

    assert not report.problems


def test_a_case_to_be_placed_asks_the_quality_manager(database: Database) -> None:
    published(database)

    became = filed_all(database, filing("1", touchpoint="?"), filing("2"))

    states = [one.case_status for one in became if isinstance(one, Filed)]
    assert states == [CaseStatus.TO_PLACE, CaseStatus.TASKS]
    assert [one.case_id for one in all_rows(database, Message)] == [
        became[0].case_id if isinstance(became[0], Filed) else ""
    ]
