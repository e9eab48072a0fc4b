"""Pictures of maps: whole, by a department, by a promise, and as they changed."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from resolve import diagrams
from resolve.access.table import Right
from resolve.chain.comparison import marks, together
from resolve.chain.model import PromiseConcern, ValueChain
from resolve.chain.walk import walk
from resolve.kit.database import reading
from resolve.kit.kept import Kept
from resolve.kit.language import LANGUAGES
from resolve.maps import queries
from resolve_api.pages.map_words import version_named
from resolve_api.pages.visits import Visit, allowed

router = APIRouter(prefix="/pictures/maps")

MapReader = Annotated[Visit, allowed(Right.READ, Right.MAPS)]
"""Everybody who takes part, and those who write maps."""

LARGE = 150
"""Above so many steps a picture takes seconds: it is not drawn while somebody types."""

_TYPES = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "pdf": "application/pdf",
    "dot": "text/vnd.graphviz; charset=utf-8",
}
# An SVG opened by itself may run nothing and fetch nothing.
_STRICT = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
_DRAWN: Kept[bytes] = Kept(100)


@dataclass(frozen=True, slots=True)
class View:
    """How somebody looks at a map: from a department, by a promise, or whole."""

    department: str | None = None
    touchpoint: str | None = None
    promise: str | None = None

    @property
    def concern(self) -> PromiseConcern | None:
        if self.touchpoint and self.promise:
            return PromiseConcern(self.touchpoint, self.promise)
        return None

    def state(self, chain: ValueChain) -> diagrams.CaseState | None:
        """Give who takes part in the promise, as a picture shows it."""
        concern = self.concern
        if concern is None:
            return None
        return diagrams.CaseState(walk(chain, concern), {}, is_case=False)

    def asked(self) -> dict[str, str]:
        """Give the view as the question of an address."""
        known = {
            "department": self.department,
            "touchpoint": self.touchpoint,
            "promise": self.promise,
        }
        return {name: value for name, value in known.items() if value}


WHOLE = View()


def view_of(visit: Visit) -> View:
    """Read from an address how somebody looks; `about` is touchpoint and promise."""
    touchpoint, _, promise = visit.ask("about").partition("/")
    return View(
        visit.ask("department") or None,
        visit.ask("touchpoint") or touchpoint or None,
        visit.ask("promise") or promise or None,
    )


def address(visit: Visit, map_id: str, version: int, view: View = WHOLE) -> str:
    """Give the address of a picture; it tells all that the picture depends on."""
    asked = {"version": str(version), **view.asked(), "in": visit.language.code}
    return f"/pictures/maps/{quote(map_id, safe='')}.svg?{urlencode(asked)}"


def compared_address(visit: Visit, map_id: str, before: int, after: int) -> str:
    """Give the address of the picture of two versions compared."""
    asked = {"from": before, "to": after, "in": visit.language.code}
    return f"/pictures/maps/{quote(map_id, safe='')}/compared.svg?{urlencode(asked)}"


@router.get("/{map_id}/compared.{kind}")
def compared(visit: MapReader, map_id: str, kind: str) -> Response:
    """Draw what changed between two versions."""
    first, second = number_of(visit.ask("from")) or 1, number_of(visit.ask("to"))
    with reading(visit.database) as session:
        before = _chain(session, map_id, first)
        after = _chain(session, map_id, second)
        latest = queries.version(session, map_id, second).version
        digests = [queries.version(session, map_id, n).digest for n in (first, latest)]
    names = version_named(visit.language, first), version_named(visit.language, latest)
    return _sent(visit, kind, Drawing(after, before=before, names=names), digests)


@router.get("/{map_id}.{kind}")
def drawn(visit: MapReader, map_id: str, kind: str) -> Response:
    """Draw a version of a map, by default the newest."""
    view = view_of(visit)
    with reading(visit.database) as session:
        found = queries.version(session, map_id, number_of(visit.ask("version")))
        chain = queries.chain_of(session, map_id, found.version)
    drawing = Drawing(chain, view=view)
    return _sent(visit, kind, drawing, [found.digest, *view.asked().items()])


def has_legend(visit: Visit) -> bool:
    """Tell whether a picture carries its legend: not where a page has it beside."""
    return visit.ask("legend") != "beside"


def number_of(text: str) -> int | None:
    """Read the number of a version; None for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None  # noqa: PLR2004


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is to be drawn: a chain in a view, or as it changed from another."""

    chain: ValueChain
    view: View = WHOLE
    before: ValueChain | None = None
    names: tuple[str, str] = ("", "")

    def draw(
        self,
        kind: str,
        *,
        language: str,
        theme: str = "light",
        timeout: float = 20.0,
        with_legend: bool = True,
    ) -> bytes:
        """Draw it; without its legend where a page has that beside.

        Raises:
            CannotDraw: there is no picture; `outline` says the same.
        """
        chain, view = self._looked_at(language)
        return diagrams.render(
            chain, format=kind, theme=theme, timeout=timeout, with_legend=with_legend,
            **view,
        )  # fmt: skip

    def outline(self, language: str) -> str:
        """Tell in words what the picture shows."""
        chain, view = self._looked_at(language)
        return diagrams.outline(chain, **view)

    def legend(self, language: str) -> diagrams.Legend:
        """Give every shade and mark of the picture in words."""
        chain, view = self._looked_at(language)
        return diagrams.legend(chain, **view)

    def _looked_at(self, language: str) -> tuple[ValueChain, diagrams.View]:
        if self.before is None:
            case = self.view.state(self.chain)
            return self.chain, diagrams.View(
                language=language, department=self.view.department, case=case
            )
        became = marks(self.before, self.chain)
        compared = diagrams.Compared(became, *self.names)
        chain = together(self.before, self.chain)
        return chain, diagrams.View(language=language, compared=compared)


def inline(drawing: Drawing, *, language: str, theme: str) -> str:
    """Give the picture of what is being typed as an address of its own; '' if none."""
    if len(drawing.chain.steps) > LARGE:
        return ""
    try:
        svg = drawing.draw(
            "svg", language=language, theme=theme, timeout=8, with_legend=False
        )
    except diagrams.CannotDraw:
        return ""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}"


def _chain(session: Session, map_id: str, number: int | None) -> ValueChain:
    return queries.chain_of(session, map_id, number)


def _sent(
    visit: Visit, kind: str, drawing: Drawing, mark: Sequence[object]
) -> Response:
    wanted = visit.ask("in")
    language = wanted if wanted in LANGUAGES else visit.language.code
    theme = "dark" if visit.ask("theme") == "dark" else "light"
    looks: Any = {
        "language": language,
        "theme": theme,
        "with_legend": has_legend(visit),
    }
    headers = {
        "Content-Security-Policy": _STRICT,
        "Content-Language": language,
        "Cache-Control": "private, max-age=600",
        "Vary": "Accept-Language, Cookie",
    }
    try:
        if kind == "svg":
            key = (*mark, *looks.values(), drawing.names)
            content = _DRAWN.get(key, lambda: drawing.draw(kind, **looks))
        else:
            content = drawing.draw(kind, **looks)
    except diagrams.CannotDraw:
        headers["Cache-Control"] = "no-store"
        words = drawing.outline(language)
        return Response(words, 200, headers, "text/plain; charset=utf-8")
    return Response(content, 200, headers, _TYPES[kind])
