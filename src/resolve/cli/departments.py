"""`resolve department list | set`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session

from resolve.access.people import BY_COMMAND, person_named
from resolve.chain.model import Text
from resolve.cli.calendars import content_of
from resolve.cli.house import Json, changing, looking, spoken
from resolve.cli.output import print_json, print_line, print_table
from resolve.departments.members import put_at_head
from resolve.departments.models import DepartmentRecord
from resolve.departments.queries import DEFAULT_ID, departments
from resolve.departments.queries import department as the_department
from resolve.departments.service import DepartmentChange, change, set_calendar
from resolve.kit import clock

commands = typer.Typer(rich_markup_mode=None)


@commands.command("list")
def list_(*, as_json: Json = False) -> None:
    """List the departments, who heads them, and whose calendar they keep."""
    with looking() as session:
        rows = [_shape(one) for one in departments(session)]
    if as_json:
        print_json(rows)
        return
    language = spoken(None).code
    print_table(
        ("department", "title", "kind", "head", "email", "calendar"),
        (
            (
                row["id"],
                _title(row["title"], language),
                row["kind"],
                row["head"],
                row["email"],
                row["calendar"],
            )
            for row in rows
        ),
    )


@commands.command("set")
def set_(
    department: Annotated[str, typer.Argument(metavar="ID", help="Its id in maps.")],
    *,
    head: Annotated[
        str | None, typer.Option(help='Who heads it: a login or name; "" for nobody.')
    ] = None,
    email: Annotated[
        str | None, typer.Option(help='Where mail for it goes; "" for nowhere.')
    ] = None,
    calendar: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help='Its calendar: a file, or the id of a stored one, or "".',
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Change a department of the register; what is not named stays as it is."""
    if head is None and email is None and calendar is None:
        raise typer.BadParameter("name at least one of --head, --email, --calendar")
    with changing() as session:
        the_department(session, department)
        kept = _calendar(session, department, calendar)
        at = clock.now()
        named = _head(session, department, head, at=at)
        wanted = DepartmentChange(head=named, email=email, calendar=kept)
        row = change(session, department, wanted, who=BY_COMMAND, at=at)
        shape = _shape(row)
    if as_json:
        print_json(shape)
    else:
        print_line(f"{department} is changed.")


def _head(
    session: Session, department: str, head: str | None, *, at: datetime
) -> str | None:
    """Put a person at the head; who has no account yet is only called by name."""
    if head is None:
        return None
    person = person_named(session, head)
    known = person.id if person else None
    put_at_head(session, department, known, who=BY_COMMAND, at=at)
    return person.name if person else head


def _calendar(session: Session, department: str, named: str | None) -> str | None:
    """Store the calendar of a file under the department's id; give the id to keep."""
    if not named or not Path(named).is_file():
        return named
    at = clock.now()
    set_calendar(session, department, content_of(named), who=BY_COMMAND, at=at)
    return department


def _shape(row: DepartmentRecord) -> dict[str, object]:
    return {
        "id": row.id,
        "title": row.title,
        "kind": row.kind,
        "head": row.head,
        "email": row.email,
        "calendar": row.calendar_id or DEFAULT_ID,
    }


def _title(title: object, language: str) -> str:
    return Text(title if isinstance(title, dict) else {}).in_(language)
