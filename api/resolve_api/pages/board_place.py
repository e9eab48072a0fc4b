"""Complaints to be placed: several at once, with suggestions that say why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from fastapi import APIRouter
from sqlmodel import Session, col, select
from starlette.responses import Response

from resolve.analytics import board
from resolve.analytics.board import Waits
from resolve.analytics.case_facts import first_complaints
from resolve.analytics.suggestions import Earlier, Place, Suggestion, places, suggest
from resolve.cases.models import Case
from resolve.cases.service import place
from resolve.chain.model import PromiseConcern, ValueChain
from resolve.complaints.models import Complaint
from resolve.complaints.words import terms
from resolve.kit.clock import now
from resolve.kit.database import reading, transaction
from resolve.kit.errors import ResolveError
from resolve.kit.ids import is_id
from resolve.kit.language import Language
from resolve.maps.queries import chain_of, concern_of, newest_published
from resolve_api.pages.board_view import source_in_words
from resolve_api.pages.said import said
from resolve_api.pages.showing import DONE, page
from resolve_api.pages.visits import Facilitator, Visit

router = APIRouter(prefix="/board/place")
_AT_ONCE = 20
_EARLIER = 200

DONE["cases_placed"] = lambda it: it.say(
    "Placed. The departments of the chain are asked in a moment."
)


@dataclass(frozen=True, slots=True)
class Choice:
    """A promise at a touchpoint, to choose from."""

    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Idea:
    """A suggestion in words: where, and why."""

    value: str
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class ToPlace:
    """A complaint that waits, as the page shows it."""

    case_id: str
    complaint: Complaint
    source: str
    ideas: Sequence[Idea]


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one of several: placed, or why not."""

    number: str
    href: str
    wrong: str = ""


@router.get("")
def show(visit: Facilitator) -> Response:
    """Show the complaints that wait to be placed."""
    return _show(visit)


@router.post("")
def place_several(visit: Facilitator) -> Response:
    """Place each of the chosen cases, and tell of each what became of it."""
    idea = visit.text("idea")
    chosen, _, where = idea.partition("@") if idea else ("", "", visit.text("place"))
    ids = [chosen] if idea else list(dict.fromkeys(visit.texts("case")))
    wrong = _missing(visit.language, ids, where)
    if wrong:
        return _show(visit, wrong=wrong, chosen=ids, where=where)
    why = {one: _place(visit, one, where) for one in ids}
    if not any(why.values()):
        return visit.go("/board/place", done="cases_placed")
    refused = [one for one, text in why.items() if text]
    return _show(visit, chosen=refused, where=where, why=why)


def _missing(it: Language, ids: Sequence[str], where: str) -> Mapping[str, str]:
    wrong = {}
    if not ids:
        wrong["case"] = it.say("Choose at least one complaint.")
    if where.count("/") != 2:  # noqa: PLR2004  map/touchpoint/promise
        wrong["place"] = it.say("Choose what they are about.")
    return wrong


def _place(visit: Visit, case_id: str, where: str) -> str:
    """Place one case by itself; give what was wrong, or nothing."""
    map_id, touchpoint, promise = where.split("/")
    try:
        with transaction(visit.database) as session:
            place(
                session,
                case_id,
                map_id=map_id,
                concern=PromiseConcern(touchpoint, promise),
                who=visit.who,
                at=now(),
            )
    except ResolveError as why:
        return said(visit.language, why)
    return ""


def _show(
    visit: Visit,
    *,
    wrong: Mapping[str, str] | None = None,
    chosen: Sequence[str] = (),
    where: str = "",
    why: Mapping[str, str] | None = None,
) -> Response:
    with reading(visit.database) as session:
        cursor = visit.ask("cursor")
        found = board.waiting(
            session, Waits.PLACE, at=now(), limit=_AT_ONCE, cursor=cursor
        )
        chains = [chain_of(session, *one) for one in newest_published(session).items()]
        ids = [one.case_id for one in found.rows]
        return page(
            visit,
            "board/place.html",
            status=422 if wrong or why else 200,
            rows=_rows(session, visit.language, ids, chains),
            groups=_groups(chains, visit.language),
            wrong={"case": "", "place": ""} | dict(wrong or {}),
            chosen=set(chosen),
            where=where,
            taken=_taken(session, why or {}),
            cursor=found.next_cursor,
            first=not cursor,
        )


def _taken(session: Session, why: Mapping[str, str]) -> list[Taken]:
    firsts, _ = first_complaints(session, [one for one in why if is_id(one)])
    return [
        Taken(
            firsts[one].number if one in firsts else one,
            f"/cases/{quote(one, safe='')}",
            text,
        )
        for one, text in why.items()
    ]


def _rows(
    session: Session, it: Language, ids: Sequence[str], chains: Sequence[ValueChain]
) -> list[ToPlace]:
    firsts, _ = first_complaints(session, ids)
    known = [one for chain in chains for one in _places(chain)]
    earlier = _placed_earlier(session) if ids else []
    texts = {_value(place): text for chain in chains
             for place, text in _in_words(chain, it)}  # fmt: skip
    titles = {name: text for chain in chains for name, text in _titles(chain, it)}
    rows = []
    for case_id in ids:
        if complaint := firsts.get(case_id):
            found = suggest(
                " ".join((complaint.text or "", complaint.desired_outcome or "")),
                [one for one in known if complaint.map_id in (None, one.map_id)]
                or known,
                earlier,
                named=(complaint.touchpoint, complaint.promise),
            )
            ideas = [
                Idea(_value(o.place), texts[_value(o.place)], why(o, it, titles))
                for o in found
            ]
            source = source_in_words(complaint.source, it)
            rows.append(ToPlace(case_id, complaint, source, ideas))
    return rows


def _places(chain: ValueChain) -> list[Place]:
    found: list[Place] = chain.kept.setdefault("places", places(chain))
    return found


def _value(of: Place) -> str:
    return f"{of.map_id}/{of.touchpoint}/{of.promise}"


def _in_words(chain: ValueChain, it: Language) -> list[tuple[Place, str]]:
    return [
        (
            one,
            it.say(
                "{touchpoint}: {promise}",
                touchpoint=chain.touchpoints[one.touchpoint].title.in_(it.code),
                promise=chain.promises[one.promise].title.in_(it.code),
            ),
        )
        for one in _places(chain)
    ]


def _titles(chain: ValueChain, it: Language) -> Iterator[tuple[tuple[str, str], str]]:
    """Give what a map calls its touchpoints and promises, by map and id."""
    for touchpoint in chain.touchpoints.values():
        yield (chain.id, touchpoint.id), touchpoint.title.in_(it.code)
    for promise in chain.promises.values():
        yield (chain.id, promise.id), promise.title.in_(it.code)


def _groups(
    chains: Sequence[ValueChain], it: Language
) -> list[tuple[str, list[Choice]]]:
    return [
        (
            chain.title.in_(it.code),
            [Choice(_value(one), text) for one, text in _in_words(chain, it)],
        )
        for chain in chains
    ]


def _placed_earlier(session: Session) -> list[Earlier]:
    """Give the newest complaints that are placed on a promise."""
    rows = session.exec(
        select(Complaint.text, Case.map_id, Case.concern)
        .join(Case, col(Case.id) == col(Complaint.case_id))
        .where(col(Case.concern).is_not(None), col(Complaint.text).is_not(None))
        .order_by(col(Complaint.received_at).desc(), col(Complaint.id).desc())
        .limit(_EARLIER)
    )
    found = []
    for text, map_id, concern in rows:
        about = concern_of(concern or "{}")
        if isinstance(about, PromiseConcern) and map_id:
            where = (map_id, about.touchpoint, about.promise)
            found.append(Earlier(where, terms([text])))
    return found


def why(of: Suggestion, it: Language, titles: Mapping[tuple[str, str], str]) -> str:
    """Say why a place is suggested; what the map knows by id is called by title."""
    said_of = []
    if of.words:
        words = ", ".join(it.say("“{words}”", words=one) for one in of.words)
        said_of.append(it.say("because of {words}", words=words))
    if of.named:
        name = titles.get((of.place.map_id, of.named), of.named)
        said_of.append(it.say("the sender named “{name}”", name=name))
    if of.like:
        said_of.append(
            it.count(
                "{n} like complaint was placed here",
                "{n} like complaints were placed here",
                of.like,
            )
        )
    return "; ".join(said_of)
