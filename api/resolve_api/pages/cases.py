"""Cases: the list, and what belongs to one case on pages of its own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from resolve.access.people import names_of
from resolve.analytics.case_list import Row, Sought
from resolve.analytics.case_list import cases as sought_cases
from resolve.analytics.case_sheet import customers_of, history, named_in
from resolve.cases.models import CaseStatus
from resolve.cases.said import newest
from resolve.chain.model import Kind
from resolve.departments.queries import departments
from resolve.kit.clock import now
from resolve.kit.database import reading
from resolve.kit.ids import is_id
from resolve_api.pages import case_view as view
from resolve_api.pages.case_page import Failed, read, show_case, story
from resolve_api.pages.case_words import (
    CASE_STATES,
    Reading,
    called,
    case_state,
    internal_customer,
    title_of,
    title_of_case,
)
from resolve_api.pages.numbers import whole
from resolve_api.pages.showing import page
from resolve_api.pages.talk_view import entries
from resolve_api.pages.visits import Reader, Visit
from resolve_api.seen import Showing, partner, shown_texts, the_complaint

router = APIRouter(prefix="/cases")
_BEGINNING = 160


@router.get("")
def list_cases(visit: Reader) -> Response:
    """List the cases that who looks may see, the newest first."""
    at = now()
    with reading(visit.database) as session:
        register = {one.id: one for one in departments(session)}
        sought = _sought(visit, register)
        found = sought_cases(session, sought)
        ids = [row.case.id for row in found.rows]
        texts = shown_texts(session, visit.client, ids)
        names = names_of(session, {row.case.led_by for row in found.rows})
    it = visit.language

    def shown(row: Row) -> dict[str, Any]:
        return _row(visit, row, texts[row.case.id], at) | {
            "facilitator": called(row.case.led_by, names, register, it),
            "asked": [
                (title_of(task.department_id, register, it), task.due_at)
                for task in row.asked
            ],
        }

    seen = [
        one.id
        for one in register.values()
        if not visit.client.is_partner or one.kind == Kind.INTERNAL
        or one.id in visit.client.departments
    ]  # fmt: skip
    return page(
        visit,
        "case/list.html",
        rows=[shown(row) for row in found.rows],
        before=found.before,
        sought=sought,
        states=[(one, case_state(one, it)) for one in CASE_STATES],
        departments=sorted(
            ((one, title_of(one, register, it)) for one in seen), key=lambda d: d[1]
        ),
        filtered=bool(sought.status or sought.department or sought.mine),
    )


def _sought(visit: Visit, register: dict[str, Any]) -> Sought:
    """Read the filters of the address; what means nothing filters nothing."""
    status, department = visit.ask("status"), visit.ask("department")
    before, person = visit.ask("before"), visit.person
    return Sought(
        status=status if status in CASE_STATES else None,
        department=department if department in register else None,
        mine=visit.ask("mine") == "1",
        facilitator=(visit.who, person.id, person.login),
        departments=visit.client.departments,
        seen_by=partner(visit.client),
        before=before if is_id(before) else None,
    )


def _row(visit: Visit, row: Row, text: Showing, at: datetime) -> dict[str, Any]:
    words = " ".join(text(row.first.text if row.first else None).split())
    long = len(words) > _BEGINNING
    return {
        "id": row.case.id,
        "number": row.first.number if row.first else "",
        "title": title_of_case(row.case, row.chain, visit.language),
        "words": f"{words[:_BEGINNING]}…" if long else words,
        "customers": row.customers,
        "internal": internal_customer(row.case, row.chain, visit.language),
        "state": case_state(row.case.status, visit.language),
        "opened_at": row.case.opened_at,
        "facilitating": _is_facilitating(row, at),
    }


def _is_facilitating(row: Row, at: datetime) -> bool:
    """Tell whether the facilitator has work, because nobody's answer is awaited."""
    if row.case.status == CaseStatus.TASKS:
        return row.case.round > 0 and not any(one.due_at > at for one in row.asked)
    return row.case.status in (CaseStatus.TO_PLACE, CaseStatus.REVIEW)


@router.get("/{case}")
def show(visit: Reader, case: str) -> Response:
    """Show a case."""
    return show_case(visit, case)


@router.get("/{case}/complaints")
def list_complaints(visit: Reader, case: str) -> Response:
    """Show the customers of a case, some at a time."""
    after = visit.ask("after")
    start = whole(after) or 0
    with reading(visit.database) as session:
        it = read(session, visit, case)
        found = customers_of(session, case, after=start)
    return _part(
        it,
        "case/complaints.html",
        customers=view.customers(it, found),
        total=found.total,
        more_after=found.more_after,
        failed=Failed("", {}),
    )


@router.get("/{case}/complaints/{complaint}")
def show_complaint(visit: Reader, case: str, complaint: str) -> Response:
    """Show one customer of a case."""
    return show_one_complaint(visit, case, complaint, Failed("", {}))


def show_one_complaint(
    visit: Visit, case: str, complaint: str, failed: Failed
) -> Response:
    """Show one customer of a case; with a form that was refused, as it was typed."""
    with reading(visit.database) as session:
        it = read(session, visit, case)
        named = the_complaint(session, visit.client, complaint)
        found = customers_of(session, case, only=named.id)
    return _part(
        it,
        "case/complaints.html",
        status=422 if failed.form else 200,
        customers=view.customers(it, found),
        total=1,
        more_after=None,
        failed=failed,
    )


@router.get("/{case}/story")
def show_story(visit: Reader, case: str) -> Response:
    """Show what happened before an entry of the journal."""
    before = visit.ask("before")
    last = whole(before)
    with reading(visit.database) as session:
        it = read(session, visit, case)
        past = history(session, case, before=last)
        it = it.with_history(past, names_of(session, {one.who for one in past.entries}))
    return _part(
        it,
        "case/story.html",
        story=story(it, past.entries),
        earlier_story=past.entries[0].seq if past.earlier else 0,
    )


@router.get("/{case}/talk")
def show_talk(visit: Reader, case: str) -> Response:
    """Show what was said before an entry."""
    before = visit.ask("before")
    with reading(visit.database) as session:
        it = read(session, visit, case)
        talk = newest(session, case, before=before if is_id(before) else None)
        it = it.with_names(names_of(session, named_in(talk)))
    return _part(
        it,
        "case/earlier_talk.html",
        earlier=bool(before),
        talk=entries(it, talk),
        earlier_talk=talk.entries[0].id if talk.earlier else "",
    )


def _part(it: Reading, template: str, *, status: int = 200, **facts: Any) -> Response:  # noqa: ANN401
    return page(
        it.visit,
        template,
        status=status,
        case=it.sheet.case,
        title=it.title,
        first_number=it.sheet.first_number,
        internal=it.internal,
        **facts,
    )
