"""The board of the quality manager: what is to be done now, and how cases stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from resolve.access.table import Right
from resolve.analytics import board, board_lists
from resolve.analytics.board import COUNTED, Waiting, Waits
from resolve.kit.clock import now
from resolve.kit.database import reading
from resolve.kit.errors import NotFound
from resolve.kit.language import Language
from resolve_api.pages.board_view import Board, CaseRow, TaskRow
from resolve_api.pages.case_words import case_state, title_of
from resolve_api.pages.showing import page
from resolve_api.pages.visits import Facilitator

router = APIRouter(prefix="/board")
_FIRST = 5
_AT_ONCE = 30


class NothingLikeThis(NotFound):
    """The board has no such list."""

    code = "not_found"


@dataclass(frozen=True, slots=True)
class Section:
    """What waits of one kind: its first rows, how many, and what to say of it."""

    what: Waits
    title: str
    why: str
    rows: Sequence[CaseRow | TaskRow]
    count: str
    href: str


@router.get("")
def show(visit: Facilitator) -> Response:
    """Show what is to be done now, cases by state, and work by due time."""
    at = now()
    it = Board(visit, at)
    with reading(visit.database) as session:
        counted = board.counts(session, at=at)
        sections = [
            _section(it, session, what, counted.waits[what])
            for what in Waits
            if counted.waits[what]
        ]
        found = board_lists.work(session, board_lists.WorkWish(), limit=_FIRST)
        return page(
            visit,
            "board/board.html",
            sections=sections,
            headless=[
                title_of(one.id, {one.id: one}, visit.language)
                for one in board.headless(session)
            ],
            failed=counted.failed if visit.may(Right.RUN) else 0,
            states=[
                (state, case_state(state, visit.language), up_to(visit.language, n))
                for state, n in counted.states.items()
            ],
            work=it.tasks(session, found.ids),
            more_work=found.cursor is not None,
        )


@router.get("/waiting/{what}")
def show_waiting(visit: Facilitator, what: str) -> Response:
    """Show all that waits of one kind."""
    if what not in set(Waits) - {Waits.PLACE}:
        raise NothingLikeThis("There is no such list.")
    at = now()
    it = Board(visit, at)
    kind = Waits(what)
    with reading(visit.database) as session:
        found = board.waiting(
            session, kind, at=at, limit=_AT_ONCE, cursor=visit.ask("cursor")
        )
        return page(
            visit,
            "board/waiting.html",
            what=kind,
            title=title(kind, visit.language),
            why=why(kind, visit.language),
            rows=_rows(it, session, kind, found.rows),
            cursor=found.next_cursor,
            first=not visit.ask("cursor"),
        )


def _section(it: Board, session: Session, what: Waits, n: int) -> Section:
    first = board.waiting(session, what, at=it.at, limit=_FIRST)
    return Section(
        what,
        title(what, it.language),
        why(what, it.language),
        _rows(it, session, what, first.rows),
        up_to(it.language, n),
        "/board/place" if what is Waits.PLACE else f"/board/waiting/{what}",
    )


def _rows(
    it: Board, session: Session, what: Waits, found: Sequence[Waiting]
) -> Sequence[CaseRow | TaskRow]:
    if what is Waits.RETURNED:
        return it.tasks(session, [one.id for one in found])
    due = {one.case_id: one.due for one in reversed(found)}
    return it.cases(session, [one.case_id for one in found], due)


def up_to(it: Language, n: int) -> str:
    """Write a number that was counted up to a limit."""
    if n > COUNTED:
        return it.say("more than {n}", n=it.number(COUNTED))
    return it.number(n)


def title(what: Waits, it: Language) -> str:
    return {
        Waits.PLACE: it.say("Say what these are about"),
        Waits.ANSWER: it.say("Customers who expect an answer"),
        Waits.RETURNED: it.say("Tasks handed back to you"),
        Waits.REVIEW: it.say("Ready for the joint review"),
        Waits.DECIDE: it.say("Votes to be decided on"),
        Waits.OUTCOME: it.say("Agreed changes whose day has come"),
    }[what]


def why(what: Waits, it: Language) -> str:
    """Say why it matters to the customer, and what happens next."""
    return {
        Waits.PLACE: it.say(
            "Until then nobody works on them for the customer. Then the departments of "
            "the chain are asked at once."
        ),
        Waits.ANSWER: it.say(
            "The promised time ends soon, or has ended. Even a short word on what "
            "happens next helps."
        ),
        Waits.RETURNED: it.say(
            "A department says that it is not theirs. Pass it on, talk with them, or "
            "go on without it."
        ),
        Waits.REVIEW: it.say(
            "All answers are in, or their time is over. In the review all look "
            "together at what will change for the customer."
        ),
        Waits.DECIDE: it.say(
            "Everybody agrees, or the time for votes is over. What the customer would "
            "not accept is met first."
        ),
        Waits.OUTCOME: it.say(
            "Is it in place? When it is, everybody who took part is told, and the next "
            "customer notices."
        ),
    }[what]
