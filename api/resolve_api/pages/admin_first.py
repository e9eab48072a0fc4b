"""What is to be done first in a fresh house, and whether it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, select

from resolve.access.models import Person
from resolve.access.people import people, person_named
from resolve.access.service import keys
from resolve.access.table import Role
from resolve.departments.models import Membership, Post
from resolve.departments.queries import DEFAULT_ID, departments, newest_revision
from resolve.kit.language import Language
from resolve.kit.settings import Settings
from resolve.maps.queries import newest_published


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing to do first: what, why, where; `wanted` if a house can do without."""

    done: bool
    title: str
    why: str
    path: str
    wanted: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """What a house has so far."""

    people: int
    not_yet_in: int
    departments: int
    headless: int
    maps: int
    on_duty: Person | None
    has_hours: bool
    has_keys: bool


def standing(session: Session, settings: Settings) -> Standing:
    """Look what the house has so far."""
    here = people(session)
    on_duty = person_named(session, settings.quality_manager)
    known = [one.id for one in departments(session)]
    return Standing(
        people=len(here),
        not_yet_in=sum(one.password is None for one in here),
        departments=len(known),
        headless=len(set(known) - headed(session)),
        maps=len(newest_published(session)),
        on_duty=on_duty if _places(on_duty) else None,
        has_hours=newest_revision(session, DEFAULT_ID) > 0,
        has_keys=any(one.revoked_at is None for one in keys(session)),
    )


def headed(session: Session) -> set[str]:
    """Give the departments that somebody who is here heads."""
    return set(
        session.exec(
            select(Membership.department_id)
            .join(Person)
            .where(Membership.post == Post.HEAD, Person.ended_at.is_(None))  # type: ignore[union-attr]
        )
    )


def _places(person: Person | None) -> bool:
    return person is not None and Role.QUALITY_MANAGER in person.roles


def todos(it: Language, so_far: Standing, settings: Settings) -> Sequence[Todo]:
    """Say what to do first, in the order in which it is best done."""
    return (
        Todo(
            so_far.maps > 0,
            it.say("Publish a map of how your company serves its customers"),
            it.say("A complaint walks along it; the map brings its departments."),
            "/maps",
        ),
        Todo(
            so_far.has_hours,
            it.say("Say when people work"),
            it.say("Answers are due in working time, not at night or on holidays."),
            "/admin/calendars/default",
        ),
        Todo(
            so_far.on_duty is not None,
            it.say("Have a quality manager on duty"),
            it.say(
                "New cases belong to the login {login}. Somebody with this login and "
                "the role of quality manager places and leads them; RESOLVE_QUALITY_"
                "MANAGER names another login.",
                login=settings.quality_manager,
            ),
            "/admin/people",
        ),
        Todo(
            so_far.departments > 0 and not so_far.headless,
            it.say("Give every department a head"),
            it.say("Its tasks come to them; without one, to the quality manager."),
            "/admin/departments",
        ),
        Todo(
            settings.smtp_host is not None,
            it.say("Name a mail server"),
            it.say("RESOLVE_SMTP_HOST names it. Until then letters wait in a folder."),
            "/mail",
            wanted=True,
        ),
        Todo(
            so_far.has_keys,
            it.say("Give each system that files complaints a key"),
            it.say("A web shop or a call centre files them by itself with one."),
            "/admin/keys",
            wanted=True,
        ),
    )
