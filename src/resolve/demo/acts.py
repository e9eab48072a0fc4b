"""What people do in the stories of the company: each act, as a story writes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Scene:
    """An act at its moment: in which story, what that says of it, and who leads."""

    session: Session
    at: datetime
    story: Story
    spec: Spec
    who: str

    def complaint(self) -> Complaint:
        """Give the first complaint of the story."""
        return self.session.exec(
            select(Complaint).where(Complaint.reference == self.story.reference())
        ).one()

    def task(self, department: str) -> Task:
        """Give the newest task of a department."""
        found = tasks_of(self.session, self.complaint().case_id)
        return [one for one in found if one.department_id == department][-1]

    def agreed(self) -> str:
        """Give the agreement on what the department of the act proposed."""
        task = self.task(self.spec["department"])
        return self.session.exec(
            select(Solution.id).where(Solution.task_id == task.id)
        ).one()


Act: TypeAlias = Callable[[Scene], None]


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


def _place(it: Scene) -> None:
    map_id, touchpoint, promise = it.spec["about"]
    concern = PromiseConcern(touchpoint, promise)
    case_id = it.complaint().case_id
    place(it.session, case_id, map_id=map_id, concern=concern, who=it.who, at=it.at)


def _extend(it: Scene) -> None:
    task = it.task(it.spec["department"])
    due = it.at + timedelta(days=it.spec["by"])
    tasks.extend(
        it.session, task.id, due=due, reason=it.spec["reason"], who=it.who, at=it.at
    )


def _pass_on(it: Scene) -> None:
    task = it.task(it.spec["department"])
    to = somebody(it.session, it.spec["to"])
    tasks.pass_on(it.session, task.id, to=to, who=it.who, at=it.at)


def _answer(it: Scene) -> None:
    task = it.task(it.spec["department"])
    given = Answering(
        proposals=tuple(map(_proposal, it.spec.get("changes", ()))),
        observed=it.spec.get("observed"),
        minutes=it.spec.get("minutes"),
    )
    by = acting_head(it.session, it.spec["department"])
    tasks.answer(it.session, task.id, given, who=by, at=it.at)


def _proposal(spec: Spec) -> Proposal:
    need = Need(**spec["need"]) if "need" in spec else None
    return Proposal(spec["change"], spec["step"], spec.get("effect"), need)


def _ask(it: Scene) -> None:
    task = it.task(it.spec["from"])
    by = acting_head(it.session, it.spec["from"])
    to, what = it.spec["to"], it.spec["what"]
    ask(it.session, task.id, department=to, what=what, who=by, at=it.at)


def _reply(it: Scene) -> None:
    task = it.task(it.spec["from"])
    asked = it.session.exec(
        select(Request.id).where(
            Request.task_id == task.id, Request.department_id == it.spec["to"]
        )
    ).one()
    accept, instead = it.spec.get("accept", False), it.spec.get("instead")
    by = acting_head(it.session, it.spec["to"])
    reply(it.session, asked, accept=accept, instead=instead, who=by, at=it.at)


def _review(it: Scene) -> None:
    open_review(it.session, it.complaint().case_id, who=it.who, at=it.at)


def _agree(it: Scene) -> None:
    task = it.task(it.spec["department"])
    due = (it.at + timedelta(days=it.spec["due"])).date()
    owner = somebody(it.session, it.spec["owner"])
    made = Agreement(task.id, 1, owner, due, _aim(it.spec.get("aim")))
    agree(it.session, task.case_id, made, who=it.who, at=it.at)


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


def _outcome(it: Scene) -> None:
    agreed = it.agreed()
    in_place, reason = it.spec.get("in_place", False), it.spec.get("given_up")
    say_outcome(
        it.session, agreed, in_place=in_place, reason=reason, who=it.who, at=it.at
    )


def _judge(it: Scene) -> None:
    agreed = it.agreed()
    enter(it.session, agreed, look(it.session, agreed, at=it.at), who=ENGINE, at=it.at)


def _divide(it: Scene) -> None:
    case_id = it.complaint().case_id
    times: dict[Part, timedelta] = {
        (step,): duration(time) for step, time in it.spec["steps"].items()
    }
    begin(
        it.session, case_id, times, who=acting_head(it.session, it.spec["by"]), at=it.at
    )


def _put(it: Scene) -> None:
    task = it.task(it.spec["department"])
    motion = Motion(
        task.id,
        1,
        owner=somebody(it.session, it.spec["owner"]),
        due=(it.at + timedelta(days=it.spec["due"])).date(),
        customer_says=it.spec["customer_says"],
    )
    put_to_vote(it.session, task.case_id, motion, who=it.who, at=it.at)


def _vote(it: Scene) -> None:
    task = it.task(it.spec["department"])
    ballot = it.session.exec(select(Ballot.id).where(Ballot.task_id == task.id)).one()
    said = Voting(Position(it.spec["says"]), it.spec.get("text", ""))
    by = it.spec["by"]
    vote(it.session, ballot, by, said, who=acting_head(it.session, by), at=it.at)


def _withdraw(it: Scene) -> None:
    for task in tasks_of(it.session, it.complaint().case_id):
        if task.status == TaskStatus.OPEN:
            tasks.withdraw(
                it.session, task.id, reason=it.spec["reason"], who=it.who, at=it.at
            )


def _reply_to_customer(it: Scene) -> None:
    name = it.complaint().id
    text, remedy = it.spec["text"], it.spec.get("remedy")
    complaints.answer(it.session, name, text=text, remedy=remedy, who=it.who, at=it.at)


def _close(it: Scene) -> None:
    name = it.complaint().id
    complaints.close(
        it.session, name, closed_as=ClosedAs(it.spec["as"]), who=it.who, at=it.at
    )


def _close_case(it: Scene) -> None:
    close_case(it.session, it.complaint().case_id, who=it.who, at=it.at)


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
