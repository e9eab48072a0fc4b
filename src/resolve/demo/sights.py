"""What there is to see of the demonstration: pictures, a case, a key."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, select

from resolve.access.models import ApiKey
from resolve.access.service import add_key, key_of
from resolve.access.table import Scope
from resolve.cases.models import Case
from resolve.cases.queries import case as the_case
from resolve.cases.queries import chain_of_case, walk_of_case
from resolve.complaints.models import Complaint
from resolve.demo.company import WHO
from resolve.diagrams import CannotDraw, CaseState, outline, render
from resolve.kit.database import Database, transaction
from resolve.kit.errors import Unauthorized
from resolve.kit.settings import Settings
from resolve.tasks.queries import tasks_of

_SHOWN = "invoice-waited-for-1"
_KEY = "demo"


def shown_case(session: Session) -> Case:
    """Give the case that is printed and drawn."""
    case_id = session.exec(
        select(Complaint.case_id).where(Complaint.reference == _SHOWN)
    ).one()
    return the_case(session, case_id)


def picture(session: Session) -> tuple[str, bytes]:
    """Draw the value chain of that case with its tasks: a file's name and content.

    Where nothing can be drawn, it is the outline in words.
    """
    case = shown_case(session)
    chain, walk = chain_of_case(session, case), walk_of_case(session, case)
    if chain is None or walk is None:
        msg = "the case shown is placed"
        raise LookupError(msg)
    tasks = {one.department_id: one.status for one in tasks_of(session, case.id)}
    seen = CaseState(walk, tasks)
    try:
        return f"{chain.id}.svg", render(chain, case=seen)
    except CannotDraw:
        return f"{chain.id}.txt", outline(chain, case=seen).encode()


def key(database: Database, settings: Settings, *, at: datetime) -> str:
    """Give the key of the demonstration: the one kept in a file, else a new one."""
    file = settings.file("demo", "key")
    with transaction(database) as session:
        if file.exists():
            secret = file.read_text("ascii").strip()
            try:
                key_of(session, secret)
            except Unauthorized:
                pass
            else:
                return secret
        names = session.exec(select(ApiKey.name)).all()
        name = next(n for n in _names() if n not in names)
        scopes = [str(scope) for scope in Scope]
        secret = add_key(session, name, scopes, who=WHO, at=at)
        file.touch(mode=0o600)
        file.write_text(secret + "\n", "ascii")
    return secret


def _names() -> list[str]:
    return [_KEY, *(f"{_KEY}-{n}" for n in range(2, 1000))]
