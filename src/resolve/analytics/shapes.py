"""The shapes in which complaints, cases and tasks are shown, by API and command line.

Each function takes many rows and asks the database a constant number of times.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlmodel import Session, col, select

from resolve.cases.models import Case, CaseFlowRun
from resolve.cases.queries import chain_of_case, walk_of_case
from resolve.chain.durations import duration_text
from resolve.chain.model import ValueChain
from resolve.chain.walk import Participant
from resolve.clocks.models import Clock, ClockKind
from resolve.clocks.queries import clocks_of
from resolve.complaints.models import Complaint
from resolve.complaints.queries import customers_of
from resolve.departments.models import DepartmentRecord
from resolve.journal.models import FeedEntry, JournalEntry
from resolve.kit.clock import iso
from resolve.kit.language import Language
from resolve.maps.models import MapVersion
from resolve.maps.queries import concern_of
from resolve.messages.models import Message
from resolve.solutions.models import Solution
from resolve.tasks.answers import shown
from resolve.tasks.models import Request, Task
from resolve.tasks.queries import answers_to, requests_of
from resolve.tasks.questions import question

Shape = dict[str, Any]


def complaints(session: Session, rows: Sequence[Complaint]) -> list[Shape]:
    """Show complaints; where their case is placed, with what it is placed on."""
    cases = _cases(session, [row.case_id for row in rows])
    clocks: dict[str, list[Clock]] = defaultdict(list)
    for clock in clocks_of(session, ClockKind.ANSWER, [row.id for row in rows]):
        clocks[clock.subject_id].append(clock)
    return [_complaint(row, cases[row.case_id], clocks[row.id]) for row in rows]


def _complaint(row: Complaint, case: Case, clocks: Sequence[Clock]) -> Shape:
    concern = concern_of(case.concern).as_json() if case.concern else {}
    return {
        "id": row.id,
        "number": row.number,
        "case": row.case_id,
        "status": row.status,
        "stage": row.stage,
        "text": row.text,
        "language": row.language,
        "source": row.source,
        "reference": row.reference,
        "map": case.map_id or row.map_id,
        "version": case.map_version,
        "touchpoint": concern.get("touchpoint", row.touchpoint),
        "promise": concern.get("promise", row.promise),
        "handover": concern.get("handover") if concern else row.handover,
        "internal_of": row.internal_of,
        "order": row.order_id,
        "occurred_at": _moment(row.occurred_at),
        "desired_outcome": row.desired_outcome,
        "severity": row.severity,
        "safety": row.safety,
        "on_behalf_of": row.on_behalf_of,
        "customer": row.customer,
        "received_at": iso(row.received_at),
        "answered_at": _moment(row.answered_at),
        "answer": _answer(row),
        "closed_at": _moment(row.closed_at),
        "closed_as": row.closed_as,
        "clocks": [clock_shape(clock) for clock in clocks],
    }


def _answer(row: Complaint) -> Shape | None:
    if not row.answer and not row.remedy:
        return None
    return {"text": row.answer or "", "remedy": row.remedy}


def clock_shape(clock: Clock) -> Shape:
    """Show a clock with its rule and events, from which its due time follows."""
    return {
        "kind": clock.kind,
        "state": clock.state,
        "due": iso(clock.due_at),
        "rule": clock.rule,
        "events": clock.events,
    }


def cases(session: Session, rows: Sequence[Case]) -> list[Shape]:
    """Show cases with who takes part, which complaints, and what was agreed."""
    ids = [row.id for row in rows]
    filed: dict[str, list[str]] = defaultdict(list)
    for case_id, complaint_id in session.exec(
        select(Complaint.case_id, Complaint.id)
        .where(col(Complaint.case_id).in_(ids))
        .order_by(col(Complaint.serial))
    ):
        filed[case_id].append(complaint_id)
    runs: dict[str, list[str]] = defaultdict(list)
    for run in session.exec(
        select(CaseFlowRun)
        .where(col(CaseFlowRun.case_id).in_(ids))
        .order_by(col(CaseFlowRun.at), col(CaseFlowRun.run_id))
    ):
        runs[run.case_id].append(run.run_id)
    agreed: dict[str, list[Shape]] = defaultdict(list)
    for solution in session.exec(
        select(Solution)
        .where(col(Solution.case_id).in_(ids))
        .order_by(col(Solution.id))
    ):
        agreed[solution.case_id].append(solution_shape(solution))
    asked: dict[str, list[str]] = defaultdict(list)
    for request in requests_of(session, ids):
        asked[request.case_id].append(request.department_id)
    return [
        _case(session, row, asked[row.id])
        | {
            "complaints": filed[row.id],
            "agreements": agreed[row.id],
            "flow_runs": runs[row.id],
        }
        for row in rows
    ]


def _case(session: Session, row: Case, asked: Sequence[str]) -> Shape:
    walk = walk_of_case(session, row)
    walked = [one.department for one in walk.participants] if walk else []
    return {
        "id": row.id,
        "status": row.status,
        "round": row.round,
        "concern": concern_of(row.concern).as_json() if row.concern else None,
        "map": row.map_id,
        "version": row.map_version,
        "owner": row.owner,
        "facilitator": row.facilitator,
        "departments": list(dict.fromkeys([*walked, *asked])),
        "opened_at": iso(row.opened_at),
        "reviewed_at": _moment(row.reviewed_at),
        "closed_at": _moment(row.closed_at),
        "merged_into": row.merged_into,
    }


def tasks(session: Session, rows: Sequence[Task], language: Language) -> list[Shape]:
    """Show tasks with their question in this language, their answer and requests."""
    case_ids = [row.case_id for row in rows]
    cases = _cases(session, case_ids)
    customers = customers_of(session, case_ids)
    answers = answers_to(session, [row.id for row in rows])
    requests: dict[str, list[Request]] = defaultdict(list)
    for request in requests_of(session, case_ids):
        requests[request.task_id].append(request)
    return [
        _task(session, row, cases[row.case_id], customers.get(row.case_id, 0), language)
        | {
            "answer": shown(answers[row.id]) if row.id in answers else None,
            "requests": [request_shape(one) for one in requests[row.id]],
        }
        for row in rows
    ]


def _task(
    session: Session, row: Task, case: Case, customers: int, language: Language
) -> Shape:
    shape: Shape = {
        "id": row.id,
        "case": row.case_id,
        "department": row.department_id,
        "round": row.round,
        "status": row.status,
        "asked_at": iso(row.asked_at),
        "due": iso(row.due_at),
        "assignee": row.assignee,
        "returned_at": _moment(row.returned_at),
        "revision": row.revision,
        "customers": customers,
        "steps": [],
        "neighbours": [],
        "path": [],
        "question": "",
        "facts": None,
    }
    to = _participant(session, row, case)
    chain = chain_of_case(session, case)
    if to is None or chain is None or case.concern is None:
        return shape
    asked = question(
        chain, concern_of(case.concern), to, customers=customers, language=language
    )
    facts = asdict(asked)
    return shape | {
        "steps": list(to.steps),
        "neighbours": list(to.neighbours),
        "path": list(to.path),
        "question": facts.pop("text"),
        "facts": facts,
    }


def _participant(session: Session, row: Task, case: Case) -> Participant | None:
    walk = walk_of_case(session, case)
    found = [
        one
        for one in (walk.participants if walk else ())
        if one.department == row.department_id
    ]
    return found[0] if found else None


def request_shape(request: Request) -> Shape:
    """Show a request to a neighbour with its reply."""
    return {
        "id": request.id,
        "task": request.task_id,
        "from": request.from_department_id,
        "department": request.department_id,
        "status": request.status,
        "what": request.what,
        "by": _moment(request.wanted_by),
        "at": iso(request.at),
        "reply": request.reply,
        "replied_at": _moment(request.replied_at),
    }


def solution_shape(solution: Solution) -> Shape:
    """Show an agreement."""
    return {
        "id": solution.id,
        "task": solution.task_id,
        "proposal": solution.proposal,
        "owner": solution.owner,
        "due": solution.due.isoformat(),
        "status": solution.status,
        "round": solution.round,
        "agreed_at": iso(solution.agreed_at),
        "outcome_at": _moment(solution.outcome_at),
        "where": _where(solution),
        "measure": solution.measure,
        "expected": solution.expected,
        "prove_days": solution.prove_days,
        "prove_orders": solution.prove_orders,
        "in_place_on": solution.in_place_on.isoformat()
        if solution.in_place_on
        else None,
        "backdated": solution.is_backdated,
        "orders_so_far": solution.orders_so_far,
        "verdict": solution.verdict,
        "judged_at": _moment(solution.judged_at),
    }


def _where(solution: Solution) -> Shape | None:
    if solution.from_step is not None:
        return {"handover": [solution.from_step, solution.step]}
    return {"step": solution.step} if solution.step is not None else None


def entry_shape(entry: JournalEntry) -> Shape:
    """Show a journal entry."""
    return {
        "seq": entry.seq,
        "at": iso(entry.at),
        "who": entry.who,
        "what": entry.what,
        "data": entry.data,
        "previous": entry.previous,
        "hash": entry.hash,
    }


def feed_shape(entry: FeedEntry) -> Shape:
    """Show an entry of the change feed; ids that it has none of are left out."""
    shape = {
        "position": entry.position,
        "at": iso(entry.at),
        "kind": entry.kind,
        "case": entry.case_id,
        "complaint": entry.complaint_id,
        "task": entry.task_id,
    }
    return {name: value for name, value in shape.items() if value is not None}


def department_shape(department: DepartmentRecord) -> Shape:
    """Show a department of the register."""
    return {
        "id": department.id,
        "title": department.title,
        "kind": department.kind,
        "head": department.head,
        "email": department.email,
        "calendar": department.calendar_id,
        "revision": department.revision,
    }


def version_shape(version: MapVersion) -> Shape:
    """Show a version of a map without its file."""
    return {
        "id": version.map_id,
        "version": version.version,
        "digest": version.digest,
        "published_at": iso(version.published_at),
        "published_by": version.published_by,
    }


def chain_shape(chain: ValueChain) -> Shape:
    """Show what a client chooses from: departments, promises, touchpoints, steps."""
    return {
        "title": dict(chain.title.by_language),
        "departments": [
            {"id": d.id, "title": dict(d.title.by_language), "kind": str(d.kind)}
            for d in chain.departments.values()
        ],
        "promises": [
            {"id": p.id, "title": dict(p.title.by_language), "since": p.since}
            | {"within": duration_text(p.within) if p.within is not None else None}
            for p in chain.promises.values()
        ],
        "touchpoints": [
            {"id": t.id, "title": dict(t.title.by_language), "step": t.step}
            | {"promises": list(t.promises)}
            for t in chain.touchpoints.values()
        ],
        "steps": [
            {"id": s.id, "title": dict(s.title.by_language), "department": s.department}
            | {"gives": dict(s.gives.by_language), "serves": list(s.serves)}
            | {"time": duration_text(s.time) if s.time is not None else None}
            for s in chain.steps.values()
        ],
    }


def message_shape(message: Message) -> Shape:
    """Show a message of the list."""
    return {
        "id": message.id,
        "kind": message.kind,
        "to": message.recipient,
        "case": message.case_id,
        "facts": message.facts,
        "at": iso(message.at),
        "mailed_at": _moment(message.mailed_at),
    }


def _cases(session: Session, ids: Sequence[str]) -> dict[str, Case]:
    rows = session.exec(select(Case).where(col(Case.id).in_(set(ids))))
    return {row.id: row for row in rows}


def _moment(at: Any) -> str | None:  # noqa: ANN401  a moment or nothing
    return iso(at) if at else None
