"""Templates made into pages: words in the reader's language, under a strict policy."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import Response

from resolve.access.table import Right
from resolve.kit.language import LANGUAGES, Language
from resolve.kit.zones import zone_in_words
from resolve_api.pages.browsers import browser_name
from resolve_api.pages.navigation import ways
from resolve_api.pages.visits import Visit

_HERE = Path(__file__).parent
STATIC = _HERE / "static"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Vary": "Accept-Language, Cookie",
}
NAMES = {"en": "English", "ru": "Русский", "uk": "Українська"}

Done = Callable[[Language], str]
DONE: dict[str, Done] = {}
"""What a page says was done, by the name that `Visit.go` was given.

Each part of the pages adds its own: `DONE["task_answered"] = lambda it: it.say("...")`.
"""


def page(
    visit: Visit,
    template: str,
    /,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **facts: Any,  # noqa: ANN401  what the template shows
) -> Response:
    """Make a page of a template with these facts; everything typed by people is text.

    Besides the facts a template knows: `visit`; `say`, `count`, `number`, `duration`
    as of the language; `moment(at)` and `day(at)` in the reader's zone; `zone_name`;
    `may(right)`; `asset(name)` for the address of a static file; `ways`; `done`.
    """
    made = _environment().get_template(template).render(_known(visit) | facts)
    sent = {**_HEADERS, "Content-Language": visit.language.code, **(headers or {})}
    return Response(made, status, sent, "text/html; charset=utf-8")


def _known(visit: Visit) -> dict[str, Any]:
    spoken = visit.language

    def day(at: datetime) -> str:
        return spoken.day(at, visit.zone)

    return {
        "visit": visit,
        "say": spoken.say,
        "count": spoken.count,
        "number": spoken.number,
        "duration": spoken.duration,
        "moment": visit.moment,
        "day": day,
        "zone_name": lambda zone: zone_in_words(zone, spoken.code),
        "may": lambda right: visit.may(Right(right)),
        "ways": ways(visit),
        "done": _done(visit),
        "signed": visit.signed is not None,
    }


def _done(visit: Visit) -> str:
    said = DONE.get(visit.request.query_params.get("done", ""))
    return said(visit.language) if said else ""


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals |= {
        "asset": asset,
        "described": _described,
        "languages": {code: NAMES[code] for code in LANGUAGES},
    }
    made.filters["browser"] = browser_name
    made.filters["segment"] = lambda text: quote(str(text), safe="")
    return made


def _described(name: str, wrong: str, help_: str) -> dict[str, str]:
    """Give the attributes that lead from a field to what is said beside it."""
    beside = [f"{name}-wrong"] * bool(wrong) + [f"{name}-help"] * bool(help_)
    invalid = {"aria-invalid": "true"} if wrong else {}
    return invalid | ({"aria-describedby": " ".join(beside)} if beside else {})


@cache
def asset(name: str) -> str:
    """Give the address of a static file; it changes when the file does."""
    mark = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]
    return f"/static/{name}?{mark}"
