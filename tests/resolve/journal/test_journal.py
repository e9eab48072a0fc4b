"""The journal shows every alteration, and the feed misses nothing."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from resolve.journal import feed
from resolve.journal.models import FeedEntry, JournalEntry
from resolve.journal.rules import case_chain, seal_mac
from resolve.journal.service import Draft, append, seal
from resolve.journal.verify import Report, Trouble, verify
from resolve.kit.database import Database, reading, transaction
from resolve.kit.ids import new_id
from tests.builders import MONDAY, all_rows, filed, published, work

KEY = b"a key outside of the database"


def looked_at(database: Database, key: bytes = KEY) -> Report:
    with reading(database) as session:
        return verify(session, key=key)


def sealed(database: Database) -> int | None:
    with transaction(database) as session:
        return seal(session, key=KEY, at=MONDAY)


def tampered(database: Database, statement: str, **values: object) -> None:
    with transaction(database) as session:
        session.connection().execute(text(statement), values)


@pytest.fixture
def case_id(database: Database) -> str:
    """A case with two entries, sealed."""
    published(database)
    case_id = filed(database).case_id
    work(database)
    assert sealed(database) == 1
    return case_id


@pytest.mark.usefixtures("case_id")
def test_a_journal_nobody_touched_is_sound(database: Database) -> None:
    report = looked_at(database)
    assert report.sound
    assert report.unsealed == 0
    assert report.entries == len(all_rows(database, JournalEntry))


@pytest.mark.usefixtures("case_id")
def test_entries_younger_than_the_last_seal_are_counted(database: Database) -> None:
    filed(database)
    work(database)
    assert looked_at(database).unsealed == 2
    assert sealed(database) == 2
    assert looked_at(database).unsealed == 0


@pytest.mark.usefixtures("case_id")
def test_nothing_new_gives_no_seal(database: Database) -> None:
    assert sealed(database) is None


def test_an_altered_entry_is_reported_where_it_is(
    database: Database, case_id: str
) -> None:
    tampered(
        database,
        "UPDATE journal_entry SET who = 'somebody' WHERE chain = :c AND seq = 1",
        c=case_chain(case_id),
    )
    [problem] = looked_at(database).problems
    assert (problem.trouble, problem.chain, problem.seq) == (
        Trouble.ALTERED, case_chain(case_id), 1,
    )  # fmt: skip


def test_a_missing_entry_is_reported(database: Database, case_id: str) -> None:
    tampered(
        database,
        "DELETE FROM journal_entry WHERE chain = :c AND seq = 1",
        c=case_chain(case_id),
    )
    assert looked_at(database).problems[0].trouble is Trouble.MISSING


def test_an_end_cut_off_is_known_from_the_seal(
    database: Database, case_id: str
) -> None:
    tampered(
        database,
        "DELETE FROM journal_entry WHERE chain = :c AND seq = 2",
        c=case_chain(case_id),
    )
    [problem] = looked_at(database).problems
    assert (problem.trouble, problem.seal) == (Trouble.MISSING, 1)


def test_a_whole_case_that_is_gone_is_missing_since_its_seal(
    database: Database, case_id: str
) -> None:
    tampered(
        database, "DELETE FROM journal_entry WHERE chain = :c", c=case_chain(case_id)
    )
    [problem] = looked_at(database).problems
    assert (problem.trouble, problem.chain, problem.seal) == (
        Trouble.CHAIN_MISSING, case_chain(case_id), 1,
    )  # fmt: skip


def test_reordered_entries_are_reported(database: Database, case_id: str) -> None:
    chain = case_chain(case_id)
    for old, new in ((1, 99), (2, 1), (99, 2)):
        tampered(
            database,
            "UPDATE journal_entry SET seq = :new WHERE chain = :c AND seq = :old",
            c=chain, old=old, new=new,
        )  # fmt: skip
    assert Trouble.REORDERED in {one.trouble for one in looked_at(database).problems}


@pytest.mark.usefixtures("case_id")
def test_a_seal_made_without_the_key_is_broken(database: Database) -> None:
    assert not looked_at(database, b"another key").sound
    tampered(database, "UPDATE seal SET mac = :mac", mac="0" * 64)
    assert looked_at(database).problems[0].trouble is Trouble.SEAL_BROKEN


def test_a_chain_rewritten_with_right_hashes_does_not_match_its_seal(
    database: Database, case_id: str
) -> None:
    chain = case_chain(case_id)
    tampered(database, "DELETE FROM journal_entry WHERE chain = :c", c=chain)
    tampered(database, "DELETE FROM journal_head WHERE chain = :c", c=chain)
    with transaction(database) as session:
        drafts = [Draft(chain, "filed", {}), Draft(chain, "assigned", {})]
        append(session, drafts, who="forger", at=MONDAY)
    assert not looked_at(database).sound


@given(st.permutations([("a", 1, "x"), ("b", 2, "y"), ("c", 3, "z")]))
def test_a_seal_does_not_depend_on_the_order_of_its_heads(
    heads: list[tuple[str, int, str]],
) -> None:
    assert seal_mac(KEY, "p", 1, heads) == seal_mac(KEY, "p", 1, sorted(heads))


def test_the_first_entry_of_a_complaint_in_the_feed_is_its_filing(
    database: Database, case_id: str
) -> None:
    feed.number_new(database)
    with reading(database) as session:
        entries = feed.after(session, 0, limit=100)
    assert [(one.position, one.kind) for one in entries] == [
        (1, "filed"), (2, "assigned"),
    ]  # fmt: skip
    assert entries[0].case_id == case_id
    assert entries[0].complaint_id is not None


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    batches=st.lists(
        st.lists(st.integers(0, 4), min_size=1, max_size=6), min_size=1, max_size=6
    )
)
def test_the_feed_keeps_the_order_within_every_case(
    batches: list[list[int]], sqlite_url: str
) -> None:
    from resolve.kit.database import open_database  # noqa: PLC0415

    database = open_database(sqlite_url)
    cases = [new_id() for _ in range(5)]
    for number, batch in enumerate(batches):
        # Clocks of machines differ: later batches may carry earlier times.
        at = MONDAY - timedelta(minutes=number)
        with transaction(database) as session:
            drafts = [
                Draft(case_chain(cases[one]), f"batch {number}", {}) for one in batch
            ]
            append(session, drafts, who="test", at=at)
        if number % 2:
            feed.number_new(database)
    feed.number_new(database)
    with reading(database) as session:
        fed = feed.after(session, 0, limit=1000)
    for case_id in cases:
        mine = [
            int(one.kind.removeprefix("batch "))
            for one in fed
            if one.case_id == case_id
        ]
        assert mine == sorted(mine)
    database.engine.dispose()


def test_eight_writers_and_a_reader_miss_nothing_and_see_nothing_twice(
    database: Database,
) -> None:
    writers, each = 8, 60

    def write() -> None:
        for _ in range(each):
            draft = Draft(case_chain(new_id()), "happened", {})
            with transaction(database) as session:
                append(session, [draft], who="test", at=MONDAY, fresh=True)

    threads = [threading.Thread(target=write) for _ in range(writers)]
    for thread in threads:
        thread.start()
    seen: list[int] = []
    kinds: set[str] = set()
    while len(seen) < writers * each:
        feed.number_new(database)
        with reading(database) as session:
            new = feed.after(session, seen[-1] if seen else 0, limit=100)
        seen += [one.position for one in new]
        kinds |= {one.case_id for one in new}
        if not new and not any(thread.is_alive() for thread in threads):
            break
    for thread in threads:
        thread.join()
    assert seen == list(range(1, writers * each + 1))
    assert len(kinds) == writers * each
    assert len(all_rows(database, FeedEntry)) == writers * each
