"""`resolve task list | show | answer | extend | pass | withdraw`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import itemgetter
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlmodel import Session

from resolve.analytics import lists, shapes
from resolve.cli import naming
from resolve.cli.answer_file import answer_in
from resolve.cli.house import (
    As,
    Cursor,
    In,
    Json,
    Limit,
    acting,
    changing,
    looking,
    spoken,
)
from resolve.cli.moments import moment
from resolve.cli.output import print_done, print_json, print_page
from resolve.cli.showing import reader, show_task
from resolve.departments.queries import by_id, calendars_of
from resolve.departments.queries import department as the_department
from resolve.kit import clock
from resolve.tasks import service
from resolve.tasks.answers import Answering, Need, Proposal
from resolve.tasks.models import Task, TaskStatus

commands = typer.Typer(rich_markup_mode=None)

Name = Annotated[
    str, typer.Argument(metavar="TASK", help="Its id, or the end or beginning of it.")
]
Names = Annotated[
    list[str], typer.Argument(metavar="TASK...", help="Ids, or parts of them.")
]
Reason = Annotated[str, typer.Option(help="Why; those concerned can read it.")]


@commands.command("list")
def list_(  # noqa: PLR0913  its filters
    *,
    department: Annotated[
        str | None, typer.Option(help="Only those of this department.")
    ] = None,
    status: Annotated[
        TaskStatus | None, typer.Option(help="Only those that are so.")
    ] = None,
    case: Annotated[str | None, typer.Option(help="Only those of this case.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
    language: In = None,
    as_json: Json = False,
) -> None:
    """List tasks by due time."""
    chosen = spoken(language)
    with looking() as session:
        if department is not None:
            the_department(session, department)
        page = lists.tasks(
            session,
            lists.Wanted(limit, cursor),
            department=department,
            status=status,
            case_id=naming.case(session, case).id if case else None,
        )
        rows = shapes.tasks(session, page.rows, chosen)
        names = {} if as_json else naming.all_names(session)
    for row in rows:
        row["assignee"] = names.get(row["assignee"], row["assignee"])
    print_page(rows, page.next_cursor, _COLUMNS, as_json=as_json)


@commands.command()
def show(name: Name, *, language: In = None, as_json: Json = False) -> None:
    """Show a task: what is asked, why it matters to the customer, what was answered."""
    with looking() as session:
        by = reader(session, language)
        task = naming.task(session, name)
        (shown,) = shapes.tasks(session, [task], by.language)
    if as_json:
        print_json(shown)
    else:
        show_task(shown, by)


@commands.command()
def answer(  # noqa: PLR0913  both forms of an answer
    names: Names,
    *,
    change: Annotated[str | None, typer.Option(help="What can change.")] = None,
    step: Annotated[
        str | None, typer.Option(help="At which of the department's steps.")
    ] = None,
    effect: Annotated[
        str | None, typer.Option(help="What the customer will have from it.")
    ] = None,
    need: Annotated[
        str | None,
        typer.Option(metavar="DEPARTMENT", help="The neighbour it needs something of."),
    ] = None,
    need_what: Annotated[
        str | None, typer.Option(help="What it needs of that neighbour.")
    ] = None,
    nothing_to_change: Annotated[
        str | None,
        typer.Option(metavar="OBSERVED", help="What was observed instead."),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(help="A JSON file with the answer, for several proposals."),
    ] = None,
    minutes: Annotated[
        int | None, typer.Option(min=0, help="How long the answer took.")
    ] = None,
    by: As = None,
    as_json: Json = False,
) -> None:
    """Answer one task, or several like ones with the same answer, all or none.

    Without --as, the administrator enters what the department said by word of mouth.
    """
    given = _given(
        file,
        proposal=_proposal(change, step, effect, need=need, what=need_what),
        observed=nothing_to_change,
        minutes=minutes,
    )
    with changing() as session:
        tasks = [naming.task(session, name) for name in names]
        whose = [acting(session, by, on=task.department_id) for task in tasks]
        rows = service.answer_several(
            session,
            [task.id for task in tasks],
            given,
            who=whose[0],
            at=clock.now(),
            by_word_of_mouth=by is None,
        )
        shown = shapes.tasks(session, rows, spoken(None))
    print_done(shown, f"{_list(rows)}: answered.", as_json=as_json)


@commands.command()
def extend(
    name: Name,
    *,
    due: Annotated[
        str,
        typer.Option(
            help="The new due time, such as 2026-12-01T12:00, in the zone of the "
            "department's calendar; a day alone means its end."
        ),
    ],
    reason: Reason,
    by: As = None,
    as_json: Json = False,
) -> None:
    """Give a task more time."""
    with changing() as session:
        task = naming.task(session, name)
        until = moment(due, _zone(session, task))
        who = acting(session, by)
        row = service.extend(
            session, task.id, due=until, reason=reason, who=who, at=clock.now()
        )
        shown = _shape(session, row)
    said = f"{naming.short(row.id)}: due {clock.iso(row.due_at)}."
    print_done(shown, said, as_json=as_json)


@commands.command("pass")
def pass_(
    name: Name,
    *,
    to: Annotated[str, typer.Option(metavar="PERSON", help="Who takes it over.")],
    by: As = None,
    as_json: Json = False,
) -> None:
    """Give a task to a colleague or substitute."""
    with changing() as session:
        task = naming.task(session, name)
        who = acting(session, by, on=task.department_id)
        row = service.pass_on(session, task.id, to=to, who=who, at=clock.now())
        shown = _shape(session, row)
    print_done(shown, f"{naming.short(row.id)}: passed on to {to}.", as_json=as_json)


@commands.command()
def withdraw(
    names: Names, *, reason: Reason, by: As = None, as_json: Json = False
) -> None:
    """Await no answer to tasks any more, to all of them or none."""
    with changing() as session:
        at, who = clock.now(), acting(session, by)
        ids = [naming.task(session, name).id for name in names]
        rows = [
            service.withdraw(session, id_, reason=reason, who=who, at=at) for id_ in ids
        ]
        shown = shapes.tasks(session, rows, spoken(None))
    print_done(shown, f"{_list(rows)}: withdrawn.", as_json=as_json)


def _given(
    file: Path | None,
    *,
    proposal: Proposal | None,
    observed: str | None,
    minutes: int | None,
) -> Answering:
    if (file is not None) + (proposal is not None) + (observed is not None) != 1:
        raise typer.BadParameter(
            "give either --change TEXT --step S, or --nothing-to-change OBSERVED, "
            "or --file FILE"
        )
    if file is not None:
        return answer_in(file, minutes=minutes)
    return Answering((proposal,) if proposal else (), observed, minutes)


def _proposal(
    change: str | None,
    step: str | None,
    effect: str | None,
    *,
    need: str | None,
    what: str | None,
) -> Proposal | None:
    if change is None and (step, effect, need, what) == (None, None, None, None):
        return None
    if change is None or step is None:
        raise typer.BadParameter("a proposal has --change TEXT and --step S")
    if (need is None) != (what is None):
        raise typer.BadParameter("a need has --need DEPARTMENT and --need-what TEXT")
    needed = Need(need, what) if need is not None and what is not None else None
    return Proposal(change, step, effect, needed)


def _zone(session: Session, task: Task) -> Any:  # noqa: ANN401  a time zone
    found = by_id(session, [task.department_id])
    return calendars_of(session, found)[task.department_id].calendar.tz


def _shape(session: Session, row: Task) -> list[dict[str, Any]]:
    return shapes.tasks(session, [row], spoken(None))


def _list(rows: list[Task]) -> str:
    return ", ".join(naming.short(row.id) for row in rows)


_COLUMNS: dict[str, Callable[[Mapping[str, Any]], object]] = {
    "task": lambda row: naming.short(row["id"]),
    "due": itemgetter("due"),
    "department": itemgetter("department"),
    "status": itemgetter("status"),
    "assignee": itemgetter("assignee"),
    "customers": itemgetter("customers"),
    "case": lambda row: naming.short(row["case"]),
    "question": itemgetter("question"),
}
