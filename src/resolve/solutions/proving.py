"""From a change in place to the verdict: its clock, and what follows from the orders.

`following.look` reads what the orders say; entering it is kept apart, so that nobody
waits for the database meanwhile.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from resolve.access.people import person_named
from resolve.cases.models import Case, CaseStatus
from resolve.cases.queries import case as the_case
from resolve.cases.remarks import Remarked, note
from resolve.clocks import service as clocks
from resolve.clocks.models import Clock, ClockKind
from resolve.departments.queries import calendar
from resolve.journal.rules import case_chain
from resolve.journal.service import Draft, append
from resolve.kit.clock import iso
from resolve.kit.ids import derived_id
from resolve.messages.models import MessageKind
from resolve.messages.service import Note, department_of, person, tell
from resolve.solutions import queries
from resolve.solutions.aims import guard_period
from resolve.solutions.following import Looked, guard_proving, start_of
from resolve.solutions.judging import Judged, Verdict
from resolve.solutions.models import Solution, SolutionStatus
from resolve.solutions.thanks import contributors
from resolve.tasks import queries as tasks


def begin(session: Session, of: Solution, *, at: datetime) -> None:
    """Start the clock of a change that is proven by days."""
    if of.prove_days is None or of.in_place_on is None:
        return
    known = calendar(session)
    due_at = start_of(session, of.in_place_on + timedelta(days=of.prove_days))
    row = clocks.new_clock(
        ClockKind.PROVING,
        of.id,
        case_id=of.case_id,
        at=at,
        due_at=due_at,
        working_days=0,
        calendar=(known.id, known.revision),
    )
    rule = {name: value for name, value in row["rule"].items() if "working" not in name}
    clocks.start(session, [row | {"rule": rule | {"days": of.prove_days}}])


def enter(
    session: Session, solution_id: str, looked: Looked, *, who: str, at: datetime
) -> Solution:
    """Enter what the orders say of a change, and do what follows from it.

    Proven: everybody who contributed is thanked. Not proven: the case is back in its
    review. Too few to say: it goes on being proven. What changed since somebody looked
    is left as it is.
    """
    found = queries.solution(session, solution_id)
    case = the_case(session, found.case_id, lock=True)
    session.refresh(found)
    if not found.is_proving or found.revision != looked.revision:
        return found
    found.orders_so_far = looked.ended
    session.add(found)
    judged = looked.judged
    if judged is not None or found.prove_orders is not None:
        found.looked_seq, found.looked_at = looked.seq, at
    if judged is None:
        return found
    said_before = found.verdict is not None
    found.verdict = _as_json(looked, judged, found)
    if judged.verdict is Verdict.TOO_FEW:
        if not said_before:
            _say_too_few(session, case, found, judged, who=who, at=at)
        return found
    _decide(session, case, found, judged, who=who, at=at)
    return found


def _as_json(looked: Looked, judged: Judged, of: Solution) -> dict[str, Any]:
    since = 2 * looked.day - looked.ends
    moments = {"since": since, "day": looked.day, "until": looked.ends}
    return asdict(judged) | {
        "verdict": str(judged.verdict),
        "orders": list(judged.orders),
        "measure": of.measure,
        **{
            name: iso(datetime.fromtimestamp(value, UTC))
            for name, value in moments.items()
        },
    }


def _say_too_few(
    session: Session,
    case: Case,
    of: Solution,
    judged: Judged,
    *,
    who: str,
    at: datetime,
) -> None:
    data = {"agreement": of.id, "orders": list(judged.orders)}
    draft = Draft(case_chain(case.id), "too_few_to_say", data)
    append(session, [draft], who=who, at=at)
    _tell(session, case, of, MessageKind.TOO_FEW, [person(case.facilitator)], at=at)


def _decide(
    session: Session,
    case: Case,
    of: Solution,
    judged: Judged,
    *,
    who: str,
    at: datetime,
) -> None:
    proven = judged.verdict is Verdict.PROVEN
    of.status = SolutionStatus.PROVEN if proven else SolutionStatus.NOT_PROVEN
    of.judged_at = at
    of.revision += 1
    session.add(of)
    clocks.stop(session, ClockKind.PROVING, [of.id], at=at)
    states = {f"agreement:{of.id}": str(of.status)}
    if not proven and case.status == CaseStatus.IMPROVING:
        states |= move_case(session, case, CaseStatus.REVIEW)
    data = {
        "agreement": of.id,
        "orders": list(judged.orders),
        "effect": [round(one, 6) for one in (judged.effect, judged.low, judged.high)],
        "states": states,
    }
    append(session, [Draft(case_chain(case.id), str(of.status), data)], who=who, at=at)
    if proven:
        to = _to_be_thanked(session, case, of)
        _tell(session, case, of, MessageKind.PROVEN, to, at=at)
    else:
        everybody = [person(case.facilitator), *departments_of(session, case, of)]
        _tell(session, case, of, MessageKind.NOT_PROVEN, everybody, at=at)


def move_case(session: Session, case: Case, to: CaseStatus) -> dict[str, str]:
    """Move a case and give the state for the journal."""
    case.status = to
    case.revision += 1
    session.add(case)
    session.flush()
    return {"case": str(to)}


def departments_of(session: Session, case: Case, of: Solution) -> list[str]:
    """Give the departments of a solution's round, as recipients."""
    took_part = tasks.tasks_of(session, case.id, round_=of.round)
    return [department_of(one) for one in sorted({t.department_id for t in took_part})]


def _to_be_thanked(session: Session, case: Case, of: Solution) -> list[str]:
    """Give the people who contributed, as far as they are here, and all departments."""
    found = []
    for one in contributors(session, [of])[of.id]:
        if one.startswith("department:"):
            found.append(one)
        elif known := person_named(session, one):
            found.append(person(known.id))
    return list(dict.fromkeys([*found, *departments_of(session, case, of)]))


def _tell(
    session: Session,
    case: Case,
    of: Solution,
    kind: MessageKind,
    to: list[str],
    *,
    at: datetime,
) -> None:
    """Tell of a verdict; it may be told anew after each time it was proven longer."""
    facts = {"task": of.task_id, "proposal": of.proposal, "agreement": of.id}
    notes = [Note(kind, one, _subject(of, kind), case.id, facts) for one in to]
    tell(session, notes, at=at)


def _subject(of: Solution, kind: MessageKind) -> str:
    return derived_id(of.id, str(kind), of.prove_days or 0, of.prove_orders or 0)


# ----------------------------------------------------------------------- proving longer


def prove_longer(  # noqa: PLR0913  how much longer, and why
    session: Session,
    solution_id: str,
    *,
    days: int | None = None,
    orders: int | None = None,
    reason: str | None = None,
    who: str,
    at: datetime,
) -> Solution:
    """Give a change that is not proven, or of which too little is known, more time.

    `days` count from now, `orders` from those known so far.

    Raises:
        NotProving: it is not in place, or proven, or has no measure.
        PeriodOutOfRange: neither days nor orders, both, or too many.
    """
    guard_period(days, orders)
    found = queries.solution(session, solution_id)
    case = the_case(session, found.case_id, lock=True)
    session.refresh(found)
    if found.status != SolutionStatus.NOT_PROVEN:
        guard_proving(found)
    since = found.in_place_on or at.date()
    found.status = SolutionStatus.IN_PLACE
    found.prove_days = (at.date() - since).days + days if days else None
    found.prove_orders = (found.orders_so_far or 0) + orders if orders else None
    found.judged_at = found.verdict = found.looked_seq = found.looked_at = None
    found.revision += 1
    session.add(found)
    session.flush()
    _set_clock(session, found, at=at)
    states = {f"agreement:{found.id}": str(found.status)}
    states |= back_to_improving(session, case)
    data: dict[str, Any] = {
        "agreement": found.id,
        "days": found.prove_days,
        "orders": found.prove_orders,
        "states": states,
    }
    if reason and reason.strip():
        remark = Remarked(case.id, found.id, "proving_longer", reason)
        data["reason"] = note(session, remark, who=who, at=at)
    draft = Draft(case_chain(case.id), "proving_longer", data)
    append(session, [draft], who=who, at=at)
    return found


def back_to_improving(session: Session, case: Case) -> dict[str, str]:
    """Let a case go on improving if its review has nothing left to decide."""
    of_case = queries.solutions_of(session, case.id)
    undecided = any(one.status == SolutionStatus.NOT_PROVEN for one in of_case)
    going_on = any(
        one.status == SolutionStatus.AGREED or one.is_proving for one in of_case
    )
    if case.status != CaseStatus.REVIEW or undecided or not going_on:
        return {}
    return move_case(session, case, CaseStatus.IMPROVING)


def _set_clock(session: Session, of: Solution, *, at: datetime) -> None:
    asked = select(Clock.id).where(
        Clock.kind == ClockKind.PROVING, col(Clock.subject_id) == of.id
    )
    there = session.exec(asked).first() is not None
    if of.prove_days is None:
        clocks.stop(session, ClockKind.PROVING, [of.id], at=at)
    elif not there:
        begin(session, of, at=at)
    else:
        day = (of.in_place_on or at.date()) + timedelta(days=of.prove_days)
        due_at = start_of(session, day)
        clocks.extend(session, ClockKind.PROVING, of.id, due_at=due_at, at=at)
