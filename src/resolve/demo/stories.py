"""What happens in the company: stories, each a list of acts at moments of the past."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlmodel import Session, select

from resolve.cases.service import place
from resolve.chain.model import HandoverConcern, PromiseConcern
from resolve.complaints import service as complaints
from resolve.complaints.filing import Filing, House, file
from resolve.complaints.models import ClosedAs, Complaint
from resolve.demo.company import WHO, read
from resolve.demo.moments import Past
from resolve.demo.people import acting_head, somebody
from resolve.handling.closing import close_case
from resolve.messages.service import person
from resolve.reviews.service import open_review
from resolve.solutions.models import Solution
from resolve.solutions.service import Agreement, agree, say_outcome
from resolve.tasks import service as tasks
from resolve.tasks.answers import Answering, Need, Proposal
from resolve.tasks.models import Request, Task, TaskStatus
from resolve.tasks.queries import tasks_of
from resolve.tasks.requests import ask, reply

Spec = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Act:
    """Something somebody does at a moment."""

    at: datetime
    do: Callable[[Session, datetime], object]


@dataclass(frozen=True, slots=True)
class Story:
    """A case from its filing on, told so many working days earlier than written."""

    id: str
    spec: Spec
    earlier: int = 0
    copy: int = 0

    @property
    def weight(self) -> int:
        return int(self.spec.get("weight", 0))

    def told_earlier(self, step: int) -> list[Story]:
        """Give the story as it also happened before, as far as its `spread`."""
        spread = int(self.spec.get("spread", 0))
        return [replace(self, earlier=back) for back in range(0, spread + 1, step)]

    def reference(self, number: int = 1) -> str:
        """Give the reference of one of its complaints."""
        again = f"-{self.earlier}-{self.copy}" if self.earlier or self.copy else ""
        return f"{self.id}-{number}{again}"


def stories() -> list[Story]:
    """Give the stories of the company."""
    return [Story(spec["id"], spec) for spec in read("cases.yaml")]


def live_filings() -> list[Filing]:
    """Give the complaints that are filed once everything runs."""
    return [_filing(spec, spec["reference"]) for spec in read("live.yaml")]


def acts_of(story: Story, *, past: Past, house: House) -> Iterator[Act]:
    """Give everything that happens in a story, in any order."""
    for number, spec in enumerate(story.spec["complaints"], 1):
        filing = _filing(spec, story.reference(number))
        yield _act(story, past, spec, partial(_file, filing=filing, house=house))
    who = person(house.quality_manager)
    for kind, do in _KINDS.items():
        given = story.spec.get(kind, [])
        if isinstance(given, str):
            given = {"at": given}
        for spec in given if isinstance(given, list) else [given]:
            done = partial(do, story=story, spec=spec, who=who)
            yield _act(story, past, spec, done)
            yield from _later(story, kind, spec, past=past, who=who)


def _act(
    story: Story, past: Past, spec: Spec, do: Callable[[Session, datetime], object]
) -> Act:
    return Act(past.moment(spec["at"], earlier=story.earlier), do)


def _later(
    story: Story, kind: str, spec: Spec, *, past: Past, who: str
) -> Iterator[Act]:
    """Give what is written inside another act: the reply to a request, the outcome."""
    if kind == "requests" and "reply" in spec:
        said = spec["reply"] | {"from": spec["from"], "to": spec["to"]}
        yield _act(story, past, said, partial(_reply, story=story, spec=said, who=who))
    if kind == "agreed" and "outcome" in spec:
        said = spec["outcome"] | {"department": spec["department"]}
        done = partial(_outcome, story=story, spec=said, who=who)
        yield _act(story, past, said, done)


# ------------------------------------------------------------------- what people do


def _filing(spec: Spec, reference: str) -> Filing:
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


def _file(session: Session, at: datetime, *, filing: Filing, house: House) -> None:
    of = filing.internal_of
    who = acting_head(session, of) if of else WHO
    file(session, filing, house=house, who=who, at=at)


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
    made = Agreement(task.id, 1, somebody(session, spec["owner"]), due)
    agree(session, task.case_id, made, who=who, at=at)


def _outcome(
    session: Session, at: datetime, *, story: Story, spec: Spec, who: str
) -> None:
    task = _task(session, story, spec["department"])
    agreed = session.exec(select(Solution.id).where(Solution.task_id == task.id)).one()
    in_place, reason = spec.get("in_place", False), spec.get("given_up")
    say_outcome(session, agreed, in_place=in_place, reason=reason, who=who, at=at)


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


_KINDS: dict[str, Callable[..., None]] = {
    "place": _place,
    "extended": _extend,
    "passed_on": _pass_on,
    "answers": _answer,
    "requests": _ask,
    "replies": _reply,
    "review": _review,
    "agreed": _agree,
    "withdrawn": _withdraw,
    "answered": _reply_to_customer,
    "closed": _close,
    "case_closed": _close_case,
}


def _complaint(session: Session, story: Story) -> Complaint:
    return session.exec(
        select(Complaint).where(Complaint.reference == story.reference())
    ).one()


def _task(session: Session, story: Story, department: str) -> Task:
    case_id = _complaint(session, story).case_id
    found = [t for t in tasks_of(session, case_id) if t.department_id == department]
    return found[-1]
