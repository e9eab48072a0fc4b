"""The page of a case: the same for all who take part, and what the reader may do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from resolve import diagrams
from resolve.access.people import names_of
from resolve.access.table import Right
from resolve.analytics.case_sheet import Sheet, open_answer_is_due
from resolve.analytics.case_sheet import sheet as read_sheet
from resolve.analytics.case_story import Teller, Told
from resolve.analytics.next_act import NextAct
from resolve.cases.models import CaseStatus
from resolve.chain.model import PromiseConcern, ValueChain
from resolve.complaints.models import ComplaintStatus
from resolve.departments.models import TouchKind
from resolve.departments.touching import is_due
from resolve.departments.touching import note as touch
from resolve.diagrams import CaseState
from resolve.journal.models import JournalEntry
from resolve.kit.clock import now
from resolve.kit.database import reading, transaction
from resolve.kit.errors import ResolveError
from resolve.maps.queries import chain_of, newest_published
from resolve.solutions.judging import Measure
from resolve.solutions.models import SolutionStatus
from resolve.tasks.models import TaskStatus
from resolve_api.pages import case_view as view
from resolve_api.pages import solution_view
from resolve_api.pages.case_next import next_of, once_more, work_now
from resolve_api.pages.case_words import Reading, case_state, handover_page
from resolve_api.pages.said import said
from resolve_api.pages.showing import page
from resolve_api.pages.talk_view import about_choices, entries, people_choices
from resolve_api.pages.visits import Visit
from resolve_api.seen import shown_texts, the_case

_USUAL_TIME = timedelta(days=14)
Choice = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Failed:
    """A form that was refused: what is wrong with which field, and what was typed."""

    form: str
    wrong: Mapping[str, str]
    typed: Mapping[str, str] = field(default_factory=dict)

    @staticmethod
    def of(visit: Visit, form: str, why: ResolveError) -> Failed:
        named = why.pointer.strip("/").partition("/")[0]
        return Failed(form, {named: said(visit.language, why)}, visit.typed())


_FINE = Failed("", {})


def back_to(case_id: str, place: str = "", *, done: str = "") -> Response:
    """Go on to a place on the page of a case."""
    question = f"?done={done}" if done else ""
    anchor = f"#{place}" if place else ""
    return RedirectResponse(f"/cases/{case_id}{question}{anchor}", 303)


def read(session: Session, visit: Visit, case_id: str) -> Reading:
    """Read a case that who looks may see.

    Raises:
        UnknownCase: there is none, or it does not concern the partner.
    """
    case = the_case(session, visit.client, case_id)
    text = shown_texts(session, visit.client, [case.id])[case.id]
    found = read_sheet(session, case)
    named = replace(found, names=names_of(session, found.named))
    return Reading(visit, named, text, now())


def show_case(visit: Visit, case_id: str, failed: Failed = _FINE) -> Response:
    """Show a case; with a form that was refused, as it was typed."""
    with reading(visit.database) as session:
        it = read(session, visit, case_id)
        due = open_answer_is_due(session, case_id, at=it.at)
        places = _places(session, it) if visit.may(Right.HANDLE) else []
        touched = is_due(session, visit.client.departments, TouchKind.READ, at=it.at)
    if touched:
        with transaction(visit.database) as session:
            touch(session, visit.client.departments, TouchKind.READ, at=it.at)
    act = next_of(it, answer_is_due=due)
    return page(
        visit,
        "case/case.html",
        status=422 if failed.form else 200,
        **_facts(it, act),
        **_forms(it, act, places),
        failed=failed,
    )


def _facts(it: Reading, act: NextAct) -> dict[str, Any]:
    sheet = it.sheet
    return {
        "case": sheet.case,
        "state": case_state(sheet.case.status, it.language),
        "title": it.title,
        "first_number": sheet.first_number,
        "facilitator": it.called(sheet.case.led_by),
        "owner": it.called(sheet.case.owned_by),
        "act": act,
        "work": work_now(it, act),
        "once_more": once_more(it),
        "to_reply": next(
            (one.id for one in sheet.customers.complaints if view.may_reply(it, one)),
            "",
        ),
        "customers": view.customers(it, sheet.customers),
        "internal": it.internal,
        "handover": handover_page(sheet.case),
        "total": sheet.customers.total,
        "more_after": sheet.customers.more_after,
        "departments": view.departments(it),
        "tasks": view.tasks(it, sheet.present_tasks),
        "earlier_tasks": view.tasks(it, sheet.earlier_tasks),
        "remarks": view.case_remarks(it),
        "solutions": solution_view.solutions(it),
        "divisions": sheet.divisions,
        "thanks": _thanks(it),
        "picture": _picture(it),
        "story": story(it, sheet.history.entries),
        "earlier_story": _first_seq(sheet),
        "talk": entries(it, sheet.talk),
        "earlier_talk": sheet.talk.entries[0].id if sheet.talk.earlier else "",
        "marked": [] if it.visit.client.is_partner else sheet.marked,
        "partner": it.visit.client.is_partner,
    }


def _first_seq(sheet: Sheet) -> int:
    return sheet.history.entries[0].seq if sheet.history.earlier else 0


def story(it: Reading, told: Sequence[JournalEntry]) -> list[Told]:
    """Tell entries of the journal in words."""
    teller = Teller(
        it.language,
        it.visit.zone,
        it.called,
        it.department,
        {one.id: one for one in it.sheet.tasks},
        {one.id: one for one in it.sheet.solutions},
        it.sheet.history.numbers,
        {one.id: one for one in it.sheet.ballots},
        it.sheet.history.internal,
    )
    return teller.story(told)


def case_state_of(sheet: Sheet) -> CaseState | None:
    """Give the case as pictures show it, None where nobody said what it is about."""
    if sheet.walk is None:
        return None
    states = {one.department_id: one.status for one in sheet.present_tasks}
    return CaseState(sheet.walk, states)


def _picture(it: Reading) -> dict[str, Any] | None:
    state, chain = case_state_of(it.sheet), it.sheet.chain
    if state is None or chain is None:
        return None
    outline = diagrams.outline(chain, language=it.language.code, case=state)
    summary = " ".join(outline.partition("\n\n")[0].split())
    path = f"/pictures/cases/{it.sheet.case.id}"
    concern = state.concern
    focus = (
        f"touchpoint-{concern.touchpoint}"
        if isinstance(concern, PromiseConcern)
        else f"step-{concern.target}"
    )
    return {
        "path": path, "outline": outline, "summary": summary, "focus": focus,
        "legend": diagrams.legend(chain, language=it.language.code, case=state),
    }  # fmt: skip


# -------------------------------------------------------------- what the reader may do


def _forms(it: Reading, act: NextAct, places: Sequence[Any]) -> dict[str, Any]:
    case = it.sheet.case
    handles = it.visit.may(Right.HANDLE)
    ended = case.status in (CaseStatus.CLOSED, CaseStatus.MERGED)
    return {
        "handles": handles,
        "ended": ended,
        "places": places,
        "may_place": handles and case.status == CaseStatus.TO_PLACE,
        "may_place_anew": handles and _may_place_anew(it.sheet),
        "may_review": handles and act is NextAct.OPEN_REVIEW,
        "awaited": handles and act is NextAct.AWAIT_ANSWERS and case.round > 0,
        "may_close": handles and not ended and _nothing_open(it.sheet),
        "owners": owners(it) if handles else [],
        "due_by": (it.at + _USUAL_TIME).astimezone(it.visit.zone).date().isoformat(),
        "today": it.at.astimezone(it.visit.zone).date().isoformat(),
        **changing(it, handles=handles),
        "may_talk": it.visit.may(Right.TALK),
        "about_choices": about_choices(it),
        "about": it.visit.ask("about"),
        "people": people_choices(it),
    }


def changing(it: Reading, *, handles: bool) -> dict[str, Any]:
    """Give what a change can be about, where somebody may say it now."""
    open_now = it.sheet.case.status in (CaseStatus.REVIEW, CaseStatus.IMPROVING)
    shown = handles and open_now
    return {
        "change_measures": solution_view.measures(it) if shown else [],
        "change_places": solution_view.places(it) if shown else [],
        "usual_measure": str(Measure.STEP) if it.sheet.has_times else "",
    }


def _thanks(it: Reading) -> list[str]:
    """Give everybody who contributed to a change that works, by name."""
    proven = [one for one in it.sheet.solutions if one.status == SolutionStatus.PROVEN]
    names = {name for one in proven for name in solution_view.thanked(it, one)}
    return sorted(names, key=str.casefold)


def _may_place_anew(sheet: Sheet) -> bool:
    return (
        sheet.case.status in (CaseStatus.TASKS, CaseStatus.REVIEW)
        and sheet.case.round > 0
        and not sheet.solutions
    )


def _nothing_open(sheet: Sheet) -> bool:
    counts = sheet.customers.counts
    customers = counts.get(ComplaintStatus.RECEIVED, 0) + counts.get(
        ComplaintStatus.ANSWERED, 0
    )
    asked = any(one.status == TaskStatus.OPEN for one in sheet.tasks)
    agreed = any(
        one.status == SolutionStatus.AGREED or one.is_proving for one in sheet.solutions
    )
    return not (customers or asked or agreed)


def owners(it: Reading) -> list[Choice]:
    """Give who may see to a change: the people taking part, heads known by name."""
    people = [
        (one.id, f"{one.name} · {it.department(of)}") for one, of in it.sheet.people
    ]
    named = {of for _, of in it.sheet.people}
    heads = [
        (record.head, f"{record.head} · {it.department(name)}")
        for name in it.sheet.taking_part
        if (record := it.sheet.departments.get(name))
        and record.head
        and name not in named
    ]
    return [*people, *heads]


def _places(session: Session, it: Reading) -> list[tuple[str, list[Choice]]]:
    """Give what a case can be about, by map: touchpoint and promise."""
    if it.sheet.case.status != CaseStatus.TO_PLACE and not _may_place_anew(it.sheet):
        return []
    return [
        (chain.title.in_(it.language.code), list(_concerns(it, chain)))
        for map_id in newest_published(session)
        for chain in [chain_of(session, map_id)]
    ]


def _concerns(it: Reading, chain: ValueChain) -> Iterator[Choice]:
    code = it.language.code
    for touchpoint in chain.touchpoints.values():
        here = touchpoint.title.in_(code)
        for name in touchpoint.promises:
            promise = chain.promises[name].title.in_(code)
            yield f"{chain.id}/{touchpoint.id}/{name}", f"{here}: {promise}"
