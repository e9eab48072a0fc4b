"""Acts on a case as such: placing it, and noting the flow runs that moved it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from resolve.cases import queries
from resolve.cases.errors import WrongState
from resolve.cases.models import Case, CaseFlowRun, CaseStatus
from resolve.chain.errors import PromiseNotHere
from resolve.chain.model import Concern
from resolve.journal.rules import case_chain
from resolve.journal.service import Draft, append
from resolve.kit.database import insert_missing
from resolve.maps.queries import concern_text, newest_for_cases, walk_of
from resolve.outbox.models import Topic
from resolve.outbox.service import put


class NobodyTakesPart(PromiseNotHere):
    """The walk for this concern reaches no step."""

    code = "nobody_takes_part"


def place(
    session: Session,
    case_id: str,
    *,
    map_id: str,
    concern: Concern,
    who: str,
    at: datetime,
) -> Case:
    """Say what a case is about; the engine then hands out its tasks.

    Raises:
        WrongState: the case is not to be placed.
        UnknownMap, MapRetired: the map is not there, or no longer for new cases.
        UnknownTouchpoint, UnknownPromise, PromiseNotHere: as named.
        NobodyTakesPart: no step takes part in this concern.
    """
    case = queries.case(session, case_id, lock=True)
    if case.status != CaseStatus.TO_PLACE:
        raise WrongState(
            f"The case is in the state {case.status}; it does not wait to be placed.",
            hint="Only a case that waits for it is placed.",
            status=case.status,
        )
    newest = newest_for_cases(session, map_id)
    text = concern_text(concern)
    if not walk_of(session, map_id, newest, text).participants:
        raise NobodyTakesPart(
            "Nobody takes part in this concern.",
            hint="Choose another promise, or say on the map which steps serve it.",
        )
    case.map_id, case.map_version, case.concern = map_id, newest, text
    case.status = CaseStatus.TASKS
    case.revision += 1
    session.add(case)
    session.flush()
    data = {
        "map": map_id,
        "version": newest,
        "concern": concern.as_json(),
        "states": {"case": str(CaseStatus.TASKS)},
    }
    append(session, [Draft(case_chain(case_id), "placed", data)], who=who, at=at)
    put(session, Topic.PLACED, [case_id], at=at, data={"round": case.round + 1})
    return case


def note_runs(
    session: Session, case_ids: Sequence[str], *, run_id: str, at: datetime
) -> None:
    """Note the flow run that moved these cases."""
    rows = [{"case_id": case_id, "run_id": run_id, "at": at} for case_id in case_ids]
    insert_missing(session, CaseFlowRun, rows)
