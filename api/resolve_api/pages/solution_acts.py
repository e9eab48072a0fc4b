"""What the facilitator does with an agreed change: its aim, judging it, more time."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from resolve.handling.proving import judge_now
from resolve.kit.clock import now
from resolve.kit.database import reading
from resolve.kit.errors import NotFound, ResolveError
from resolve.solutions.aims import Aim
from resolve.solutions.errors import UnknownSolution
from resolve.solutions.proving import prove_longer
from resolve.solutions.queries import solution
from resolve.solutions.service import say_outcome, set_aim
from resolve_api.pages.case_acts import act_on, answer_with
from resolve_api.pages.case_page import Failed
from resolve_api.pages.showing import DONE
from resolve_api.pages.solution_form import aim_of, period_of
from resolve_api.pages.visits import Facilitator, Visit
from resolve_api.seen import the_case

router = APIRouter(prefix="/cases/{case}/agreements/{agreement}")

DONE |= {
    "change_aimed": lambda it: it.say("Saved. Everybody on the case sees it."),
    "change_judged": lambda it: it.say("The orders were looked at; see what they say."),
    "change_longer": lambda it: it.say("It gets more time to be proven."),
    "change_given_up": lambda it: it.say("It is given up, with the reason."),
}


@router.post("/aim")
def say_aim(visit: Facilitator, case: str, agreement: str) -> Response:
    """Say what an agreed change is to change."""

    def do(session: Session, at: datetime) -> None:
        _of_case(session, case, agreement)
        aim = aim_of(visit) or Aim()
        set_aim(session, agreement, aim, who=visit.who, at=at)

    failed = act_on(visit, case, f"aim:{agreement}", do)
    return answer_with(visit, case, failed, "change_aimed", f"solution-{agreement}")


@router.post("/judge")
def judge_change(visit: Facilitator, case: str, agreement: str) -> Response:
    """Look at the orders of a change now."""
    failed = _judged(visit, case, agreement)
    return answer_with(visit, case, failed, "change_judged", f"solution-{agreement}")


def _judged(visit: Visit, case: str, agreement: str) -> Failed | None:
    try:
        with reading(visit.database) as session:
            the_case(session, visit.client, case)
            _of_case(session, case, agreement)
        judge_now(visit.database, agreement, who=visit.who, at=now())
    except NotFound:
        raise
    except ResolveError as why:
        return Failed.of(visit, f"judge:{agreement}", why)
    return None


@router.post("/longer")
def go_on_proving(visit: Facilitator, case: str, agreement: str) -> Response:
    """Give a change more time to be proven."""

    def do(session: Session, at: datetime) -> None:
        _of_case(session, case, agreement)
        days, orders = period_of(visit)
        prove_longer(
            session, agreement, days=days, orders=orders, reason=visit.text("reason"),
            who=visit.who, at=at,
        )  # fmt: skip

    failed = act_on(visit, case, f"longer:{agreement}", do)
    return answer_with(visit, case, failed, "change_longer", f"solution-{agreement}")


@router.post("/give-up")
def give_up(visit: Facilitator, case: str, agreement: str) -> Response:
    """Give up a change that is in place, with the reason."""

    def do(session: Session, at: datetime) -> None:
        _of_case(session, case, agreement)
        say_outcome(
            session, agreement, in_place=False, reason=visit.text("reason"),
            who=visit.who, at=at,
        )  # fmt: skip

    failed = act_on(visit, case, f"give-up:{agreement}", do)
    return answer_with(visit, case, failed, "change_given_up", f"solution-{agreement}")


def _of_case(session: Session, case: str, agreement: str) -> None:
    if solution(session, agreement).case_id != case:
        raise UnknownSolution("This case has no such agreement.")
