"""`resolve case ...`: our side of complaints, from placing to the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Annotated, Any

import typer
from sqlmodel import Session

from resolve.analytics import lists, shapes
from resolve.cases import service
from resolve.cases.models import Case, CaseStatus
from resolve.chain.model import PromiseConcern
from resolve.cli import agreements, divisions, naming, votes
from resolve.cli.house import As, Cursor, In, Json, Limit, acting, changing, looking
from resolve.cli.output import print_done, print_json, print_page, print_table
from resolve.cli.showing import looked_at, reader, show_case
from resolve.departments.queries import department as the_department
from resolve.handling.closing import close_case
from resolve.journal.rules import case_chain
from resolve.kit import clock
from resolve.kit.errors import Invalid
from resolve.maps.queries import published_ids
from resolve.reviews.service import open_review

commands = typer.Typer(rich_markup_mode=None)
_MORE = (*divisions.COMMANDS, *votes.COMMANDS, *agreements.COMMANDS)
for _command in _MORE:
    commands.command()(_command)

Name = Annotated[
    str,
    typer.Argument(
        metavar="CASE", help="Its id, a part of it, or the number of a complaint of it."
    ),
]
Names = Annotated[
    list[str],
    typer.Argument(metavar="CASE...", help="Ids, parts of them, or complaints."),
]


@commands.command("list")
def list_(
    *,
    status: Annotated[
        CaseStatus | None, typer.Option(help="Only those that are so.")
    ] = None,
    department: Annotated[
        str | None, typer.Option(help="Only those that it takes part in.")
    ] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
    as_json: Json = False,
) -> None:
    """List cases, the oldest first."""
    with looking() as session:
        if department is not None:
            the_department(session, department)
        page = lists.cases(
            session, lists.Wanted(limit, cursor), status=status, department=department
        )
        rows = shapes.cases(session, page.rows)
    print_page(rows, page.next_cursor, _COLUMNS, as_json=as_json)


@commands.command()
def show(
    name: Name,
    *,
    journal: Annotated[
        bool, typer.Option("--journal", help="Show what happened, entry by entry.")
    ] = False,
    language: In = None,
    as_json: Json = False,
) -> None:
    """Show a case: its complaints, tasks, answers and agreements, and what is next."""
    with looking() as session:
        by = reader(session, language)
        case = naming.case(session, name)
        if journal:
            _print_journal(session, case, as_json=as_json)
        elif as_json:
            print_json(_shape(session, case)[0])
        else:
            show_case(looked_at(session, case, by), by)


@commands.command()
def place(
    names: Names,
    *,
    touchpoint: Annotated[str, typer.Option(help="Where the customer felt it.")],
    promise: Annotated[str, typer.Option(help="The promise that was not kept there.")],
    map_id: Annotated[
        str | None,
        typer.Option("--map", help="Needed when more than one map is published."),
    ] = None,
    by: As = None,
    as_json: Json = False,
) -> None:
    """Say what cases are about, all or none; then their tasks are handed out."""
    concern = PromiseConcern(touchpoint, promise)
    with changing() as session:
        at, who = clock.now(), acting(session, by)
        on = map_id or _only_map(session)
        rows = [
            service.place(
                session,
                naming.case(session, name).id,
                map_id=on,
                concern=concern,
                who=who,
                at=at,
            )
            for name in names
        ]
        shown = shapes.cases(session, rows)
    print_done(shown, f"{_list(rows)}: placed on {on}.", as_json=as_json)


@commands.command()
def review(name: Name, *, by: As = None, as_json: Json = False) -> None:
    """Open the review: no answer is taken from now on."""
    with changing() as session:
        case = naming.case(session, name)
        who = acting(session, by)
        row = open_review(session, case.id, who=who, at=clock.now())
        shown = _shape(session, row)
    print_done(shown, f"{naming.short(row.id)}: its review is open.", as_json=as_json)


@commands.command()
def close(name: Name, *, by: As = None, as_json: Json = False) -> None:
    """Close a case of which nothing is open any more."""
    with changing() as session:
        case = naming.case(session, name)
        who = acting(session, by)
        row = close_case(session, case.id, who=who, at=clock.now())
        shown = _shape(session, row)
    print_done(shown, f"{naming.short(row.id)}: closed.", as_json=as_json)


class NoSingleMap(Invalid):
    """No map is named, and there is not one that must be meant."""

    code = "missing_map"


def _only_map(session: Session) -> str:
    published = published_ids(session)
    if len(published) != 1:
        raise NoSingleMap(
            f"{len(published)} maps are published; say which one.",
            hint=f"Give --map, one of: {', '.join(published)}."
            if published
            else "Publish one: `resolve map publish FILE`.",
        )
    return published[0]


def _print_journal(session: Session, case: Case, *, as_json: bool) -> None:
    rows, cursor = [], None
    while True:
        page = lists.journal(session, case_chain(case.id), lists.Wanted(1000, cursor))
        rows += [shapes.entry_shape(entry) for entry in page.rows]
        cursor = page.next_cursor
        if cursor is None:
            break
    if as_json:
        print_json(rows)
    else:
        columns = ("seq", "at", "who", "what")
        print_table(columns, ([row[name] for name in columns] for row in rows))


def _shape(session: Session, case: Case) -> list[dict[str, Any]]:
    return shapes.cases(session, [case])


def _list(rows: list[Case]) -> str:
    return ", ".join(naming.short(row.id) for row in rows)


def _about(row: Mapping[str, Any]) -> str | None:
    concern = row["concern"]
    if concern is None:
        return None
    if "handover" in concern:
        return f"{concern['handover']['from']} > {concern['handover']['to']}"
    return f"{concern['touchpoint']}: {concern['promise']}"


_COLUMNS: dict[str, Callable[[Mapping[str, Any]], object]] = {
    "case": lambda row: naming.short(row["id"]),
    "status": itemgetter("status"),
    "round": itemgetter("round"),
    "map": itemgetter("map"),
    "about": _about,
    "complaints": lambda row: len(row["complaints"]),
    "departments": itemgetter("departments"),
    "opened": itemgetter("opened_at"),
}
