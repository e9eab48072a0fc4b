"""Process maps: all of them, one of them, two versions compared."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from resolve.access.table import Right
from resolve.chain.model import ValueChain
from resolve.diagrams import Legend
from resolve.kit.clock import now
from resolve.kit.database import reading, transaction
from resolve.kit.errors import ResolveError
from resolve.maps import drafts, queries, retiring
from resolve.maps.models import MapDraft
from resolve.maps.shipped import shipped
from resolve.reviews.division_queries import agreed_versions, mandates_of
from resolve_api.pages import map_pictures
from resolve_api.pages.case_words import all_called
from resolve_api.pages.map_pictures import (
    WHOLE,
    Drawing,
    MapReader,
    View,
    number_of,
    view_of,
)
from resolve_api.pages.map_views import Card, Shown, card, fits
from resolve_api.pages.map_words import changes, version_named
from resolve_api.pages.said import said
from resolve_api.pages.showing import DONE, page
from resolve_api.pages.visits import MapMaker, Visit

router = APIRouter(prefix="/maps")

DONE["map_published"] = lambda it: it.say(
    "Published. New complaints are placed on this version; open cases go on with "
    "theirs."
)
DONE["map_retired"] = lambda it: it.say(
    "Retired. No new complaint is placed on this map; open cases go on."
)
DONE["map_back"] = lambda it: it.say(
    "Brought back. New complaints are placed on this map again."
)


@router.get("")
def gallery(visit: MapReader) -> Response:
    """Show every map."""
    return show_gallery(visit)


def show_gallery(
    visit: Visit, *, status: int = 200, wrong: str = "", typed: bool = False
) -> Response:
    """Show every map, and what is being written; `typed`: a form was not taken."""
    asked = visit.ask("q")
    with reading(visit.database) as session:
        cards = _cards(session, visit)
        found = [c for c in cards if fits(queries.chain_of(session, c.id), asked)]
        written = drafts.drafts(session) if visit.may(Right.MAPS) else []
        people = [one.who for one in cards] + [one.saved_by for one in written]
        names = all_called(session, people, visit.language)
    return page(
        visit,
        "maps/gallery.html",
        status=status,
        q=asked,
        cards=found,
        any=bool(cards),
        drafts=[(one, draft_title(visit, one)) for one in written],
        examples=_examples(visit, {one.id for one in cards}),
        names=names,
        wrong=wrong,
        typed=visit.typed() if typed else {},
    )


def _cards(session: Session, visit: Visit) -> list[Card]:
    made = []
    for entry, at, who in queries.newest_versions(session):
        chain = queries.chain_of(session, entry.id, entry.newest)
        shown = Shown(chain, visit.language, visit.client.departments)
        picture = map_pictures.address(visit, entry.id, entry.newest)
        made.append(card(shown, entry, at, who, picture))
    # Mine first, retired ones last.
    return sorted(made, key=lambda c: (c.retired, not c.mine, c.title.casefold()))


def _examples(visit: Visit, present: set[str]) -> list[tuple[str, Shown]]:
    if not visit.may(Right.MAPS):
        return []
    return [
        (name, Shown(chain, visit.language))
        for name, chain in shipped().items()
        if name not in present
    ]


def draft_title(visit: Visit, draft: MapDraft) -> str:
    """Name a draft by the title that stands in it, else by the map it changes."""
    chain = drafts.chain_in(draft)
    if chain is not None:
        return chain.title.in_(visit.language.code)
    return draft.map_id or visit.language.say("A map being written")


@router.get("/{map_id}.yaml")
def source(visit: MapReader, map_id: str) -> Response:
    """Give a version of a map as the file it was published from."""
    with reading(visit.database) as session:
        found = queries.version(session, map_id, number_of(visit.ask("version")))
    name = quote(f"{map_id}.yaml")
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(found.source, 200, headers, "application/yaml; charset=utf-8")


@router.get("/{map_id}")
def show(visit: MapReader, map_id: str) -> Response:
    """Show a version of a map, by default the newest."""
    return show_map(visit, map_id)


def show_map(visit: Visit, map_id: str, why: ResolveError | None = None) -> Response:
    """Show a map; `why` is what was wrong with something asked of it."""
    view = view_of(visit)
    with reading(visit.database) as session:
        entry = queries.the_map(session, map_id)
        found = queries.version(session, map_id, number_of(visit.ask("version")))
        chain = queries.chain_of(session, map_id, found.version)
        versions = queries.versions(session, map_id)
        divided = agreed_versions(session, map_id)
        mandates = mandates_of(session, map_id)
        written = drafts.drafts(session, map_id) if visit.may(Right.MAPS) else []
        people = [v.published_by for v in versions] + [d.saved_by for d in written]
        names = all_called(session, people, visit.language)
    try:
        shown, legend = _looked(visit, chain, view)
    except ResolveError as wrong:
        why, view = why or wrong, WHOLE
        shown, legend = _looked(visit, chain, view)
    return page(
        visit,
        "maps/map.html",
        status=422 if why else 200,
        map=entry,
        version=found,
        versions=versions,
        divided=divided,
        mandates=mandates,
        drafts=written,
        names=names,
        view=view,
        shown=shown,
        legend=legend,
        picture=map_pictures.address(visit, map_id, found.version, view),
        focus=_focus(shown),
        wrong=said(visit.language, why) if why else "",
        typed=visit.typed() if why else {},
    )


def _looked(visit: Visit, chain: ValueChain, view: View) -> tuple[Shown, Legend]:
    """Give what is shown, and the legend of its picture.

    Raises:
        UnknownDepartment, UnknownTouchpoint, UnknownPromise, PromiseNotHere: as named.
    """
    shown = Shown(chain, visit.language, visit.client.departments, view)
    return shown, Drawing(shown.chain, view=view).legend(visit.language.code)


def _focus(shown: Shown) -> str:
    """Name what is brought into sight first: the step looked at, else one's own."""
    department = shown.view.department
    if department:
        wanted = [one for one in shown.chain.steps.values()
                  if one.department == department]  # fmt: skip
        return f"step-{wanted[0].id}" if wanted else ""
    if shown.view.touchpoint in shown.chain.touchpoints:
        return f"touchpoint-{shown.view.touchpoint}"
    mine = shown.my_rows()
    return f"step-{mine[0].id}" if mine else ""


@router.get("/{map_id}/compare")
def compare(visit: MapReader, map_id: str) -> Response:
    """Show what changed from one version to another."""
    with reading(visit.database) as session:
        entry = queries.the_map(session, map_id)
        second = number_of(visit.ask("to")) or entry.newest
        first = number_of(visit.ask("from")) or max(1, second - 1)
        before = queries.chain_of(session, map_id, first)
        after = queries.chain_of(session, map_id, second)
        versions = queries.versions(session, map_id)
    names = version_named(visit.language, first), version_named(visit.language, second)
    drawing = Drawing(after, before=before, names=names)
    return page(
        visit,
        "maps/compare.html",
        map=entry,
        title=after.title.in_(visit.language.code),
        first=first,
        second=second,
        versions=[one.version for one in versions],
        changes=changes(visit.language, before, after),
        picture=map_pictures.compared_address(visit, map_id, first, second),
        outline=drawing.outline(visit.language.code),
        legend=drawing.legend(visit.language.code),
    )


@router.post("/{map_id}/again")
def publish_again(visit: MapMaker, map_id: str) -> Response:
    """Publish an earlier version once more: take the newest back."""
    number, newest = (number_of(visit.text(one)) or 0 for one in ("number", "newest"))
    try:
        with transaction(visit.database) as session:
            retiring.publish_again(
                session,
                map_id,
                number,
                newest=newest,
                reason=visit.text("reason"),
                who=visit.who,
                at=now(),
            )
    except ResolveError as why:
        return show_map(visit, map_id, why)
    return visit.go(path_of(map_id), done="map_published")


@router.post("/{map_id}/retire")
def retire(visit: MapMaker, map_id: str) -> Response:
    """Place no new complaint on a map."""
    with transaction(visit.database) as session:
        retiring.retire(session, map_id, who=visit.who, at=now())
    return visit.go(path_of(map_id), done="map_retired")


@router.post("/{map_id}/bring-back")
def bring_back(visit: MapMaker, map_id: str) -> Response:
    """Place new complaints on a retired map again."""
    with transaction(visit.database) as session:
        retiring.bring_back(session, map_id, who=visit.who, at=now())
    return visit.go(path_of(map_id), done="map_back")


def path_of(map_id: str) -> str:
    """Give the address of a map's page."""
    return f"/maps/{quote(map_id, safe='')}"
