"""Keys of clients: made once, shown once, ended when they are not needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from resolve.access.models import ApiKey
from resolve.access.people import names_of, people, the_person
from resolve.access.service import add_key, keys, revoke_key
from resolve.access.table import Scope
from resolve.departments.queries import by_id, department, departments
from resolve.kit.clock import now
from resolve.kit.database import reading, transaction
from resolve.kit.errors import ResolveError
from resolve.kit.language import Language
from resolve_api.pages.admin_frame import admin_page
from resolve_api.pages.admin_people import title_of
from resolve_api.pages.said import SAID, said
from resolve_api.pages.showing import DONE
from resolve_api.pages.visits import KeyKeeper, Visit

router = APIRouter(prefix="/admin/keys")

DONE["key_revoked"] = lambda it: it.say(
    "Done: this key opens nothing any more. What was filed with it stays."
)
SAID["name_taken"] = lambda it, _: it.say("Another key has this name. Choose one more.")
SAID["bad_key_name"] = lambda it, _: it.say("Give the key a name.")
SAID["unknown_scope"] = lambda it, _: it.say("Tick at least one thing it may do.")
SAID["unknown_key"] = lambda it, _: it.say("There is no such key.")


_EXAMPLE = 'curl {address}/api/v1/maps -H "Authorization: Bearer $KEY"'


@dataclass(frozen=True, slots=True)
class Shown:
    """A key as the list shows it."""

    name: str
    scopes: Sequence[str]
    whose: str
    made: datetime
    revoked: datetime | None


def scope_in_words(it: Language, scope: str) -> str:
    """Say what a key with this scope may do."""
    return {
        Scope.FILE: it.say("File complaints and read its own"),
        Scope.READ: it.say("Read cases, tasks and maps"),
        Scope.ACT: it.say("Answer, place, agree and close"),
        Scope.ADMIN: it.say("Change maps, departments and working hours"),
    }[Scope(scope)]


@router.get("")
def list_keys(visit: KeyKeeper) -> Response:
    """List the keys and offer to make one."""
    return _show(visit)


@router.post("")
def add(visit: KeyKeeper) -> Response:
    """Make a key and show it this once."""
    try:
        with transaction(visit.database) as session:
            kind, whose = _whose(session, visit.text("whose"))
            secret = add_key(
                session,
                visit.text("name").strip(),
                visit.texts("scope"),
                who=visit.who,
                at=now(),
                department=whose if kind == "department" else None,
                person=whose if kind == "person" else None,
            )
    except ResolveError as why:
        return _show(visit, why)
    address = visit.shop.settings.address or str(visit.request.base_url).rstrip("/")
    return admin_page(
        visit,
        "key.html",
        name=visit.text("name").strip(),
        secret=secret,
        example=_EXAMPLE.format(address=address),
        headers={"Cache-Control": "no-store"},
    )


@router.post("/revoke")
def revoke(visit: KeyKeeper) -> Response:
    """End a key."""
    with transaction(visit.database) as session:
        revoke_key(session, visit.text("name"), who=visit.who, at=now())
    return visit.go("/admin/keys", done="key_revoked")


def _whose(session: Session, chosen: str) -> tuple[str, str]:
    """Give the kind of owner that was chosen and its id, if it is there.

    Raises:
        UnknownDepartment, UnknownPerson
    """
    kind, _, whose = chosen.partition(":")
    if kind == "department":
        return kind, department(session, whose).id
    if kind == "person":
        return kind, the_person(session, whose).id
    return "", ""


def _show(visit: Visit, why: ResolveError | None = None) -> Response:
    it = visit.language
    with reading(visit.database) as session:
        found = _shown(session, it, keys(session))
        owners = _owners(session, it)
    ticked = visit.texts("scope") if why else []
    place = why.pointer.strip("/") if why else ""
    told = said(it, why) if why else ""
    return admin_page(
        visit,
        "keys.html",
        status=422 if why else 200,
        present=[one for one in found if one.revoked is None],
        past=[one for one in found if one.revoked is not None],
        scopes=[(one, scope_in_words(it, one), one in ticked) for one in Scope],
        owners=owners,
        typed={"name": visit.text("name"), "whose": visit.text("whose")},
        wrong={place: told} if place in _FIELDS else {},
        trouble=told if place not in _FIELDS else "",
    )


_FIELDS = ("name", "scopes", "whose")


def _shown(session: Session, it: Language, found: Sequence[ApiKey]) -> list[Shown]:
    known = by_id(session, {one.department_id or "" for one in found})
    titles = {id_: title_of(it, one) for id_, one in known.items()}
    names = names_of(session, {one.person_id for one in found if one.person_id})
    return [
        Shown(
            one.name,
            [scope_in_words(it, scope) for scope in one.scopes],
            titles.get(one.department_id or "") or names.get(one.person_id or "", ""),
            one.created_at,
            one.revoked_at,
        )
        for one in found
    ]


def _owners(session: Session, it: Language) -> list[tuple[str, str]]:
    """Give whose a key may be: the house's, a department's or a person's."""
    mine = [
        (f"department:{one.id}", it.say("Department: {name}", name=title_of(it, one)))
        for one in departments(session)
    ]
    theirs = [
        (f"person:{one.id}", it.say("Person: {name}", name=one.name))
        for one in people(session)
    ]
    return [("", it.say("The house")), *mine, *theirs]
