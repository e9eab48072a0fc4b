"""What the facilitator, and who answers customers, do on the page of a case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from resolve.access.table import Right
from resolve.cases.hiding import hide
from resolve.cases.service import place
from resolve.chain.model import PromiseConcern
from resolve.complaints import service as complaints
from resolve.complaints.models import ClosedAs
from resolve.handling.closing import close_case
from resolve.handling.placing_anew import place_anew
from resolve.kit.clock import now
from resolve.kit.database import reading, transaction
from resolve.kit.errors import Invalid, NotFound, ResolveError
from resolve.messages.mail import is_address
from resolve.reviews.service import open_review
from resolve.solutions.errors import UnknownSolution
from resolve.solutions.queries import solution
from resolve.solutions.service import Agreement, agree, say_outcome
from resolve.tasks.errors import NotYours
from resolve_api.pages.case_page import Failed, back_to, show_case
from resolve_api.pages.cases import show_one_complaint
from resolve_api.pages.handing_in import house_of
from resolve_api.pages.said import SAID
from resolve_api.pages.showing import DONE
from resolve_api.pages.solution_form import aim_of, day_of
from resolve_api.pages.visits import Facilitator, Talker, Visit, allowed
from resolve_api.seen import the_case, the_complaint

router = APIRouter(prefix="/cases/{case}")

CustomersSide = allowed(Right.ANSWER_CUSTOMER, Right.HANDLE)
Receiver = Annotated[Visit, allowed(Right.ANSWER)]

DONE |= {
    "case_placed": lambda it: it.say(
        "Thank you. The departments of the chain are asked now what can change."
    ),
    "case_reviewed": lambda it: it.say(
        "The joint review is open. Look at the proposals together and agree."
    ),
    "case_agreed": lambda it: it.say("Agreed. Everybody on the case sees it."),
    "case_outcome": lambda it: it.say("Noted, and everybody who took part is told."),
    "customer_answered": lambda it: it.say("The answer is sent to the customer."),
    "answer_kept": lambda it: it.say(
        "The answer is kept. The customer gave no e-mail and sees it by the private "
        "link; call them if there is a number."
    ),
    "complaint_closed": lambda it: it.say("Noted how it ended."),
    "department_answered": lambda it: it.say("The answer is sent."),
    "department_reads": lambda it: it.say(
        "The answer is kept. Who raised it reads it here, in the case."
    ),
    "case_closed": lambda it: it.say(
        "The case is closed. Thank you: the next customer will notice."
    ),
    "words_hidden": lambda it: it.say("Marked. Partners do not see these words now."),
}


class Unfinished(Invalid):
    """A field of the form is missing or cannot be read."""

    code = "field_missing"


SAID |= {
    "field_missing": lambda it, _: it.say("Please choose or fill in this field."),
    "case_not_in_this_state": lambda it, _: it.say(
        "The case has gone on in the meantime. Look at it anew; what you typed is kept "
        "here."
    ),
    "answers_still_awaited": lambda it, _: it.say(
        "Answers are still awaited. Wait for them, or open their tasks and withdraw "
        "them with a reason."
    ),
    "case_not_finished": lambda it, _: it.say(
        "Something of this case is still open: a complaint, a task or an agreed change."
    ),
    "unknown_proposal": lambda it, _: it.say(
        "This proposal is not there any more. Look at the case anew."
    ),
    "already_agreed": lambda it, _: it.say("This proposal is agreed already."),
    "outcome_known": lambda it, _: it.say(
        "Somebody noted already what became of this change."
    ),
    "due_in_the_past": lambda it, _: it.say("Choose a day to come."),
    "reason_missing": lambda it, _: it.say("Say in a sentence why."),
    "complaint_not_in_this_state": lambda it, _: it.say(
        "Somebody answered or closed this complaint in the meantime."
    ),
    "nothing_said": lambda it, _: it.say("Write the text first."),
    "nobody_takes_part": lambda it, _: it.say(
        "On this map nobody takes part in that. Choose another promise, or mend the "
        "map first."
    ),
    "unknown_touchpoint": lambda it, _: it.say("Choose one from the list."),
    "nothing_marked": lambda it, _: it.say(
        "This is too short to be looked for. Give the word, or several in a row, as "
        "they stand in the text."
    ),
    "too_many_marked": lambda it, _: it.say(
        "A hundred words are marked in this case; more are not taken."
    ),
    "unknown_case": lambda it, _: it.say("There is no such case for you to see."),
}

_Do = Callable[[Session, datetime], object]


def act_on(visit: Visit, case: str, form: str, do: _Do) -> Failed | None:
    """Do something to a case that who asks may see; what is wrong is shown beside."""
    try:
        with transaction(visit.database) as session:
            the_case(session, visit.client, case)
            do(session, now())
    except NotFound:
        raise
    except ResolveError as why:
        return Failed.of(visit, form, why)
    return None


def answer_with(
    visit: Visit, case: str, failed: Failed | None, done: str, at: str = ""
) -> Response:
    return show_case(visit, case, failed) if failed else back_to(case, at, done=done)


@router.post("/place")
def place_case(visit: Facilitator, case: str) -> Response:
    """Say what a case is about."""

    def do(session: Session, at: datetime) -> None:
        map_id, concern = _concern(visit.text("about"))
        place(session, case, map_id=map_id, concern=concern, who=visit.who, at=at)

    return answer_with(visit, case, act_on(visit, case, "place", do), "case_placed")


@router.post("/place-anew")
def place_case_anew(visit: Facilitator, case: str) -> Response:
    """Say anew what a case is about: a new round begins."""

    def do(session: Session, at: datetime) -> None:
        map_id, concern = _concern(visit.text("about"))
        place_anew(
            session, case, map_id=map_id, concern=concern, reason=visit.text("reason"),
            who=visit.who, at=at,
        )  # fmt: skip

    return answer_with(
        visit, case, act_on(visit, case, "place-anew", do), "case_placed"
    )


def _concern(choice: str) -> tuple[str, PromiseConcern]:
    parts = choice.split("/")
    if len(parts) != 3 or not all(parts):  # noqa: PLR2004  map, touchpoint, promise
        raise Unfinished("Nothing is chosen.", pointer="/about")
    return parts[0], PromiseConcern(parts[1], parts[2])


@router.post("/review")
def review_case(visit: Facilitator, case: str) -> Response:
    """Open the joint review."""

    def do(session: Session, at: datetime) -> None:
        open_review(session, case, who=visit.who, at=at)

    failed = act_on(visit, case, "review", do)
    if failed:
        return show_case(visit, case, failed)
    return visit.go(f"/cases/{case}/review", done="case_reviewed")


@router.post("/agreements")
def agree_in_case(visit: Facilitator, case: str) -> Response:
    """Agree on a proposal: who sees to it, by when."""
    key = visit.text("proposal")

    def do(session: Session, at: datetime) -> None:
        task, _, number = key.rpartition(":")
        due, aim = _day(visit.text("due")), aim_of(visit)
        agreed = Agreement(task, _whole(number), _owner(visit), due, aim)
        agree(session, case, agreed, who=visit.who, at=at)

    failed = act_on(visit, case, f"agree:{key}", do)
    return answer_with(visit, case, failed, "case_agreed", "solutions")


def _whole(number: str) -> int:
    if not (number.isdecimal() and number.isascii()):
        raise Unfinished("No proposal is named.", pointer="/proposal")
    return int(number[:9])


def _owner(visit: Visit) -> str:
    """Give who sees to it: the name typed, else who was chosen."""
    owner = visit.text("owner_name").strip() or visit.text("owner")
    if not owner:
        raise Unfinished("Nobody is named.", pointer="/owner")
    return owner


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Unfinished("No day is named.", pointer="/due") from None


@router.post("/agreements/{agreement}/outcome")
def tell_outcome(visit: Facilitator, case: str, agreement: str) -> Response:
    """Say that an agreed change is in place, or given up and why."""
    wanted = visit.text("outcome")

    def do(session: Session, at: datetime) -> None:
        if solution(session, agreement).case_id != case:
            raise UnknownSolution("This case has no such agreement.")
        if wanted not in ("in_place", "given_up"):
            raise Unfinished("Nothing is chosen.", pointer="/outcome")
        say_outcome(
            session, agreement, in_place=wanted == "in_place",
            reason=visit.text("reason"), who=visit.who, at=at,
            on=day_of(visit, "on") if wanted == "in_place" else None,
        )  # fmt: skip

    failed = act_on(visit, case, f"outcome:{agreement}", do)
    return answer_with(visit, case, failed, "case_outcome", "solutions")


@router.post("/close")
def close(visit: Facilitator, case: str) -> Response:
    """Close a case of which nothing is open."""

    def do(session: Session, at: datetime) -> None:
        close_case(session, case, who=visit.who, at=at)

    return answer_with(visit, case, act_on(visit, case, "close", do), "case_closed")


@router.post("/hide")
def hide_words(visit: Talker, case: str) -> Response:
    """Mark words as telling who the customer is."""

    def do(session: Session, at: datetime) -> None:
        hide(session, case, visit.text("words"), who=visit.who, at=at)

    failed = act_on(visit, case, "hide", do)
    return answer_with(visit, case, failed, "words_hidden", "customers")


# ---------------------------------------------------------------- the customer's side


@router.post("/complaints/{complaint}/answer")
def answer_customer(
    case: str, complaint: str, visit: Visit = CustomersSide
) -> Response:
    """Write the answer to the customer."""

    def do(session: Session, at: datetime) -> None:
        found = the_complaint(session, visit.client, complaint)
        complaints.answer(
            session, found.id, text=visit.text("text"), remedy=visit.text("remedy"),
            who=visit.who, at=at,
        )  # fmt: skip

    failed = act_on(visit, case, f"answer:{complaint}", do)
    if failed:
        return show_one_complaint(visit, case, complaint, failed)
    return back_to(case, f"complaint-{complaint}", done=_answered(visit, complaint))


def _answered(visit: Visit, complaint: str) -> str:
    """Say how the answer reaches the customer: by e-mail, or by their link."""
    with reading(visit.database) as session:
        found = the_complaint(session, visit.client, complaint)
    mail = is_address(str((found.customer or {}).get("email") or "").strip())
    if found.internal_of is not None:
        return "department_answered" if mail else "department_reads"
    return "customer_answered" if mail else "answer_kept"


@router.post("/complaints/{complaint}/close")
def close_complaint(
    case: str, complaint: str, visit: Visit = CustomersSide
) -> Response:
    """Note how it ended for the customer."""
    ending = visit.text("as")

    def do(session: Session, at: datetime) -> None:
        found = the_complaint(session, visit.client, complaint)
        if ending not in tuple(ClosedAs):
            raise Unfinished("Nothing is chosen.", pointer="/as")
        complaints.close(
            session, found.id, closed_as=ClosedAs(ending), who=visit.who, at=at
        )

    failed = act_on(visit, case, f"close:{complaint}", do)
    if failed:
        return show_one_complaint(visit, case, complaint, failed)
    return back_to(case, f"complaint-{complaint}", done="complaint_closed")


# ------------------------------------------------------ the internal customer's reply


@router.post("/complaints/{complaint}/accept")
def accept_answer(visit: Receiver, case: str, complaint: str) -> Response:
    """Accept the answer for the department whose complaint it is."""
    _guard_theirs(visit, complaint)

    def do(session: Session, at: datetime) -> None:
        complaints.close(
            session, complaint, closed_as=ClosedAs.ACCEPTED, who=visit.who, at=at
        )

    failed = act_on(visit, case, f"accept:{complaint}", do)
    if failed:
        return show_one_complaint(visit, case, complaint, failed)
    return back_to(case, f"complaint-{complaint}", done="answer_accepted")


@router.post("/complaints/{complaint}/refuse")
def refuse_answer(visit: Receiver, case: str, complaint: str) -> Response:
    """Say for the department what the answer does not put right."""
    _guard_theirs(visit, complaint)

    def do(session: Session, at: datetime) -> None:
        if not visit.text("missing").strip():
            raise Unfinished("Nothing is said to be missing.", pointer="/missing")
        complaints.not_accept(
            session, complaint, why=visit.text("missing"), who=visit.who, at=at,
            answer_within=house_of(visit).answer_within,
        )  # fmt: skip

    failed = act_on(visit, case, f"refuse:{complaint}", do)
    if failed:
        return show_one_complaint(visit, case, complaint, failed)
    return back_to(case, f"complaint-{complaint}", done="answer_refused")


def _guard_theirs(visit: Visit, complaint: str) -> None:
    """Refuse who does not belong to the department that receives the hand-over.

    Raises:
        NotYours: they reply to the answer themselves, as customers do.
    """
    with reading(visit.database) as session:
        found = the_complaint(session, visit.client, complaint)
    if found.internal_of not in visit.client.departments:
        raise NotYours(
            "Another department, or a customer, replies to this answer.",
            hint="The quality manager notes how it ended if they say so elsewhere.",
        )
