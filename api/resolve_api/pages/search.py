"""Search: what people wrote, in its word forms; partners within their cases, masked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from resolve.analytics.case_facts import Line, lines
from resolve.analytics.search import Filled, Hit, filled, find, hits
from resolve.complaints.finding import Found
from resolve.complaints.models import Complaint
from resolve.complaints.words import LONGEST_QUERY, Piece, Query, query, snippet, terms
from resolve.departments.queries import departments
from resolve.kit.clock import now
from resolve.kit.database import reading
from resolve.kit.errors import BadRequest
from resolve.kit.language import Language
from resolve_api.pages.board_view import about, next_in_words
from resolve_api.pages.case_words import case_state, title_of
from resolve_api.pages.export import csv_of, shown_in_export, wants_customers
from resolve_api.pages.showing import page
from resolve_api.pages.visits import Reader, Visit
from resolve_api.seen import Showing, partner, shown_texts

router = APIRouter()
_AT_ONCE = 20
_LOOKS = 5  # how often a partner's page looks on for what its masked texts hold
_EXPORTED = 200


class BadPlace(BadRequest):
    """The address goes on from no place of this search."""

    code = "bad_cursor"


@dataclass(frozen=True, slots=True)
class Result:
    """Something found, as the page shows it."""

    href: str
    title: str
    what: str
    number: str
    state: str
    at: datetime | None
    pieces: Sequence[Piece]
    line: Line
    complaint: Complaint | None


@router.get("/search")
def show(visit: Reader) -> Response:
    """Show what was found."""
    text = visit.ask("q")[:LONGEST_QUERY]
    wanted = query(text)
    with reading(visit.database) as session:
        found, before = _found(session, visit, wanted, before=_before(visit))
        return page(
            visit,
            "board/search.html",
            q=text,
            asked=bool(wanted.words),
            results=results(
                session, visit, wanted, found, masked=visit.client.is_partner
            ),
            before=before,
            first=not visit.ask("before"),
            filled=filled(session) if text else Filled(True, True),  # noqa: FBT003
            exports=not visit.client.is_partner,
        )


@router.get("/search.csv")
def export(visit: Reader) -> Response:
    """Give everything found as a table."""
    wanted = query(visit.ask("q"))
    with_customers = wants_customers(visit)
    it = visit.language
    header = [
        it.say("Found in"),
        it.say("Complaint"),
        it.say("Case"),
        it.say("About"),
        it.say("State"),
        it.say("Received"),
        it.say("Text"),
    ]

    def rows() -> Iterator[list[object]]:
        before: int | None = None
        while True:
            with reading(visit.database) as session:
                found, before = _found(
                    session, visit, wanted, before=before, most=_EXPORTED
                )
                made = results(session, visit, wanted, found, masked=not with_customers)
            # The look has ended: who reads slowly holds no connection.
            for one in made:
                yield _row(one, with_customers=with_customers)
            if before is None:
                return

    return csv_of(visit, "search", header, rows(), with_customers=with_customers)


def _row(one: Result, *, with_customers: bool) -> list[object]:
    customer = one.complaint if with_customers else None
    return [
        one.what, one.number, one.line.case.id, one.title, one.state, one.at,
        "".join(piece.text for piece in one.pieces), customer,
    ]  # fmt: skip


def _before(visit: Visit) -> int | None:
    """Read from where on the search goes on.

    Raises:
        BadPlace: it is none.
    """
    text = visit.ask("before")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 18):  # noqa: PLR2004  63 bits
        raise BadPlace("The search cannot go on from there.", hint="Start again.")
    return int(text)


def _found(
    session: Session,
    visit: Visit,
    wanted: Query,
    *,
    before: int | None,
    most: int = _AT_ONCE,
) -> tuple[list[Hit], int | None]:
    """Give a page of what somebody may see, and from where to go on."""
    only = partner(visit.client)
    kept: list[Hit] = []
    for _ in range(1 if only is None else _LOOKS):
        rows = find(session, wanted, limit=most + 1, before=before, seen_by=only)
        more = len(rows) > most
        rows = rows[:most]
        found = hits(session, rows)
        kept += found if only is None else _after_masking(session, visit, wanted, found)
        before = rows[-1].id if more else None
        if before is None or len(kept) >= most:
            break
    return kept, before


def _after_masking(
    session: Session, visit: Visit, wanted: Query, found: Sequence[Hit]
) -> list[Hit]:
    """Keep what still fits once the customer is masked: a name finds nothing."""
    shows = shown_texts(session, visit.client, list({one.case_id for one in found}))
    return [
        one
        for one in found
        if wanted.fits(terms(_readable(one, shows[one.case_id], masked=True)))
    ]


def _readable(one: Hit, show: Showing, *, masked: bool) -> list[str]:
    texts: Sequence[str | None] = one.texts
    if masked and one.complaint is not None:
        of = one.complaint
        texts = (of.text, of.desired_outcome, of.answer, of.remedy, of.number,
                 of.order_id, of.reference)  # fmt: skip
    return [shown for text in texts if (shown := show(text))]


def results(
    session: Session,
    visit: Visit,
    wanted: Query,
    found: Sequence[Hit],
    *,
    masked: bool,
) -> list[Result]:
    """Put what was found into words; asks a constant number of times."""
    ids = list(dict.fromkeys(one.case_id for one in found))
    if not ids:
        return []
    of_cases = {one.case.id: one for one in lines(session, ids, at=now())}
    shows = shown_in_export(session, visit, ids, with_customers=not masked)
    register = {one.id: one for one in departments(session)}
    made = []
    for one in found:
        line = of_cases[one.case_id]
        texts = _readable(one, shows[one.case_id], masked=masked)
        best = next((t for t in texts if wanted.forms & terms([t])), texts[0])
        whose = (
            title_of(one.task.department_id, register, visit.language)
            if one.task
            else ""
        )
        made.append(_result(visit.language, one, line, snippet(best, wanted), whose))
    return made


def _result(
    it: Language, one: Hit, line: Line, pieces: Sequence[Piece], whose: str
) -> Result:
    complaint = one.complaint or line.first
    href = f"/cases/{one.case_id}"
    if one.kind is Found.TALK:
        href += "#talk"
    elif one.task:
        href += f"#task-{one.task.id}"
    return Result(
        href,
        about(line, it) or it.say("Not placed yet"),
        _what(one.kind, whose, it),
        complaint.number if complaint else "",
        f"{case_state(line.case.status, it)} · {next_in_words(line.next, it)}",
        complaint.received_at if complaint else None,
        pieces,
        line,
        one.complaint,
    )


def _what(kind: Found, whose: str, it: Language) -> str:
    match kind:
        case Found.COMPLAINT:
            return it.say("complaint")
        case Found.ANSWER:
            return it.say("answer of {department}", department=whose)
        case Found.REQUEST:
            return it.say("request to a neighbour, of {department}", department=whose)
        case Found.TALK:
            return it.say("talk of the case")
