"""What people do in the stories of the company: each act, as a story writes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlmodel import Session, select

from resolve.cases.service import place
from resolve.chain.durations import duration
from resolve.chain.model import HandoverConcern, PromiseConcern
from resolve.chain.rewriting import Part
from resolve.complaints import service as complaints
from resolve.complaints.filing import Filing, House, file
from resolve.complaints.models import ClosedAs, Complaint
from resolve.demo.company import WHO
from resolve.demo.people import acting_head, somebody
from resolve.handling.closing import close_case
from resolve.handling.placing import ENGINE
from resolve.handling.voting import put_to_vote
from resolve.reviews.divisions import begin
from resolve.reviews.models import Ballot, Position
from resolve.reviews.motions import Motion
from resolve.reviews.service import open_review
from resolve.reviews.votes import Voting, vote
from resolve.solutions.aims import Aim
from resolve.solutions.following import look
from resolve.solutions.judging import Measure
from resolve.solutions.models import Solution
from resolve.solutions.proving import enter
from resolve.solutions.service import Agreement, agree, say_outcome
from resolve.tasks import service as tasks
from resolve.tasks.answers import Answering, Need, Proposal
from resolve.tasks.models import Request, Task, TaskStatus
from resolve.tasks.queries import tasks_of
from resolve.tasks.requests import ask, reply

if TYPE_CHECKING:
    from resolve.demo.stories import Story

Spec: TypeAlias = dict[str, Any]
Act: TypeAlias = Callable[..., None]
"""Takes session and moment; the story, what it says and who acts are keywords."""


def filing(spec: Spec, reference: str) -> Filing:
    """Give a complaint as it is filed."""
    map_id, touchpoint, promise = spec.get("about", (spec.get("map"), None, None))
    return Filing(
        text=spec["text"],
        source=spec["source"],
        map=map_id,
        touchpoint=touchpoint,
        promise=promise,
        language=spec["language"],
        reference=reference,
        order=spec.get("order"),
        handover=_between(spec),
        internal_of=spec.get("internal_of"),
        desired_outcome=spec.get("desired"),
        customer=spec.get("customer"),
    )


def _between(spec: Spec) -> HandoverConcern | None:
    """Give the hand-over of an internal complaint."""
    if "between" not in spec:
        return None
    source, target = spec["between"]
    return HandoverConcern(source, target, late=spec.get("late", False))


def filed(session: Session, at: datetime, *, what: Filing, house: House) -> None:
    """File it, an internal one as the head of the department."""
    of = what.internal_of
    who = acting_head(session, of) if of else WHO
    file(session, what, house=house, who=who, at=at)


def _place(
    session: Session, at: datetime, *, story: Story, spec: Spec, who: str
) -> None:
    map_id, touchpoint, promise = spec["about"]
    concern = PromiseConcern(touchpoint, promise)
    case_id = _complaint(session, story).case_id
    place(session, case_id, map_id=map_id, concern=concern, who=who, at=at)


def _extend(
    session: Session, at: datetime, *, story: Story, spec: Spec, who: str
) -> None:
    task = _task(session, story, spec["department"])
    due = at + timedelta(days=spec["by"])
    tasks.extend(session, task.id, due=due, reason=spec["reason"], who=who, at=at)


def _pass_on(
    session: Session, at: datetime, *, story: Story, spec: Spec, who: str
) -> None:
    task = _task(session, story, spec["department"])
    to = somebody(session, spec["to"])
    tasks.pass_on(session, task.id, to=to, who=who, at=at)


def _answer(
    session: Session,
    at: datetime,
    *,
    story: Story,
    spec: Spec,
    who: str,  # noqa: ARG001  like all acts
) -> None:
    task = _task(session, story, spec["department"])
    given = Answering(
        proposals=tuple(map(_proposal, spec.get("changes", ()))),
        observed=spec.get("observed"),
        minutes=spec.get("minutes"),
    )
    by = acting_head(session, spec["department"])
    tasks.answer(session, task.id, given, who=by, at=at)


def _proposal(spec: Spec) -> Proposal:
    need = Need(**spec["need"]) if "need" in spec else None
    return Proposal(spec["change"], spec["step"], spec.get("effect"), need)


def _ask(
    session: Session,
    at: datetime,
    *,
    story: Story,
    spec: Spec,
    who: str,  # noqa: ARG001  like all acts
) -> None:
    task = _task(session, story, spec["from"])
    by = acting_head(session, spec["from"])
    to, what = spec["to"], spec["what"]
    ask(session, task.id, department=to, what=what, who=by, at=at)


def _reply(
    session: Session,
    at: datetime,
    *,
    story: Story,
    spec: Spec,
    who: str,  # noqa: ARG001  like all acts
) -> None:
    task = _task(session, story, spec["from"])
    asked = session.exec(
        select(Request.id).where(
            Request.task_id == task.id, Request.department_id == spec["to"]
        )
    ).one()
    accept, instead = spec.get("accept", False), spec.get("instead")
    by = acting_head(session, spec["to"])
    reply(session, asked, accept=accept, instead=instead, who=by, at=at)


def _review(
    session: Session,
    at: datetime,
    *,
    story: Story,
    spec: Spec,  # noqa: ARG001  like all acts
    who: str,
) -> None:
    open_review(session, _complaint(session, story).case_id, who=who, at=at)


def _agree(
    session: Session, at: datetime, *, story: Story, spec: Spec, who: str
) -> None:
    task = _task(session, story, spec["department"])
    due = (at + timedelta(days=spec["due"])).date()
    owner = somebody(session, spec["owner"])
    made = Agreement(task.id, 1, owner, due, _aim(spec.get("aim")))
    agree(session, task.case_id, made, who=who, at=at)


def _aim(spec: Spec | None) -> Aim | None:
    if spec is None:
        return None
    source, target = spec["handover"]
    return Aim(
        Measure(spec["measure"]),
        handover=(source, target),
        expected=spec["expected"],
        orders=spec["orders"],
    )


def _outcome(
    session: Session, at: datetime, *, story: Story, spec: Spec, who: str
) -> None:
    agreed = _agreed(session, story, spec)
    in_place, reason = spec.get("in_place", False), spec.get("given_up")
    say_outcome(session, agreed, in_place=in_place, reason=reason, who=who, at=at)


def _judge(
    session: Session,
    at: datetime,
    *,
    story: Story,
    spec: Spec,
    who: str,  # noqa: ARG001  like all acts
) -> None:
    agreed = _agreed(session, story, spec)
    enter(session, agreed, look(session, agreed, at=at), who=ENGINE, at=at)


def _agreed(session: Session, story: Story, spec: Spec) -> str:
    """Give the agreement on what a department proposed."""
    task = _task(session, story, spec["department"])
    return session.exec(select(Solution.id).where(Solution.task_id == task.id)).one()


def _divide(
    session: Session,
    at: datetime,
    *,
    story: Story,
    spec: Spec,
    who: str,  # noqa: ARG001  like all acts
) -> None:
    case_id = _complaint(session, story).case_id
    times: dict[Part, timedelta] = {
        (step,): duration(time) for step, time in spec["steps"].items()
    }
    begin(session, case_id, times, who=acting_head(session, spec["by"]), at=at)


def _put(session: Session, at: datetime, *, story: Story, spec: Spec, who: str) -> None:
    task = _task(session, story, spec["department"])
    motion = Motion(
        task.id,
        1,
        owner=somebody(session, spec["owner"]),
        due=(at + timedelta(days=spec["due"])).date(),
        customer_says=spec["customer_says"],
    )
    put_to_vote(session, task.case_id, motion, who=who, at=at)


def _vote(
    session: Session,
    at: datetime,
    *,
    story: Story,
    spec: Spec,
    who: str,  # noqa: ARG001  like all acts
) -> None:
    task = _task(session, story, spec["department"])
    ballot = session.exec(select(Ballot.id).where(Ballot.task_id == task.id)).one()
    said = Voting(Position(spec["says"]), spec.get("text", ""))
    by = spec["by"]
    vote(session, ballot, by, said, who=acting_head(session, by), at=at)


def _withdraw(
    session: Session, at: datetime, *, story: Story, spec: Spec, who: str
) -> None:
    for task in tasks_of(session, _complaint(session, story).case_id):
        if task.status == TaskStatus.OPEN:
            tasks.withdraw(session, task.id, reason=spec["reason"], who=who, at=at)


def _reply_to_customer(
    session: Session, at: datetime, *, story: Story, spec: Spec, who: str
) -> None:
    name = _complaint(session, story).id
    text, remedy = spec["text"], spec.get("remedy")
    complaints.answer(session, name, text=text, remedy=remedy, who=who, at=at)


def _close(
    session: Session, at: datetime, *, story: Story, spec: Spec, who: str
) -> None:
    name = _complaint(session, story).id
    complaints.close(session, name, closed_as=ClosedAs(spec["as"]), who=who, at=at)


def _close_case(
    session: Session,
    at: datetime,
    *,
    story: Story,
    spec: Spec,  # noqa: ARG001  like all acts
    who: str,
) -> None:
    close_case(session, _complaint(session, story).case_id, who=who, at=at)


def _complaint(session: Session, story: Story) -> Complaint:
    return session.exec(
        select(Complaint).where(Complaint.reference == story.reference())
    ).one()


def _task(session: Session, story: Story, department: str) -> Task:
    case_id = _complaint(session, story).case_id
    found = [t for t in tasks_of(session, case_id) if t.department_id == department]
    return found[-1]


KINDS: dict[str, Act] = {
    "place": _place,
    "extended": _extend,
    "passed_on": _pass_on,
    "answers": _answer,
    "requests": _ask,
    "replies": _reply,
    "review": _review,
    "divided": _divide,
    "put": _put,
    "agreed": _agree,
    "withdrawn": _withdraw,
    "answered": _reply_to_customer,
    "closed": _close,
    "case_closed": _close_case,
}
"""What happens in a story, by the word for it."""

LATER: dict[str, dict[str, Act]] = {
    "requests": {"reply": _reply},
    "agreed": {"outcome": _outcome, "judged": _judge},
    "put": {"votes": _vote},
}
"""What is written inside another act, and happens later."""
