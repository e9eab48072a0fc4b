"""Standards of hand-overs: proposed by one side, in force when both said yes."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from time import sleep

import pytest
from sqlmodel import Session

from resolve.analytics.replayed import differences
from resolve.handovers import queries, service
from resolve.handovers.errors import (
    BetweenOthersNow,
    NothingAsked,
    NotProposed,
    NotYourHandover,
    UnknownHandover,
)
from resolve.handovers.models import HandoverStandard, StandardStatus
from resolve.handovers.service import Wording
from resolve.kit.clock import now
from resolve.kit.database import Database, reading, transaction
from resolve.maps.queries import chain_of
from tests.builders import published
from tests.people import MAP, MAP_FILE

EDGE = ("pick", "pack")
WHOLE = Wording(
    "Everything of one order in one box",
    state="Whole, glass upright",
    by_when="Until four o'clock for the same day",
    within=timedelta(hours=2),
    accepted="Packing counts and scans the box",
)


@pytest.fixture
def map_(database: Database) -> Database:
    published(database, MAP_FILE.read_bytes(), at=now())
    return database


def _propose(
    session: Session, department: str = "packing", said: Wording = WHOLE
) -> HandoverStandard:
    return service.propose(
        session, MAP, EDGE, said, department=department, who="ann", at=now()
    )


def _agree(session: Session, of: HandoverStandard, department: str) -> str:
    return service.agree(
        session, of.id, department=department, who="bob", at=now()
    ).status


def _states(versions: Sequence[HandoverStandard]) -> list[tuple[int, str]]:
    return [(one.version, str(one.status)) for one in versions]


def test_what_the_receiver_proposes_is_in_force_when_the_giver_says_yes(
    map_: Database,
) -> None:
    with transaction(map_) as session:
        made = _propose(session)
        assert (made.giver, made.receiver, made.awaits) == ("stock", "packing", "stock")
        assert _agree(session, made, "stock") == StandardStatus.AGREED
        assert _agree(session, made, "stock") == StandardStatus.AGREED  # twice is once
        assert made.awaits is None
        assert made.within == 7200


def test_the_next_version_replaces_the_one_in_force_only_when_both_agree(
    map_: Database,
) -> None:
    with transaction(map_) as session:
        first = _propose(session)
        _agree(session, first, "stock")
        second = _propose(session, "stock", Wording("Two orders in one box"))
        present = queries.versions(session, MAP, *EDGE)
        assert _states(present) == [(2, "proposed"), (1, "agreed")]
        _agree(session, second, "packing")
        present = queries.versions(session, MAP, *EDGE)
        assert _states(present) == [(2, "agreed"), (1, "replaced")]


def test_another_proposal_stands_instead_of_the_one_not_agreed_yet(
    map_: Database,
) -> None:
    with transaction(map_) as session:
        first = _propose(session)
        _propose(session, "stock", Wording("Two orders in one box"))
        with pytest.raises(NotProposed):
            _agree(session, first, "stock")
        present = queries.versions(session, MAP, *EDGE)
        assert _states(present) == [(2, "proposed"), (1, "replaced")]
        assert len(queries.alive(session, ["packing"])) == 1
        assert not queries.alive(session, ["billing"])


def test_a_proposal_is_taken_back(map_: Database) -> None:
    with transaction(map_) as session:
        made = _propose(session)
        service.withdraw(session, made.id, department="packing", who="ann", at=now())
        with pytest.raises(NotProposed):
            _agree(session, made, "stock")


def test_who_did_not_propose_it_does_not_take_it_back(map_: Database) -> None:
    with transaction(map_) as session:
        made = _propose(session)
        with pytest.raises(NotYourHandover):
            service.withdraw(session, made.id, department="stock", who="bob", at=now())


def test_only_the_two_sides_speak_of_their_hand_over(map_: Database) -> None:
    with transaction(map_) as session:
        with pytest.raises(NotYourHandover):
            _propose(session, "sales")
        made = _propose(session)
        with pytest.raises(NotYourHandover):
            _agree(session, made, "sales")


def test_it_says_at_least_what_is_handed_over_and_where(map_: Database) -> None:
    with transaction(map_) as session:
        with pytest.raises(NothingAsked):
            _propose(session, said=Wording("  "))
        with pytest.raises(UnknownHandover):
            service.propose(
                session, MAP, ("pack", "pick"), WHOLE,
                department="packing", who="ann", at=now(),
            )  # fmt: skip


def test_a_yes_is_not_lost_where_the_other_side_proposes_at_once(
    map_: Database,
) -> None:
    with transaction(map_) as session:
        first = _propose(session)
    said, other = Event(), Wording("One box for each customer")

    def yes() -> None:
        with transaction(map_) as session:
            _agree(session, first, "stock")
            said.set()
            sleep(0.5)  # while the other side waits

    def otherwise() -> None:
        assert said.wait(5)
        with transaction(map_) as session:
            _propose(session, "stock", other)

    with ThreadPoolExecutor(2) as people:
        for done in [people.submit(yes), people.submit(otherwise)]:
            done.result()
    with reading(map_) as session:
        assert _states(queries.versions(session, MAP, *EDGE)) == [
            (2, "proposed"),
            (1, "agreed"),
        ]
        assert differences(session) == []


def _moved(database: Database, step: str = "pick", to: str = "purchasing") -> None:
    """Publish the map anew, with another department at a step."""
    head, _, rest = MAP_FILE.read_text().partition(f"\n  {step}:\n    department: ")
    left = rest[rest.index("\n") :]
    changed = f"{head}\n  {step}:\n    department: {to}{left}"
    published(database, changed.encode(), at=now())


def test_what_other_departments_agreed_on_does_not_bind_who_has_the_step_now(
    map_: Database,
) -> None:
    with transaction(map_) as session:
        made = _propose(session)
        _agree(session, made, "stock")
        assert queries.is_between(chain_of(session, MAP), made)

    _moved(map_)

    with reading(map_) as session:
        (kept,) = queries.versions(session, MAP, *EDGE)
        assert kept.status == StandardStatus.AGREED  # it stays readable
        assert not queries.is_between(chain_of(session, MAP), kept)
    _moved(map_, to="stock")
    with reading(map_) as session:
        assert queries.is_between(chain_of(session, MAP), kept)


def test_a_proposal_between_the_departments_of_before_is_not_agreed_any_more(
    map_: Database,
) -> None:
    with transaction(map_) as session:
        made = _propose(session)
    _moved(map_)

    with transaction(map_) as session, pytest.raises(BetweenOthersNow):
        _agree(session, made, "stock")
    with transaction(map_) as session, pytest.raises(NotYourHandover):
        _agree(session, made, "purchasing")


def test_the_departments_of_now_agree_on_a_version_of_their_own(
    map_: Database,
) -> None:
    with transaction(map_) as session:
        _agree(session, _propose(session), "stock")
    _moved(map_)

    with transaction(map_) as session:
        anew = _propose(session)
        assert (anew.giver, anew.awaits) == ("purchasing", "purchasing")
        assert _agree(session, anew, "purchasing") == StandardStatus.AGREED
        present = queries.versions(session, MAP, *EDGE)
        assert _states(present) == [(2, "agreed"), (1, "replaced")]
        assert differences(session) == []
