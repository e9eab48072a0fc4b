"""Saying something in the talk of a case, and taking it back."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from resolve.cases.talk import take_back
from resolve.handling.talking import Words, speak
from resolve.kit.clock import now
from resolve.kit.database import transaction
from resolve.kit.errors import NotFound, ResolveError
from resolve_api.pages.case_page import Failed, back_to, show_case
from resolve_api.pages.review_page import show_review
from resolve_api.pages.said import SAID
from resolve_api.pages.talk_view import read_about
from resolve_api.pages.visits import Talker, Visit
from resolve_api.seen import the_case

router = APIRouter(prefix="/cases/{case}/talk")
REVIEW = "review"

SAID |= {
    "nothing_said_here": lambda it, _: it.say("Write what you want to say first."),
    "unknown_mention": lambda it, _: it.say(
        "Who you chose cannot read this case. Choose somebody who takes part."
    ),
    "too_many_mentions": lambda it, _: it.say(
        "That is too many at once. Everybody who takes part reads the talk anyway."
    ),
    "unknown_subject": lambda it, _: it.say(
        "What you want to talk about is not there any more. Choose anew."
    ),
    "not_your_words": lambda it, _: it.say("Only who said it can take it back."),
    "unknown_talk_entry": lambda it, _: it.say("There is no such entry in this talk."),
}


@router.post("")
def say_something(visit: Talker, case: str) -> Response:
    """Say something to everybody on the case."""
    to = tuple(one for one in visit.texts("mention") if one)
    words = Words(visit.text("text"), read_about(visit.text("about")), to)
    try:
        with transaction(visit.database) as session:
            the_case(session, visit.client, case)
            said = speak(
                session, case, words, who=visit.who,
                departments=visit.client.departments, at=now(),
            )  # fmt: skip
    except NotFound:
        raise
    except ResolveError as why:
        failed = Failed.of(visit, "talk", why)
        if visit.text("from") == REVIEW:
            return show_review(visit, case, failed)
        return show_case(visit, case, failed)
    return _back(visit, case, said.id)


@router.post("/{entry}/take-back")
def take_words_back(visit: Talker, case: str, entry: str) -> Response:
    """Take back what one said oneself."""
    with transaction(visit.database) as session:
        the_case(session, visit.client, case)
        take_back(session, case, entry, who=visit.who, at=now())
    return _back(visit, case, entry)


def _back(visit: Visit, case: str, entry: str) -> Response:
    """Lead back to the entry, on the page where it was said."""
    if visit.text("from") == REVIEW:
        return RedirectResponse(f"/cases/{case}/review#entry-{entry}", 303)
    return back_to(case, f"entry-{entry}")
