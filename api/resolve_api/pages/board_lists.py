"""All cases and all work, with filters that live in the address, and as CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from resolve.access.people import people, people_with
from resolve.access.table import Role
from resolve.analytics import board_lists
from resolve.analytics.board_lists import About, CaseWish, Found, WorkWish
from resolve.cases.models import CaseStatus
from resolve.complaints.models import Severity
from resolve.departments.queries import departments
from resolve.kit.clock import now
from resolve.kit.database import reading
from resolve.kit.language import Language
from resolve.maps.queries import chain_of, know_versions, maps
from resolve.tasks.models import TaskStatus
from resolve_api.pages.board_view import (
    Board,
    CaseRow,
    TaskRow,
    severity_in_words,
    source_in_words,
    source_named,
)
from resolve_api.pages.case_words import case_state, task_state, title_of
from resolve_api.pages.export import csv_of, shown_in_export, wants_customers
from resolve_api.pages.showing import page
from resolve_api.pages.visits import Facilitator, Visit

router = APIRouter(prefix="/board")
_AT_ONCE = 30
_EXPORTED = 500
_LONGEST = 200
_NAMES = ("state", "map", "touchpoint", "promise", "department", "since", "until",
          "source", "severity", "safety", "owner")  # fmt: skip

Options = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for; `asked` as it stands there."""

    asked: dict[str, str]
    about: About
    since: datetime | None
    until: datetime | None

    @property
    def any(self) -> bool:
        return bool(self.asked)

    def address(self, **more: str) -> str:
        """Give the question of the address, and more."""
        return urlencode({**self.asked, **more})

    def cases(self) -> CaseWish:
        of = self.asked.get
        return CaseWish(
            of("state", ""), self.since, self.until, of("department", ""),
            of("owner", ""), self.about,
        )  # fmt: skip

    def work(self) -> WorkWish:
        of = self.asked.get
        return WorkWish(
            of("state", ""), self.since, self.until, of("department", ""),
            of("owner", ""), self.about,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters may be set to."""

    states: Options
    maps: Options
    touchpoints: Options
    promises: Options
    departments: Options
    severities: Options
    owners: Options


def filters(visit: Visit, states: Sequence[str]) -> Filters:
    """Read the filters of the address; what nothing ever has is left out."""
    asked = {name: visit.ask(name)[:_LONGEST] for name in _NAMES}
    if asked["state"] not in states:
        asked["state"] = ""
    if asked["severity"] not in tuple(Severity):
        asked["severity"] = ""
    since, until = _day(asked["since"]), _day(asked["until"])
    asked["since"] = since.isoformat() if since else ""
    asked["until"] = until.isoformat() if until else ""
    return Filters(
        {name: value for name, value in asked.items() if value},
        About(
            asked["map"],
            asked["touchpoint"],
            asked["promise"],
            source_named(asked["source"], visit.language),
            asked["severity"],
            bool(asked["safety"]),
        ),
        _begin(since, visit.zone),
        _begin(until + timedelta(days=1), visit.zone) if until else None,
    )


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if date(1900, 1, 1) < found < date(9000, 1, 1) else None


def _begin(day: date | None, zone: ZoneInfo) -> datetime | None:
    return datetime.combine(day, time(), zone) if day else None


@router.get("/cases")
def show_cases(visit: Facilitator) -> Response:
    """Show cases, the newest first."""
    asked = filters(visit, tuple(CaseStatus))
    it = Board(visit, now())
    with reading(visit.database) as session:
        cursor = visit.ask("cursor")
        wish = asked.cases()
        found = board_lists.cases(session, wish, limit=_AT_ONCE, cursor=cursor)
        rows = it.cases(session, found.ids)
        states = [(one, case_state(one, visit.language)) for one in CaseStatus]
        return _page(session, visit, asked, found, rows=rows, states=states)


@router.get("/work")
def show_work(visit: Facilitator) -> Response:
    """Show the departments' tasks by due time, whosever they are."""
    asked = filters(visit, tuple(TaskStatus))
    it = Board(visit, now())
    with reading(visit.database) as session:
        cursor = visit.ask("cursor")
        found = board_lists.work(session, asked.work(), limit=_AT_ONCE, cursor=cursor)
        rows = it.tasks(session, found.ids)
        states = [(one, task_state(one, visit.language)) for one in TaskStatus]
        return _page(session, visit, asked, found, rows=rows, states=states)


def _page(
    session: Session,
    visit: Visit,
    asked: Filters,
    found: Found,
    *,
    rows: Sequence[CaseRow | TaskRow],
    states: Options,
) -> Response:
    choices = _choices(session, visit, states)
    return page(
        visit,
        f"{visit.path.removeprefix('/')}.html",
        filters=asked,
        choices=choices,
        chosen=_chosen(visit.language, asked, choices),
        rows=rows,
        next=asked.address(cursor=found.cursor) if found.cursor else "",
        looked_until=found.looked_until,
        first=not visit.ask("cursor"),
    )


def _chosen(it: Language, asked: Filters, choices: Choices) -> list[str]:
    """Say which filters are set."""
    known = {
        "state": choices.states,
        "map": choices.maps,
        "touchpoint": choices.touchpoints,
        "promise": choices.promises,
        "department": choices.departments,
        "severity": choices.severities,
        "owner": choices.owners,
        "safety": [("1", it.say("Safety is concerned"))],
    }
    return [
        dict(known.get(name, ())).get(value, value)
        for name, value in asked.asked.items()
    ]


def _choices(session: Session, visit: Visit, states: Options) -> Choices:
    it = visit.language
    known = maps(session)
    know_versions(session, [(one.id, one.newest) for one in known])
    chains = [chain_of(session, one.id, one.newest) for one in known]
    touchpoints = [
        (one.id, one.title.in_(it.code))
        for chain in chains
        for one in chain.touchpoints.values()
    ]
    promises = [
        (one.id, one.title.in_(it.code))
        for chain in chains
        for one in chain.promises.values()
    ]
    register = {one.id: one for one in departments(session)}
    works = visit.path == "/board/work"
    led_by = people(session) if works else people_with(session, Role.QUALITY_MANAGER)
    return Choices(
        states,
        [(one.id, one.title.in_(it.code)) for one in chains],
        _by_title(touchpoints),
        _by_title(promises),
        _by_title([(one, title_of(one, register, it)) for one in register]),
        [(one, severity_in_words(one, it)) for one in Severity],
        [(one.id, one.name) for one in led_by],
    )


def _by_title(pairs: Options) -> Options:
    """Give each once; the same id means the same in every map."""
    return sorted(dict(pairs).items(), key=lambda pair: pair[1].casefold())


# ------------------------------------------------------------------------------- as CSV


@router.get("/cases.csv")
def export_cases(visit: Facilitator) -> Response:
    """Give the cases that the filters leave, as a table."""
    asked, with_customers = filters(visit, tuple(CaseStatus)), wants_customers(visit)
    it = visit.language
    header = [
        it.say("Complaint"), it.say("Case"), it.say("State"), it.say("About"),
        it.say("Process map"), it.say("Customers"), it.say("Source"),
        it.say("Severity"), it.say("Safety"), it.say("Opened"), it.say("Received"),
        it.say("Answered"), it.say("Closed"), it.say("Next"), it.say("Text"),
    ]  # fmt: skip

    def rows(session: Session, ids: Sequence[str]) -> Iterator[list[object]]:
        shows = shown_in_export(session, visit, ids, with_customers=with_customers)
        for row in Board(visit, now()).cases(session, ids):
            first = row.line.first
            words = shows[row.id](first.text) if first else ""
            yield [
                row.number, row.id, row.state, row.about, row.map,
                row.line.customers,
                source_in_words(first.source, it) if first else "",
                severity_in_words(first.severity, it)
                if first and first.severity
                else "",
                it.say("yes") if first and first.safety else "",
                row.line.case.opened_at,
                first.received_at if first else None,
                first.answered_at if first else None,
                row.line.case.closed_at, row.next, words, first,
            ]  # fmt: skip

    def more(session: Session, cursor: str) -> Found:
        return board_lists.cases(session, asked.cases(), limit=_EXPORTED, cursor=cursor)

    return csv_of(
        visit, "cases", header, _all(visit, more, rows), with_customers=with_customers
    )


@router.get("/work.csv")
def export_work(visit: Facilitator) -> Response:
    """Give the tasks that the filters leave, as a table; by due time, never totals."""
    asked, it = filters(visit, tuple(TaskStatus)), visit.language
    header = [
        it.say("Due"), it.say("Department"), it.say("With"), it.say("State"),
        it.say("Complaint"), it.say("Case"), it.say("About"), it.say("Process map"),
        it.say("Asked"),
    ]  # fmt: skip

    def rows(session: Session, ids: Sequence[str]) -> Iterator[list[object]]:
        for row in Board(visit, now()).tasks(session, ids):
            yield [
                row.task.due_at, row.whose, row.assignee,
                task_state(row.task.status, it), row.case.number, row.case.id,
                row.case.about, row.case.map, row.task.asked_at, None,
            ]  # fmt: skip

    def more(session: Session, cursor: str) -> Found:
        return board_lists.work(session, asked.work(), limit=_EXPORTED, cursor=cursor)

    return csv_of(visit, "work", header, _all(visit, more, rows))


def _all(
    visit: Visit,
    more: Callable[[Session, str], Found],
    rows: Callable[[Session, Sequence[str]], Iterator[list[object]]],
) -> Iterator[list[object]]:
    """Read page after page, each in a look of its own."""
    cursor: str | None = ""
    while cursor is not None:
        with reading(visit.database) as session:
            found = more(session, cursor)
            read = list(rows(session, found.ids))
        # The look has ended: who reads slowly holds no connection.
        yield from read
        cursor = found.cursor
