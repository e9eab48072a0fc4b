"""What one department passes to the next: agreed by both, and said when it was not so.

Departments are each other's customers: what they agree on stands here in plain words.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from resolve.access.people import names_of
from resolve.access.table import Right
from resolve.analytics.handover_shapes import known_of
from resolve.chain.durations import BadDuration
from resolve.chain.spans import span, span_text
from resolve.departments.queries import departments
from resolve.handling.internal import NotAsAgreed, raise_internal
from resolve.handovers import queries, service
from resolve.handovers.errors import NotYourHandover
from resolve.handovers.models import HandoverStandard, StandardStatus
from resolve.handovers.rules import shorter_in_words
from resolve.handovers.service import Wording
from resolve.kit.clock import now
from resolve.kit.database import reading, transaction
from resolve.kit.errors import Invalid, NotFound, ResolveError
from resolve.maps.queries import chain_of, published_ids
from resolve_api.pages.case_words import called, title_of
from resolve_api.pages.handing_in import house_of
from resolve_api.pages.handover_rows import (
    Name,
    Passed,
    of_map,
    passed,
    path_of,
    sides_of,
)
from resolve_api.pages.said import SAID, said
from resolve_api.pages.showing import DONE, page
from resolve_api.pages.visits import Answerer, Reader, Visit

router = APIRouter(prefix="/handovers")

DONE |= {
    "standard_proposed": lambda it: it.say(
        "Proposed. The other side reads it here and says yes, or proposes otherwise."
    ),
    "standard_agreed": lambda it: it.say("Agreed by both sides. It holds from now on."),
    "standard_withdrawn": lambda it: it.say("Taken back."),
}
SAID |= {
    "unknown_handover": lambda it, _: it.say("There is no such hand-over on this map."),
    "unknown_standard": lambda it, _: it.say("There is no such standard."),
    "not_your_handover": lambda it, _: it.say(
        "This is for the two departments of the hand-over to say."
    ),
    "standard_not_proposed": lambda it, _: it.say(
        "This version is not proposed any more. Look at the hand-over anew."
    ),
    "handover_between_others_now": lambda it, _: it.say(
        "The map has other departments at this hand-over now; they agree on a version "
        "of their own."
    ),
    "bad_span": lambda it, _: it.say("Write a time such as 4 h, 2 d or PT4H."),
}


class BadSpan(Invalid):
    """What was typed is no time."""

    code = "bad_span"


@router.get("")
def show_all(visit: Reader) -> Response:
    """Show what somebody's departments receive and give, in the order of each chain."""
    own = visit.client.departments
    everything = not own or visit.ask("all") == "yes"
    if everything and visit.client.is_partner:
        everything = False
    with reading(visit.database) as session:
        register = {one.id: one for one in departments(session)}
        found = [
            one
            for map_id in published_ids(session)
            for one in of_map(session, visit, chain_of(session, map_id), register)
            if everything or not own.isdisjoint((one.giver, one.receiver))
        ]
    return page(
        visit,
        "handovers/list.html",
        awaiting=[one for one in found if _awaits(one, own)],
        receives=[one for one in found if one.receiver in own],
        gives=[one for one in found if one.giver in own and one.receiver not in own],
        others=[one for one in found if own.isdisjoint((one.giver, one.receiver))],
        everything=everything,
        may_see_all=bool(own) and not visit.client.is_partner,
    )


def awaiting(session: Session, visit: Visit) -> list[Passed]:
    """Give the hand-overs whose proposed standard awaits a yes of one's departments."""
    own = visit.client.departments
    asked = [one for one in queries.alive(session, own) if one.awaits in own]
    if not asked:
        return []
    register = {one.id: one for one in departments(session)}
    return [
        one
        for map_id in sorted({one.map_id for one in asked})
        for one in of_map(session, visit, chain_of(session, map_id), register)
        if _awaits(one, own)
    ]


def _awaits(one: Passed, own: frozenset[str]) -> bool:
    return one.proposed is not None and one.proposed.awaits in own


# ------------------------------------------------------------------- one hand-over


@router.get("/{map_id}/{source}/{target}")
def show_one(visit: Reader, map_id: str, source: str, target: str) -> Response:
    """Show what is agreed of a hand-over, what is proposed, and how it came to that."""
    return _show(visit, (map_id, source, target))


def _show(
    visit: Visit, name: Name, why: ResolveError | None = None, form: str = ""
) -> Response:
    map_id, source, target = name
    with reading(visit.database) as session:
        chain = chain_of(session, map_id)
        edge = queries.handover(chain, source, target)
        register = {one.id: one for one in departments(session)}
        versions = queries.versions(session, *name)
        shown = passed(visit, chain, edge, register, known_of(chain, versions))
        _guard_sight(visit, shown)
        people = [
            who
            for one in versions
            for who in (one.proposed_by, one.giver_by, one.receiver_by)
            if who
        ]
        names = names_of(session, people)
    sides = [
        (one, title_of(one, register, visit.language))
        for one in dict.fromkeys((shown.receiver, shown.giver))
        if one in visit.client.departments or visit.may(Right.HANDLE)
    ]
    code = visit.language.code
    return page(
        visit,
        "handovers/one.html",
        status=422 if why else 200,
        one=shown,
        versions=versions,
        past=[
            one
            for one in versions
            if one not in (shown.agreed, shown.former, shown.proposed)
        ],
        former_sides=sides_of(shown.former, register, visit.language),
        name=lambda who: called(who, names, register, visit.language),
        span=lambda seconds: span_text(timedelta(seconds=seconds), code),
        sides=sides,
        own=[side for side, _ in sides],
        longer=lambda of: shorter_in_words(chain, of, visit.language),
        may_raise=visit.may(Right.ANSWER) and shown.receiver in dict(sides),
        typed=visit.typed() or _as_now(shown, code),
        form=form,
        pointer=(why.pointer or "") if why else "",
        trouble=said(visit.language, why) if why else "",
    )


def _as_now(shown: Passed, code: str) -> dict[str, str]:
    """Begin a proposal with what holds now, or with what the map says."""
    now_ = shown.proposed or shown.agreed or shown.former
    if now_ is None:
        within = span_text(shown.within, code) if shown.within else ""
        return {"what": shown.what, "within": within}
    within = span_text(timedelta(seconds=now_.within), code) if now_.within else ""
    return {
        "what": now_.what or "",
        "state": now_.state or "",
        "by_when": now_.by_when or "",
        "accepted": now_.accepted or "",
        "within": within,
    }


def _guard_sight(visit: Visit, shown: Passed) -> None:
    """Partners see the standards of their own hand-overs."""
    own = visit.client.departments
    if visit.client.is_partner and own.isdisjoint((shown.giver, shown.receiver)):
        raise NotYourHandover(
            "This hand-over is between other departments.",
            hint="Yours are under /handovers.",
        )


@router.post("/{map_id}/{source}/{target}/propose")
def propose(visit: Answerer, map_id: str, source: str, target: str) -> Response:
    """Propose what is handed over, in what state, by when, and how it is accepted."""
    name = (map_id, source, target)
    try:
        wording = Wording(
            visit.text("what"),
            visit.text("state"),
            visit.text("by_when"),
            _within(visit.text("within")),
            visit.text("accepted"),
        )
        with transaction(visit.database) as session:
            made = service.propose(
                session, map_id, (source, target), wording,
                department=_side(visit), who=visit.who, at=now(),
            )  # fmt: skip
            agreed = made.status == StandardStatus.AGREED
    except NotFound:
        raise
    except ResolveError as why:
        return _show(visit, name, why, "propose")
    done = "standard_agreed" if agreed else "standard_proposed"
    return visit.go(path_of(name), done=done)


def _within(text: str) -> timedelta | None:
    if not text.strip():
        return None
    try:
        found = span(text)
    except BadDuration as why:
        raise BadSpan("That is no time.", pointer="/within") from why
    return found or None


def _side(visit: Visit) -> str:
    """Give the department for which somebody speaks here.

    Raises:
        NotYourHandover: it is none of theirs.
    """
    side = visit.text("department")
    if side not in visit.client.departments and not visit.may(Right.HANDLE):
        raise NotYourHandover("You speak for another department.")
    return side


@router.post("/{map_id}/{source}/{target}/agree")
def agree(visit: Answerer, map_id: str, source: str, target: str) -> Response:
    """Say yes to what the other side proposed."""
    name = (map_id, source, target)
    return _reply(visit, name, service.agree, done="standard_agreed")


@router.post("/{map_id}/{source}/{target}/withdraw")
def withdraw(visit: Answerer, map_id: str, source: str, target: str) -> Response:
    """Take a proposed version back."""
    name = (map_id, source, target)
    return _reply(visit, name, service.withdraw, done="standard_withdrawn")


def _reply(
    visit: Visit, name: Name, act: Callable[..., HandoverStandard], *, done: str
) -> Response:
    """Do something to the version that is proposed, for one of its two sides."""
    try:
        with transaction(visit.database) as session:
            act(
                session, visit.text("standard"), department=_side(visit),
                who=visit.who, at=now(),
            )  # fmt: skip
    except ResolveError as why:
        return _show(visit, name, why, "agree")
    return visit.go(path_of(name), done=done)


@router.post("/{map_id}/{source}/{target}/raise")
def raise_one(visit: Answerer, map_id: str, source: str, target: str) -> Response:
    """Say that a hand-over was not as agreed: an internal complaint."""
    name = (map_id, source, target)
    said_ = NotAsAgreed(
        visit.text("text"),
        late=visit.text("late") == "yes",
        order=visit.text("order").strip() or None,
    )
    try:
        with transaction(visit.database) as session:
            filed = raise_internal(
                session, map_id, (source, target), said_, department=_side(visit),
                house=house_of(visit), who=visit.who, at=now(),
            )  # fmt: skip
    except NotFound:
        raise
    except ResolveError as why:
        return _show(visit, name, why, "raise")
    return visit.go(f"/cases/{filed.case_id}", done="internal_raised")


DONE["internal_raised"] = lambda it: it.say(
    "Thank you. Everybody on the way to this hand-over is asked what can change."
)
