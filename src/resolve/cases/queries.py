"""Looking at cases."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, select

from resolve.cases.errors import UnknownCase
from resolve.cases.models import Case, CaseFlowRun, CaseStatus
from resolve.chain.model import ValueChain
from resolve.chain.walk import Walk
from resolve.kit.database import fixed
from resolve.kit.ids import is_id
from resolve.maps.queries import chain_of, walk_of


def case(session: Session, case_id: str, *, lock: bool = False) -> Case:
    """Give a case; `lock` keeps others from deciding on it until we are done.

    Raises:
        UnknownCase: there is none with this id.
    """
    found = (
        session.get(Case, case_id, with_for_update=lock or None, populate_existing=lock)
        if is_id(case_id)
        else None
    )
    if found is None:
        raise unknown(case_id)
    return found


def unknown(case_id: str) -> UnknownCase:
    """Make the error for a case that does not exist, or not for who is asking."""
    return UnknownCase(
        f"There is no case {case_id!r}.", hint="`resolve case list` shows them."
    )


def chain_of_case(session: Session, of: Case) -> ValueChain | None:
    """Give the chain that a placed case was placed on, None for one to be placed."""
    if of.map_id is None or of.map_version is None:
        return None
    return chain_of(session, of.map_id, of.map_version)


def walk_of_case(session: Session, of: Case) -> Walk | None:
    """Give who takes part in a placed case, None for one to be placed."""
    if of.map_id is None or of.map_version is None or of.concern is None:
        return None
    return walk_of(session, of.map_id, of.map_version, of.concern)


Like = tuple[str, int, str]
"""Map, version and concern: what cases have in common whose complaints join."""


def joinable(session: Session, concerns: Sequence[Like]) -> dict[Like, Case]:
    """Give the newest case on each concern that still awaits answers, locked."""
    newest = [_newest(session, *concern) for concern in concerns]
    if not any(newest):
        return {}
    found = session.exec(
        select(Case)
        .where(col(Case.id).in_([id_ for id_ in newest if id_]))
        .where(Case.status == CaseStatus.TASKS)
        .order_by(col(Case.id))  # one order of locking for everybody
        .with_for_update()
    )
    by_id = {case.id: case for case in found}
    return {
        concern: by_id[id_]
        for concern, id_ in zip(concerns, newest, strict=True)
        if id_ in by_id
    }


def _newest(
    session: Session, map_id: str, map_version: int, concern: str
) -> str | None:
    return session.exec(
        select(Case.id)
        .where(
            col(Case.status) == fixed(CaseStatus.TASKS),
            Case.map_id == map_id,
            Case.map_version == map_version,
            Case.concern == concern,
        )
        .order_by(col(Case.id).desc())
        .limit(1)
    ).first()


def flow_runs(session: Session, case_id: str) -> Sequence[str]:
    """Give the ids of the flow runs that moved a case, oldest first."""
    return session.exec(
        select(CaseFlowRun.run_id)
        .where(CaseFlowRun.case_id == case_id)
        .order_by(col(CaseFlowRun.at), col(CaseFlowRun.run_id))
    ).all()
