"""Absence: whose work is done by whom, to the day, from substitute to substitute."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolve.access.absences import (
    AbsenceWish,
    absences,
    add_absence,
    change_absence,
    end_absence,
    standing_in,
    substitute_of,
    substituted_by,
)
from resolve.access.errors import (
    AbsenceEnded,
    AbsenceOverlaps,
    DaysInNoOrder,
    DaysOver,
    NobodyThere,
    OwnSubstitute,
    SubstituteCircle,
    UnknownAbsence,
)
from resolve.access.models import Absence
from resolve.access.people import PersonChange, add_person, end_person
from resolve.access.rules import Away, leads_back_on, stands_in
from resolve.journal.models import JournalEntry
from resolve.kit.database import Database, reading, transaction
from tests.builders import MONDAY, all_rows

KYIV = ZoneInfo("Europe/Kyiv")
FIRST = MONDAY.date()
WHO = "administrator"


def person(database: Database, login: str, zone: str = "") -> str:
    with transaction(database) as session:
        wanted = PersonChange(name=login.title(), zone=zone)
        return add_person(session, login, wanted, who=WHO, at=MONDAY).id


def away(
    database: Database,
    who: str,
    substitute: str,
    first: int = 0,
    last: int = 4,
    *,
    at: datetime = MONDAY,
) -> Absence:
    """Enter an absence from so many days after Monday to so many."""
    wanted = AbsenceWish(substitute, day(first), day(last))
    with transaction(database) as session:
        return add_absence(session, who, wanted, zone=KYIV, who=WHO, at=at)


def day(n: int) -> date:
    return FIRST + timedelta(days=n)


def works_for(database: Database, who: str, at: datetime = MONDAY) -> str | None:
    with reading(database) as session:
        return substitute_of(session, [who], at=at)[who]


def also_works_for(
    database: Database, who: str, at: datetime = MONDAY
) -> tuple[str, ...]:
    with reading(database) as session:
        return substituted_by(session, who, at=at)


def test_the_substitute_does_the_work_and_nobody_else(database: Database) -> None:
    ann, bo, eve = (person(database, one) for one in ("ann", "bo", "eve"))
    away(database, ann, bo)

    assert works_for(database, ann) == bo
    assert works_for(database, bo) == bo
    assert works_for(database, eve) == eve
    assert also_works_for(database, bo) == (ann,)
    assert also_works_for(database, ann) == also_works_for(database, eve) == ()


def test_the_work_goes_on_to_the_substitute_of_the_substitute(
    database: Database,
) -> None:
    ann, bo, eve = (person(database, one) for one in ("ann", "bo", "eve"))
    away(database, ann, bo)
    away(database, bo, eve, 2, 2)

    on_day_two = MONDAY + timedelta(days=2)
    assert works_for(database, ann) == bo
    assert works_for(database, ann, on_day_two) == eve
    assert set(also_works_for(database, eve, on_day_two)) == {ann, bo}
    assert also_works_for(database, bo, on_day_two) == ()
    assert works_for(database, ann, MONDAY + timedelta(days=3)) == bo


def test_where_the_way_ends_at_somebody_who_left_nobody_does_the_work(
    database: Database,
) -> None:
    ann, bo = person(database, "ann"), person(database, "bo")
    away(database, ann, bo)
    with transaction(database) as session:
        end_person(session, bo, who=WHO, at=MONDAY)

    assert works_for(database, ann) is None
    assert works_for(database, bo) is None
    assert also_works_for(database, bo) == ()


@pytest.mark.parametrize(
    ("zone", "begins", "ends"),
    [
        ("", "2026-03-01T22:00+00:00", "2026-03-06T22:00+00:00"),  # the house: Kyiv
        ("America/New_York", "2026-03-02T05:00+00:00", "2026-03-07T05:00+00:00"),
        ("Pacific/Auckland", "2026-03-01T11:00+00:00", "2026-03-06T11:00+00:00"),
    ],
)
def test_days_begin_and_end_where_the_person_away_lives(
    database: Database, zone: str, begins: str, ends: str
) -> None:
    ann, bo = person(database, "ann", zone), person(database, "bo", "Asia/Tokyo")
    away(database, ann, bo, at=MONDAY - timedelta(days=3))
    first, over = datetime.fromisoformat(begins), datetime.fromisoformat(ends)
    moment = timedelta(seconds=1)

    assert works_for(database, ann, first - moment) == ann
    assert works_for(database, ann, first) == bo
    assert works_for(database, ann, over - moment) == bo
    assert works_for(database, ann, over) == ann


def test_a_day_may_be_the_one_on_which_clocks_change(database: Database) -> None:
    ann, bo = person(database, "ann", "Europe/Kyiv"), person(database, "bo")
    wanted = AbsenceWish(bo, date(2026, 3, 29), date(2026, 3, 29))
    with transaction(database) as session:
        add_absence(session, ann, wanted, zone=KYIV, who=WHO, at=MONDAY)

    begins = datetime(2026, 3, 28, 22, tzinfo=UTC)
    ends = datetime(2026, 3, 29, 21, tzinfo=UTC)  # 23 hours later
    second = timedelta(seconds=1)
    seen = [works_for(database, ann, at) for at in (begins, ends - second)]
    assert seen == [bo, bo]
    assert works_for(database, ann, begins - second) == ann
    assert works_for(database, ann, ends) == ann


def test_what_cannot_be_is_refused_with_its_field(database: Database) -> None:
    ann, bo = person(database, "ann"), person(database, "bo")
    gone = person(database, "gone")
    with transaction(database) as session:
        end_person(session, gone, who=WHO, at=MONDAY)

    for wrong, pointer, tried in (
        (OwnSubstitute, "/substitute", (ann, ann, 0, 1)),
        (NobodyThere, "/substitute", (ann, gone, 0, 1)),
        (NobodyThere, "/substitute", (ann, "nobody", 0, 1)),
        (NobodyThere, "/person", (gone, bo, 0, 1)),
        (DaysInNoOrder, "/last_day", (ann, bo, 2, 1)),
        (DaysOver, "/last_day", (ann, bo, -5, -1)),
    ):
        with pytest.raises(wrong) as caught:
            away(database, *tried)
        assert caught.value.pointer == pointer
    assert all_rows(database, Absence) == []


def test_two_absences_of_one_person_do_not_share_a_day(database: Database) -> None:
    ann, bo = person(database, "ann"), person(database, "bo")
    away(database, ann, bo, 3, 5)

    for first, last, pointer in (
        (5, 9, "/first_day"), (0, 3, "/last_day"), (4, 4, "/first_day"),
        (0, 9, "/last_day"),
    ):  # fmt: skip
        with pytest.raises(AbsenceOverlaps) as caught:
            away(database, ann, bo, first, last)
        assert caught.value.pointer == pointer
    away(database, ann, bo, 0, 2)
    away(database, ann, bo, 6, 6)


def test_a_circle_is_refused_where_it_can_be_seen(database: Database) -> None:
    ann, bo, eve = (person(database, one) for one in ("ann", "bo", "eve"))
    away(database, ann, bo, 0, 4)
    away(database, bo, eve, 3, 6)

    with pytest.raises(SubstituteCircle) as caught:
        away(database, eve, ann, 4, 8)
    assert caught.value.pointer == "/substitute"
    assert caught.value.extra["day"] == day(4)
    away(database, eve, ann, 5, 8)  # by then Ann is back


def test_an_ended_absence_ends_at_once_and_leaves_room(database: Database) -> None:
    ann, bo = person(database, "ann"), person(database, "bo")
    entered = away(database, ann, bo)
    with transaction(database) as session:
        end_absence(session, entered.id, who=WHO, at=MONDAY)
        end_absence(session, entered.id, who=WHO, at=MONDAY + timedelta(days=1))

    assert works_for(database, ann) == ann
    assert all_rows(database, Absence)[0].ended_at == MONDAY
    away(database, ann, bo)
    wanted = AbsenceWish(bo, day(0), day(1))
    with transaction(database) as session:
        with pytest.raises(AbsenceEnded):
            change_absence(session, entered.id, wanted, who=WHO, at=MONDAY)
        with pytest.raises(UnknownAbsence):
            end_absence(session, "nonsense", who=WHO, at=MONDAY)


def test_a_changed_absence_does_not_stand_in_its_own_way(database: Database) -> None:
    ann, bo, eve = (person(database, one) for one in ("ann", "bo", "eve"))
    entered = away(database, ann, bo)
    with transaction(database) as session:
        wanted = AbsenceWish(eve, day(0), day(9))
        change_absence(session, entered.id, wanted, who=WHO, at=MONDAY)

    assert works_for(database, ann, MONDAY + timedelta(days=9)) == eve


def test_what_is_over_is_listed_no_more(database: Database) -> None:
    ann, bo = person(database, "ann"), person(database, "bo")
    later = away(database, ann, bo, 7, 8)
    sooner = away(database, ann, bo, 0, 1)

    with reading(database) as session:
        now = absences(session, [ann], at=MONDAY)
        then = standing_in(session, bo, at=MONDAY + timedelta(days=3))
    assert [one.id for one in now] == [sooner.id, later.id]
    assert [one.id for one in then] == [later.id]


def test_the_journal_knows_ids_and_days_only(database: Database) -> None:
    ann, bo = person(database, "ann"), person(database, "bo")
    entered = away(database, ann, bo)

    (entry,) = [
        one for one in all_rows(database, JournalEntry) if one.what == "absence_entered"
    ]
    assert entry.data == {
        "absence": entered.id, "person": ann, "substitute": bo,
        "first_day": "2026-03-02", "last_day": "2026-03-06",
    }  # fmt: skip


people = st.sampled_from("abcdef")
ways = st.dictionaries(people, people)


@given(people, ways, st.sets(people))
def test_whoever_stands_in_is_here_and_not_away(
    who: str, instead: dict[str, str], here: set[str]
) -> None:
    found = stands_in(who, instead, here)

    assert found is None or (found in here and found not in instead)
    if who not in instead:
        assert found == (who if who in here else None)
    elif instead[who] not in instead:
        assert found == (instead[who] if instead[who] in here else None)


spans = st.tuples(people, people, st.integers(0, 20), st.integers(0, 20))


@given(st.lists(spans), spans)
def test_a_circle_is_seen_on_the_first_day_that_has_one(
    entered: list[tuple[str, str, int, int]], wanted: tuple[str, str, int, int]
) -> None:
    others: list[Away] = []
    for one in entered:
        made = _away(one)
        free = not any(
            o.person == made.person and not (_before(o, made) or _before(made, o))
            for o in others
        )
        if made.person not in (made.substitute, wanted[0]) and free:
            others.append(made)
    mine = _away(wanted)

    seen = leads_back_on(mine, others)

    days = [mine.first_day + timedelta(days=n) for n in range(50)]
    expected = next(
        (one for one in days if mine.on(one) and _is_circle(mine, others, one)), None
    )
    assert seen == expected


def _away(span: tuple[str, str, int, int]) -> Away:
    who, substitute, first, last = span
    return Away(who, substitute, day(min(first, last)), day(max(first, last)))


def _before(one: Away, other: Away) -> bool:
    return one.last_day < other.first_day


def _is_circle(mine: Away, others: list[Away], on: date) -> bool:
    """Walk at most as many steps as there are people."""
    instead = {one.person: one.substitute for one in others if one.on(on)}
    at: str | None = mine.substitute
    for _ in range(10):
        if at == mine.person:
            return True
        at = instead.get(at or "")
    return False
