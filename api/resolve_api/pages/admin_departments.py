"""The register: departments, who heads them, and where they are reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fastapi import APIRouter
from sqlmodel import Session, col, select
from starlette.responses import Response

from resolve.access.errors import UnknownPerson
from resolve.access.models import Person
from resolve.access.people import people
from resolve.departments import members, queries
from resolve.departments.errors import DepartmentChanged, UnknownDepartment
from resolve.departments.models import DepartmentRecord, Membership, Post
from resolve.departments.service import DepartmentChange
from resolve.departments.service import change as change_department
from resolve.kit.clock import now
from resolve.kit.database import reading, transaction
from resolve.kit.errors import ResolveError
from resolve.kit.ids import is_id
from resolve.kit.language import LANGUAGES
from resolve_api.pages.admin_frame import admin_page
from resolve_api.pages.admin_people import post_in_words, title_of
from resolve_api.pages.numbers import whole
from resolve_api.pages.said import SAID, said
from resolve_api.pages.showing import DONE
from resolve_api.pages.visits import Registrar, Visit

router = APIRouter(prefix="/admin/departments")

DONE["department_saved"] = lambda it: it.say("Saved.")
DONE["department_joined"] = lambda it: it.say("Done: they belong to the department.")
DONE["department_left"] = lambda it: it.say("Done: they have this post no more.")
SAID["bad_department"] = lambda it, why: (
    it.say("Give it a name in at least one language.")
    if why.pointer == "/title"
    else it.say("This is no e-mail address.")
)
SAID["unknown_calendar"] = lambda it, _: it.say("There are no such working hours.")


@dataclass(frozen=True, slots=True)
class Shown:
    """A department as the list shows it, with its people by post."""

    department: DepartmentRecord
    title: str
    people: Mapping[str, list[Person]] = field(default_factory=dict)


@router.get("")
def list_departments(visit: Registrar) -> Response:
    """List the departments by name, and say which have no head."""
    with reading(visit.database) as session:
        rows = queries.departments(session)
        belonging = _belonging(session)
    found = [
        Shown(one, title_of(visit.language, one), belonging.get(one.id, {}))
        for one in rows
    ]
    found.sort(key=lambda one: one.title.casefold())
    headless = [one for one in found if not one.people.get(Post.HEAD)]
    return admin_page(
        visit,
        "departments.html",
        found=found,
        headless=headless,
        on_duty=visit.shop.settings.quality_manager,
    )


def _belonging(session: Session) -> dict[str, dict[str, list[Person]]]:
    """Give who is in which department, by post."""
    rows = session.exec(
        select(Membership, Person)
        .join(Person)
        .where(col(Person.ended_at).is_(None))
        .order_by(col(Person.name), col(Person.id))
    )
    found: dict[str, dict[str, list[Person]]] = {}
    for one, person in rows:
        posts = found.setdefault(one.department_id, {})
        posts.setdefault(one.post, []).append(person)
    return found


@router.get("/{department}")
def show(visit: Registrar, department: str) -> Response:
    """Show a department of the register."""
    return _show(visit, department)


@router.post("/{department}")
def change(visit: Registrar, department: str) -> Response:
    """Change a department, unless somebody did in between."""
    try:
        with transaction(visit.database) as session:
            change_department(
                session,
                department,
                _wanted(visit),
                who=visit.who,
                at=now(),
                revision=whole(visit.text("revision")),
            )
    except UnknownDepartment:
        raise
    except ResolveError as why:
        return _show(visit, department, why)
    return visit.go(f"/admin/departments/{department}", done="department_saved")


def _wanted(visit: Visit) -> DepartmentChange:
    titles = {code: visit.text(f"title-{code}").strip() for code in LANGUAGES}
    return DepartmentChange(
        title={code: text for code, text in titles.items() if text},
        email=visit.text("email").strip(),
        calendar=visit.text("calendar"),
    )


@router.post("/{department}/people")
def join(visit: Registrar, department: str) -> Response:
    """Give somebody a post here."""
    post = visit.text("post")
    try:
        with transaction(visit.database) as session:
            person = _here(session, visit.text("person"))
            chosen = Post(post) if post in tuple(Post) else Post.MEMBER
            members.put_in(
                session, department, person.id, chosen, who=visit.who, at=now()
            )
    except UnknownPerson as why:
        return _show(visit, department, why)
    return visit.go(f"/admin/departments/{department}", done="department_joined")


@router.post("/{department}/people/end")
def end_post(visit: Registrar, department: str) -> Response:
    """Take a post here from somebody."""
    person, post = visit.text("person"), visit.text("post")
    if is_id(person) and post in tuple(Post):
        with transaction(visit.database) as session:
            members.take_out(
                session, department, person, Post(post), who=visit.who, at=now()
            )
    return visit.go(f"/admin/departments/{department}", done="department_left")


def _here(session: Session, person: str) -> Person:
    found = session.get(Person, person) if is_id(person) else None
    if found is None or found.ended_at is not None:
        raise UnknownPerson("There is no such person here.", pointer="/person")
    return found


def _show(visit: Visit, department: str, why: ResolveError | None = None) -> Response:
    it = visit.language
    with reading(visit.database) as session:
        found = queries.department(session, department)
        inside = members.people_in(session, department)
        everybody = people(session)
        calendars = queries.calendar_ids(session)
    order = tuple(Post)
    inside = sorted(inside, key=lambda one: order.index(Post(one[1])))
    return admin_page(
        visit,
        "department.html",
        status=422 if why else 200,
        department=found,
        title=title_of(it, found),
        stale=found if isinstance(why, DepartmentChanged) else None,
        inside=[(one, post, post_in_words(it, post)) for one, post in inside],
        everybody=[(one.id, f"{one.name} ({one.login})") for one in everybody],
        calendars=calendars,
        choices=[(post, post_in_words(it, post)) for post in Post],
        named_only=found.head if not _has_head(inside) else None,
        **_form(visit, found, why),
    )


def _has_head(inside: Sequence[tuple[Person, str]]) -> bool:
    return any(post == Post.HEAD for _, post in inside)


_FIELDS = ("title", "email", "calendar", "person")


def _form(
    visit: Visit, found: DepartmentRecord, why: ResolveError | None
) -> dict[str, object]:
    """Give what the fields show: what was typed, else what is stored."""
    stored = {f"title-{code}": found.title.get(code, "") for code in LANGUAGES} | {
        "email": found.email or "",
        "calendar": found.calendar_id or "",
        "person": "",
        "post": str(Post.HEAD),
    }
    place = why.pointer.strip("/") if why else ""
    told = said(visit.language, why) if why else ""
    return {
        "typed": stored | (visit.typed() if why else {}),
        "wrong": {place: told} if place in _FIELDS else {},
        "trouble": told if place not in _FIELDS else "",
    }
