"""Who gets which letter, when and how: by the clock of each, once, whatever happens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from resolve.access.absences import AbsenceWish, add_absence
from resolve.access.models import Person
from resolve.access.people import PersonChange, add_person, change_person, end_person
from resolve.access.table import Role
from resolve.departments.members import put_in
from resolve.departments.models import Post
from resolve.departments.service import DepartmentChange, change
from resolve.handling.duties import Duty, duties
from resolve.handling.mail import send_waiting
from resolve.kit.database import Database, reading, transaction
from resolve.kit.errors import Unavailable
from resolve.messages import kept
from resolve.messages.deliveries import look_anew, try_again
from resolve.messages.kept import KeptLetter
from resolve.messages.models import Delivery, DeliveryState, Message
from resolve.messages.rules import wait_after
from tests.builders import MONDAY, all_rows, filed, published, work
from tests.resolve.messages import conftest as server

WHO = "administrator"
MINUTE = timedelta(minutes=1)
UTC_ZONE = ZoneInfo("UTC")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "mail"


def taken_in(
    database: Database, login: str, head_of: Sequence[str] = (), **wanted: Any
) -> str:
    """Take somebody in as head of departments; without more, letters come at once."""
    known: dict[str, Any] = {
        "name": login.title(),
        "email": f"{login}@example.com",
    } | wanted
    with transaction(database) as session:
        made = add_person(
            session,
            login,
            PersonChange(**known),
            who=WHO,
            at=MONDAY,
        )
        for department in head_of:
            put_in(session, department, made.id, Post.HEAD, who=WHO, at=MONDAY)
    return made.id


def wants(
    database: Database, login_id: str, *, at: datetime = MONDAY, **wanted: Any
) -> None:
    with transaction(database) as session:
        change_person(session, login_id, PersonChange(**wanted), who=WHO, at=at)
        look_anew(session, login_id, at=at)


def asked(database: Database, reference: str = "1", *, at: datetime = MONDAY) -> str:
    """File a complaint that packing and others are asked about; give its case."""
    case = filed(database, reference=reference, at=at).case_id
    work(database, at=at)
    return case


def mailed(
    database: Database, folder: Path, *, at: datetime = MONDAY
) -> Sequence[KeptLetter]:
    while send_waiting(database, folder, at=at, most=500):
        pass
    return kept.newest(folder, most=500)


def to(letters: Sequence[KeptLetter], address: str) -> list[KeptLetter]:
    return [one for one in letters if address in one.to]


def states(database: Database) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in all_rows(database, Delivery):
        found.setdefault(one.addressee, []).append(one.state)
    return found


# ------------------------------------------------------------------------------ to whom


def test_every_head_of_a_department_gets_a_letter_in_their_language(
    database: Database, folder: Path
) -> None:
    published(database)
    taken_in(database, "olha", ["packing"], language="uk", zone="Europe/Kyiv")
    taken_in(database, "petra", ["packing"], zone="Europe/Prague")
    asked(database)

    letters = mailed(database, folder)

    (olha,), (petra,) = to(letters, "olha@example.com"), to(letters, "petra@")
    assert "Добрий день, Olha!" in olha.text
    assert "(Київ, Україна)" in olha.text
    assert "Good day, Petra!" in petra.text
    assert "(Prague, Czechia)" in petra.text
    assert len({one.name for one in letters}) == len(letters)


def test_while_a_head_is_away_the_letter_goes_to_whoever_stands_in(
    database: Database, folder: Path
) -> None:
    published(database)
    olha = taken_in(database, "olha", ["packing"])
    bo, eve = taken_in(database, "bo"), taken_in(database, "eve")
    absent(database, olha, bo)
    absent(database, bo, eve)
    asked(database)

    letters = mailed(database, folder)

    assert len(to(letters, "eve@example.com")) == 1
    assert not to(letters, "olha@example.com")
    assert not to(letters, "bo@example.com")
    (letter,) = to(letters, "eve@example.com")
    assert "You get this letter because you stand in for Olha." in letter.text


def test_two_heads_with_one_substitute_are_one_letter(
    database: Database, folder: Path
) -> None:
    published(database)
    bo = taken_in(database, "bo")
    for login in ("olha", "petra"):
        absent(database, taken_in(database, login, ["packing"]), bo)
    asked(database)

    assert len(to(mailed(database, folder), "bo@example.com")) == 1


@pytest.mark.parametrize("login", ["quality-manager", "someone-else"])
def test_where_nobody_is_left_the_quality_manager_is_told(
    database: Database, folder: Path, login: str
) -> None:
    published(database)
    manager = taken_in(database, login, roles=[Role.QUALITY_MANAGER])
    olha, bo = taken_in(database, "olha", ["packing"]), taken_in(database, "bo")
    absent(database, olha, bo)
    with transaction(database) as session:
        end_person(session, bo, who=WHO, at=MONDAY)
    asked(database)

    mailed(database, folder)

    told = {one.person_id for one in all_rows(database, Delivery)}
    assert told == {manager}  # the departments without a head, too


def test_the_manager_on_duty_may_be_away_too(database: Database, folder: Path) -> None:
    published(database)
    manager = taken_in(database, "quality-manager", roles=[Role.QUALITY_MANAGER])
    absent(database, manager, taken_in(database, "bo"))
    filed(database, touchpoint="?")

    letters = mailed(database, folder)

    assert [one.to for one in letters] == ["Bo <bo@example.com>"]


def test_a_department_that_only_has_an_address_gets_its_letter_there(
    database: Database, folder: Path
) -> None:
    published(database)
    taken_in(database, "quality-manager", roles=[Role.QUALITY_MANAGER])
    with transaction(database) as session:
        wanted = DepartmentChange(head="Packing desk", email="packing@example.com")
        change(session, "packing", wanted, who=WHO, at=MONDAY)
    asked(database)

    (letter,) = to(mailed(database, folder), "packing@")

    assert letter.to == "Packing desk <packing@example.com>"


def test_a_partner_who_stands_in_reads_no_words_of_others(
    database: Database, folder: Path
) -> None:
    published(database)
    partner = taken_in(database, "lee", ["carrier"])
    absent(database, taken_in(database, "olha", ["packing"]), partner)
    with reading(database) as session:
        assert session.get_one(Person, partner).roles == []
    asked(database)

    letters = to(mailed(database, folder), "lee@example.com")

    assert len(letters) == 2  # their own, and Olha's


def absent(database: Database, who: str, substitute: str, days: int = 5) -> None:
    first = MONDAY.date()
    wanted = AbsenceWish(substitute, first, first + timedelta(days=days))
    with transaction(database) as session:
        add_absence(session, who, wanted, zone=UTC_ZONE, who=WHO, at=MONDAY)


# --------------------------------------------------------------------------------- when


def test_letters_wait_for_the_end_of_quiet_hours(
    database: Database, folder: Path
) -> None:
    published(database)
    taken_in(
        database,
        "olha",
        ["packing"],
        zone="UTC",
        quiet_from="08:00",
        quiet_until="11:30",
    )
    asked(database)  # at nine

    at_nine = mailed(database, folder)
    with reading(database) as session:
        assert Duty.MAIL not in duties(session, at=MONDAY + timedelta(hours=2))
    end = MONDAY + timedelta(hours=2, minutes=30)
    just_before = mailed(database, folder, at=end - MINUTE)
    after = mailed(database, folder, at=end)

    assert not to(at_nine, "olha@")
    assert not to(just_before, "olha@")
    assert len(to(after, "olha@")) == 1


def test_who_wants_no_letters_gets_none(database: Database, folder: Path) -> None:
    published(database)
    taken_in(database, "olha", ["packing"], mail="none")
    asked(database)

    assert not to(mailed(database, folder), "olha@")
    (state,) = [
        one.state for one in all_rows(database, Delivery) if one.person_id is not None
    ]
    assert state == DeliveryState.NOT_WANTED


def test_a_digest_tells_once_a_day_what_is_new_and_what_is_open(
    database: Database, folder: Path
) -> None:
    published(database)
    taken_in(
        database, "olha", ["packing"], mail="digest", digest_at="16:00", zone="UTC"
    )
    asked(database, "1")
    asked(database, "2", at=MONDAY + timedelta(hours=1))

    early = mailed(database, folder, at=MONDAY + timedelta(hours=6))
    four = MONDAY + timedelta(hours=7)
    at_four = mailed(database, folder, at=four)
    asked(database, "3", at=four + MINUTE)
    same_day = mailed(database, folder, at=four + timedelta(hours=2))
    next_day = mailed(database, folder, at=four + timedelta(days=1))
    nothing_new = mailed(database, folder, at=four + timedelta(days=2))

    assert not to(early, "olha@")
    (digest,) = to(at_four, "olha@")
    assert digest.subject == "2 things are new: 2 March 2026"
    assert digest.text.count("– What can change for the customer") == 2
    assert "Your answer is awaited, the next due first:" in digest.text
    assert digest.text.count("– 4 March 2026") == 2
    assert digest.text.count("http://127.0.0.1:8000/tasks/") == 4
    assert to(same_day, "olha@") == [digest]
    (second, _) = to(next_day, "olha@")
    assert second.subject == "1 thing is new: 3 March 2026"
    assert len(to(nothing_new, "olha@")) == 2


def test_a_digest_speaks_the_language_of_its_reader(
    database: Database, folder: Path
) -> None:
    published(database)
    taken_in(
        database, "olha", ["packing"], mail="digest", digest_at="10:00", zone="UTC",
        language="uk",
    )  # fmt: skip
    asked(database)

    (digest,) = to(mailed(database, folder, at=MONDAY + timedelta(hours=1)), "olha@")

    assert digest.subject == "1 новина: 2 березня 2026"
    assert "Чекають на вашу відповідь" in digest.text


def test_who_changes_their_mind_gets_what_waited(
    database: Database, folder: Path
) -> None:
    published(database)
    olha = taken_in(database, "olha", ["packing"], mail="digest", zone="UTC")
    asked(database)
    assert not to(mailed(database, folder), "olha@")

    wants(database, olha, mail="each", at=MONDAY + MINUTE)

    (letter,) = to(mailed(database, folder, at=MONDAY + MINUTE), "olha@")
    assert "What can change for the customer" in letter.subject


def test_a_digest_of_somebody_who_left_is_not_sent(
    database: Database, folder: Path
) -> None:
    published(database)
    olha = taken_in(database, "olha", ["packing"], mail="digest", zone="UTC")
    asked(database)
    mailed(database, folder)
    with transaction(database) as session:
        end_person(session, olha, who=WHO, at=MONDAY)

    assert not to(mailed(database, folder, at=MONDAY + timedelta(days=1)), "olha@")


# --------------------------------------------------------------------- whatever happens


def test_a_letter_is_made_once_however_often_its_message_is_mailed(
    database: Database, folder: Path
) -> None:
    published(database)
    taken_in(database, "olha", ["packing"])
    asked(database)
    letters = mailed(database, folder)
    with transaction(database) as session:
        # As if it had been killed before it could say so.
        session.execute(update(Message).values(mailed_at=None))

    again = mailed(database, folder, at=MONDAY + timedelta(hours=1))

    assert [one.name for one in again] == [one.name for one in letters]
    assert len(all_rows(database, Delivery)) == len(all_rows(database, Message))


def test_killed_while_carrying_it_is_carried_again_after_a_while(
    database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(database)
    taken_in(database, "olha", ["packing"])
    asked(database)
    with monkeypatch.context() as during:
        during.setattr("resolve.handling.mail._carry", _killed)
        with pytest.raises(KeyboardInterrupt):
            send_waiting(database, folder, at=MONDAY, most=500)

    at_once = mailed(database, folder)
    a_minute_later = mailed(database, folder, at=MONDAY + MINUTE)

    assert not at_once  # somebody may be carrying it still
    assert len(to(a_minute_later, "olha@")) == 1


def _killed(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_a_folder_that_is_full_in_the_middle_keeps_what_is_written(
    database: Database, folder: Path
) -> None:
    published(database)
    asked(database)
    folder.mkdir()
    waiting = sorted(one.id for one in all_rows(database, Message))
    (folder / f".{waiting[2]}.part").mkdir()  # cannot be written

    with pytest.raises(Unavailable):
        send_waiting(database, folder, at=MONDAY, most=500)
    assert [one.stem for one in sorted(folder.glob("*.eml"))] == waiting[:2]

    (folder / f".{waiting[2]}.part").rmdir()
    letters = mailed(database, folder)
    assert sorted(one.name for one in letters) == waiting


# -------------------------------------------------------------------- by a mail server


def test_letters_go_by_the_mail_server(
    database: Database, folder: Path, through_the_post: server.Post
) -> None:
    published(database)
    taken_in(database, "olha", ["packing"])
    case = asked(database)

    mailed(database, folder)

    assert through_the_post.recipients == ["olha@example.com"]
    assert not folder.exists()
    mail = through_the_post.taken[0]
    (sent,) = [one for one in all_rows(database, Delivery) if one.state == "sent"]
    assert mail["Message-ID"] == f"<{sent.file}@resolve.company.example>"
    assert "http://127.0.0.1:8000/tasks/" in mail.get_content()
    assert case not in mail["Subject"]


def test_what_has_no_address_is_noted_and_not_tried(
    database: Database, folder: Path, through_the_post: server.Post
) -> None:
    published(database)
    taken_in(database, "olha", ["packing"], email="")
    asked(database)

    mailed(database, folder)

    assert through_the_post.taken == []
    assert {one for found in states(database).values() for one in found} == {
        DeliveryState.NO_ADDRESS
    }


def test_an_address_refused_for_good_is_tried_again_only_when_asked(
    database: Database, folder: Path, through_the_post: server.Post
) -> None:
    published(database)
    olha = taken_in(database, "olha", ["packing"])
    asked(database)
    through_the_post.refuse["olha@example.com"] = "550 nobody here"
    mailed(database, folder)
    mailed(database, folder, at=MONDAY + timedelta(days=9))
    assert states(database)[f"person:{olha}"] == [DeliveryState.REFUSED]

    wants(database, olha, email="olha@new.example")
    with transaction(database) as session:
        try_again(session, at=MONDAY + timedelta(days=10))
    mailed(database, folder, at=MONDAY + timedelta(days=10))

    assert through_the_post.recipients == ["olha@new.example"]


def test_a_server_that_is_away_is_tried_again_later_and_later(
    database: Database, folder: Path, through_the_post: server.Post
) -> None:
    published(database)
    taken_in(database, "olha", ["packing"])
    asked(database)
    through_the_post.after[0] = "451 not now"
    at = MONDAY
    for tries in range(1, 5):
        mailed(database, folder, at=at)
        (one,) = [o for o in all_rows(database, Delivery) if o.person_id]
        assert (one.tries, one.state) == (tries, DeliveryState.WAITING)
        assert one.due_at == at + wait_after(tries)
        assert "451" in (one.trouble or "")
        mailed(database, folder, at=one.due_at - MINUTE / 2)
        at = one.due_at

    through_the_post.after.clear()
    mailed(database, folder, at=at)

    assert through_the_post.recipients == ["olha@example.com"]


def test_the_day_of_a_digest_is_the_readers(database: Database, folder: Path) -> None:
    published(database)
    taken_in(
        database, "olha", ["packing"], mail="digest", digest_at="00:30",
        zone="Pacific/Auckland",
    )  # fmt: skip
    asked(database)
    half_past_midnight = datetime(2026, 3, 2, 11, 30, tzinfo=UTC)

    mailed(database, folder)
    mailed(database, folder, at=half_past_midnight)

    days = {one.digest_day for one in all_rows(database, Delivery) if one.digest_day}
    assert days == {date(2026, 3, 3)}
