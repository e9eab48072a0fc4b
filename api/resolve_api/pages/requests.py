"""Requests between neighbours: what is asked of my departments, what they asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from resolve.analytics.requests import Asked, asked_by, asked_of, promises_of
from resolve.analytics.shapes import request_shape
from resolve.kit.clock import now
from resolve.kit.database import reading, transaction
from resolve.kit.errors import Forbidden, ResolveError
from resolve.tasks import queries
from resolve.tasks.errors import UnknownRequest
from resolve.tasks.models import Request
from resolve.tasks.requests import reply
from resolve_api.pages.mine import mine_of
from resolve_api.pages.said import SAID, said
from resolve_api.pages.showing import DONE, page
from resolve_api.pages.task_page import titles
from resolve_api.pages.visits import Answerer, Visit
from resolve_api.seen import shown_texts

router = APIRouter(prefix="/requests")
_PAGE = 20

DONE["request_accepted"] = lambda it: it.say("Accepted. Your neighbour is told.")
DONE["request_instead"] = lambda it: it.say(
    "Your neighbour is told what you propose instead."
)
SAID["already_replied"] = lambda it, _: it.say(
    "Somebody of your department replied meanwhile, or it is not asked any more."
)
SAID["unknown_request"] = lambda it, _: it.say("There is no such request.")


@router.get("")
def show(visit: Answerer) -> Response:
    """Show requests to and from somebody's departments."""
    return _show(visit)


@router.post("/{request}/reply")
def reply_to(visit: Answerer, request: str) -> Response:
    """Accept a request, or propose something instead."""
    at = now()
    accept = bool(visit.text("accept"))
    try:
        with transaction(visit.database) as session:
            found = queries.request(session, request)
            mine = mine_of(session, visit, at=at)
            mine.must_act_for(found.department_id)
            instead = None if accept else visit.text("instead")
            reply(
                session, found.id, accept=accept, instead=instead, who=visit.who, at=at
            )
    except (UnknownRequest, Forbidden):
        raise
    except ResolveError as why:
        return _show(visit, request, why)
    done = "request_accepted" if accept else "request_instead"
    return visit.go("/requests", done=done)


@router.get("/{request}/reply")
def lead_back(visit: Answerer, request: str) -> Response:
    """Lead who opens the address of a form back to the list."""
    return visit.go("/requests#" + request)


def _show(visit: Visit, about: str = "", why: ResolveError | None = None) -> Response:
    at = now()
    with reading(visit.database) as session:
        mine = mine_of(session, visit, at=at)
        departments = sorted(mine.departments)
        to_us = asked_of(
            session, departments, done=False, limit=_PAGE, after=visit.ask("to")
        )
        done = asked_of(
            session, departments, done=True, limit=_PAGE, after=visit.ask("before")
        )
        from_us = asked_by(session, departments, limit=_PAGE, after=visit.ask("from"))
        rows = [*to_us.rows, *done.rows, *from_us.rows]
        shown = _shown(session, visit, rows)
        named = titles(session, visit, _departments(rows))
    return page(
        visit,
        "inbox/requests.html",
        status=422 if why else 200,
        to_us=_of(to_us, shown),
        done_by_us=_of(done, shown),
        from_us=_of(from_us, shown),
        more={"to": to_us.next, "before": done.next, "from": from_us.next},
        titles=named,
        mine=mine,
        about=about,
        wrong=said(visit.language, why) if why else "",
        typed=visit.text("instead") if about else "",
        at=at,
    )


def _departments(rows: Sequence[Request]) -> set[str]:
    both = [(one.department_id, one.from_department_id) for one in rows]
    return {id_ for pair in both for id_ in pair}


def _of(asked: Asked, shown: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    return [shown[one.id] for one in asked.rows]


def _shown(
    session: Session, visit: Visit, rows: Sequence[Request]
) -> dict[str, dict[str, Any]]:
    """Show requests as somebody may see them, with what they are about."""
    cases = sorted({one.case_id for one in rows})
    as_seen = shown_texts(session, visit.client, cases)
    about = promises_of(session, cases, visit.language)
    return {
        one.id: request_shape(one)
        | {
            "case": one.case_id,
            "about": about.get(one.case_id, ""),
            "what": as_seen[one.case_id](one.what),
            "reply": as_seen[one.case_id](one.reply),
            "asked_at": one.at,
            "wanted_by": one.wanted_by,
        }
        for one in rows
    }
