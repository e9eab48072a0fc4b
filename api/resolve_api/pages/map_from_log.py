"""Drafting a map from a log: the ways that orders really went, counted."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from fastapi import APIRouter
from starlette.responses import Response

from resolve.chain.tree import LARGEST
from resolve.kit.clock import now
from resolve.kit.database import transaction
from resolve.kit.errors import Invalid, ResolveError
from resolve.kit.language import Language
from resolve.maps import drafts
from resolve.steptimes.columns import as_written, by_name, columns_in
from resolve.steptimes.discovering import drafted, log_of
from resolve.steptimes.eventlogs import is_event_log
from resolve.steptimes.guessing import guessed
from resolve.steptimes.mapping import LogMapping, read_log_mapping
from resolve.steptimes.opening import open_log, unpacked
from resolve_api.pages.said import SAID, said
from resolve_api.pages.showing import DONE, page
from resolve_api.pages.visits import MapMaker, Visit

router = APIRouter(prefix="/maps/drafts/from-log")

LARGEST_LOG = 20_000_000
"""Bytes of a log that a page takes; the command line takes any."""

_UNPACKED = 60_000_000
_COLUMNS = 200
"""Of more columns than this nobody chooses one; a mapping can name any."""

_FIELDS = ("order", "activity", "started", "ended", "department")
_SHARES = ("0", "0.01", "0.05", "0.1", "0.2")
_DAYS = {
    "iso": (),
    "dmy.": ("%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y"),
    "dmy/": ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y"),
    "mdy/": ("%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y"),
}


class NoLog(Invalid):
    code = "no_log"


class LogTooLarge(Invalid):
    code = "log_too_large"


DONE["draft_from_log"] = lambda it: it.say(
    "This draft was made from the log, and the log was not kept. Name the departments, "
    "write what the customer has from each step, then publish it."
)
SAID["no_log"] = lambda it, _: it.say("Choose the file of the log.")
SAID["log_too_large"] = lambda it, _: it.say(
    "This log is larger than a page takes. Draft from it on the command line: resolve "
    "map discover."
)
SAID["nothing_to_draft"] = lambda it, _: it.say(
    "No row of the log can be used: each needs an order, an activity and a time. Look "
    "at the columns and at how dates are written."
)
SAID["too_many_activities"] = lambda it, _: it.say(
    "Hardly an activity occurs twice. Is the right column named as the activity? A map "
    "has a few dozen steps."
)
SAID["order_not_named"] = lambda it, why: it.say(
    "Which objects of this log are the orders? Write one of these as the column of the "
    "order: {types}.",
    types=", ".join(why.extra.get("types", [])),
)
SAID["missing_columns"] = lambda it, why: it.say(
    "The log has no column {columns}.", columns=", ".join(why.extra.get("columns", []))
)
SAID["unreadable_file"] = lambda it, _: it.say(
    "The file cannot be read. It may be CSV, NDJSON, XES or OCEL, packed as .gz or "
    "not; its ending says which."
)
SAID["invalid_mapping"] = lambda it, why: it.say(
    "The mapping cannot be used; look at line {line}: {key}",
    line=_first(why).get("line", 1),
    key=_first(why).get("key", ""),
)


def _first(why: ResolveError) -> dict[str, object]:
    return dict(next(iter(why.extra.get("findings", [])), {}))


SAID["columns_not_clear"] = lambda it, _: it.say(
    "Say which columns are the order, the activity and a time, and choose the file "
    "once more."
)


SAID["not_a_log"] = lambda it, _: it.say(
    "This does not look like a log: no column holds times."
)


@router.get("")
def ask(visit: MapMaker) -> Response:
    """Ask for the log."""
    return _form(visit)


@router.post("")
def make(visit: MapMaker) -> Response:
    """Draft a map from a log; nothing of the log is kept."""
    given = _Given(visit)
    try:
        text = given.draft()
        with transaction(visit.database) as session:
            made = drafts.begin(session, text, who=visit.who, at=now())
    except ResolveError as why:
        return _form(visit, wrong=said(visit.language, why), header=given.header)
    return visit.go(f"/maps/drafts/{made.id}", done="draft_from_log")


def _form(visit: Visit, *, wrong: str = "", header: tuple[str, ...] = ()) -> Response:
    it = visit.language
    typed = visit.typed() if wrong else {}
    columns = [
        ("", it.say("not in the log")),
        *((one, one) for one in header[:_COLUMNS]),
    ]
    return page(
        visit,
        "maps/from_log.html",
        status=422 if wrong else 200,
        wrong=wrong,
        columns=columns if header else [],
        typed={**guessed(header), **{k: v for k, v in typed.items() if v}},
        fields=[(name, _named(it)[name]) for name in _FIELDS],
        shares=[(one, _share(it, float(one))) for one in _SHARES],
        days=list(_ways_of_dates(it).items()),
        megabytes=LARGEST_LOG // 1_000_000,
    )


def _named(it: Language) -> dict[str, str]:
    return {
        "order": it.say("Order, its number"),
        "activity": it.say("Activity, what was done"),
        "started": it.say("When it began"),
        "ended": it.say("When it ended"),
        "department": it.say("Department, whose work it was"),
    }


def _share(it: Language, share: float) -> str:
    if not share:
        return it.say("Everything, also what happened once")
    return it.say(
        "What at least {share} of the orders have", share=f"{it.number(share * 100)} %"
    )


def _ways_of_dates(it: Language) -> dict[str, str]:
    return {
        "iso": it.say("Year, month, day: 2026-11-23 09:00"),
        "dmy.": it.say("Day, month, year: 23.11.2026 09:00"),
        "dmy/": it.say("Day, month, year: 23/11/2026 09:00"),
        "mdy/": it.say("Month, day, year: 11/23/2026 09:00"),
    }


@dataclass
class _Given:
    """What was sent: a log, and what is said of its columns."""

    visit: Visit
    header: tuple[str, ...] = ()

    def draft(self) -> str:
        """Give the text of a map.

        Raises:
            ResolveError: what is wrong with the log, or with what is said of it.
        """
        content, name = self._log()
        known = self._mapping()
        if known is None and is_event_log(name):
            known = self._plain(self._typed())
        elif known is None:
            known = self._by_columns(content, name)
        records, fitted = open_log(content, known, name=name)
        stem = PurePath(name).name.partition(".")[0]
        made = drafted(
            log_of(records, fitted),
            identifier=self.visit.text("title") or fitted.map or stem,
            title=self.visit.text("title") or stem,
            share=self._share(),
        )
        return made.source

    def _log(self) -> tuple[bytes, str]:
        sent = self.visit.files("log")
        if not sent:
            raise NoLog("There is no log.", hint="Choose a file.", pointer="/log")
        with sent[0].file as file:
            content = file.read(LARGEST_LOG + 1)
        if len(content) > LARGEST_LOG:
            raise LogTooLarge("The log is too large.", pointer="/log")
        return unpacked(content, sent[0].filename or "log", most=_UNPACKED)

    def _mapping(self) -> LogMapping | None:
        sent = self.visit.files("mapping")
        if not sent:
            return None
        with sent[0].file as file:
            return read_log_mapping(file.read(LARGEST + 1))

    def _typed(self) -> dict[str, str]:
        typed = {name: self.visit.text(name).strip() for name in _FIELDS}
        return {name: column for name, column in typed.items() if column}

    def _plain(self, fields: dict[str, str]) -> LogMapping:
        dates = _DAYS.get(self.visit.text("dates"), ())
        return LogMapping(fields=fields, zone=self.visit.zone, dates=dates)

    def _by_columns(self, content: bytes, name: str) -> LogMapping:
        """Say what the columns of a table mean: as typed, else as usually named."""
        known = as_written(content, self._plain({}))
        self.header = columns_in(content, known, name=name)
        return by_name(known, self.header, self._typed())

    def _share(self) -> float:
        asked = self.visit.text("share")
        return float(asked) if asked in _SHARES else 0.01
