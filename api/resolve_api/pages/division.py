"""Dividing the promised time of a case: tried together, saved, put to the vote."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from resolve.access.table import Right
from resolve.analytics.time_division import Look, known, look
from resolve.cases.models import Case, CaseStatus
from resolve.cases.queries import chain_of_case
from resolve.chain.suggesting import By
from resolve.complaints.queries import complaints_of
from resolve.handling.voting import put_to_vote
from resolve.kit.clock import now
from resolve.kit.database import reading, transaction
from resolve.kit.errors import Invalid, NotFound, ResolveError
from resolve.reviews import ballots, divisions
from resolve.reviews.division_errors import DivisionChanged, NothingToDivide
from resolve.reviews.models import DivisionStatus
from resolve.reviews.motions import Motion
from resolve.reviews.queries import open_ballots_of
from resolve_api.dividing import may_divide, must_divide
from resolve_api.pages import division_form as forms
from resolve_api.pages.case_words import handover_page, title_of_case
from resolve_api.pages.division_form import Form
from resolve_api.pages.division_notes import suggested
from resolve_api.pages.division_view import View, view_of
from resolve_api.pages.review import CustomerMissing
from resolve_api.pages.said import SAID, said
from resolve_api.pages.showing import DONE, page
from resolve_api.pages.visits import Answerer, Reader, Visit
from resolve_api.seen import must_be_quality_manager, the_case

router = APIRouter(prefix="/cases/{case}/division")

DONE |= {
    "division_saved": lambda it: it.say(
        "Saved. Everybody on the case sees it and can go on from it."
    ),
    "division_put": lambda it: it.say(
        "Put to the vote. The departments are told and say what they think."
    ),
    "division_left": lambda it: it.say("Left. The map stays as it is."),
    "division_begun": lambda it: it.say("Begun. Change the times as you see it."),
    "division_newest": lambda it: it.say(
        "These are the times of the newest map now; what you changed is kept."
    ),
}

SAID |= {
    "division_changed": lambda it, _: it.say(
        "Somebody else saved in between. What you typed is still here, and what they "
        "changed stands beside it. Look at it and save again."
    ),
    "division_put_to_vote": lambda it, _: it.say(
        "This division is being voted on as it is. Begin another one to change it."
    ),
    "division_ended": lambda it, _: it.say(
        "This division is agreed or left. Begin another one."
    ),
    "division_empty": lambda it, _: it.say(
        "Nothing is divided anew yet. Change the time of a step first."
    ),
    "above_promise": lambda it, _: it.say(
        "Together it takes longer than promised. It can be tried and saved like this, "
        "but not agreed: take the rest from another step."
    ),
    "nothing_to_divide": lambda it, _: it.say(
        "This case is not about a promise with a time, so there is none to divide."
    ),
    "map_changed": lambda it, _: it.say(
        "The map was changed in between. Look at what changed, and go on from the "
        "newest version; nothing was applied."
    ),
    "not_of_the_case": lambda it, _: it.say(
        "The departments of the case divide its time, and who leads its review."
    ),
    "steps_not_in_a_row": lambda it, _: it.say(
        "Choose two steps of which one hands over to the other."
    ),
    "times_unreadable": lambda it, _: it.say(
        "Some times cannot be used. What is wrong stands beside them."
    ),
}


class TimesUnreadable(Invalid):
    """A field holds no time."""

    code = "times_unreadable"


@router.get("")
def show(visit: Reader, case: str) -> Response:
    """Show how the promised time is divided."""
    with reading(visit.database) as session:
        of_case = the_case(session, visit.client, case)
        try:
            found = look(session, of_case)
        except NothingToDivide:
            return _nothing(visit, of_case, *_headed(session, visit, of_case))
        found = _known(visit, found)
        form = forms.of_times(found, found.times, visit.language)
        return _page(session, visit, of_case, found, form)


def _known(visit: Visit, found: Look) -> Look:
    return known(visit.database, found, at=now())


@router.post("/try")
def look_at(visit: Answerer, case: str) -> Response:
    """Give the sum and the effect of what is typed just now; nothing is kept."""
    with reading(visit.database) as session:
        found = _known(visit, look(session, the_case(session, visit.client, case)))
        view = view_of(session, visit, found)
    form = forms.read(visit, found)
    return page(visit, "division/outcome.html", **_outcome(view, form))


@router.post("")
def act(visit: Answerer, case: str) -> Response:
    """Do what the button that was pressed says."""
    wanted = visit.text("do")
    if wanted in _ACTS:
        return _done(visit, case, _ACTS[wanted], f"division_{wanted}")
    if wanted in ("save", "put"):
        return _kept(visit, case, put=wanted == "put")
    with reading(visit.database) as session:
        of_case = the_case(session, visit.client, case)
        found = _known(visit, look(session, of_case))
        form, note = _proposed(visit, found, wanted)
        return _page(session, visit, of_case, found, form, note=note)


def _proposed(visit: Visit, found: Look, wanted: str) -> tuple[Form, str]:
    """Fill the fields as asked: suggested, as the map has it, or as typed."""
    form = forms.read(visit, found)
    if wanted == "clear":
        return _with(form, forms.of_times(found, {}, visit.language)), ""
    if wanted not in tuple(By):
        return form, ""
    proposed = found.suggestion(By(wanted))
    note = suggested(visit.language, found, By(wanted), proposed)
    if proposed is None:
        return form, note
    times = found.of.changes(proposed.times)
    return _with(form, forms.of_times(found, times, visit.language)), note


def _with(form: Form, filled: Form) -> Form:
    return Form(
        filled.typed,
        filled.times,
        began=form.began,
        supposed=form.supposed,
        what_if=form.what_if,
    )


def _kept(visit: Visit, case: str, *, put: bool) -> Response:
    """Save what is typed, and put it to the vote if that is asked."""
    try:
        with transaction(visit.database) as session:
            of_case = the_case(session, visit.client, case)
            must_divide(session, visit.client, of_case.id)
            found = look(session, of_case)
            form = forms.read(visit, found)
            if form.wrong:
                raise TimesUnreadable("Some times cannot be read.")
            division = _save(session, visit, found, form)
            if put:
                _put(session, visit, of_case, division)
    except NotFound:
        raise
    except ResolveError as why:
        return _again(visit, case, why)
    if put:
        return visit.go(f"/cases/{case}/review", done="division_put")
    return visit.go(f"/cases/{case}/division", done="division_saved")


def _save(session: Session, visit: Visit, found: Look, form: Form) -> str:
    made_on, by = _revision(visit), visit.who
    if found.is_draft and found.division is not None:
        id_ = found.division.id
        divisions.save(session, id_, form.times, revision=made_on, who=by, at=now())
        return id_
    if made_on != found.revision:
        raise DivisionChanged("Somebody else divided the time in between.")
    return divisions.begin(session, found.case, form.times, who=by, at=now()).id


def _revision(visit: Visit) -> int:
    said_ = visit.text("revision")
    return int(said_) if said_.isascii() and said_.isdecimal() else -1


def _put(session: Session, visit: Visit, of_case: Case, division: str) -> None:
    """Put it to the vote, instead of the one that is voted on, if there is one."""
    must_be_quality_manager(visit.client)
    says = visit.text("customer_says").strip()
    if not says:
        raise CustomerMissing("Nobody is quoted.", pointer="/customer_says")
    motion = Motion(division_id=division, customer_says=says)
    before = next(
        (one for one in open_ballots_of(session, of_case.id) if one.division_id), None
    )
    if before is None:
        put_to_vote(session, of_case.id, motion, who=visit.who, at=now())
    else:
        ballots.change(session, before.id, motion, who=visit.who, at=now())


def _again(visit: Visit, case: str, why: ResolveError) -> Response:
    """Show the form again as it was typed, with what somebody else saved beside it."""
    with reading(visit.database) as session:
        of_case = the_case(session, visit.client, case)
        found = _known(visit, look(session, of_case))
        form = forms.read(visit, found)
        if isinstance(why, DivisionChanged):
            form = forms.merged(form, found, visit.language)
        return _page(session, visit, of_case, found, form, why=why)


# ------------------------------------------------- acts that need nothing that is typed

_Act = Callable[[Session, Visit, Look, datetime], object]


def _begin_anew(session: Session, visit: Visit, found: Look, at: datetime) -> None:
    """Begin another one: of what is voted on a copy, else of the map as it is."""
    is_put = found.ballot is not None
    times = found.times if is_put else {}
    divisions.begin(session, found.case, times, who=visit.who, at=at)


def _leave(session: Session, visit: Visit, found: Look, at: datetime) -> None:
    revision = _revision(visit)
    divisions.leave(session, _id(found), revision=revision, who=visit.who, at=at)


def _go_on(session: Session, visit: Visit, found: Look, at: datetime) -> None:
    revision = _revision(visit)
    divisions.go_on_from_newest(
        session, _id(found), revision=revision, who=visit.who, at=at
    )


def _id(found: Look) -> str:
    return found.division.id if found.division else ""


_ACTS: dict[str, _Act] = {"begun": _begin_anew, "left": _leave, "newest": _go_on}


def _done(visit: Visit, case: str, do: _Act, done: str) -> Response:
    try:
        with transaction(visit.database) as session:
            of_case = the_case(session, visit.client, case)
            must_divide(session, visit.client, of_case.id)
            do(session, visit, look(session, of_case), now())
    except NotFound:
        raise
    except ResolveError as why:
        return _again(visit, case, why)
    return visit.go(f"/cases/{case}/division", done=done)


# ---------------------------------------------------------------------------- shown


def _page(  # noqa: PLR0913  what is shown, and what was wrong with it
    session: Session,
    visit: Visit,
    of_case: Case,
    found: Look,
    form: Form,
    *,
    note: str = "",
    why: ResolveError | None = None,
) -> Response:
    view = view_of(session, visit, found)
    number, title = _headed(session, visit, of_case)
    may = may_divide(session, visit.client, of_case.id)
    division = found.division
    editable = division is None or found.is_draft
    return page(
        visit,
        "division/division.html",
        status=200 if why is None else 422,
        case=of_case,
        number_of_case=number,
        title=title,
        may=visit.may,
        editable=may and editable and of_case.status in divisions.MAY_DIVIDE,
        may_begin=may and not editable and of_case.status in divisions.MAY_DIVIDE,
        may_put=visit.may(Right.HANDLE) and of_case.status != CaseStatus.TASKS,
        map=found.of.chain.id,
        version=found.version,
        newest=found.newest,
        of_case_version=of_case.map_version,
        division=division,
        agreed=division is not None and division.status == DivisionStatus.AGREED,
        ballot=found.ballot,
        revision=found.revision,
        saved=view.saved(),
        differences=view.differences(found.changes),
        rows=view.rows(form),
        inside_loops=view.inside_loops(),
        choices=view.choices(),
        supposed=form.supposed,
        customer_says=visit.text("customer_says"),
        note=note,
        wrong=said(visit.language, why) if why else "",
        wrong_field=why.pointer if why else "",
        **_outcome(view, form),
    )


def _outcome(view: View, form: Form) -> dict[str, Any]:
    return {
        "sums": view.sums(form.times),
        "unreadable": len(form.wrong),
        "effect": view.effect(form.times, form.what_if),
    }


def _headed(session: Session, visit: Visit, of_case: Case) -> tuple[str, str]:
    complaints = complaints_of(session, [of_case.id])
    chain = chain_of_case(session, of_case)
    number = complaints[0].number if complaints else ""
    return number, title_of_case(of_case, chain, visit.language)


def _nothing(visit: Visit, of_case: Case, number: str, title: str) -> Response:
    return page(
        visit,
        "division/nothing.html",
        handover=handover_page(of_case),
        case=of_case,
        number_of_case=number,
        title=title,
    )
