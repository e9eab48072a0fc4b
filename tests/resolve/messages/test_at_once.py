"""Several mail at the same time: each letter goes once."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

from resolve.access.people import PersonChange, add_person
from resolve.departments.members import put_in
from resolve.departments.models import Post
from resolve.handling.mail import send_waiting
from resolve.kit.database import Database, transaction
from resolve.messages.models import Delivery, DeliveryState
from tests.builders import MONDAY, all_rows, filed, published, work
from tests.resolve.messages import conftest as server

LATER = MONDAY + timedelta(hours=8)


def test_four_who_mail_at_once_send_each_letter_once(
    database: Database, tmp_path: Path, through_the_post: server.Post
) -> None:
    published(database)
    _heads(database, mail="each")
    for n in range(6):
        filed(database, reference=str(n))
    work(database)

    _mail_four_times(database, tmp_path)

    sent = [one for one in all_rows(database, Delivery) if one.state == "sent"]
    ids = Counter(str(mail["Message-ID"]) for mail in through_the_post.taken)
    assert len(sent) == 12
    assert len(ids) == 12
    assert set(ids.values()) == {1}


def test_four_who_mail_at_once_write_one_digest_for_each_person(
    database: Database, tmp_path: Path, through_the_post: server.Post
) -> None:
    published(database)
    _heads(database, mail="digest")
    for n in range(6):
        filed(database, reference=str(n))
    work(database)
    send_waiting(database, tmp_path, at=MONDAY, most=500)
    assert through_the_post.taken == []

    _mail_four_times(database, tmp_path)

    assert sorted(through_the_post.recipients) == ["ann@a.example", "bo@a.example"]
    told = Counter(one.state for one in all_rows(database, Delivery) if one.person_id)
    assert told == {DeliveryState.GATHERED: 12, DeliveryState.SENT: 2}


def _heads(database: Database, *, mail: str) -> None:
    with transaction(database) as session:
        for login, department in (("ann", "packing"), ("bo", "stock")):
            wanted = PersonChange(
                email=f"{login}@a.example", mail=mail, zone="UTC", digest_at="16:00"
            )
            made = add_person(session, login, wanted, who="administrator", at=MONDAY)
            put_in(
                session, department, made.id, Post.HEAD, who="administrator", at=MONDAY
            )


def _mail_four_times(database: Database, folder: Path) -> None:
    def mail(_: int) -> None:
        while send_waiting(database, folder, at=LATER, most=5):
            pass

    with ThreadPoolExecutor(4) as several:
        list(several.map(mail, range(4)))
