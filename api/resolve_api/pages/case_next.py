"""What happens next in a case, and who has work now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from resolve.analytics.next_act import CaseFacts, NextAct, next_act
from resolve.cases.models import CaseStatus
from resolve.complaints.models import ComplaintStatus
from resolve.reviews.models import Ballot, BallotStatus, ObjectionStatus
from resolve.reviews.queries import brief_standing
from resolve.reviews.rules import Standing
from resolve.solutions.models import Solution, SolutionStatus
from resolve.tasks.models import Request, RequestStatus, Task, TaskStatus
from resolve_api.pages.case_words import Reading
from resolve_api.pages.solution_view import proving_in_words


@dataclass(frozen=True, slots=True)
class Work:
    """Work that somebody has now: whose, what, by when, and where it is done.

    `sentence` says all of it where a name and a verb do not go together: the title of
    a department may be of any number.
    """

    whose: str
    what: str = ""
    until: datetime | None = None
    day: str = ""
    link: str = ""
    sentence: str = ""


def next_of(it: Reading, *, answer_is_due: bool) -> NextAct:
    """Say what leads on to the end of the case."""
    sheet = it.sheet
    present = sheet.present_tasks
    proposals = sum(
        len((sheet.answers[one.id].content or {}).get("proposals", ()))
        for one in present
        if one.id in sheet.answers
    )
    awaited = [t for t in present if t.status == TaskStatus.OPEN and t.due_at > it.at]
    stands = [_standing(it, one) for one in open_ballots(it)]
    facts = CaseFacts(
        status=sheet.case.status,
        round=sheet.case.round,
        awaited=len(awaited),
        proposals=proposals,
        agreements=sum(one.round == sheet.case.round for one in sheet.solutions)
        + sum(one.round == sheet.case.round for one in sheet.divisions),
        agreed=sum(one.status == SolutionStatus.AGREED for one in sheet.solutions),
        not_proven=sum(
            one.status == SolutionStatus.NOT_PROVEN for one in sheet.solutions
        ),
        proving=sum(one.is_proving for one in sheet.solutions),
        voted_on=len(stands),
        to_decide=sum(one in _DECIDABLE for one in stands),
        objected=stands.count(Standing.OBJECTION),
        unanswered=sheet.customers.counts.get(ComplaintStatus.RECEIVED, 0),
        answered=sheet.customers.counts.get(ComplaintStatus.ANSWERED, 0),
        answer_is_due=answer_is_due,
    )
    return next_act(facts)


_DECIDABLE = (Standing.AGREED_BY_ALL, Standing.MANDATE)


def open_ballots(it: Reading) -> list[Ballot]:
    """Give what is being voted on."""
    return [one for one in it.sheet.ballots if one.status == BallotStatus.OPEN]


def _standing(it: Reading, of: Ballot) -> Standing:
    about = (of.task_id, of.proposal, of.division_id)
    same = {
        one.id
        for one in it.sheet.ballots
        if (one.task_id, one.proposal, one.division_id) == about
    }
    objected = any(
        one.status == ObjectionStatus.OPEN and one.ballot_id in same
        for one in it.sheet.objections
    )
    return brief_standing(of, objected=objected, at=it.at)


def once_more(it: Reading) -> tuple[str, datetime] | None:
    """Give a complaint whose customer did not accept our answer, and by when to answer.

    The first by due time; None where every customer awaits at most a first answer.
    """
    found = it.sheet.customers
    waiting = [
        (one.id, found.clocks[one.id].due_at)
        for one in found.complaints
        if one.stage > 1
        and one.status == ComplaintStatus.RECEIVED
        and one.id in found.clocks
    ]
    return min(waiting, key=lambda one: one[1], default=None)


def work_now(it: Reading, act: NextAct) -> list[Work]:
    """Say who has work now: the facilitator's next act, then others by due time."""
    others = sorted(
        [
            *_tasks(it),
            *_requests(it),
            *_votes(it),
            *_solutions(it),
            *_replies(it),
        ],
        key=lambda one: (one.until is None, one.until or it.at),
    )
    return [*_facilitator(it, act), *others]


def _facilitator(it: Reading, act: NextAct) -> Iterator[Work]:
    named = it.called(it.sheet.case.led_by)
    whose = named[:1].upper() + named[1:]
    said = act_in_words(it, act)
    if said:
        yield Work(whose, said, link=_link(it, act))
    if it.sheet.case.status == CaseStatus.TASKS and it.sheet.case.round == 0:
        yield Work("Resolve", it.language.say("asks the departments in a moment"))
    if any(t.returned_at and t.status == TaskStatus.OPEN for t in it.sheet.tasks):
        say = it.language.say
        yield Work(whose, say("looks who can take on a task that was handed back"))


def _link(it: Reading, act: NextAct) -> str:
    if act in IN_REVIEW:
        return f"/cases/{it.sheet.case.id}/review"
    return f"#{PLACES[act]}"


IN_REVIEW = (NextAct.AGREE, NextAct.MEET_OBJECTION, NextAct.DECIDE)
"""What is done on the page of the review."""

PLACES = {
    NextAct.PLACE: "place",
    NextAct.OPEN_REVIEW: "acts",
    NextAct.SAY_OUTCOME: "solutions",
    NextAct.ANSWER_CUSTOMER: "customers",
    NextAct.CLOSE_COMPLAINT: "customers",
    NextAct.LOOK_AGAIN: "solutions",
    NextAct.CLOSE_CASE: "acts",
}
"""Where on the page each act is done."""


def act_in_words(it: Reading, act: NextAct) -> str:
    """Say what the facilitator does next; empty where others have work."""
    say = it.language.say
    return {
        NextAct.PLACE: say("says what the case is about, so that it can begin"),
        NextAct.OPEN_REVIEW: say("opens the joint review"),
        NextAct.AGREE: say("agrees with everybody on what will change"),
        NextAct.MEET_OBJECTION: say("meets what was said for the customer"),
        NextAct.DECIDE: say("decides on what was voted on"),
        NextAct.SAY_OUTCOME: say("notes what became of each agreed change"),
        NextAct.ANSWER_CUSTOMER: say("answers the department")
        if it.internal
        else say("answers the customer"),
        NextAct.CLOSE_COMPLAINT: say("notes how it ended")
        if it.internal
        else say("notes how it ended for the customer"),
        NextAct.LOOK_AGAIN: say("looks again with everybody at what is not proven"),
        NextAct.CLOSE_CASE: say("closes the case: nothing of it is open"),
    }.get(act, "")


def _tasks(it: Reading) -> Iterator[Work]:
    for task in it.sheet.present_tasks:
        if task.status == TaskStatus.OPEN and task.returned_at is None:
            yield Work(
                it.department(task.department_id), until=task.due_at,
                link=f"#task-{task.id}", sentence=_awaited(it, task),
            )  # fmt: skip


def _awaited(it: Reading, task: Task) -> str:
    named = {
        "department": it.department(task.department_id),
        "at": it.visit.moment(task.due_at),
    }
    if task.due_at <= it.at:
        return it.language.say(
            "An answer is still welcome, though its time ended {at}: {department}",
            **named,
        )
    return it.language.say("An answer is awaited by {at}: {department}", **named)


def _requests(it: Reading) -> Iterator[Work]:
    for one in it.sheet.requests:
        if one.status == RequestStatus.OPEN:
            yield Work(
                it.department(one.department_id), until=one.wanted_by,
                link=f"#request-{one.id}", sentence=_reply(it, one),
            )  # fmt: skip


def _reply(it: Reading, one: Request) -> str:
    named = {
        "asking": it.department(one.from_department_id),
        "department": it.department(one.department_id),
    }
    if one.wanted_by is None:
        return it.language.say(
            "A reply to a request ({asking}) is awaited: {department}", **named
        )
    return it.language.say(
        "A reply to a request ({asking}) is awaited by {at}: {department}",
        at=it.visit.moment(one.wanted_by),
        **named,
    )


def _votes(it: Reading) -> Iterator[Work]:
    """Say whose votes are awaited: of those with a task who have not voted."""
    for one in open_ballots(it):
        voted = {vote.department_id for vote in it.sheet.votes
                 if vote.ballot_id == one.id}  # fmt: skip
        awaited = [
            it.department(name) for name in it.sheet.taking_part if name not in voted
        ]
        if awaited and one.until > it.at:
            yield Work(
                "", until=one.until,
                link=f"/cases/{it.sheet.case.id}/review#ballot-{one.id}",
                sentence=it.language.say(
                    "Votes are awaited by {at}: {departments}",
                    at=it.visit.moment(one.until), departments=", ".join(awaited),
                ),
            )  # fmt: skip


def _replies(it: Reading) -> Iterator[Work]:
    """Say whose reply to an answer is welcome: of departments that raised something."""
    for one in it.sheet.customers.complaints:
        if one.internal_of and one.status == ComplaintStatus.ANSWERED:
            yield Work(
                "", link=f"#complaint-{one.id}",
                sentence=it.language.say(
                    "A reply to our answer is awaited: {department}",
                    department=it.department(one.internal_of),
                ),
            )  # fmt: skip


def _solutions(it: Reading) -> Iterator[Work]:
    for one in it.sheet.solutions:
        if one.status == SolutionStatus.AGREED:
            what = it.language.say("puts the agreed change in place")
            yield Work(
                it.called(one.owner), what, None, it.day(one.due),
                f"#solution-{one.id}",
            )  # fmt: skip
        elif one.is_proving:
            said = f"{_named(it, one)}: {proving_in_words(it, one)}"
            link = f"#solution-{one.id}"
            yield Work(it.called(one.owner), link=link, sentence=said)


def _named(it: Reading, of: Solution) -> str:
    task = next(task for task in it.sheet.tasks if task.id == of.task_id)
    return it.language.say(
        "Proposal {number} of {department}",
        number=of.proposal,
        department=it.department(task.department_id),
    )
