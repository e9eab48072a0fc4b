"""Maps are written by several people without loss, published, taken back, retired."""

from __future__ import annotations

import pytest
from sqlmodel import select

from resolve.cases.models import CaseStatus
from resolve.cases.queries import case
from resolve.cases.service import place
from resolve.chain.findings import InvalidMap
from resolve.chain.model import PromiseConcern
from resolve.journal.models import JournalEntry
from resolve.journal.rules import digest, map_chain
from resolve.kit.database import Database, reading, transaction
from resolve.kit.errors import Invalid
from resolve.maps import drafts, retiring
from resolve.maps.errors import (
    DraftChanged,
    MapChanged,
    MapRetired,
    NothingBefore,
    UnknownDraft,
)
from resolve.maps.models import MapDraft, MapVersion
from resolve.maps.queries import the_map, version
from resolve.maps.rules import blank_map, line_changes
from resolve.maps.service import publish
from resolve.maps.shipped import shipped, shipped_source
from tests.builders import MONDAY, ORDER, all_rows, filed, published

EDITED = ORDER.decode().replace("title: Pick", "title: Pick and count")
WHO = "person:quality-manager"


def begun(database: Database, source: str = EDITED) -> MapDraft:
    with transaction(database) as session:
        made = drafts.begin_from_version(session, "order", who=WHO, at=MONDAY)
        saved = drafts.save(session, made.id, source, revision=1, who=WHO, at=MONDAY)
        assert saved.revision == (1 if source == ORDER.decode() else 2)
        return saved


def put_out(database: Database, draft: MapDraft, reason: str = "") -> int:
    with transaction(database) as session:
        made, _ = drafts.publish_draft(
            session, draft.id, revision=draft.revision, reason=reason, who=WHO,
            at=MONDAY,
        )  # fmt: skip
        return made.version


def test_a_draft_is_published_as_the_next_version_and_ends(database: Database) -> None:
    published(database)
    assert put_out(database, begun(database), "Counting saves a way back.") == 2
    assert all_rows(database, MapDraft) == []
    with reading(database) as session:
        made = version(session, "order")
    assert (made.reason, made.published_by) == ("Counting saves a way back.", WHO)


def test_the_journal_holds_only_a_digest_of_the_reason(database: Database) -> None:
    published(database)
    put_out(database, begun(database), "Because Olena asked.")
    with reading(database) as session:
        made = version(session, "order")
        entry = session.exec(
            select(JournalEntry).where(
                JournalEntry.chain == map_chain("order"), JournalEntry.seq == 2
            )
        ).one()
    assert entry.data["reason"] == digest(made.reason_salt or "", made.reason)
    assert "Olena" not in str(entry.data)


def test_the_second_of_two_who_save_is_told_and_nothing_is_lost(
    database: Database,
) -> None:
    published(database)
    first = begun(database)
    with pytest.raises(DraftChanged) as told, transaction(database) as session:
        drafts.save(session, first.id, "mine", revision=1, who="b", at=MONDAY)
    assert told.value.extra["revision"] == first.revision
    with reading(database) as session:
        assert drafts.the_draft(session, first.id).source == EDITED


def test_the_same_text_saved_twice_is_once(database: Database) -> None:
    published(database)
    first = begun(database)
    with transaction(database) as session:
        again = drafts.save(session, first.id, EDITED, revision=1, who="b", at=MONDAY)
    assert (again.revision, again.saved_by) == (first.revision, WHO)


def test_a_draft_with_errors_can_be_saved_but_not_published(database: Database) -> None:
    published(database)
    draft = begun(database, "steps: [")
    with pytest.raises(InvalidMap):
        put_out(database, draft)
    assert len(all_rows(database, MapDraft)) == 1


def test_a_draft_of_an_old_version_waits_until_it_took_in_the_newest(
    database: Database,
) -> None:
    published(database)
    draft = begun(database)
    with transaction(database) as session:
        publish(session, ORDER.replace(b"Deliver", b"Hand over"), who="a", at=MONDAY)
    with pytest.raises(MapChanged):
        put_out(database, draft)
    with transaction(database) as session:
        draft = drafts.go_on_from(session, draft.id, 2, revision=draft.revision)
    assert put_out(database, draft) == 3


def test_a_new_map_does_not_take_the_place_of_another(database: Database) -> None:
    published(database)
    with transaction(database) as session:
        draft = drafts.begin(session, EDITED, who=WHO, at=MONDAY)
    with pytest.raises(MapChanged):
        put_out(database, draft)


def test_a_deleted_draft_is_gone(database: Database) -> None:
    published(database)
    draft = begun(database)
    with pytest.raises(DraftChanged), transaction(database) as session:
        drafts.delete(session, draft.id, revision=1)
    with transaction(database) as session:
        drafts.delete(session, draft.id, revision=draft.revision)
    with pytest.raises(UnknownDraft), reading(database) as session:
        drafts.the_draft(session, draft.id)


@pytest.mark.parametrize("name", ["no id", "../x", ""])
def test_what_is_no_id_is_no_draft(database: Database, name: str) -> None:
    with pytest.raises(UnknownDraft), reading(database) as session:
        drafts.the_draft(session, name)


def test_more_than_a_megabyte_is_refused(database: Database) -> None:
    with pytest.raises(Invalid), transaction(database) as session:
        drafts.begin(session, "x" * 1_000_001, who=WHO, at=MONDAY)


def test_an_earlier_version_comes_back_as_a_new_one(database: Database) -> None:
    published(database)
    put_out(database, begun(database))
    with transaction(database) as session:
        made = retiring.publish_again(
            session, "order", 1, newest=2, reason="It was better.", who=WHO, at=MONDAY
        )
    assert (made.version, made.source) == (3, ORDER.decode())
    assert len(all_rows(database, MapVersion)) == 3


@pytest.mark.parametrize(
    ("number", "newest", "reason", "error"),
    [
        (1, 2, " ", retiring.WhyMissing),
        (1, 1, "Why.", MapChanged),
        (2, 2, "Why.", NothingBefore),
        (0, 2, "Why.", NothingBefore),
    ],
)
def test_taking_back_is_refused_without_reason_or_ground(
    database: Database, number: int, newest: int, reason: str, error: type[Exception]
) -> None:
    published(database)
    put_out(database, begun(database))
    with pytest.raises(error), transaction(database) as session:
        retiring.publish_again(
            session, "order", number, newest=newest, reason=reason, who=WHO, at=MONDAY
        )


def status_of(database: Database, case_id: str) -> str:
    with reading(database) as session:
        return case(session, case_id).status


def retired(database: Database) -> None:
    with transaction(database) as session:
        retiring.retire(session, "order", who=WHO, at=MONDAY)
        retiring.retire(session, "order", who=WHO, at=MONDAY)


def test_a_complaint_on_a_retired_map_waits_to_be_placed(database: Database) -> None:
    published(database)
    retired(database)
    made = filed(database, map="order")
    assert status_of(database, made.case_id) == CaseStatus.TO_PLACE
    assert {one.code for one in made.warnings} >= {"unknown_map"}


def test_nobody_places_a_case_on_a_retired_map(database: Database) -> None:
    published(database)
    case_id = filed(database, touchpoint=None).case_id
    retired(database)
    with pytest.raises(MapRetired), transaction(database) as session:
        place(
            session, case_id, map_id="order",
            concern=PromiseConcern("door", "on-time"), who=WHO, at=MONDAY,
        )  # fmt: skip


def test_retiring_and_bringing_back_are_entered_once_each(database: Database) -> None:
    published(database)
    retired(database)
    with transaction(database) as session:
        retiring.bring_back(session, "order", who=WHO, at=MONDAY)
    with reading(database) as session:
        assert the_map(session, "order").status == "published"
        entries = session.exec(
            select(JournalEntry.what).where(JournalEntry.chain == map_chain("order"))
        ).all()
    assert entries == ["published", "retired", "brought_back"]
    case_id = filed(database).case_id
    assert status_of(database, case_id) == CaseStatus.TASKS


def test_a_blank_map_and_every_example_can_be_published(database: Database) -> None:
    sources = [blank_map("возврат", 'Returns: "quick" # and {calm}')]
    sources += [shipped_source(name) for name in shipped()]
    for source in sources:
        with transaction(database) as session:
            publish(session, source.encode(), who=WHO, at=MONDAY)
    with reading(database) as session:
        assert the_map(session, "возврат").newest == 1


def test_lines_that_differ_are_shown_with_what_is_around() -> None:
    before = "\n".join("abcdefghij")
    shown = line_changes(before, before.replace("e", "E"))
    assert [f"{one.sign}{one.text}" for one in shown] == [
        " c", " d", "-e", "+E", " f", " g",
    ]  # fmt: skip
    assert line_changes(before, before) == []
