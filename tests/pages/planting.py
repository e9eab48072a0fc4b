"""The company with something evil in every place where people may write."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

import yaml
from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session, SQLModel, select

from resolve.access.models import ApiKey, Person, SignIn
from resolve.attachments.models import Attachment
from resolve.cases.models import HiddenWords, Remark, TalkEntry
from resolve.complaints.models import Complaint
from resolve.departments.models import DepartmentRecord
from resolve.kit.database import transaction
from resolve.maps.models import MapDraft, MapVersion
from resolve.outbox.models import Event
from resolve.tasks.models import Answer, Request, TaskDraft
from tests.api.pages.conftest import House

SIGN = "planted"
PLANT = (
    f"\"'><img src={SIGN} onerror={SIGN}()><script>{SIGN}()</script>"
    f"</textarea></title></option>{{{{ 7*7 }}}}"
)
# What people write, by table: whole texts, and texts inside of values.
TEXTS: Mapping[type[SQLModel], tuple[str, ...]] = {
    Complaint: ("text", "desired_outcome", "on_behalf_of", "order_id", "answer",
                "remedy", "source", "customer"),
    Answer: ("content",),
    TaskDraft: ("content",),
    Request: ("what", "reply"),
    Remark: ("text",),
    TalkEntry: ("text",),
    HiddenWords: ("text",),
    Attachment: ("name",),
    Person: ("name",),
    SignIn: ("device",),
    ApiKey: ("name",),
    DepartmentRecord: ("title", "head", "email"),
    Event: ("error",),
}  # fmt: skip
_KEYS_IN_VALUES = frozenset({"step", "department", "due", "by"})
_TITLES = frozenset({"title", "gives", "what"})


def plant(house: House) -> None:
    """Write `PLANT` into every text that there is; what is empty stays empty."""
    with transaction(house.database) as session:
        for kind, columns in TEXTS.items():
            for place, row in enumerate(session.exec(select(kind))):
                for column in columns:
                    _plant_in(row, column, place)
                session.add(row)
        _plant_in_maps(session)


def _plant_in(row: SQLModel, column: str, place: int) -> None:
    value = getattr(row, column)
    if not value:
        return
    unique = isinstance(row, ApiKey)
    longest = 100 if column in ("source", "head", "name", "order_id") else None
    planted = _planted(value, lambda _: f"{place}{PLANT}" if unique else PLANT)
    setattr(row, column, planted[:longest] if isinstance(planted, str) else planted)
    flag_modified(row, column)


def _planted(value: Any, write: Callable[[str], str]) -> Any:
    """Give a value with every text in it written anew."""
    if isinstance(value, dict):
        return {
            key: inner if key in _KEYS_IN_VALUES else _planted(inner, write)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [_planted(inner, write) for inner in value]
    return write(value) if isinstance(value, str) else value


def _plant_in_maps(session: Session) -> None:
    """Write it into titles of maps; each stays another one."""
    rows: list[MapVersion | MapDraft] = [*session.exec(select(MapVersion))]
    for row in [*rows, *session.exec(select(MapDraft))]:
        titled = _titled(yaml.safe_load(row.source))
        row.source = yaml.safe_dump(titled, allow_unicode=True, sort_keys=False)
        if isinstance(row, MapVersion):
            row.digest = hashlib.sha256(row.source.encode()).hexdigest()
        session.add(row)


def _titled(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: _planted(inner, lambda text: f"{text[:12]} {PLANT}")
            if key in _TITLES
            else _titled(inner)
            for key, inner in value.items()
        }
    return [_titled(inner) for inner in value] if isinstance(value, list) else value
