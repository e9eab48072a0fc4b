"""Files are kept with their complaint, each content once."""

from __future__ import annotations

import pytest

from resolve.attachments import queries
from resolve.attachments.errors import UnknownAttachment
from resolve.attachments.models import AttachedContent, Attachment
from resolve.attachments.rules import Checked
from resolve.attachments.service import Belongs, attach
from resolve.complaints.filing import Filed
from resolve.journal.models import JournalEntry
from resolve.journal.verify import verify
from resolve.kit.database import Database, reading, transaction
from resolve.kit.ids import new_id
from tests.builders import MONDAY, all_rows, filed, published

PHOTO = Checked("door of Olena.png", "image/png", b"\x89PNG photo")
LETTER = Checked("letter.txt", "text/plain", b"hello")


def attached(database: Database, to: Filed, *files: Checked) -> list[Attachment]:
    belongs = Belongs(to.complaint_id, to.case_id, "salt")
    with transaction(database) as session:
        return attach(session, files, belongs, who="customer", at=MONDAY)


def test_the_same_content_is_stored_once(database: Database) -> None:
    published(database)
    one, other = filed(database), filed(database)
    attached(database, one, PHOTO, LETTER, PHOTO)
    attached(database, other, PHOTO)

    assert len(all_rows(database, AttachedContent)) == 2
    assert len(all_rows(database, Attachment)) == 4
    with reading(database) as session:
        found = queries.of(session, [one.complaint_id, other.complaint_id])
        names = [file.name for file in found[one.complaint_id]]
        assert names == [PHOTO.name, LETTER.name, PHOTO.name]
        assert queries.content(session, found[other.complaint_id][0]) == PHOTO.content


def test_the_journal_knows_that_they_came_and_nothing_of_them(
    database: Database,
) -> None:
    published(database)
    one = filed(database)
    file = attached(database, one, PHOTO)[0]

    entry = next(e for e in all_rows(database, JournalEntry) if e.what == "attached")
    assert list(entry.data["attachments"]) == [file.id]
    assert "Olena" not in str(entry.data)
    assert PHOTO.digest not in str(entry.data)
    with reading(database) as session:
        assert verify(session, key=b"key").sound


def test_what_is_not_there_or_was_erased_is_told_the_same(database: Database) -> None:
    published(database)
    file = attached(database, filed(database), PHOTO)[0]
    with transaction(database) as session:
        kept = session.get_one(Attachment, file.id)
        kept.digest = kept.name = None
        session.add(kept)

    with reading(database) as session:
        for name in (new_id(), "../x", ""):
            with pytest.raises(UnknownAttachment):
                queries.attachment(session, name)
        with pytest.raises(UnknownAttachment):
            queries.content(session, queries.attachment(session, file.id))


def test_without_files_nothing_is_written(database: Database) -> None:
    published(database)
    one = filed(database)
    before = len(all_rows(database, JournalEntry))

    assert attached(database, one) == []
    assert len(all_rows(database, JournalEntry)) == before
