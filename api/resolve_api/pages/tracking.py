"""The customer's private link: how it stands, the answer, and what the customer says.

Whoever holds the link may use it, so no cookie counts here and forms need not come
from a page of ours: the page sends no referrer, and some browsers then send no origin.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session, col, select
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import Response

from resolve.attachments import queries as attachments
from resolve.attachments.models import Attachment
from resolve.cases.models import Case, CaseStatus, Remark
from resolve.clocks.models import ClockKind
from resolve.clocks.queries import clocks_of
from resolve.complaints import service, tracking
from resolve.complaints.errors import WrongComplaintState
from resolve.complaints.models import ClosedAs, Complaint, ComplaintStatus
from resolve.complaints.service import EARLIER_ANSWER, NOT_ACCEPTED
from resolve.kit.clock import now
from resolve.kit.database import reading, transaction
from resolve.kit.errors import Invalid, ResolveError
from resolve.kit.language import LANGUAGES, Language, language
from resolve.kit.texts import LONGEST, storable
from resolve_api.pages.complain import CUSTOMER
from resolve_api.pages.handing_in import house_of
from resolve_api.pages.said import SAID, said
from resolve_api.pages.showing import DONE, page
from resolve_api.pages.visits import Visit, visit_of
from resolve_api.tracked import tracking_url

router = APIRouter(prefix="/track")

_PRIVATE = {
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_MOST_FIELDS = 20
DONE["answer_accepted"] = lambda it: it.say("Thank you. We are glad it is settled.")
DONE["answer_refused"] = lambda it: it.say(
    "Thank you for saying so. We look at it again."
)
SAID["complaint_not_in_this_state"] = lambda it, _: it.say(
    "This was decided already in the meantime. This page shows how it stands now."
)


async def _holder(request: Request) -> Visit:
    form = FormData()
    if request.method == "POST":
        form = await request.form(max_files=0, max_fields=_MOST_FIELDS)
    made = await run_in_threadpool(visit_of, request, form)
    request.state.visit = made
    return made


Holder = Annotated[Visit, Depends(_holder)]


@dataclass(frozen=True, slots=True)
class _Standing:
    """All that the page shows of a complaint."""

    complaint: Complaint
    case_status: str
    due: datetime | None
    files: Sequence[Attachment]
    said_before: Sequence[Remark]


@router.get("/{token}")
def show(visit: Holder, token: str) -> Response:
    """Show how the complaint stands."""
    return _show(visit, token)


@router.post("/{token}/accept")
def accept(visit: Holder, token: str) -> Response:
    """Accept the answer: the customer's side ends."""
    try:
        with transaction(visit.database) as session:
            found = tracking.find(session, token)
            service.close(
                session, found.id, closed_as=ClosedAs.ACCEPTED, who=CUSTOMER, at=now()
            )
    except WrongComplaintState as why:
        return _show(visit, token, trouble=why)
    return visit.go(f"/track/{token}", done="answer_accepted")


@router.post("/{token}/refuse")
def refuse(visit: Holder, token: str) -> Response:
    """Do not accept the answer, and say what is still missing."""
    why = visit.text("why").strip()
    wrong = _wrong(why, _spoken(visit, token))
    if wrong:
        return _show(visit, token, wrong=wrong)
    try:
        with transaction(visit.database) as session:
            found = tracking.find(session, token)
            service.not_accept(
                session, found.id, why=why, who=CUSTOMER, at=now(),
                answer_within=house_of(visit).answer_within,
            )  # fmt: skip
    except WrongComplaintState as stale:
        return _show(visit, token, trouble=stale)
    return visit.go(f"/track/{token}", done="answer_refused")


def _wrong(why: str, it: Language) -> str:
    if not why:
        return it.say("Tell us in a few words what is still missing.")
    if len(why) > LONGEST:
        return it.say(
            "This is too long: {n} characters can be taken.", n=it.number(LONGEST)
        )
    try:
        storable(why)
    except Invalid:
        return it.say(
            "There is a character in it that cannot be stored. Please type it anew."
        )
    return ""


def _spoken(visit: Visit, token: str) -> Language:
    with reading(visit.database) as session:
        return _language(visit, tracking.find(session, token))


def _language(visit: Visit, complaint: Complaint) -> Language:
    """Speak as this browser chose, else as the customer wrote."""
    chosen = visit.request.cookies.get("language", "")
    written = (complaint.language or "")[:2].lower()
    if chosen in LANGUAGES or written not in LANGUAGES:
        return visit.language
    return language(written)


def _show(
    visit: Visit,
    token: str,
    *,
    wrong: str = "",
    trouble: ResolveError | None = None,
) -> Response:
    with reading(visit.database) as session:
        standing = _standing(session, token)
    spoken = replace(visit, language=_language(visit, standing.complaint))
    status = 422 if wrong else 409 if trouble else 200
    return page(
        spoken,
        "public/track.html",
        status=status,
        headers=_PRIVATE,
        it=standing.complaint,
        state=_state(standing),
        due=standing.due,
        late=standing.due is not None and standing.due < now(),
        files=standing.files,
        refused=[r for r in standing.said_before if r.what == NOT_ACCEPTED],
        earlier=[r for r in standing.said_before if r.what == EARLIER_ANSWER],
        link=tracking_url(visit.shop.settings, token),
        path=f"/track/{token}",
        just_filed=visit.ask("filed") == "1",
        wrong=wrong,
        typed=visit.typed(),
        trouble=said(spoken.language, trouble) if trouble else "",
        longest=LONGEST,
    )


def _standing(session: Session, token: str) -> _Standing:
    found = tracking.find(session, token)
    case = session.get_one(Case, found.case_id)
    clocks = clocks_of(session, ClockKind.ANSWER, [found.id])
    waits = found.status == ComplaintStatus.RECEIVED and clocks
    return _Standing(
        found,
        case.status,
        clocks[0].due_at if waits else None,
        attachments.of(session, [found.id]).get(found.id, ()),
        session.exec(
            select(Remark)
            .where(
                Remark.case_id == found.case_id,
                Remark.subject_id == found.id,
                col(Remark.what).in_((NOT_ACCEPTED, EARLIER_ANSWER)),
            )
            .order_by(col(Remark.id))
        ).all(),
    )


def _state(standing: _Standing) -> str:
    """Name how it stands, as far as a customer cares."""
    if standing.complaint.status != ComplaintStatus.RECEIVED:
        return str(standing.complaint.status)
    if standing.case_status == CaseStatus.TO_PLACE:
        return "read"
    return "asked" if standing.case_status == CaseStatus.TASKS else "together"
