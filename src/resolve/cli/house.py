"""What commands on the database share: opening it, and who acts."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from resolve.access.people import BY_COMMAND, FOR_SOMEBODY, person_named
from resolve.cli.output import print_note
from resolve.departments.queries import by_id, departments
from resolve.kit.database import Database, open_database, reading, transaction
from resolve.kit.errors import NotFound, Unavailable
from resolve.kit.language import LANGUAGES, Language, language
from resolve.kit.settings import settings
from resolve.migrations import require_newest, upgrade
from resolve.tasks.errors import NotYours

_LONGEST = 120  # what the journal holds of who acted

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
As = Annotated[
    str | None,
    typer.Option(
        "--as",
        metavar="PERSON|DEPARTMENT",
        help="For whom you act; the journal says so. By default the administrator.",
    ),
]
In = Annotated[
    str | None,
    typer.Option(
        "--language",
        help="Language of the answer: en, ru or uk. By default the RESOLVE_LANGUAGE.",
    ),
]
Limit = Annotated[int, typer.Option(min=1, max=1000, help="So many rows at most.")]
Cursor = Annotated[
    str | None, typer.Option(help="Where the page before this one ended.")
]


class UnknownActor(NotFound):
    """Nobody is known by this name, and it looks like a typing error."""

    code = "unknown_actor"


def opened() -> Database:
    """Open the database of the settings; an SQLite file that is not there is made.

    Raises:
        NotUpgraded: it has another form than this version works with.
        Unavailable: it cannot be reached or written.
    """
    database = reached()
    try:
        if database.is_sqlite and _is_empty(database):
            _begin(database)
        require_newest(database)
    except BaseException:
        database.engine.dispose()
        raise
    return database


@contextmanager
def changing() -> Iterator[Session]:
    """Do all that a command does to the database, or nothing of it."""
    database = opened()
    try:
        with transaction(database) as session:
            yield session
    finally:
        database.engine.dispose()


@contextmanager
def looking() -> Iterator[Session]:
    """Look at the database."""
    database = opened()
    try:
        with reading(database) as session:
            yield session
    finally:
        database.engine.dispose()


def reached() -> Database:
    """Open the database of the settings, whatever form it has."""
    try:
        database = open_database(settings().url)
        with reading(database) as session:
            session.connection()
    except OSError as error:
        raise Unavailable(
            f"The folder of the database cannot be used: {error.strerror}.",
            hint="Look at RESOLVE_HOME and RESOLVE_DATABASE_URL.",
        ) from error
    except DBAPIError as error:
        raise Unavailable(
            f"The database cannot be used: {str(error.orig).splitlines()[0]}.",
            hint="Look at RESOLVE_DATABASE_URL.",
        ) from error
    return database


def _is_empty(database: Database) -> bool:
    with database.engine.connect() as connection:
        return not inspect(connection).has_table("alembic_version")


def _begin(database: Database) -> None:
    upgrade(database)
    print_note(f"A new database was made: {database.engine.url.database}.")


def spoken(code: str | None) -> Language:
    """Give the language asked for, else that of the settings."""
    if code is not None and code not in LANGUAGES:
        raise typer.BadParameter(
            f"{code!r} is none of {', '.join(LANGUAGES)}", param_hint="--language"
        )
    return language(code or settings().language)


def acting(session: Session, name: str | None, *, on: str | None = None) -> str:
    """Say who acts, as the journal writes it.

    A name that the register knows is a department, else a person, by login, e-mail or
    id; `department:` and `person:` before it say so. Who has no account yet is called
    as written. `on` is the department whose task or request it is.

    Raises:
        NotYours: a department acts on what another one was asked.
        UnknownActor: nobody is called so, but a department is nearly.
    """
    if name is None:
        return BY_COMMAND
    kind, actor = _known(session, name)
    if kind == "department" and on is not None and actor != on:
        raise NotYours(
            f"This was asked of {on!r}, not of {actor!r}.",
            hint=f"Act for {on!r}, or as the administrator without --as.",
        )
    who = f"{kind}:{actor}{FOR_SOMEBODY}"
    if not actor.strip() or len(who) > _LONGEST:
        raise typer.BadParameter("a name has 1 to 90 characters", param_hint="--as")
    return who


def _known(session: Session, name: str) -> tuple[str, str]:
    kind, colon, actor = name.partition(":")
    if not colon or kind not in ("person", "department"):
        kind, actor = "", name
    if kind != "person" and by_id(session, [actor]):
        return "department", actor
    person = person_named(session, actor) if kind != "department" else None
    if person is not None:
        return "person", person.id
    near = [] if kind == "person" else _near(session, actor)
    if kind == "department" or near:
        raise UnknownActor(
            f"There is no department {actor!r}.",
            hint=(f"Did you mean {near[0]!r}? " if near else "")
            + f"A person of this name is `--as person:{actor}`.",
        )
    return "person", actor


def _near(session: Session, name: str) -> list[str]:
    """Give departments nearly called so, unless a head is called exactly so."""
    known = departments(session)
    if any(one.head == name for one in known):
        return []
    ids = [one.id for one in known]
    return difflib.get_close_matches(name, ids, n=1, cutoff=0.8)
