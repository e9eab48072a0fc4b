"""The page of a joint review: one for all heads and the facilitator."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlmodel import Session
from starlette.responses import Response

from resolve.access.table import Right
from resolve.analytics.case_sheet import open_answer_is_due
from resolve.analytics.next_act import NextAct
from resolve.analytics.order_times import order_times
from resolve.cases.models import CaseStatus
from resolve.chain.model import PromiseConcern
from resolve.kit.database import reading
from resolve.maps.queries import concern_of
from resolve.reviews import queries
from resolve.reviews.managers import managers
from resolve.reviews.models import BallotStatus, ObjectionStatus
from resolve_api.pages import case_view, solution_view
from resolve_api.pages.case_next import next_of, work_now
from resolve_api.pages.case_page import Failed, changing, owners, read
from resolve_api.pages.case_words import Reading, case_state
from resolve_api.pages.division_view import summary
from resolve_api.pages.mine import mine_of
from resolve_api.pages.order_times import drawn
from resolve_api.pages.review_ballots import Review, choices
from resolve_api.pages.review_view import next_for_me, proposals
from resolve_api.pages.showing import page
from resolve_api.pages.talk_view import entries, people_choices
from resolve_api.pages.visits import Visit

_FINE = Failed("", {})
_USUAL_TIME = timedelta(days=14)
_MOST_ORDERS = 2
_MOST_CUSTOMERS = 2


def show_review(visit: Visit, case_id: str, failed: Failed = _FINE) -> Response:
    """Show a review; with a form that was refused, as it was typed."""
    with reading(visit.database) as session:
        it = read(session, visit, case_id)
        review = review_of(session, it)
        facts = _read(session, it) | {
            "division": summary(session, visit, it.sheet.case),
            "due": open_answer_is_due(session, case_id, at=it.at),
        }
    facts |= _division(review, facts["division"])
    return page(
        visit,
        "review/review.html",
        status=422 if failed.form else 200,
        **_facts(review, answer_is_due=facts.pop("due")),
        **facts,
        failed=failed,
    )


def review_of(session: Session, it: Reading) -> Review:
    """Find out whose votes count, and for which departments who looks may vote."""
    asked = queries.asked(session, it.sheet.case)
    if not it.visit.may(Right.ANSWER):
        return Review(it, asked, frozenset())
    mine = mine_of(session, it.visit, at=it.at)
    return Review(it, asked, mine.departments & frozenset(asked))


def _division(review: Review, shown: dict[str, Any] | None) -> dict[str, Any]:
    """Give the ballot about the division of time, and whether it can be put."""
    ballot = review.on_division()
    voted_on = ballot is not None and ballot.status == BallotStatus.OPEN
    draft = shown is not None and shown["id"] and not shown["agreed"]
    may_put = review.handles and review.is_open and bool(draft) and not voted_on
    changed = shown is not None and bool(shown["changed"])
    return {
        "division_ballot": review.ballot(ballot) if ballot else None,
        "put_division": may_put and changed,
    }


def _read(session: Session, it: Reading) -> dict[str, Any]:
    sheet = it.sheet
    orders = order_times(session, sheet.case, sheet.customers.complaints)
    shown = drawn(it.visit, sheet.chain, sheet.departments, orders[:_MOST_ORDERS])
    return {
        "orders": [one for one in shown if one["rows"]],
        "managers": _managers(session, it),
    }


def _managers(session: Session, it: Reading) -> list[str]:
    """Name who may give a written reason, where one may be asked for now."""
    unmet = any(one.status == ObjectionStatus.OPEN for one in it.sheet.objections)
    if not (unmet and it.visit.may(Right.HANDLE)):
        return []
    return list(dict.fromkeys(one.name for one in managers(session)))


def _facts(review: Review, *, answer_is_due: bool) -> dict[str, Any]:
    it = review.it
    sheet = it.sheet
    act = next_of(it, answer_is_due=answer_is_due)
    handles = review.handles
    customers = case_view.customers(it, sheet.customers)
    return {
        "case": sheet.case,
        "state": case_state(sheet.case.status, it.language),
        "title": it.title,
        "first_number": sheet.first_number,
        "facilitator": it.called(sheet.case.led_by),
        "act": act,
        "work": work_now(it, act),
        "mine": list(next_for_me(review)),
        "before": sheet.case.status in (CaseStatus.TO_PLACE, CaseStatus.TASKS),
        "all_in": next_of(it, answer_is_due=False) is NextAct.OPEN_REVIEW,
        "ended": sheet.case.status in (CaseStatus.CLOSED, CaseStatus.MERGED),
        "is_open": review.is_open,
        "handles": handles,
        "customers": customers[:_MOST_CUSTOMERS],
        "more_customers": sheet.customers.total - len(customers[:_MOST_CUSTOMERS]),
        "partner": it.visit.client.is_partner,
        "promised": _promised(it),
        "span": it.language.measured,
        "answers": proposals(review),
        "objections": review.objections(),
        "choices": choices(it.language),
        "spoken_choices": [(value, words) for value, _, words in choices(it.language)],
        "owners": owners(it) if handles else [],
        "solutions": solution_view.solutions(it),
        **changing(it, handles=handles),
        "due_by": (it.at + _USUAL_TIME).astimezone(it.visit.zone).date().isoformat(),
        "today": it.at.astimezone(it.visit.zone).date().isoformat(),
        "internal": it.internal,
        "may_talk": it.visit.may(Right.TALK),
        "talk": entries(it, sheet.talk),
        "earlier_talk": sheet.talk.entries[0].id if sheet.talk.earlier else "",
        "people": people_choices(it),
    }


def _promised(it: Reading) -> str:
    """Say what the customer was promised."""
    case, chain = it.sheet.case, it.sheet.chain
    if case.concern is None or chain is None:
        return ""
    concern = concern_of(case.concern)
    if not isinstance(concern, PromiseConcern):
        return ""
    promise = chain.promises[concern.promise]
    title = promise.title.in_(it.language.code)
    if promise.within is None:
        return it.language.say("We promised: {promise}.", promise=title)
    return it.language.say(
        "We promised: {promise}, within {time}.",
        promise=title,
        time=it.language.duration(promise.within),
    )
