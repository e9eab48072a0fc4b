"""The company of the demonstration, told: something of everything to look at."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from resolve.access import signing_in
from resolve.access.absences import AbsenceWish, add_absence
from resolve.access.models import Absence, Person
from resolve.access.people import the_person
from resolve.access.signing_in import Purpose
from resolve.cases.models import Case, CaseStatus
from resolve.complaints import tracking
from resolve.complaints.models import Complaint, ComplaintStatus
from resolve.demo import sights, telling
from resolve.departments.members import people_in
from resolve.departments.models import Post
from resolve.departments.queries import calendar
from resolve.handling.mail import mail_folder, send_waiting
from resolve.kit.clock import now
from resolve.kit.database import Database, transaction
from resolve.kit.settings import Settings
from resolve.maps import drafts
from resolve.maps import queries as maps
from resolve.maps.service import publish
from resolve.messages.kept import newest
from resolve.tasks.models import Task, TaskStatus
from resolve_api.dependencies import Shop
from resolve_api.main import create_app
from tests.api.pages.conftest import House
from tests.builders import HOUSE
from tests.pages.addresses import Known
from tests.people import WHO
from tests.resolve.steptimes.orders import along, took

_MAP = "order-to-delivery"


def tell(database: Database, home: Path) -> House:
    """Found the company, tell its stories, give its pages; mail lies under `home`."""
    telling.begin(database, now=now(), house=HOUSE)
    with transaction(database) as session:
        found = maps.version(session, _MAP)
        changed = found.source.replace("time: PT6H", "time: PT5H", 1)
        publish(session, changed.encode(), who=WHO, at=now())
        drafts.begin_from_version(session, _MAP, who=WHO, at=now())
        _away(session)
        chain = maps.chain_of(session, _MAP)
    took(database, along(chain, 80, now() - timedelta(days=90)), at=now(), map_id=_MAP)
    settings = Settings(rate_limit=0, home=home)
    send_waiting(database, mail_folder(settings), at=now(), most=50)
    return House(database, create_app(database, settings))


def _away(session: Session) -> None:
    """Let the head of sales be away for some days; the member of data stands in."""
    elena, oksana = (the_person(session, one) for one in ("elena", "oksana"))
    begins = now().date() + timedelta(days=2)
    wish = AbsenceWish(oksana.id, begins, begins + timedelta(days=7))
    zone = calendar(session).calendar.tz
    add_absence(session, elena.id, wish, zone=zone, who=f"person:{elena.id}", at=now())


def speak(house: House, language: str) -> None:
    """Let everybody be spoken to in one language."""
    with transaction(house.database) as session:
        for person in session.exec(select(Person)):
            person.language = language
            session.add(person)


def known(house: House) -> Known:
    """Give what addresses may name: a case in each state, a task, a link, ..."""
    with transaction(house.database) as session:
        found = {
            f"case_{status}": _first(session, Case, Case.status == status)
            for status in CaseStatus
            if status is not CaseStatus.MERGED
        }
        found |= _tasks(session)
        found |= _complaints(session)
        found["person"] = _first(session, Person, Person.login == "oksana")
        found["case"] = sights.shown_case(session).id
        found["partner"] = "marek"
        found["map"] = _MAP
        found["draft"] = drafts.drafts(session)[0].id
        found["absence"] = _first(session, Absence, col(Absence.ended_at).is_(None))
        found["letter"] = newest(_letters(house), most=1)[0].name
        found["case_partner"] = _of_department(session, "carrier")
        found["case_internal"] = _internal(session)
        found["link"], found["link_password"] = (
            signing_in.new_link(session, name, purpose, who=WHO, at=now())
            for name, purpose in (
                ("elena", Purpose.SIGN_IN),
                ("daniel", Purpose.PASSWORD),
            )
        )
        return found


def _tasks(session: Session) -> dict[str, str]:
    """Give an open and an answered task, each with the login of the head."""
    found = {}
    for status in (TaskStatus.OPEN, TaskStatus.ANSWERED):
        rows = session.exec(
            select(Task).where(Task.status == status).order_by(col(Task.id))
        )
        for task in rows:
            heads = people_in(session, task.department_id, Post.HEAD)
            if heads:
                found[f"task_{status}"] = task.id
                found[f"head_{status}"] = heads[0][0].login
                break
    return found


def _letters(house: House) -> Path:
    shop: Shop = house.app.state.shop
    return mail_folder(shop.settings)


def _of_department(session: Session, department: str) -> str:
    rows = select(Task.case_id).where(Task.department_id == department)
    case_id = session.exec(rows.order_by(col(Task.id))).first()
    assert case_id is not None, f"the demonstration has no task for {department}"
    return case_id


def _internal(session: Session) -> str:
    found = session.exec(
        select(Complaint.case_id).where(col(Complaint.internal_of).is_not(None))
    ).first()
    assert found is not None, "the demonstration has no internal complaint"
    return found


def _complaints(session: Session) -> dict[str, str]:
    found = {}
    for status in ComplaintStatus:
        row = session.exec(select(Complaint).where(Complaint.status == status)).first()
        if row is not None:
            found[f"complaint_{status}"] = row.id
            found[f"complaint_{status}_case"] = row.case_id
            found[f"token_{status}"] = tracking.token(row) or ""
            found[f"speech_{status}"] = row.language or ""
    return found


def _first(session: Session, kind: type[Any], where: Any) -> str:
    row = session.exec(select(kind).where(where).order_by(kind.id)).first()
    assert row is not None, f"the demonstration has no {kind.__name__} with {where}"
    return str(row.id)
