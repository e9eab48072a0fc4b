"""The customer's private link, and what the customer does with the answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolve.analytics.replayed import differences
from resolve.cases.models import Remark
from resolve.clocks.models import Clock, ClockKind, ClockState
from resolve.complaints import queries, tracking
from resolve.complaints.errors import UnknownComplaint, WrongComplaintState
from resolve.complaints.models import ClosedAs, Complaint, ComplaintStatus
from resolve.complaints.service import answer, close, not_accept
from resolve.handling.letters import Told, letters
from resolve.handling.recipients import Recipient
from resolve.journal.models import JournalEntry
from resolve.kit.database import Database, reading, transaction
from resolve.kit.ids import new_id
from resolve.kit.language import language
from resolve.messages.models import Message, MessageKind
from tests.builders import MONDAY, all_rows, filed, published, work


def test_a_token_leads_to_its_complaint_and_to_no_other(database: Database) -> None:
    published(database)
    one, other = filed(database), filed(database)

    with reading(database) as session:
        complaint = queries.complaint(session, one.number)
        assert tracking.token(complaint) == one.token != other.token
        assert tracking.find(session, one.token).id == one.complaint_id


def test_a_guess_and_an_id_without_its_mark_find_nothing(database: Database) -> None:
    published(database)
    one = filed(database)
    wrong = one.token[:30] + ("A" if one.token[30] != "A" else "B") + one.token[31:]
    elsewhere = tracking.token_of(new_id(), "another salt")

    with reading(database) as session:
        for token in (wrong, elsewhere, one.token[:-1], one.complaint_id, "", "é" * 43):
            with pytest.raises(UnknownComplaint) as told:
                tracking.find(session, token)
            assert str(told.value).startswith("There is no complaint under this link")


def test_erasing_the_salt_ends_the_link(database: Database) -> None:
    published(database)
    one = filed(database)
    with transaction(database) as session:
        complaint = session.get_one(Complaint, one.complaint_id)
        complaint.salt = complaint.text = None
        session.add(complaint)

    with reading(database) as session:
        assert tracking.token(session.get_one(Complaint, one.complaint_id)) is None
        with pytest.raises(UnknownComplaint):
            tracking.find(session, one.token)
        # Not even with the mark that no salt would give.
        with pytest.raises(UnknownComplaint):
            tracking.find(session, tracking.token_of(one.complaint_id, ""))


@given(st.text(max_size=60))
def test_a_token_can_be_any_text(token: str) -> None:
    assert tracking._raw(token) == b"" or len(tracking._raw(token)) == 32


def test_an_answer_that_is_not_accepted_is_awaited_again(database: Database) -> None:
    published(database)
    one = filed(database)
    work(database)
    later = MONDAY + timedelta(days=1)
    with transaction(database) as session:
        answer(session, one.number, text="We are sorry.", who="qm", at=MONDAY)
    with transaction(database) as session:
        not_accept(session, one.number, why="It is still broken", answer_within=10,
                   who="customer", at=later)  # fmt: skip

    with reading(database) as session:
        complaint = queries.complaint(session, one.number)
        assert (complaint.status, complaint.stage) == (ComplaintStatus.RECEIVED, 2)
        assert not differences(session)
    clock = next(c for c in all_rows(database, Clock) if c.kind == ClockKind.ANSWER)
    assert clock.state == ClockState.RUNNING
    assert clock.due_at > later + timedelta(days=13)
    kept = {one.what: one.text for one in all_rows(database, Remark)}
    assert kept == {
        "complaint_not_accepted": "It is still broken",
        "earlier_answer": "We are sorry.",
    }
    told = [m for m in all_rows(database, Message) if m.kind == "not_accepted"]
    assert [m.recipient for m in told] == ["person:quality-manager"]
    journal = str([entry.data for entry in all_rows(database, JournalEntry)])
    assert "broken" not in journal


def test_the_second_answer_is_told_as_the_first_was(database: Database) -> None:
    published(database)
    one = filed(database, customer={"email": "olena@example.com"})
    for said in ("First answer", "Second answer"):
        with transaction(database) as session:
            answer(session, one.number, text=said, who="qm", at=MONDAY)
        if said.startswith("First"):
            with transaction(database) as session:
                not_accept(session, one.number, why="No", answer_within=5,
                           who="customer", at=MONDAY)  # fmt: skip

    told = [m for m in all_rows(database, Message) if m.kind == MessageKind.ANSWER]
    assert len(told) == 2
    with reading(database) as session:
        to = [Told(one.id, one, Recipient("Olena", None, "en")) for one in told]
        written = letters(session, to, house=language("en"))
    last = written[told[-1].id].body
    assert "Second answer" in last
    assert f"/track/{one.token}" in last


def test_only_an_answer_that_waits_can_be_refused(database: Database) -> None:
    published(database)
    one = filed(database)

    def refuse() -> None:
        with transaction(database) as session:
            not_accept(session, one.number, why="No", answer_within=5,
                       who="customer", at=MONDAY)  # fmt: skip

    with pytest.raises(WrongComplaintState):
        refuse()
    with transaction(database) as session:
        answer(session, one.number, text="Sorry", who="qm", at=MONDAY)
        close(session, one.number, closed_as=ClosedAs.ACCEPTED, who="c", at=MONDAY)
    with pytest.raises(WrongComplaintState):
        refuse()
