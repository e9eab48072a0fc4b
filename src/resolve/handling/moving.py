"""After an answer, a due clock or a withdrawal: is everything in?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from resolve.cases.models import Case, CaseStatus
from resolve.cases.queries import case as the_case
from resolve.cases.service import note_runs
from resolve.clocks.models import Clock, ClockKind
from resolve.clocks.service import sweep
from resolve.departments.models import TouchKind
from resolve.departments.touching import note_each
from resolve.handling.placing import ENGINE
from resolve.handling.voting import tend_ballots
from resolve.journal.rules import case_chain
from resolve.journal.service import Draft, append
from resolve.kit.clock import iso
from resolve.kit.ids import derived_id
from resolve.messages.models import MessageKind
from resolve.messages.service import Note, person, tell
from resolve.outbox.models import Topic
from resolve.outbox.service import Claimed, put, settle
from resolve.tasks import queries as tasks
from resolve.tasks.queries import answers_by_department


def move(
    session: Session,
    events: Sequence[Claimed],
    *,
    token: str,
    run_id: str,
    at: datetime,
) -> int:
    """Ask the facilitators of the cases in which all answers are in or past due.

    Gives how many were asked; each round of a case asks once.

    Raises:
        ValueError: an event of a topic that this version does not know.
        LostClaim: another worker took over; the transaction must not commit.
    """
    for event in events:
        Topic(event.topic)  # one that nobody knows fails, and ends with a person
    settle(session, [event.id for event in events], token=token, at=at)
    asked = sum(
        _ask_if_all_in(session, case_id, at=at)
        for case_id in sorted({event.case_id for event in events})
    )
    for case_id in sorted({one.case_id for one in events if one.topic == Topic.VOTED}):
        tend_ballots(session, the_case(session, case_id, lock=True), at=at)
    note_runs(session, [event.case_id for event in events], run_id=run_id, at=at)
    answered = [one.case_id for one in events if one.topic == Topic.ANSWERED]
    if answered:
        note_each(
            session, answers_by_department(session, answered), TouchKind.TOOK_PART
        )
    return asked


def _ask_if_all_in(session: Session, case_id: str, *, at: datetime) -> bool:
    case = the_case(session, case_id, lock=True)
    if case.status != CaseStatus.TASKS or case.asked_round >= case.round:
        return False
    if tasks.awaited(session, case_id, round_=case.round, at=at):
        return False
    case.asked_round = case.round
    case.revision += 1
    session.add(case)
    session.flush()
    data = {"round": case.round}
    append(session, [Draft(case_chain(case_id), "all_in", data)], who=ENGINE, at=at)
    subject = derived_id(case_id, "all_in", case.round, case.revision)
    note = Note(MessageKind.ALL_IN, person(case.facilitator), subject, case_id, data)
    tell(session, [note], at=at)
    return True


def fire_due_clocks(session: Session, *, at: datetime, most: int) -> int:
    """Let due clocks fire: enter it, tell the facilitator, move the case on."""
    fired = sweep(session, at=at, most=most)
    if not fired:
        return 0
    drafts = [
        Draft(
            case_chain(clock.case_id),
            "proving_over" if clock.kind == ClockKind.PROVING else "past_due",
            {"clock": clock.kind, _SUBJECT[ClockKind(clock.kind)]: clock.subject_id}
            | {"due": iso(clock.due_at)},
        )
        for clock in fired
    ]
    append(session, drafts, who=ENGINE, at=at)
    # What is proven is judged by upkeep, once the orders are there.
    awaited = [clock for clock in fired if clock.kind != ClockKind.PROVING]
    _return_to_facilitators(session, awaited, at=at)
    put(session, Topic.DUE, sorted({clock.case_id for clock in awaited}), at=at)
    return len(fired)


_SUBJECT = {
    ClockKind.TASK: "task",
    ClockKind.ANSWER: "complaint",
    ClockKind.VOTE: "ballot",
    ClockKind.PROVING: "agreement",
}


def _return_to_facilitators(
    session: Session, fired: Sequence[Clock], *, at: datetime
) -> None:
    ids = {clock.case_id for clock in fired}
    rows = session.exec(select(Case.id, Case.facilitator).where(col(Case.id).in_(ids)))
    facilitators = dict(rows.all())
    notes = [
        Note(
            MessageKind.PAST_DUE,
            person(facilitators[clock.case_id]),
            derived_id(clock.id, iso(clock.due_at)),
            clock.case_id,
            {_SUBJECT[ClockKind(clock.kind)]: clock.subject_id},
        )
        for clock in fired
    ]
    tell(session, notes, at=at)
