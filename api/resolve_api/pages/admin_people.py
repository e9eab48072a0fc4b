"""People: who they are here, and how they sign in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from zoneinfo import available_timezones

from fastapi import APIRouter
from sqlmodel import Session, col, select
from starlette.responses import Response

from resolve.access import signing_in
from resolve.access.errors import PersonChanged, UnknownPerson
from resolve.access.models import Person
from resolve.access.people import (
    PersonChange,
    add_person,
    change_person,
    is_email,
    people,
)
from resolve.access.signing_in import Purpose
from resolve.access.table import OWN_ROLES, Role
from resolve.departments import members
from resolve.departments.models import DepartmentRecord, Membership, Post
from resolve.departments.queries import departments
from resolve.handling.inviting import Invitation, mail_invitation
from resolve.handling.leaving import let_go
from resolve.kit.clock import now
from resolve.kit.database import reading, transaction
from resolve.kit.errors import ResolveError, Unavailable
from resolve.kit.ids import is_id
from resolve.kit.language import Language
from resolve_api.pages.admin_frame import admin_page
from resolve_api.pages.numbers import whole
from resolve_api.pages.said import SAID, bad_person, said
from resolve_api.pages.showing import DONE
from resolve_api.pages.visits import PeopleKeeper, Visit

router = APIRouter(prefix="/admin/people")

DONE["person_saved"] = lambda it: it.say("Saved.")
DONE["person_joined"] = lambda it: it.say("Done: they belong to the department.")
DONE["person_left"] = lambda it: it.say("Done: they have this post no more.")
DONE["person_signed_out"] = lambda it: it.say("Done: they are signed out everywhere.")
DONE["person_mailed"] = lambda it: it.say("Done: the link is on its way by mail.")
DONE["person_ended"] = lambda it: it.say(
    "Done: they sign in no more. What they did stays."
)
SAID["unknown_person"] = lambda it, _: it.say("There is no such person here.")
SAID["unknown_department"] = lambda it, _: it.say("There is no such department.")


@dataclass(frozen=True, slots=True)
class Shown:
    """A person as the list shows them."""

    person: Person
    what: Sequence[str]
    """Roles and posts in words."""


def role_in_words(it: Language, role: str) -> str:
    """Name a role that no department gives."""
    return {
        Role.QUALITY_MANAGER: it.say("Quality manager"),
        Role.FRONTLINE: it.say("Frontline"),
        Role.ADMINISTRATOR: it.say("Administrator"),
    }[Role(role)]


def post_in_words(it: Language, post: str) -> str:
    """Name what somebody is in a department."""
    return {
        Post.HEAD: it.say("Head"),
        Post.MEMBER: it.say("Member"),
        Post.CHAMPION: it.say("Service champion"),
    }[Post(post)]


def title_of(it: Language, department: DepartmentRecord) -> str:
    """Give a department's title in this language, or what there is."""
    return department.titled(it.code)


# ------------------------------------------------------------------------- the list


@router.get("")
def list_people(visit: PeopleKeeper) -> Response:
    """List the people by name; found by name, login or e-mail."""
    asked, show = visit.ask("q").casefold(), visit.ask("show")
    with reading(visit.database) as session:
        here = people(session, ended=show == "ended")
        posts = _posts(session, visit.language)
    found = [
        Shown(one, _what(visit.language, one, posts.get(one.id, [])))
        for one in here
        if (show != "new" or one.password is None) and _fits(one, asked)
    ]
    return admin_page(
        visit, "people.html", found=found, show=show, q=visit.ask("q"), all=len(here)
    )


def _fits(person: Person, asked: str) -> bool:
    texts = (person.name, person.login, person.email or "")
    return any(asked in text.casefold() for text in texts)


def _what(it: Language, person: Person, posts: Sequence[str]) -> Sequence[str]:
    return [*(role_in_words(it, role) for role in person.roles), *posts]


def _posts(session: Session, it: Language) -> Mapping[str, list[str]]:
    """Give everybody's posts in words, by person."""
    rows = session.exec(
        select(Membership, DepartmentRecord)
        .join(DepartmentRecord)
        .order_by(col(Membership.department_id), col(Membership.post))
    )
    found: dict[str, list[str]] = {}
    for post, department in rows:
        words = f"{title_of(it, department)}: {post_in_words(it, post.post)}"
        found.setdefault(post.person_id, []).append(words)
    return found


# ---------------------------------------------------------------------- somebody new


@router.get("/new")
def ask_new(visit: PeopleKeeper) -> Response:
    """Ask for somebody new."""
    return _new(visit)


@router.post("/new")
def add(visit: PeopleKeeper) -> Response:
    """Take somebody in, and show the link for them once."""
    at = now()
    try:
        with transaction(visit.database) as session:
            login = visit.text("login")
            made = add_person(session, login, _wanted(visit), who=visit.who, at=at)
            if visit.text("department"):
                _put_in(visit, session, made.id)
            secret = signing_in.new_link(
                session, made.id, Purpose.PASSWORD, who=visit.who, at=at
            )
    except ResolveError as why:
        return _new(visit, why)
    return _hand_over(visit, made, secret)


def _new(visit: Visit, why: ResolveError | None = None) -> Response:
    with reading(visit.database) as session:
        known = _departments(visit, session)
    return admin_page(
        visit,
        "person_new.html",
        status=422 if why else 200,
        departments=known,
        **_form(visit, None, why),
    )


def _hand_over(
    visit: Visit, person: Person, secret: str, *, not_sent: bool = False
) -> Response:
    """Show a link this once; nobody finds it again."""
    address = visit.shop.settings.address or str(visit.request.base_url).rstrip("/")
    return admin_page(
        visit,
        "link.html",
        person=person,
        link=f"{address}/link/{secret}",
        not_sent=not_sent,
        headers={"Cache-Control": "no-store"},
    )


# ------------------------------------------------------------------------ one person


@router.get("/{person}")
def show(visit: PeopleKeeper, person: str) -> Response:
    """Show what is said of somebody."""
    return _show(visit, person)


@router.post("/{person}")
def change(visit: PeopleKeeper, person: str) -> Response:
    """Change what is said of somebody, unless it was changed in between."""
    try:
        with transaction(visit.database) as session:
            change_person(
                session,
                person,
                _wanted(visit),
                who=visit.who,
                at=now(),
                revision=whole(visit.text("revision")),
            )
            members.name_anew(session, person)
    except UnknownPerson:
        raise
    except ResolveError as why:
        return _show(visit, person, why)
    return visit.go(f"/admin/people/{person}", done="person_saved")


@router.post("/{person}/posts")
def join(visit: PeopleKeeper, person: str) -> Response:
    """Give somebody a post in a department."""
    try:
        with transaction(visit.database) as session:
            _the(session, person, here=True)
            _put_in(visit, session, person)
    except ResolveError as why:
        return _show(visit, person, why)
    return visit.go(f"/admin/people/{person}", done="person_joined")


@router.post("/{person}/posts/end")
def end_post(visit: PeopleKeeper, person: str) -> Response:
    """Take a post in a department from somebody."""
    with transaction(visit.database) as session:
        _the(session, person)
        post = _post(visit)
        if post is not None:
            department = visit.text("department")
            members.take_out(session, department, person, post, who=visit.who, at=now())
    return visit.go(f"/admin/people/{person}", done="person_left")


@router.post("/{person}/link")
def new_link(visit: PeopleKeeper, person: str) -> Response:
    """Make a link to choose a new password, and show it once."""
    with transaction(visit.database) as session:
        found = _the(session, person, here=True)
        secret = signing_in.new_link(
            session, person, Purpose.PASSWORD, who=visit.who, at=now()
        )
    return _hand_over(visit, found, secret)


@router.post("/{person}/mail")
def mail_link(visit: PeopleKeeper, person: str) -> Response:
    """Mail a link to choose a new password; show it if it does not go."""
    at, sent = now(), False
    with transaction(visit.database) as session:
        found = _the(session, person, here=True)
        secret = signing_in.new_link(
            session, person, Purpose.PASSWORD, who=visit.who, at=at
        )
    if found.email is not None:
        with suppress(Unavailable):
            made = Invitation(found, secret)
            sent = mail_invitation(made, visit.shop.settings, at=at)
    if sent:
        return visit.go(f"/admin/people/{person}", done="person_mailed")
    return _hand_over(visit, found, secret, not_sent=True)


@router.post("/{person}/sign-out")
def sign_out(visit: PeopleKeeper, person: str) -> Response:
    """Sign somebody out everywhere."""
    with transaction(visit.database) as session:
        _the(session, person)
        signing_in.end_sign_ins(session, person, who=visit.who, at=now())
    return visit.go(f"/admin/people/{person}", done="person_signed_out")


@router.post("/{person}/end")
def end(visit: PeopleKeeper, person: str) -> Response:
    """Let somebody go."""
    at = now()
    try:
        with transaction(visit.database) as session:
            let_go(session, person, who=visit.who, at=at)
    except UnknownPerson:
        raise
    except ResolveError as why:
        return _show(visit, person, why, of="end")
    return visit.go("/admin/people", done="person_ended")


def _show(
    visit: Visit, person: str, why: ResolveError | None = None, *, of: str = "form"
) -> Response:
    at = now()
    with reading(visit.database) as session:
        found = _the(session, person)
        signed_in = signing_in.sign_ins(session, person, at=at)
        posts = members.posts_of(session, person)
        known = _departments(visit, session)
    stale = found if isinstance(why, PersonChanged) else None
    titles = dict(known)
    return admin_page(
        visit,
        "person.html",
        status=422 if why else 200,
        person=found,
        stale=stale,
        stale_roles=[role_in_words(visit.language, role) for role in found.roles],
        wrong_end=said(visit.language, why) if why and of == "end" else "",
        sign_ins=signed_in,
        posts=[
            (one, titles[one.department_id], post_in_words(visit.language, one.post))
            for one in posts
        ],
        departments=known,
        **_form(visit, found, why if of == "form" else None),
    )


# ---------------------------------------------------------------------- what both do


def _form(
    visit: Visit, person: Person | None, why: ResolveError | None
) -> dict[str, object]:
    """Give what the fields of a person show: what was typed, else what is stored."""
    it = visit.language
    stored = {
        "login": "",
        "name": person.name if person else "",
        "email": (person.email if person else None) or "",
        "language": (person.language if person else None) or "",
        "zone": (person.zone if person else None) or "",
        "department": "",
        "post": str(Post.MEMBER),
    }
    roles = visit.texts("role") if why else (person.roles if person else [])
    place = why.pointer.strip("/") if why else ""
    told = said(it, why) if why else ""
    return {
        "typed": stored | (visit.typed() if why else {}),
        "roles": [(role, role_in_words(it, role), role in roles) for role in OWN_ROLES],
        "choices": [(post, post_in_words(it, post)) for post in Post],
        "wrong": _wrong_email(visit, why) | ({place: told} if place in _FIELDS else {}),
        "trouble": told if place not in _FIELDS else "",
        "zones": sorted(available_timezones()),
    }


def _wrong_email(visit: Visit, why: ResolveError | None) -> dict[str, str]:
    """Tell of a bad e-mail together with whatever else is wrong."""
    if why is None or is_email(visit.text("email").strip()):
        return {}
    return {"email": bad_person(visit.language, "/email")}


_FIELDS = ("login", "name", "email", "language", "zone", "department", "roles")


def _wanted(visit: Visit) -> PersonChange:
    return PersonChange(
        name=visit.text("name"),
        email=visit.text("email"),
        roles=visit.texts("role"),
        language=visit.text("language"),
        zone=visit.text("zone"),
    )


def _put_in(visit: Visit, session: Session, person: str) -> None:
    post = _post(visit) or Post.MEMBER
    department = visit.text("department")
    members.put_in(session, department, person, post, who=visit.who, at=now())


def _post(visit: Visit) -> Post | None:
    chosen = visit.text("post")
    return Post(chosen) if chosen in tuple(Post) else None


def _departments(visit: Visit, session: Session) -> list[tuple[str, str]]:
    it = visit.language
    known = [(one.id, title_of(it, one)) for one in departments(session)]
    return sorted(known, key=lambda one: one[1].casefold())


def _the(session: Session, person: str, *, here: bool = False) -> Person:
    """Give a person, also one who is not here any more.

    Raises:
        UnknownPerson: there is none, or with `here` they are gone.
    """
    found = session.get(Person, person) if is_id(person) else None
    if found is None or (here and found.ended_at is not None):
        raise UnknownPerson("There is no such person here.")
    return found
