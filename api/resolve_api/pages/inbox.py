"""The inbox: what is asked of me, by due time, and several like tasks at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from resolve.access.people import names_of
from resolve.analytics.inbox import Like, Line, Shown, Wish, inbox, lines
from resolve.complaints.queries import first_words
from resolve.departments.queries import by_id, departments
from resolve.kit.clock import now
from resolve.kit.database import reading
from resolve_api.pages.awaited_votes import awaited_votes
from resolve_api.pages.handovers import awaiting
from resolve_api.pages.mine import Mine, mine_of
from resolve_api.pages.showing import DONE, page
from resolve_api.pages.visits import Answerer, Visit
from resolve_api.seen import partner, shown_texts

router = APIRouter()
PAGE = 20
_LONGEST_SEARCH = 200
_LONGEST_WORDS = 160

DONE["task_answered"] = lambda it: it.say(
    "Your answer is in. You can change it until the joint review opens."
)
DONE["tasks_answered"] = lambda it: it.say(
    "Your answer is in, for all the tasks that you chose."
)
DONE["task_returned"] = lambda it: it.say(
    "The task is back with the facilitator, with your reason."
)
DONE["task_passed_on"] = lambda it: it.say("The task is passed on.")


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address of the inbox asks for."""

    status: Shown
    whose: str
    department: str
    words: str

    @property
    def narrow(self) -> bool:
        """Tell whether they leave out open tasks that could be seen."""
        asked = (self.department, self.words, self.whose == "mine")
        return self.status is not Shown.OPEN or any(asked)

    def query(self, **more: str) -> str:
        """Write them as the question of an address."""
        asked = {
            "status": "" if self.status is Shown.OPEN else str(self.status),
            "whose": self.whose,
            "department": self.department,
            "q": self.words,
        } | more
        return urlencode({name: value for name, value in asked.items() if value})


@dataclass(frozen=True, slots=True)
class Row:
    """A task of the list; `alike` are those of this page that one answer fits.

    They stand with the first of them only; `words` are how the customer begins.
    """

    line: Line
    whose: str
    assignee: str
    past: bool
    alike: tuple[str, ...]
    begun: bool
    words: str

    @property
    def together(self) -> str:
        """Give the address at which it is answered with those like it."""
        return "/tasks/together?" + urlencode([("task", one) for one in self.alike])


@router.get("/inbox")
def show(visit: Answerer) -> Response:
    """Show what is asked of somebody, by due time."""
    at = now()
    with reading(visit.database) as session:
        mine = mine_of(session, visit, at=at)
        filters = _filters(visit, mine)
        found = inbox(
            session,
            _wish(visit, mine, filters),
            language=visit.language,
            limit=PAGE,
            cursor=visit.ask("cursor"),
        )
        told = lines(session, found.rows, visit.language)
        rows = _rows(session, visit, mine, told, at=at)
        choices = _departments(session, visit, mine)
        votes = awaited_votes(session, visit, mine.departments)
        standards = awaiting(session, visit)
    return page(
        visit,
        "inbox/inbox.html",
        rows=rows,
        filters=filters,
        mine=mine,
        departments=choices,
        votes=votes,
        standards=standards,
        next=filters.query(cursor=found.next_cursor) if found.next_cursor else "",
        first=not visit.ask("cursor"),
        filtered=filters.narrow,
        shown=list(Shown),
    )


def _filters(visit: Visit, mine: Mine) -> Filters:
    asked, whose = visit.ask("status"), visit.ask("whose")
    status = Shown(asked) if asked in list(Shown) else Shown.OPEN
    if mine.handles and not mine.departments:
        whose = whose or "all"
    known = ("mine", "all") if mine.handles else ("mine",)
    return Filters(
        status,
        whose if whose in known else "",
        visit.ask("department"),
        visit.ask("q")[:_LONGEST_SEARCH],
    )


def _wish(visit: Visit, mine: Mine, filters: Filters) -> Wish:
    own = filters.whose == "mine"
    return Wish(
        departments=tuple(sorted(mine.headed if own else mine.departments)),
        people=mine.people,
        everybody=filters.whose == "all",
        alone=own,
        only=filters.department,
        within=partner(visit.client),
        shown=filters.status,
        words=filters.words,
        unmasked=not visit.client.is_partner,
    )


def _rows(
    session: Session, visit: Visit, mine: Mine, told: Sequence[Line], *, at: datetime
) -> list[Row]:
    names = names_of(session, [one.task.assignee or "" for one in told])
    together: dict[Like, list[str]] = {}
    for one in told:
        if one.like:
            together.setdefault(one.like, []).append(one.task.id)
    words = words_of(session, visit, told)
    return [
        Row(
            one,
            one.department(visit.language),
            names.get(one.task.assignee or "", one.task.assignee or ""),
            one.task.status == Shown.OPEN and one.task.due_at <= at,
            tuple(together.pop(one.like, ())) if one.like else (),
            one.begun and not mine.by_word_of_mouth(one.task),
            words.get(one.task.case_id, ""),
        )
        for one in told
    ]


def words_of(session: Session, visit: Visit, told: Sequence[Line]) -> dict[str, str]:
    """Give how the first customer of each case begins, as somebody may see it."""
    cases = sorted({one.task.case_id for one in told})
    as_seen = shown_texts(session, visit.client, cases)
    said = first_words(session, cases)
    return {case_id: _short(as_seen[case_id](text)) for case_id, text in said.items()}


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return f"{plain[:_LONGEST_WORDS]}…" if len(plain) > _LONGEST_WORDS else plain


def _departments(session: Session, visit: Visit, mine: Mine) -> list[tuple[str, str]]:
    """Give the departments that the list may be narrowed to, by their titles."""
    rows = (
        list(departments(session))
        if mine.handles
        else list(by_id(session, mine.departments).values())
    )
    titled = [(one.id, one.titled(visit.language.code)) for one in rows]
    return sorted(titled, key=lambda one: one[1])
