"""`resolve user add | set | reset | list | sign-ins | end`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

import typer
from sqlmodel import Session

from resolve.access.models import Person
from resolve.access.people import (
    BY_COMMAND,
    PersonChange,
    add_person,
    change_person,
    people,
    the_person,
)
from resolve.access.signing_in import (
    Purpose,
    end_sign_ins,
    new_link,
    sign_ins,
)
from resolve.access.table import OWN_ROLES
from resolve.cli.house import Json, changing, looking
from resolve.cli.output import print_json, print_line, print_note, print_table
from resolve.departments.members import name_anew, posts_of, put_in, take_out
from resolve.departments.models import Post
from resolve.handling.leaving import let_go
from resolve.kit import clock
from resolve.kit.errors import NotFound
from resolve.kit.settings import settings

commands = typer.Typer(rich_markup_mode=None)
_ROLES = ", ".join(OWN_ROLES)

Login = Annotated[str, typer.Argument(metavar="LOGIN", help="Their login or e-mail.")]
Name = Annotated[str | None, typer.Option(help="What they are called.")]
Email = Annotated[str | None, typer.Option(help='Their e-mail; "" for none.')]
Roles = Annotated[
    list[str] | None,
    typer.Option("--role", help=f'Several times: {_ROLES}; "" for none of them.'),
]
Department = Annotated[
    str | None, typer.Option(help="A department they belong to from now on.")
]
As = Annotated[
    Post | None, typer.Option("--as", help="What they are there; by default a member.")
]
Speaks = Annotated[
    str | None, typer.Option("--language", help='en, ru or uk; "" as the browser asks.')
]
Zone = Annotated[
    str | None,
    typer.Option(help='Their time zone, as Europe/Kyiv; "" for the company\'s.'),
]


class NotThere(NotFound):
    """Somebody does not belong to this department."""

    code = "not_in_department"


@commands.command()
def add(  # noqa: PLR0913  what there is to say of a person
    login: Annotated[str, typer.Argument(metavar="LOGIN", help="One word.")],
    *,
    name: Name = None,
    email: Email = None,
    role: Roles = None,
    department: Department = None,
    as_: As = None,
    language: Speaks = None,
    zone: Zone = None,
    as_json: Json = False,
) -> None:
    """Take somebody in; print a link to choose a password, as the last word."""
    wanted = _wanted(name, email, role, language=language, zone=zone)
    with changing() as session:
        at = clock.now()
        person = add_person(session, login, wanted, who=BY_COMMAND, at=at)
        _join(session, person, department, as_, at=at)
        secret = new_link(session, person.id, Purpose.PASSWORD, who=BY_COMMAND, at=at)
        shown = _shape(session, person)
    _print_link(shown, secret, as_json=as_json)


@commands.command("set")
def set_(  # noqa: PLR0913  what there is to say of a person
    login: Login,
    *,
    name: Name = None,
    email: Email = None,
    role: Roles = None,
    department: Department = None,
    as_: As = None,
    leave_: Annotated[
        str | None,
        typer.Option(
            "--leave", metavar="D", help="A department they belong to no more."
        ),
    ] = None,
    language: Speaks = None,
    zone: Zone = None,
    as_json: Json = False,
) -> None:
    """Change what is said of somebody; what is not named stays as it is."""
    wanted = _wanted(name, email, role, language=language, zone=zone)
    if wanted == PersonChange() and department is None and leave_ is None:
        raise typer.BadParameter("name at least one thing to change")
    with changing() as session:
        at = clock.now()
        person = the_person(session, login)
        if wanted != PersonChange():
            change_person(session, person.id, wanted, who=BY_COMMAND, at=at)
            name_anew(session, person.id)
        if leave_ is not None:
            _leave(session, person, leave_, at=at)
        _join(session, person, department, as_, at=at)
        shown = _shape(session, person)
    if as_json:
        print_json(shown)
    else:
        print_line(f"{shown['login']} is changed.")


@commands.command()
def reset(login: Login, *, as_json: Json = False) -> None:
    """Print a link to choose a new password, as the last word; links before it end."""
    with changing() as session:
        person = the_person(session, login)
        at = clock.now()
        secret = new_link(session, person.id, Purpose.PASSWORD, who=BY_COMMAND, at=at)
        shown = _shape(session, person)
    _print_link(shown, secret, as_json=as_json)


@commands.command("list")
def list_(
    *,
    ended: Annotated[bool, typer.Option(help="Those who were here before.")] = False,
    as_json: Json = False,
) -> None:
    """List the people: what they are, and where."""
    with looking() as session:
        rows = [_shape(session, one) for one in people(session, ended=ended)]
    if as_json:
        print_json(rows)
    else:
        columns = ("login", "name", "email", "roles", "posts", "language", "password")
        print_table(columns, ([_cell(row, name) for name in columns] for row in rows))


@commands.command("sign-ins")
def sign_ins_(
    login: Login,
    *,
    end: Annotated[
        bool, typer.Option("--end", help="Sign them out of all of them.")
    ] = False,
    as_json: Json = False,
) -> None:
    """List the browsers in which somebody is signed in."""
    if end:
        with changing() as session:
            at, person = clock.now(), the_person(session, login)
            n = end_sign_ins(session, person.id, who=BY_COMMAND, at=at)
        print_line(f"{person.login} is signed out: {n} browsers.")
        return
    with looking() as session:
        found = sign_ins(session, the_person(session, login).id, at=clock.now())
    rows = [
        {"device": one.device, "since": clock.iso(one.created_at)}
        | {"seen": clock.iso(one.seen_at)}
        for one in found
    ]
    if as_json:
        print_json(rows)
    else:
        columns = ("seen", "since", "device")
        print_table(columns, ([row[name] for name in columns] for row in rows))


@commands.command()
def end(login: Login) -> None:
    """Let somebody go: they sign in no more and leave their departments."""
    with changing() as session:
        at, person = clock.now(), the_person(session, login)
        let_go(session, person.id, who=BY_COMMAND, at=at)
    print_line(f"{person.login} signs in no more; what they did stays.")


def _wanted(
    name: str | None,
    email: str | None,
    roles: Sequence[str] | None,
    *,
    language: str | None,
    zone: str | None,
) -> PersonChange:
    own = [role for role in roles if role] if roles else None
    return PersonChange(name=name, email=email, roles=own, language=language, zone=zone)


def _join(
    session: Session,
    person: Person,
    department: str | None,
    post: Post | None,
    *,
    at: datetime,
) -> None:
    if department is None:
        if post is not None:
            raise typer.BadParameter("--as needs --department")
        return
    wanted = post or Post.MEMBER
    put_in(session, department, person.id, wanted, who=BY_COMMAND, at=at)


def _leave(session: Session, person: Person, department: str, *, at: datetime) -> None:
    posts = posts_of(session, person.id)
    mine = [Post(one.post) for one in posts if one.department_id == department]
    if not mine:
        raise NotThere(
            f"{person.login} does not belong to {department!r}.",
            hint="`resolve user list` shows who belongs where.",
        )
    for post in mine:
        take_out(session, department, person.id, post, who=BY_COMMAND, at=at)


def _print_link(shown: Mapping[str, Any], secret: str, *, as_json: bool) -> None:
    link = settings().link(f"/link/{secret}")
    if as_json:
        print_json({**shown, "link": link})
        return
    print_note("The link works once, for three days, where `resolve serve` runs.")
    print_line(f"For {shown['name']}, to choose a password: {link}")


def _shape(session: Session, person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "login": person.login,
        "name": person.name,
        "email": person.email,
        "roles": list(person.roles),
        "posts": [
            {"department": one.department_id, "as": one.post}
            for one in posts_of(session, person.id)
        ],
        "language": person.language,
        "zone": person.zone,
        "password": person.password is not None,
        "ended_at": clock.iso(person.ended_at) if person.ended_at else None,
    }


def _cell(row: Mapping[str, Any], name: str) -> object:
    if name == "posts":
        return [f"{one['as']} of {one['department']}" for one in row["posts"]]
    if name == "password":
        return "chosen" if row["password"] else "not yet"
    return row[name]
