"""Settled at once: filed, walked by nobody, and counted."""

from __future__ import annotations

import pytest

from resolve.analytics.replayed import differences
from resolve.cases.models import Case, CaseStatus
from resolve.clocks.models import Clock
from resolve.complaints.models import ClosedAs, Complaint, ComplaintStatus
from resolve.complaints.settling import RemedyWithoutSettling
from resolve.handling.reconciling import reconcile
from resolve.journal.models import JournalEntry
from resolve.journal.verify import verify
from resolve.kit.database import Database, reading, transaction
from resolve.messages.models import Message
from resolve.outbox.models import Event
from resolve.tasks.models import Task
from tests.builders import MONDAY, ORDER, all_rows, filed, published, work


def test_it_is_closed_with_its_case_and_nobody_is_asked(database: Database) -> None:
    published(database)

    done = filed(database, settled_at_once=True, remedy="A new parcel, today")
    work(database)

    complaint = all_rows(database, Complaint)[0]
    assert complaint.status == done.status == ComplaintStatus.CLOSED
    assert complaint.closed_as == ClosedAs.SETTLED_AT_ONCE
    assert complaint.remedy == "A new parcel, today"
    assert complaint.answered_at == complaint.closed_at == MONDAY
    case = all_rows(database, Case)[0]
    assert (case.status, done.case_status) == (CaseStatus.CLOSED, CaseStatus.CLOSED)
    assert case.concern  # it counts for the promise it is about
    for table in (Task, Event, Clock, Message):
        assert not all_rows(database, table)


def test_the_journal_tells_it_without_a_word_of_anybody(database: Database) -> None:
    published(database)
    filed(database, settled_at_once=True, remedy="A new parcel, today")

    entries = [e for e in all_rows(database, JournalEntry) if e.chain[:5] == "case:"]
    assert [e.what for e in entries] == ["filed", "complaint_closed", "closed"]
    assert "parcel" not in str([e.data for e in entries])
    with transaction(database) as session:
        assert not differences(session)
        assert verify(session, key=b"key").sound
        assert reconcile(session, at=MONDAY) == 0


def test_it_joins_no_case_and_none_joins_it(database: Database) -> None:
    published(database, ORDER.replace(b"id: order\n", b"id: order\njoin: P3D\n"))
    first = filed(database)
    settled = filed(database, settled_at_once=True)
    like = filed(database)

    assert settled.case_id != first.case_id == like.case_id


def test_one_that_says_nowhere_asks_nobody_to_place_it(database: Database) -> None:
    published(database)
    filed(database, touchpoint=None, promise=None, settled_at_once=True, remedy="Done")

    assert not all_rows(database, Message)
    assert all_rows(database, Case)[0].status == CaseStatus.CLOSED


def test_what_was_done_at_once_needs_the_word_that_it_settled_it(
    database: Database,
) -> None:
    published(database)
    with pytest.raises(RemedyWithoutSettling):
        filed(database, remedy="A new parcel")

    with reading(database) as session:
        assert not differences(session)
    assert not all_rows(database, Complaint)
