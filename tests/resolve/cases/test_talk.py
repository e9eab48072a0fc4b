"""The talk of a case and the words marked in it, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from resolve.cases.hiding import MOST, NothingMarked, TooManyMarked, hide
from resolve.cases.models import HiddenWords, TalkEntry
from resolve.cases.said import hidden_words, newest
from resolve.cases.talk import (
    NothingToSay,
    NotYourWords,
    Saying,
    UnknownEntry,
    say,
    take_back,
)
from resolve.departments.models import TouchKind
from resolve.departments.touching import touches
from resolve.handling.talking import UnknownMention, UnknownSubject, Words, speak
from resolve.journal.models import JournalEntry
from resolve.journal.rules import case_chain
from resolve.journal.verify import verify
from resolve.kit.database import Database, reading, transaction
from resolve.kit.ids import new_id
from resolve.messages.models import Message, MessageKind
from tests.builders import (
    MONDAY,
    all_rows,
    answered,
    filed,
    published,
    tasks_by_department,
    work,
)

NOBODY = frozenset[str]()


@pytest.fixture
def case(database: Database) -> str:
    """Give a case about the door, in which billing takes no part."""
    published(database)
    made = filed(database, promise="intact")
    work(database)
    return made.case_id


def entries(session: Session, case_id: str) -> list[JournalEntry]:
    query = select(JournalEntry).where(JournalEntry.chain == case_chain(case_id))
    return list(session.exec(query.order_by(col(JournalEntry.seq))))


def test_what_is_said_is_entered_as_a_digest_only(
    database: Database, case: str
) -> None:
    with transaction(database) as session:
        words = Words("Call Olena Kovalenko first, @carrier")
        speak(session, case, words, who="person:a", departments=NOBODY, at=MONDAY)
    with reading(database) as session:
        last = entries(session, case)[-1]
        assert last.what == "talked"
        assert set(last.data) == {"entry", "text"}
        assert "Olena" not in str(last.data)
        [said] = newest(session, case).entries
        assert said.text == "Call Olena Kovalenko first, @carrier"


def test_who_said_it_takes_it_back_and_the_journal_stays_sound(
    database: Database, case: str
) -> None:
    with transaction(database) as session:
        said = say(session, case, Saying("A slip"), who="person:a", at=MONDAY)
        with pytest.raises(NotYourWords):
            take_back(session, case, said.id, who="person:b", at=MONDAY)
        for _ in range(2):
            take_back(session, case, said.id, who="person:a", at=MONDAY)
        with pytest.raises(UnknownEntry):
            take_back(session, case, new_id(), who="person:a", at=MONDAY)
    with reading(database) as session:
        [kept] = all_rows(database, TalkEntry)
        assert (kept.text, kept.salt) == (None, None)
        whats = [one.what for one in entries(session, case)]
        assert whats.count("talk_taken_back") == 1
        assert verify(session, key=b"k").sound


def test_nothing_is_not_said(database: Database, case: str) -> None:
    with transaction(database) as session, pytest.raises(NothingToSay):
        say(session, case, Saying(" \n"), who="person:a", at=MONDAY)
    assert not all_rows(database, TalkEntry)


def test_a_department_that_takes_no_part_is_ours_or_is_not_told(
    database: Database, case: str
) -> None:
    published(database, at=MONDAY)
    bill = filed(database, touchpoint="payment", promise="correct-bill").case_id
    work(database)
    with transaction(database) as session:
        # Billing is ours: it can read every case.
        words = Words("@billing, do you know? @carrier @nobody", to=("billing",))
        speak(session, case, words, who="person:a", departments=NOBODY, at=MONDAY)
        # The carrier is a partner without a part in the case of the bill.
        with pytest.raises(UnknownMention):
            speak(
                session, bill, Words("You?", to=("carrier",)), who="person:a",
                departments=NOBODY, at=MONDAY,
            )  # fmt: skip
        words = Words("Only words here: @carrier")
        speak(session, bill, words, who="person:a", departments=NOBODY, at=MONDAY)
    told = [
        (one.recipient, one.case_id)
        for one in all_rows(database, Message)
        if one.kind == MessageKind.MENTION
    ]
    assert sorted(told) == [("department:billing", case), ("department:carrier", case)]


def test_talk_is_tied_to_what_the_case_has(database: Database, case: str) -> None:
    task = tasks_by_department(database, case)["packing"]
    answered(database, task)
    good = ({"step": "pack"}, {"task": task.id, "proposal": 1})
    bad = (
        {"step": "fly"}, {"task": task.id, "proposal": 2}, {"task": task.id},
        {"task": new_id(), "proposal": 1}, {"unknown": "x"},
        {"step": "pack", "task": task.id},
    )  # fmt: skip
    for about in good:
        with transaction(database) as session:
            words = Words("This one?", about)
            speak(session, case, words, who="person:a", departments=NOBODY, at=MONDAY)
    for about in bad:
        words = Words("This one?", about)
        with transaction(database) as session, pytest.raises(UnknownSubject):
            speak(session, case, words, who="person:a", departments=NOBODY, at=MONDAY)
    assert len(all_rows(database, TalkEntry)) == len(good)


def test_who_talks_takes_part(database: Database, case: str) -> None:
    later = MONDAY + timedelta(days=1)
    with transaction(database) as session:
        theirs = frozenset({"packing", "billing"})
        said = speak(
            session, case, Words("We see it"), who="person:a", departments=theirs,
            at=later,
        )  # fmt: skip
        assert said.department_id == "packing"
        found = touches(session, theirs)
        assert found["packing"][TouchKind.TOOK_PART] == later
        assert not found["billing"]


def test_a_long_talk_is_given_in_parts(database: Database, case: str) -> None:
    with transaction(database) as session:
        for n in range(7):
            say(session, case, Saying(f"{n}"), who="person:a", at=MONDAY)
    with reading(database) as session:
        last = newest(session, case, most=4)
        first = newest(session, case, before=last.entries[0].id, most=4)
    assert [one.text for one in last.entries] == ["3", "4", "5", "6"]
    assert [one.text for one in first.entries] == ["0", "1", "2"]
    assert (last.earlier, first.earlier) == (True, False)


def test_words_are_marked_once_and_entered_without_them(
    database: Database, case: str
) -> None:
    with transaction(database) as session:
        for words in ("Rose  Lane 5", "rose lane 5 ", "Ян"):
            hide(session, case, words, who="person:a", at=MONDAY)
        assert hidden_words(session, [case]) == {case: ["Rose Lane 5", "Ян"]}
        last = entries(session, case)[-1]
        assert (last.what, set(last.data)) == ("words_hidden", {"hidden"})
    for words in ("", "x", "5", "a-", "..."):
        with transaction(database) as session, pytest.raises(NothingMarked):
            hide(session, case, words, who="person:a", at=MONDAY)


def test_only_so_many_words_are_marked(database: Database, case: str) -> None:
    with transaction(database) as session:
        for n in range(MOST):
            hide(session, case, f"word {n}", who="person:a", at=MONDAY)
        with pytest.raises(TooManyMarked):
            hide(session, case, "one more", who="person:a", at=MONDAY)
    assert len(all_rows(database, HiddenWords)) == MOST
