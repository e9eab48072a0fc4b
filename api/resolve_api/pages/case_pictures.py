"""The diagram of a case with its live state, for its page, for print and to keep."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from resolve import diagrams
from resolve.cases.models import Case
from resolve.cases.queries import chain_of_case, walk_of_case
from resolve.diagrams import CannotDraw, CaseState
from resolve.kit.database import reading
from resolve.kit.errors import NotFound
from resolve.kit.kept import Kept
from resolve.kit.language import LANGUAGES
from resolve.maps.queries import version
from resolve.tasks.queries import tasks_of
from resolve_api.pages.map_pictures import has_legend
from resolve_api.pages.visits import Reader
from resolve_api.pictures import STRICT, TYPES
from resolve_api.seen import the_case

router = APIRouter(prefix="/pictures/cases")
_KEPT: Kept[bytes] = Kept(100)
_THEMES = ("light", "dark")


class NoPicture(NotFound):
    """There is none in this format, or of a case that is not placed."""

    code = "not_found"


@router.get("/{case}.{kind}")
def draw(visit: Reader, case: str, kind: str) -> Response:
    """Draw a case, once for each state that it is in."""
    theme, spoken = visit.ask("theme"), visit.ask("language")
    theme = theme if theme in _THEMES else _THEMES[0]
    spoken = spoken if spoken in LANGUAGES else visit.language.code
    with reading(visit.database) as session:
        found = the_case(session, visit.client, case)
        chain, walk = chain_of_case(session, found), walk_of_case(session, found)
        if chain is None or walk is None or kind not in TYPES:
            raise NoPicture("There is no such picture of this case.")
        tasks = tasks_of(session, case, round_=found.round)
        digest = version(session, chain.id, found.map_version).digest
    states = {one.department_id: one.status for one in tasks}
    whole = has_legend(visit)
    mark = _mark(found, digest, states, kind, theme, spoken, whole)
    headers = _headers(mark, spoken)
    if f'"{mark}"' in visit.request.headers.get("if-none-match", ""):
        return Response(None, 304, headers)
    state = CaseState(walk, states)
    try:
        drawn = _KEPT.get(
            mark,
            lambda: diagrams.render(
                chain,
                format=kind,
                language=spoken,
                theme=theme,
                case=state,
                with_legend=whole,
            ),
        )
    except CannotDraw:
        words = diagrams.outline(chain, language=spoken, case=state)
        plain = {**headers, "Cache-Control": "no-store"}
        return Response(words, 200, plain, "text/plain; charset=utf-8")
    return Response(drawn, 200, headers, TYPES[kind])


def _mark(case: Case, *shown: Any) -> str:  # noqa: ANN401  what the picture shows
    """Give the tag of a picture: the same for the same picture."""
    told = json.dumps([case.id, case.concern, *shown], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def _headers(mark: str, spoken: str) -> dict[str, str]:
    return {
        "ETag": f'"{mark}"',
        "Cache-Control": "private, no-cache",
        "Content-Security-Policy": STRICT,
        "Content-Language": spoken,
        "Vary": "Accept-Language, Cookie",
    }
