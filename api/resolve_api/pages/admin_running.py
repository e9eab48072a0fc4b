"""What the engine could not do by itself, and whether the journal is whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from sqlalchemy import func
from sqlmodel import Session, col, select
from starlette.responses import Response

from resolve.complaints.models import Complaint
from resolve.handling.failures import set_event_aside
from resolve.kit.clock import now
from resolve.kit.database import reading, transaction
from resolve.kit.errors import Invalid, ResolveError
from resolve.outbox.errors import EventNotFailed, UnknownEvent
from resolve.outbox.models import Event
from resolve.outbox.queries import count_failed, failed, set_aside_last
from resolve.outbox.service import retry
from resolve_api.pages.admin_frame import admin_page
from resolve_api.pages.admin_words import Placed, in_words, topic_in_words, why_in_words
from resolve_api.pages.case_words import all_called
from resolve_api.pages.said import SAID, said
from resolve_api.pages.showing import DONE
from resolve_api.pages.verifying import Verifier, verifier
from resolve_api.pages.visits import Runner, Visit

router = APIRouter(prefix="/admin")

DONE["event_retried"] = lambda it: it.say(
    "Done: it is tried again now. If it fails once more, it comes back here."
)
DONE["events_retried"] = lambda it: it.say(
    "Done: they are tried again now. Those that fail once more come back here."
)
DONE["event_set_aside"] = lambda it: it.say("Done: it is set aside with your reason.")
SAID["event_not_failed"] = lambda it, _: it.say(
    "Somebody dealt with this event already."
)
SAID["unknown_event"] = lambda it, _: it.say("This event is not here any more.")
SAID["no_reason"] = lambda it, _: it.say(
    "Say why it shall have no effect; whoever asks later will read it."
)
_SET_ASIDE_SHOWN = 20
_SHOWN = 100
_AT_ONCE = 1000
_PROBLEMS_SHOWN = 100


class NoReason(Invalid):
    """Setting aside without a word."""

    code = "no_reason"


@dataclass(frozen=True, slots=True)
class Shown:
    """An event in words, with the number of its case; no word of a customer."""

    event: Event
    number: str
    what: str
    why: str
    reason: str = ""


# ------------------------------------------------------------------------- the events


@router.get("/events")
def list_events(visit: Runner) -> Response:
    """List what was tried in vain, and what was set aside."""
    return _events(visit)


@router.post("/events/{event}/retry")
def try_again(visit: Runner, event: int) -> Response:
    """Let a failed event be tried again."""
    try:
        with transaction(visit.database) as session:
            retry(session, event, who=visit.who, at=now())
    except (EventNotFailed, UnknownEvent) as why:
        return _events(visit, why)
    return visit.go("/admin/events", done="event_retried")


@router.post("/events/retry")
def try_all_again(visit: Runner) -> Response:
    """Let all failed events be tried again, so many at once."""
    with transaction(visit.database) as session:
        for one in failed(session, most=_AT_ONCE):
            retry(session, one.id or 0, who=visit.who, at=now())
    return visit.go("/admin/events", done="events_retried")


@router.post("/events/{event}/set-aside")
def set_aside(visit: Runner, event: int) -> Response:
    """Decide, with a reason, that a failed event shall have no effect."""
    reason = visit.text("reason").strip()
    try:
        _guard_reason(reason)
        with transaction(visit.database) as session:
            set_event_aside(session, event, reason=reason, who=visit.who, at=now())
    except (NoReason, EventNotFailed, UnknownEvent) as why:
        return _events(visit, why, of=event)
    return visit.go("/admin/events", done="event_set_aside")


def _guard_reason(reason: str) -> None:
    if not reason:
        raise NoReason("Say why.", pointer="/reason")


def _events(
    visit: Visit, why: ResolveError | None = None, *, of: int | None = None
) -> Response:
    it = visit.language
    with reading(visit.database) as session:
        present = failed(session, most=_SHOWN)
        waiting = count_failed(session)
        past = set_aside_last(session, most=_SET_ASIDE_SHOWN)
        numbers = _numbers(session, [one.case_id for one in (*present, *past)])

    def shown(one: Event) -> Shown:
        return Shown(
            one,
            numbers.get(one.case_id, ""),
            topic_in_words(it, one.topic),
            why_in_words(it, one.error or ""),
            str(one.data.get("reason", "")),
        )

    asked = why is not None and why.pointer == "/reason"
    return admin_page(
        visit,
        "events.html",
        status=422 if why else 200,
        present=[shown(one) for one in present],
        waiting=waiting,
        past=[shown(one) for one in past],
        trouble=said(it, why) if why and not asked else "",
        wrong={of: said(it, why)} if why and asked else {},
    )


def _numbers(session: Session, cases: Iterable[str]) -> Mapping[str, str]:
    """Give the number of each case's first complaint."""
    rows = session.exec(
        select(Complaint.case_id, func.min(Complaint.number))
        .where(col(Complaint.case_id).in_(set(cases)))
        .group_by(col(Complaint.case_id))
    )
    return dict(rows.all())


# ------------------------------------------------------------------------ the journal


@router.get("/journal")
def show_journal(visit: Runner) -> Response:
    """Show how the last look through the journal went, or goes."""
    it = visit.language
    look = _verifier(visit).look
    report = look.report
    problems = report.problems[:_PROBLEMS_SHOWN] if report else ()
    erasures = report.erasures[-_PROBLEMS_SHOWN:] if report else ()
    wrong = look.differences[:_PROBLEMS_SHOWN]
    with reading(visit.database) as session:
        chains = {one.chain for one in problems} | {one.chain for one in erasures}
        cases = {one.removeprefix("case:") for one in chains if one.startswith("case:")}
        numbers = _numbers(session, cases | {one.case for one in wrong})
        names = all_called(session, [one.who for one in erasures], it)
    place = Placed(it, numbers)
    return admin_page(
        visit,
        "journal.html",
        look=look,
        problems=[in_words(one, place) for one in problems],
        differences=[place.difference(one) for one in wrong],
        erasures=[
            (place(one.chain, one.seq), names[one.who], one.at) for one in erasures
        ],
        more=_more(report.problems if report else (), look.differences),
    )


def _more(*lists: Sequence[object]) -> int:
    """Count what was found beyond what is shown."""
    return sum(max(0, len(one) - _PROBLEMS_SHOWN) for one in lists)


@router.post("/journal/verify")
def begin(visit: Runner) -> Response:
    """Begin to read the whole journal, unless it is being read already."""
    _verifier(visit).begin()
    return visit.go("/admin/journal")


def _verifier(visit: Visit) -> Verifier:
    return verifier(visit.request.app, visit.database, visit.shop.settings)
