"""`resolve key add | list | revoke`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer

from resolve.access.models import ApiKey
from resolve.access.people import BY_COMMAND, people, the_person
from resolve.access.service import add_key, keys, revoke_key
from resolve.access.table import Scope
from resolve.cli.house import Json, changing, looking
from resolve.cli.output import print_json, print_line, print_table
from resolve.departments.queries import department as the_department
from resolve.kit import clock

commands = typer.Typer(rich_markup_mode=None)

Name = Annotated[str, typer.Argument(metavar="NAME", help="What the key is called.")]
_SCOPES = ", ".join(str(scope) for scope in Scope)


@commands.command()
def add(
    name: Name,
    *,
    scope: Annotated[
        list[str], typer.Option(help=f"What it may do, several times: {_SCOPES}.")
    ],
    department: Annotated[
        str | None, typer.Option(help="The department whose key it is.")
    ] = None,
    person: Annotated[
        str | None,
        typer.Option(metavar="LOGIN", help="The person for whom it acts."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Make a key and print it, this once, as the last word."""
    if department is not None and person is not None:
        raise typer.BadParameter("a key is a department's or a person's, not both")
    with changing() as session:
        if department is not None:
            the_department(session, department)
        secret = add_key(
            session,
            name,
            scope,
            who=BY_COMMAND,
            at=clock.now(),
            department=department,
            person=the_person(session, person).id if person else None,
        )
    if as_json:
        shown = {"name": name, "scopes": sorted(set(scope)), "department": department}
        print_json(shown | {"person": person, "key": secret})
    else:
        print_line(f"The key {name}, shown only now: {secret}")


@commands.command("list")
def list_(*, as_json: Json = False) -> None:
    """List the keys; what they are is known to nobody but those who have them."""
    with looking() as session:
        logins = {one.id: one.login for one in people(session)}
        rows = [_shape(key, logins) for key in keys(session)]
    if as_json:
        print_json(rows)
    else:
        columns = ("name", "scopes", "department", "person", "created_at", "revoked_at")
        print_table(columns, ([row[name] for name in columns] for row in rows))


@commands.command()
def revoke(name: Name) -> None:
    """End a key; what it filed stays."""
    with changing() as session:
        revoke_key(session, name, who=BY_COMMAND, at=clock.now())
    print_line(f"The key {name} ends here.")


def _shape(key: ApiKey, logins: Mapping[str, str]) -> dict[str, object]:
    return {
        "name": key.name,
        "scopes": key.scopes,
        "department": key.department_id,
        "person": logins.get(key.person_id or ""),
        "created_at": clock.iso(key.created_at),
        "revoked_at": clock.iso(key.revoked_at) if key.revoked_at else None,
    }
