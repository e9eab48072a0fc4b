"""Writing a map: findings and picture while typing, drafts, publishing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from resolve.chain.comparison import marks
from resolve.chain.findings import InvalidMap
from resolve.chain.model import ValueChain
from resolve.chain.reader import read
from resolve.departments.queries import by_id
from resolve.diagrams import Legend
from resolve.kit.clock import now
from resolve.kit.database import reading, transaction
from resolve.kit.errors import ResolveError
from resolve.maps import drafts, queries
from resolve.maps.errors import DraftChanged, MapChanged
from resolve.maps.models import Map, MapDraft
from resolve.maps.rules import Line, blank_map, line_changes
from resolve.maps.shipped import shipped_source
from resolve_api.pages.case_words import all_called
from resolve_api.pages.map_pictures import LARGE, Drawing, inline, number_of
from resolve_api.pages.map_words import (
    Found,
    Told,
    changes,
    few_orders,
    found,
    version_named,
)
from resolve_api.pages.maps import path_of, show_gallery
from resolve_api.pages.said import said
from resolve_api.pages.showing import DONE, page
from resolve_api.pages.visits import MapMaker, Visit

router = APIRouter(prefix="/maps/drafts")

DONE["draft_saved"] = lambda it: it.say("The draft is saved. Nothing is published yet.")
DONE["draft_begun"] = lambda it: it.say(
    "This is a draft of your own text: change it, look at the picture, then publish it."
)
DONE["draft_deleted"] = lambda it: it.say("The draft is deleted.")
DONE["draft_goes_on"] = lambda it: it.say(
    "The draft now changes the newest version. Look at the list of changes once more."
)


@dataclass(frozen=True, slots=True)
class Look:
    """What a text comes to: findings, changes, a picture, and the same in words."""

    title: str
    findings: list[Found]
    usable: bool
    changes: list[Told]
    picture: str
    outline: str
    large: bool
    new_departments: list[str]
    focus: str = ""
    dark: str = ""
    """The picture for a dark device, where the theme is that of the device."""
    legend: Legend | None = None


@dataclass(frozen=True, slots=True)
class Base:
    """What a draft is made on: its chain, and the newest version there is by now."""

    chain: ValueChain | None
    number: int
    newest: int
    meanwhile: list[Told]
    lines: list[Line]

    @property
    def is_old(self) -> bool:
        return self.newest != self.number


@router.post("")
def begin(visit: MapMaker) -> Response:
    """Begin a draft: blank, with a version of a map, or with an example."""
    example, map_id = visit.text("example"), visit.text("map")
    number = number_of(visit.text("version"))
    at = now()
    try:
        with transaction(visit.database) as session:
            if map_id:
                made = drafts.begin_from_version(
                    session, map_id, number, who=visit.who, at=at
                )
            else:
                text = shipped_source(example) if example else _blank(visit)
                made = drafts.begin(session, text, who=visit.who, at=at)
    except ResolveError as why:
        wrong = said(visit.language, why)
        return show_gallery(visit, status=422, wrong=wrong, typed=True)
    return visit.go(f"/maps/drafts/{made.id}", done="draft_begun")


def _blank(visit: Visit) -> str:
    return blank_map(visit.text("id"), visit.text("title"))


@router.get("/{draft_id}")
def show(visit: MapMaker, draft_id: str) -> Response:
    """Show a draft to be written on."""
    with reading(visit.database) as session:
        draft = drafts.the_draft(session, draft_id)
    return _editor(visit, draft, draft.source)


@router.post("/{draft_id}")
def save(visit: MapMaker, draft_id: str) -> Response:
    """Save a draft; on the way to publishing it if that was the button."""
    text = visit.text("source")
    try:
        with transaction(visit.database) as session:
            drafts.save(
                session, draft_id, text, revision=_revision(visit), who=visit.who,
                at=now(),
            )  # fmt: skip
    except DraftChanged as why:
        return _conflict(visit, draft_id, text, why)
    except ResolveError as why:
        with reading(visit.database) as session:
            draft = drafts.the_draft(session, draft_id)
        return _editor(visit, draft, text, wrong=said(visit.language, why))
    if visit.text("next") == "publish":
        return visit.go(f"/maps/drafts/{draft_id}/publish")
    return visit.go(f"/maps/drafts/{draft_id}", done="draft_saved")


@router.post("/{draft_id}/look")
def look(visit: MapMaker, draft_id: str) -> Response:
    """Check what was typed without saving it; `part`: only what is beside the text."""
    with reading(visit.database) as session:
        draft = drafts.the_draft(session, draft_id)
        base = _base(session, visit, draft)
        part = visit.text("part") == "1"
        seen = _look(session, visit, visit.text("source"), base)
    if part:
        return page(visit, "maps/look.html", look=seen, base=base, draft=draft)
    return _editor(visit, draft, visit.text("source"))


@router.post("/{draft_id}/keep-both")
def keep_both(visit: MapMaker, draft_id: str) -> Response:
    """Keep what was typed as a draft of its own beside the one saved meanwhile."""
    with transaction(visit.database) as session:
        draft = drafts.the_draft(session, draft_id)
        made = drafts.begin(
            session, visit.text("source"), who=visit.who, at=now(),
            map_id=draft.map_id, based_on=draft.based_on,
        )  # fmt: skip
    return visit.go(f"/maps/drafts/{made.id}", done="draft_saved")


@router.post("/{draft_id}/go-on")
def go_on(visit: MapMaker, draft_id: str) -> Response:
    """Make the draft on the newest version, whose changes it took in."""
    number = number_of(visit.text("number")) or 0
    with transaction(visit.database) as session:
        drafts.go_on_from(session, draft_id, number, revision=_revision(visit))
    return visit.go(f"/maps/drafts/{draft_id}", done="draft_goes_on")


@router.post("/{draft_id}/delete")
def delete(visit: MapMaker, draft_id: str) -> Response:
    """Delete a draft as it was seen."""
    with transaction(visit.database) as session:
        drafts.delete(session, draft_id, revision=_revision(visit))
    return visit.go("/maps", done="draft_deleted")


@router.get("/{draft_id}/publish")
def ask_to_publish(visit: MapMaker, draft_id: str) -> Response:
    """Show what publishing a draft would change."""
    return _publishing(visit, draft_id)


@router.post("/{draft_id}/publish")
def publish(visit: MapMaker, draft_id: str) -> Response:
    """Publish a draft as it was seen."""
    try:
        with transaction(visit.database) as session:
            made, _ = drafts.publish_draft(
                session, draft_id, revision=_revision(visit),
                reason=visit.text("reason"), who=visit.who, at=now(),
            )  # fmt: skip
    except InvalidMap:
        return visit.go(f"/maps/drafts/{draft_id}")
    except (DraftChanged, MapChanged) as why:
        return _publishing(visit, draft_id, why)
    except ResolveError as why:
        return _publishing(visit, draft_id, why)
    return visit.go(path_of(made.map_id), done="map_published")


def _revision(visit: Visit) -> int:
    return number_of(visit.text("revision")) or 0


def _editor(
    visit: Visit, draft: MapDraft, text: str, *, wrong: str = "", status: int = 200
) -> Response:
    with reading(visit.database) as session:
        base = _base(session, visit, draft)
        names = all_called(session, [draft.saved_by], visit.language)
        seen = _look(session, visit, text, base)
    return page(
        visit,
        "maps/editor.html",
        status=422 if wrong else status,
        draft=draft,
        saved_by=names.get(draft.saved_by, draft.saved_by),
        text=text,
        base=base,
        look=seen,
        wrong=wrong,
        conflict=None,
    )


@dataclass(frozen=True, slots=True)
class Conflict:
    """What somebody else saved meanwhile, and how it differs from what was typed."""

    who: str
    at: datetime
    source: str
    lines: list[Line]


def _conflict(visit: Visit, draft_id: str, text: str, why: ResolveError) -> Response:
    with reading(visit.database) as session:
        draft = drafts.the_draft(session, draft_id)
        base = _base(session, visit, draft)
        names = all_called(session, [draft.saved_by], visit.language)
        seen = _look(session, visit, text, base)
    who = names.get(draft.saved_by, draft.saved_by)
    lines = line_changes(draft.source, text)
    return page(
        visit,
        "maps/editor.html",
        status=409,
        draft=draft,
        saved_by=who,
        text=text,
        base=base,
        look=seen,
        wrong=said(visit.language, why),
        conflict=Conflict(who, draft.saved_at, draft.source, lines),
    )


def _publishing(
    visit: Visit, draft_id: str, why: ResolveError | None = None
) -> Response:
    with reading(visit.database) as session:
        draft = drafts.the_draft(session, draft_id)
        base = _base(session, visit, draft)
        seen = _look(session, visit, draft.source, base)
        names = all_called(session, [draft.saved_by], visit.language)
    if not seen.usable:
        return _editor(
            visit, draft, draft.source, status=422,
            wrong=visit.language.say(
                "The map cannot be published as it is. What to change stands beside it."
            ),
        )  # fmt: skip
    return page(
        visit,
        "maps/publish.html",
        status=422 if why else 200,
        draft=draft,
        saved_by=names.get(draft.saved_by, draft.saved_by),
        base=base,
        look=seen,
        wrong=said(visit.language, why) if why else "",
        typed=visit.typed(),
    )


def _base(session: Session, visit: Visit, draft: MapDraft) -> Base:
    """Find what a draft is made on, and what became of that since."""
    map_id = draft.map_id or getattr(drafts.chain_in(draft), "id", None)
    entry = session.get(Map, map_id) if map_id else None
    if entry is None:
        return Base(None, draft.based_on, draft.based_on, [], [])
    newest = queries.chain_of(session, entry.id, entry.newest)
    if not draft.based_on:
        return Base(newest, 0, entry.newest, [], [])
    chain = queries.chain_of(session, entry.id, draft.based_on)
    if draft.based_on == entry.newest:
        return Base(chain, draft.based_on, entry.newest, [], [])
    sources = [
        queries.version(session, entry.id, number).source
        for number in (draft.based_on, entry.newest)
    ]
    return Base(
        chain,
        draft.based_on,
        entry.newest,
        changes(visit.language, chain, newest),
        line_changes(*sources),
    )


def _look(session: Session, visit: Visit, text: str, base: Base) -> Look:
    came = read(text)
    findings = found(visit.language, came.findings) + few_orders(visit.language, text)
    chain = came.chain
    if chain is None:
        return Look("", findings, usable=False, changes=[], picture="", outline="",
                    large=False, new_departments=[])  # fmt: skip
    spoken = visit.language
    marked = base.chain if visit.text("marked") != "no" and base.number else None
    names = version_named(spoken, base.number), spoken.say("this draft")
    drawing = Drawing(chain, before=marked, names=names)
    theme = visit.text("theme") or visit.theme
    known = by_id(session, chain.departments)
    return Look(
        title=chain.title.in_(spoken.code),
        findings=findings,
        usable=True,
        changes=changes(spoken, base.chain, chain) if base.chain else [],
        picture=inline(drawing, language=spoken.code, theme=theme),
        outline=drawing.outline(spoken.code),
        legend=drawing.legend(spoken.code),
        large=len(chain.steps) > LARGE,
        new_departments=[
            f"{one.title.in_(spoken.code)} ({one.id})"
            for one in chain.departments.values()
            if one.id not in known
        ],
        focus=_first_changed(base.chain, chain) if marked else "",
        dark=inline(drawing, language=spoken.code, theme="dark")
        if theme == "auto"
        else "",
    )


def _first_changed(before: ValueChain | None, after: ValueChain) -> str:
    """Name the step that is brought into sight: the first that changed."""
    changed = marks(before, after).steps if before else {}
    return next((f"step-{one}" for one in changed), "")
