"""Divisions of a promised time: begun, saved by several people without loss, left."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session

from resolve.cases.errors import WrongState
from resolve.cases.models import Case, CaseStatus
from resolve.cases.queries import case as the_case
from resolve.chain.dividing import times_as_json, times_from_json
from resolve.chain.rewriting import Times
from resolve.journal.rules import case_chain, digest
from resolve.journal.service import Draft, append
from resolve.kit.ids import new_id
from resolve.reviews.division_errors import DivisionChanged, DivisionPut
from resolve.reviews.division_guards import ended, guard_times
from resolve.reviews.division_queries import (
    current,
    ground,
    is_put,
    newest_ground,
    the_division,
)
from resolve.reviews.models import Division, DivisionStatus

MAY_DIVIDE = (CaseStatus.TASKS, CaseStatus.REVIEW, CaseStatus.IMPROVING)
"""In these states of a case its departments may try divisions."""


def begin(
    session: Session,
    case_id: str,
    times: Times | None = None,
    *,
    who: str,
    at: datetime,
) -> Division:
    """Begin to divide the promised time of a case, on the newest version of its map.

    Raises:
        WrongState: the case is not among its departments.
        NothingToDivide: it is about something without a promised time.
        DivisionChanged: somebody began one; it is saved instead.
        StepNotOnWalk, HandoverNotOnWalk, NegativeTime, TimeTooLong: of a time.
    """
    case = _case(session, case_id)
    present = current(session, case)
    if present and _is_free(session, present):
        raise _changed(present)
    number, of = newest_ground(session, case)
    guard_times(of, times or {})
    made = Division(
        id=new_id(),
        case_id=case_id,
        round=case.round,
        map_id=of.chain.id,
        map_version=number,
        times=times_as_json(of.changes(times or {})),
        saved_by=who,
        saved_at=at,
    )
    session.add(made)
    session.flush()
    data = _entry(made) | {"map": made.map_id, "version": number}
    data["states"] = {f"division:{made.id}": str(DivisionStatus.DRAFT)}
    _write(session, made, "division_begun", data, who=who, at=at)
    return made


def save(
    session: Session,
    division_id: str,
    times: Times,
    *,
    revision: int,
    who: str,
    at: datetime,
) -> Division:
    """Save the times of a division; `revision` is the one that they were made on.

    What is the same as in the map is not kept.

    Raises:
        UnknownDivision: there is none with this id.
        DivisionChanged: somebody else saved other times in between.
        DivisionPut, DivisionEnded, WrongState: nothing is tried on it any more.
        StepNotOnWalk, HandoverNotOnWalk, NegativeTime, TimeTooLong: of a time.
    """
    case, found = _open(session, division_id)
    of = ground(session, case, found)
    guard_times(of, times)
    kept = times_as_json(of.changes(times))
    if kept == found.times:
        return found
    _guard(found, revision)
    found.times = kept
    _save(session, found, who=who, at=at)
    _write(session, found, "division_saved", _entry(found), who=who, at=at)
    return found


def go_on_from_newest(
    session: Session, division_id: str, *, revision: int, who: str, at: datetime
) -> Division:
    """Make a division one of the newest version of its map; what it can, it keeps.

    Raises:
        UnknownDivision, DivisionChanged, DivisionPut, DivisionEnded: as for `save`.
        NothingToDivide: the promise is not made there any more.
    """
    case, found = _open(session, division_id)
    _guard(found, revision)
    found.map_version, of = newest_ground(session, case)
    wanted = times_from_json(found.times)
    found.times = times_as_json(of.changes(wanted))
    _save(session, found, who=who, at=at)
    data = _entry(found) | {"version": found.map_version}
    _write(session, found, "division_saved", data, who=who, at=at)
    return found


def leave(
    session: Session, division_id: str, *, revision: int, who: str, at: datetime
) -> Division:
    """Leave a division: it is not followed any more.

    Raises:
        UnknownDivision, DivisionChanged, DivisionPut, DivisionEnded: as for `save`.
    """
    _, found = _open(session, division_id)
    _guard(found, revision)
    found.status = DivisionStatus.LEFT
    _save(session, found, who=who, at=at)
    data = {
        "division": found.id,
        "states": {f"division:{found.id}": str(DivisionStatus.LEFT)},
    }
    _write(session, found, "division_left", data, who=who, at=at)
    return found


# ------------------------------------------------------------------------------------


def _case(session: Session, case_id: str) -> Case:
    case = the_case(session, case_id, lock=True)
    if case.status not in MAY_DIVIDE:
        raise WrongState(
            f"The case is in the state {case.status}; its time is not divided now.",
            hint="Time is divided while departments work on a case.",
            status=case.status,
        )
    return case


def _open(session: Session, division_id: str) -> tuple[Case, Division]:
    case = _case(session, the_division(session, division_id).case_id)
    found = the_division(session, division_id, lock=True)
    if found.status != DivisionStatus.DRAFT or found.round != case.round:
        raise ended(found)
    if is_put(session, found):
        raise DivisionPut(
            "This division is being voted on as it is.",
            hint="Begin another one, and put it to the vote instead.",
        )
    return case, found


def _is_free(session: Session, division: Division) -> bool:
    return division.status == DivisionStatus.DRAFT and not is_put(session, division)


def _guard(division: Division, revision: int) -> None:
    if division.revision != revision:
        raise _changed(division)


def _changed(division: Division) -> DivisionChanged:
    return DivisionChanged(
        "Somebody else divided the time in between.",
        hint="Look at both, then save what shall stay.",
        revision=division.revision,
        division=division.id,
    )


def _save(session: Session, division: Division, *, who: str, at: datetime) -> None:
    division.saved_by, division.saved_at = who, at
    division.revision += 1
    session.add(division)
    session.flush()


def _entry(division: Division) -> dict[str, Any]:
    return {
        "division": division.id,
        "revision": division.revision,
        "digest": digest(division.id, division.times),
    }


def _write(
    session: Session,
    division: Division,
    what: str,
    data: dict[str, Any],
    *,
    who: str,
    at: datetime,
) -> None:
    draft = Draft(case_chain(division.case_id), what, data)
    append(session, [draft], who=who, at=at)
