"""Looking at divisions of a promised time."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, select

from resolve.cases.models import Case
from resolve.chain import dividing
from resolve.chain.dividing import Difference, Divided, times_from_json
from resolve.chain.model import PromiseConcern
from resolve.kit.ids import is_id
from resolve.maps import queries as maps
from resolve.reviews import queries
from resolve.reviews.division_errors import NothingToDivide, UnknownDivision
from resolve.reviews.models import Ballot, BallotStatus, Division, DivisionStatus


def the_division(session: Session, division_id: str, *, lock: bool = False) -> Division:
    """Give a division; `lock` keeps others from saving it meanwhile.

    Raises:
        UnknownDivision: there is none with this id.
    """
    found = (
        session.get(
            Division, division_id, with_for_update=lock or None, populate_existing=lock
        )
        if is_id(division_id)
        else None
    )
    if found is None:
        raise UnknownDivision("There is no such division of time.")
    return found


def divisions_of(session: Session, case: Case) -> Sequence[Division]:
    """Give the divisions of a case's present round, the last begun first."""
    return session.exec(
        select(Division)
        .where(Division.case_id == case.id, Division.round == case.round)
        .order_by(col(Division.id).desc())
    ).all()


def current(session: Session, case: Case) -> Division | None:
    """Give the division that a case works on, else that agreed last, else None.

    That is a draft on which nobody votes, else one that is being voted on.
    """
    known = [
        one for one in divisions_of(session, case) if one.status != DivisionStatus.LEFT
    ]
    drafts = [one for one in known if one.status == DivisionStatus.DRAFT]
    free = (one for one in drafts if not is_put(session, one))
    return next(free, None) or next(iter([*drafts, *known]), None)


def agreed_versions(session: Session, map_id: str) -> dict[int, str]:
    """Give the versions of a map that an agreed division made, with its case."""
    rows = session.exec(
        select(Division.agreed_version, Division.case_id).where(
            Division.map_id == map_id, Division.status == DivisionStatus.AGREED
        )
    )
    return {number: case for number, case in rows if number is not None}


def mandates_of(session: Session, map_id: str) -> dict[int, str]:
    """Give the versions of a map on whose division was decided by mandate, with why."""
    rows = session.exec(
        select(Division.agreed_version, Ballot.reason)
        .join(Ballot, col(Ballot.division_id) == col(Division.id))
        .where(
            Division.map_id == map_id,
            Division.status == DivisionStatus.AGREED,
            Ballot.status == BallotStatus.AGREED,
            col(Ballot.by_mandate).is_(True),
        )
    )
    return {number: why.strip() for number, why in rows if number and why}


def agreed_divisions(session: Session, case_ids: Sequence[str]) -> Sequence[Division]:
    """Give the agreed divisions of cases, of every round, in the order begun."""
    return session.exec(
        select(Division)
        .where(
            col(Division.case_id).in_(case_ids),
            Division.status == DivisionStatus.AGREED,
        )
        .order_by(col(Division.id))
    ).all()


def is_put(session: Session, division: Division) -> bool:
    """Tell whether a division is being voted on."""
    return queries.open_ballot_of_division(session, division.id) is not None


def newest_ground(session: Session, case: Case) -> tuple[int, Divided]:
    """Give what the promised time of a case is divided among now, and in which version.

    That is the newest version of its map, else its own where the promise is not made
    any more in the newest.

    Raises:
        NothingToDivide: the case is about something without a promised time.
    """
    if case.map_id is None or case.map_version is None or case.concern is None:
        raise _nothing()
    concern = maps.concern_of(case.concern)
    newest = maps.the_map(session, case.map_id).newest
    for number in (newest, case.map_version):
        found = dividing.on_newest(maps.chain_of(session, case.map_id, number), concern)
        if found is not None:
            return number, found
    raise _nothing()


def _nothing() -> NothingToDivide:
    return NothingToDivide(
        "This case is not about a promise with a time; there is none to divide.",
        hint="Place it on a promise that has `within`.",
    )


def ground(session: Session, case: Case, division: Division) -> Divided:
    """Give what a division divides, in the version that it is made on.

    Raises:
        NothingToDivide: the case is about something else now.
    """
    chain = maps.chain_of(session, division.map_id, division.map_version)
    concern = maps.concern_of(case.concern) if case.concern else None
    same_map = case.map_id == division.map_id
    found = dividing.on_newest(chain, concern) if concern and same_map else None
    if found is None:
        raise _nothing()
    return found


def map_changes(
    session: Session, case: Case, division: Division
) -> tuple[Difference, ...]:
    """Give what the newest version says otherwise of what a division changes."""
    newest = maps.the_map(session, division.map_id).newest
    concern = maps.concern_of(case.concern) if case.concern else None
    if not isinstance(concern, PromiseConcern):
        raise _nothing()
    return dividing.differences(
        maps.chain_of(session, division.map_id, division.map_version),
        maps.chain_of(session, division.map_id, newest),
        concern,
        times_from_json(division.times),
    )
