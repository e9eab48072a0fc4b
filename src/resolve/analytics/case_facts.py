"""What many cases have in common to show: next act, first complaint, concern."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, text
from sqlmodel import Session, col, select

from resolve.analytics.next_act import CaseFacts, NextAct, next_act
from resolve.cases.models import Case
from resolve.chain.model import ValueChain
from resolve.clocks.models import AWAITED, Clock
from resolve.complaints.models import Complaint, ComplaintStatus
from resolve.maps.queries import chain_of, know_versions
from resolve.reviews.division_queries import agreed_divisions
from resolve.reviews.queries import open_counts
from resolve.reviews.rules import Standing
from resolve.solutions.models import Solution, SolutionStatus
from resolve.tasks.models import Answer, AnswerKind, Task, TaskStatus


@dataclass(frozen=True, slots=True)
class Line:
    """A case as a line of a list; the customers' words are those of the first one."""

    case: Case
    chain: ValueChain | None
    first: Complaint | None
    customers: int
    next: NextAct
    answer_due: datetime | None  # the earliest among customers without an answer


def lines(session: Session, case_ids: Sequence[str], *, at: datetime) -> list[Line]:
    """Give cases as lines, in the order named; asks a constant number of times."""
    ids = list(dict.fromkeys(case_ids))
    rows = session.exec(select(Case).where(col(Case.id).in_(ids)))
    cases = {row.id: row for row in rows}
    present = [cases[one] for one in ids if one in cases]
    placed = [c for c in present if c.map_id and c.map_version]
    know_versions(session, [(str(c.map_id), int(c.map_version or 0)) for c in placed])
    firsts, customers = first_complaints(session, ids)
    due = _answers_due(session, ids)
    facts = facts_of(session, present, at=at)
    return [
        Line(
            case,
            chain_of(session, case.map_id, case.map_version)
            if case.map_id and case.map_version
            else None,
            firsts.get(case.id),
            customers.get(case.id, 0),
            next_act(facts[case.id]),
            due.get(case.id),
        )
        for case in present
    ]


def first_complaints(
    session: Session, case_ids: Sequence[str]
) -> tuple[dict[str, Complaint], dict[str, int]]:
    """Give the first complaint of each case, and how many customers it stands for."""
    counted = session.exec(
        select(Complaint.case_id, func.min(Complaint.serial), func.count())
        .where(col(Complaint.case_id).in_(case_ids))
        .group_by(col(Complaint.case_id))
    ).all()
    serials = [serial for _, serial, _ in counted]
    firsts = session.exec(select(Complaint).where(col(Complaint.serial).in_(serials)))
    return {one.case_id: one for one in firsts}, {case: n for case, _, n in counted}


def facts_of(
    session: Session, cases: Sequence[Case], *, at: datetime
) -> dict[str, CaseFacts]:
    """Give what the next act of each of these cases follows from."""
    ids = [case.id for case in cases]
    complaints = _complaints(session, ids)
    awaited = _awaited(session, ids, at=at)
    proposals = _proposals(session, ids)
    solutions = _solutions(session, ids)
    due = _answers_due(session, ids)
    voted = open_counts(session, ids, at=at)
    divided = Counter((d.case_id, d.round) for d in agreed_divisions(session, ids))
    return {
        case.id: CaseFacts(
            status=case.status,
            round=case.round,
            awaited=awaited[case.id, case.round],
            proposals=proposals[case.id, case.round],
            agreements=sum(
                n
                for (of, round_, _), n in solutions.items()
                if (of, round_) == (case.id, case.round)
            )
            + divided[case.id, case.round],
            agreed=_of(solutions, case.id, SolutionStatus.AGREED),
            not_proven=_of(solutions, case.id, SolutionStatus.NOT_PROVEN),
            proving=_of(solutions, case.id, _PROVING),
            voted_on=sum(voted[case.id, one] for one in Standing),
            to_decide=voted[case.id, Standing.AGREED_BY_ALL]
            + voted[case.id, Standing.MANDATE],
            objected=voted[case.id, Standing.OBJECTION],
            unanswered=complaints[case.id, ComplaintStatus.RECEIVED],
            answered=complaints[case.id, ComplaintStatus.ANSWERED],
            answer_is_due=case.id in due and due[case.id] <= at,
        )
        for case in cases
    }


def _complaints(session: Session, ids: Sequence[str]) -> Counter[tuple[str, str]]:
    rows = session.exec(
        select(Complaint.case_id, Complaint.status, func.count())
        .where(col(Complaint.case_id).in_(ids))
        .group_by(col(Complaint.case_id), col(Complaint.status))
    )
    return Counter({(case, status): n for case, status, n in rows})


def _awaited(
    session: Session, ids: Sequence[str], *, at: datetime
) -> Counter[tuple[str, int]]:
    rows = session.exec(
        select(Task.case_id, Task.round, func.count())
        .where(
            col(Task.case_id).in_(ids),
            Task.status == TaskStatus.OPEN,
            Task.due_at > at,
        )
        .group_by(col(Task.case_id), col(Task.round))
    )
    return Counter({(case, round_): n for case, round_, n in rows})


def _proposals(session: Session, ids: Sequence[str]) -> Counter[tuple[str, int]]:
    rows = session.exec(
        select(Task.case_id, Task.round, func.count())
        .join(Answer, col(Answer.task_id) == col(Task.id))
        .where(col(Task.case_id).in_(ids), Answer.kind == AnswerKind.PROPOSALS)
        .group_by(col(Task.case_id), col(Task.round))
    )
    return Counter({(case, round_): n for case, round_, n in rows})


def _solutions(
    session: Session, ids: Sequence[str]
) -> defaultdict[tuple[str, int, str], int]:
    found: defaultdict[tuple[str, int, str], int] = defaultdict(int)
    rows = session.exec(
        select(
            Solution.case_id, Solution.round, Solution.status, Solution.measure
        ).where(col(Solution.case_id).in_(ids))
    )
    for case, round_, status, measure in rows:
        proving = status == SolutionStatus.IN_PLACE and measure is not None
        found[case, round_, _PROVING if proving else status] += 1
    return found


_PROVING = "proving"


def _of(solutions: Mapping[tuple[str, int, str], int], case: str, status: str) -> int:
    return sum(
        n for (of, _, one), n in solutions.items() if (of, one) == (case, status)
    )


def _answers_due(session: Session, ids: Sequence[str]) -> dict[str, datetime]:
    rows = session.exec(
        select(Clock.case_id, func.min(Clock.due_at))
        .where(col(Clock.case_id).in_(ids), text(AWAITED))
        .group_by(col(Clock.case_id))
    )
    return dict(rows.all())
