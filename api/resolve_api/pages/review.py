"""The joint review: looking together, voting, meeting objections, deciding."""

from __future__ import annotations

from datetime import date, datetime

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from resolve.handling.deciding import Decision, decide
from resolve.handling.voting import put_to_vote
from resolve.kit.errors import Invalid
from resolve.reviews import ballots, queries
from resolve.reviews.asking import ask_once_more
from resolve.reviews.models import Ballot, MetBy, Objection, Position
from resolve.reviews.motions import Motion
from resolve.reviews.objections import Meeting, meet, object_to, take_back
from resolve.reviews.votes import Voting, vote
from resolve_api.pages.case_acts import act_on
from resolve_api.pages.case_page import Failed
from resolve_api.pages.local_times import local_moment
from resolve_api.pages.mine import mine_of
from resolve_api.pages.review_page import show_review
from resolve_api.pages.said import SAID
from resolve_api.pages.showing import DONE
from resolve_api.pages.solution_form import aim_of
from resolve_api.pages.visits import Answerer, Facilitator, Reader, Talker, Visit

router = APIRouter(prefix="/cases/{case}/review")

DONE |= {
    "put_to_vote": lambda it: it.say(
        "It is put to the vote; the departments of this case are told."
    ),
    "voted": lambda it: it.say(
        "Your vote is in. You can change it until the review decides."
    ),
    "objected": lambda it: it.say(
        "It stands in front of everybody, and is not decided over."
    ),
    "objection_met": lambda it: it.say("Noted; everybody on the case sees it."),
    "taken_back": lambda it: it.say("You took it back."),
    "vote_changed": lambda it: it.say(
        "The changed solution is put to the vote; the votes begin anew."
    ),
    "vote_extended": lambda it: it.say("The time for votes is moved."),
    "vote_dropped": lambda it: it.say("It is left, with your reason."),
    "asked_once_more": lambda it: it.say(
        "The departments are asked once more; a new round begins in a moment."
    ),
    "review_decided": lambda it: it.say(
        "Agreed. Everybody on the case is told and sees it."
    ),
}


class CustomerMissing(Invalid):
    """What the customer would say is asked before anything is voted on."""

    code = "customer_missing"


class NothingChosen(Invalid):
    code = "nothing_chosen"


SAID |= {
    "customer_missing": lambda it, _: it.say(
        "First look at it with the customer's eyes: what would they say?"
    ),
    "nothing_chosen": lambda it, _: it.say("Please choose."),
    "already_put_to_vote": lambda it, _: it.say(
        "It was put to the vote in the meantime."
    ),
    "ballot_ended": lambda it, _: it.say(
        "This was changed or left in the meantime. Look at the review anew."
    ),
    "nothing_changed": lambda it, _: it.say(
        "These are the words that are voted on. Say how the solution is now."
    ),
    "not_on_the_case": lambda it, _: it.say(
        "This department does not take part in this review."
    ),
    "words_missing": lambda it, _: it.say("Say it in a sentence; everybody reads it."),
    "voted_themselves": lambda it, _: it.say(
        "This department voted itself in the meantime."
    ),
    "not_your_objection": lambda it, _: it.say(
        "A colleague said that the customer would not accept it: only they take it "
        "back, or it is met in the review."
    ),
    "objection_ended": lambda it, _: it.say("This was met or taken back meanwhile."),
    "manager_missing": lambda it, _: it.say("Name the manager who gives the reason."),
    "not_a_manager": lambda it, _: it.say(
        "Name somebody of this house who is quality manager or heads a department."
    ),
    "objection_unmet": lambda it, _: it.say(
        "Somebody says that the customer would not accept it. First that is met: by a "
        "change, by the customer's own yes, or by a manager's written reason."
    ),
    "votes_awaited": lambda it, _: it.say(
        "Not everybody has agreed, and there is still time. Talk with those who need "
        "something first."
    ),
    "votes_time_too_short": lambda it, _: it.say(
        "Leave the departments at least until the end of the next working day, unless "
        "all have voted."
    ),
    "votes_time_too_long": lambda it, _: it.say(
        "Choose a moment within the next 60 days."
    ),
    "mandate_needed": lambda it, _: it.say(
        "Not everybody has agreed. By mandate you can decide, with the reason."
    ),
    "owner_missing": lambda it, _: it.say("Name somebody who sees to it."),
    "due_missing": lambda it, _: it.say("Name a day by which it is in place."),
    "unknown_ballot": lambda it, _: it.say("There is no such vote for you to see."),
    "unknown_objection": lambda it, _: it.say("There is no such objection."),
}


def _answer(
    visit: Visit, case: str, failed: Failed | None, done: str, place: str
) -> Response:
    if failed:
        return show_review(visit, case, failed)
    return RedirectResponse(f"/cases/{case}/review?done={done}#{place}", 303)


def _ballot(session: Session, case: str, ballot: str) -> Ballot:
    found = queries.ballot(session, ballot)
    if found.case_id != case:
        raise queries.unknown_ballot(ballot)
    return found


def _objection(session: Session, case: str, objection: str) -> Objection:
    found = queries.objection(session, objection)
    if found.case_id != case:
        raise queries.unknown_objection(objection)
    return found


@router.get("")
def show(visit: Reader, case: str) -> Response:
    """Show a joint review: the same for everybody on the case."""
    return show_review(visit, case)


@router.get("/{rest:path}")
def lead_back(visit: Reader, case: str, rest: str) -> Response:  # noqa: ARG001
    """Lead who opens the address of a form back to the review."""
    return visit.go(f"/cases/{case}/review")


# ------------------------------------------------------------------------- everybody


@router.post("/{ballot}/vote")
def vote_on(visit: Answerer, case: str, ballot: str) -> Response:
    """Vote for one's department; the facilitator also what others said."""
    department = visit.text("department")
    spoken = visit.text("by_mouth")
    form = f"{'mouth' if spoken else 'vote'}:{ballot}:{'' if spoken else department}"

    def do(session: Session, at: datetime) -> None:
        _ballot(session, case, ballot)
        mine = mine_of(session, visit, at=at)
        mine.must_act_for(department)
        vote(
            session, ballot, department, _voting(visit), who=visit.who, at=at,
            by_word_of_mouth=department not in mine.departments,
        )  # fmt: skip

    failed = act_on(visit, case, form, do)
    return _answer(visit, case, failed, "voted", f"ballot-{ballot}")


def _voting(visit: Visit) -> Voting:
    wanted = visit.text("position")
    if wanted not in tuple(Position):
        raise NothingChosen("Nothing is chosen.", pointer="/position")
    return Voting(Position(wanted), visit.text("text"))


@router.post("/{ballot}/object")
def object_for_customer(visit: Talker, case: str, ballot: str) -> Response:
    """Say that the customer would not accept it, as anybody on the case may."""

    def do(session: Session, at: datetime) -> None:
        _ballot(session, case, ballot)
        object_to(session, ballot, visit.text("text"), who=visit.who, at=at)

    failed = act_on(visit, case, f"object:{ballot}", do)
    return _answer(visit, case, failed, "objected", f"ballot-{ballot}")


@router.post("/objections/{objection}/take-back")
def take_objection_back(visit: Talker, case: str, objection: str) -> Response:
    """Take back what one said for the customer."""

    def do(session: Session, at: datetime) -> None:
        _objection(session, case, objection)
        take_back(session, objection, who=visit.who, at=at)

    failed = act_on(visit, case, f"meet:{objection}", do)
    return _answer(visit, case, failed, "taken_back", "objections")


# ------------------------------------------------------------------- the facilitator


@router.post("/put")
def put(visit: Facilitator, case: str) -> Response:
    """Put a proposal, or the division of time, to the vote."""
    key = visit.text("about")

    def do(session: Session, at: datetime) -> None:
        task, _, number = key.rpartition(":")
        about = (
            Motion(division_id=number)
            if task == "division"
            else Motion(task_id=task, proposal=_whole(number))
        )
        put_to_vote(session, case, _motion(visit, about), who=visit.who, at=at)

    failed = act_on(visit, case, f"put:{key}", do)
    return _answer(visit, case, failed, "put_to_vote", "proposals")


@router.post("/{ballot}/change")
def change(visit: Facilitator, case: str, ballot: str) -> Response:
    """Put a changed solution to the vote instead."""

    def do(session: Session, at: datetime) -> None:
        _ballot(session, case, ballot)
        about = Motion(division_id=visit.text("division") or None)
        motion = _motion(visit, about)
        ballots.change(session, ballot, motion, who=visit.who, at=at)

    failed = act_on(visit, case, f"change:{ballot}", do)
    return _answer(visit, case, failed, "vote_changed", "proposals")


@router.post("/{ballot}/extend")
def extend(visit: Facilitator, case: str, ballot: str) -> Response:
    """Move the time for votes."""

    def do(session: Session, at: datetime) -> None:
        _ballot(session, case, ballot)
        until = local_moment(visit.text("until"), visit.zone, pointer="/until")
        ballots.extend(session, ballot, until=until, who=visit.who, at=at)

    failed = act_on(visit, case, f"extend:{ballot}", do)
    return _answer(visit, case, failed, "vote_extended", f"ballot-{ballot}")


@router.post("/{ballot}/drop")
def drop(visit: Facilitator, case: str, ballot: str) -> Response:
    """Leave what was put to the vote, with the reason."""

    def do(session: Session, at: datetime) -> None:
        _ballot(session, case, ballot)
        reason = visit.text("reason")
        ballots.drop(session, ballot, reason=reason, who=visit.who, at=at)

    failed = act_on(visit, case, f"drop:{ballot}", do)
    return _answer(visit, case, failed, "vote_dropped", f"ballot-{ballot}")


@router.post("/{ballot}/decide")
def decide_on(visit: Facilitator, case: str, ballot: str) -> Response:
    """Agree on it: everybody does, or by mandate with a reason."""

    def do(session: Session, at: datetime) -> None:
        _ballot(session, case, ballot)
        decision = Decision(
            mandate=bool(visit.text("mandate")),
            reason=visit.text("reason"),
            owner=_owner(visit),
            due=_day(visit.text("due")),
            aim=aim_of(visit),
        )
        decide(session, ballot, decision, who=visit.who, at=at)

    failed = act_on(visit, case, f"decide:{ballot}", do)
    return _answer(visit, case, failed, "review_decided", f"ballot-{ballot}")


@router.post("/objections/{objection}/meet")
def meet_objection(visit: Facilitator, case: str, objection: str) -> Response:
    """Note by what an objection is met: the customer's yes, or a manager's reason."""
    wanted = visit.text("by")

    def do(session: Session, at: datetime) -> None:
        _objection(session, case, objection)
        if wanted not in (MetBy.CUSTOMER, MetBy.MANAGER):
            raise NothingChosen("Nothing is chosen.", pointer="/by")
        meeting = Meeting(MetBy(wanted), visit.text("text"), visit.text("manager"))
        meet(session, objection, meeting, who=visit.who, at=at)

    failed = act_on(visit, case, f"meet:{objection}", do)
    return _answer(visit, case, failed, "objection_met", "objections")


@router.post("/ask-once-more")
def ask_departments_once_more(visit: Facilitator, case: str) -> Response:
    """Ask the departments once more, and say why."""

    def do(session: Session, at: datetime) -> None:
        reason = visit.text("reason")
        ask_once_more(session, case, reason=reason, who=visit.who, at=at)

    failed = act_on(visit, case, "once-more", do)
    return _answer(visit, case, failed, "asked_once_more", "now")


def _motion(visit: Visit, about: Motion) -> Motion:
    """Read what is put to the vote; the customer is asked for first."""
    customer = visit.text("customer_says")
    if not customer.strip():
        raise CustomerMissing("What would the customer say?", pointer="/customer_says")
    until = visit.text("until").strip()
    return Motion(
        task_id=about.task_id,
        proposal=about.proposal,
        division_id=about.division_id,
        owner=_owner(visit),
        due=_day(visit.text("due")),
        wording=visit.text("wording"),
        customer_says=customer,
        until=local_moment(until, visit.zone, pointer="/until") if until else None,
    )


def _owner(visit: Visit) -> str:
    """Give who sees to it: the name typed, else who was chosen."""
    return visit.text("owner_name").strip() or visit.text("owner")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        raise NothingChosen("This is no day.", pointer="/due") from None


def _whole(number: str) -> int:
    if not (number.isdecimal() and number.isascii()):
        raise NothingChosen("No proposal is named.", pointer="/about")
    return int(number[:9])
