"""Filing: complaint, case, clock, journal and event in one durable transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from resolve.cases import queries as cases
from resolve.cases.models import Case, CaseStatus
from resolve.clocks.models import ClockKind
from resolve.clocks.service import new_clock, start
from resolve.clocks.working_time import add_working_days
from resolve.complaints.errors import AlreadyFiled, NothingSaid
from resolve.complaints.models import SERIAL, Complaint, ComplaintStatus
from resolve.complaints.placing import Placing, Unclear, place
from resolve.departments.queries import calendar
from resolve.journal.rules import case_chain, digest
from resolve.journal.service import Draft, append
from resolve.kit.database import insert_rows, lock_number, one_at_a_time
from resolve.kit.ids import new_id
from resolve.kit.texts import new_salt, storable
from resolve.maps import queries as maps
from resolve.messages.models import MessageKind
from resolve.messages.service import Note, person, tell
from resolve.outbox.models import Topic
from resolve.outbox.service import put


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """What a client says of a complaint; only the text is needed."""

    text: str
    source: str
    map: str | None = None
    touchpoint: str | None = None
    promise: str | None = None
    language: str | None = None
    reference: str | None = None
    order: str | None = None
    occurred_at: datetime | None = None
    desired_outcome: str | None = None
    severity: str | None = None
    safety: bool = False
    on_behalf_of: str | None = None
    customer: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class House:
    """What the house decided beforehand: who owns new cases, when an answer is due."""

    quality_manager: str
    answer_within: int


@dataclass(frozen=True, slots=True)
class Filed:
    """What became of a filing."""

    complaint_id: str
    number: str
    case_id: str
    case_status: str
    warnings: tuple[Unclear, ...]


def file(
    session: Session, filing: Filing, *, house: House, who: str, at: datetime
) -> Filed:
    """Take in a complaint; it exists for ever once the transaction is committed.

    Raises:
        NothingSaid: the text is empty.
        Invalid: a text that no database can hold.
        AlreadyFiled: this source filed this reference before.
    """
    _guard_texts(filing)
    _guard_reference(session, filing)
    placing = place(
        (filing.map, filing.touchpoint, filing.promise),
        maps.published_ids(session),
        lambda map_id: maps.chain_of(session, map_id),
    )
    joined = _to_join(session, placing, at)
    case_id, status = (
        (joined.id, joined.status)
        if joined
        else _open_case(session, placing, house=house, at=at)
    )
    row = _complaint(session, filing, case_id, who=who, at=at)
    insert_rows(session, Complaint, [row])
    _start_clock(session, row, house=house, at=at)
    states = {f"complaint:{row['id']}": row["status"]}
    if not joined:
        states["case"] = status
    data = {
        "complaint": row["id"],
        "number": row["number"],
        "text": digest(row["salt"], *_erasable(filing)),
        "states": states,
    }
    append(
        session,
        [Draft(case_chain(case_id), "filed", data)],
        who=who,
        at=at,
        fresh=joined is None,
    )
    _say_what_is_next(session, case_id, status, joined=joined, house=house, at=at)
    return Filed(row["id"], row["number"], case_id, status, placing.warnings)


def _guard_texts(filing: Filing) -> None:
    if not filing.text.strip():
        raise NothingSaid(
            "The complaint has no text.",
            hint="Say in the customer's words what happened.",
            pointer="/text",
        )
    for field in ("text", "source", "map", "touchpoint", "promise", "language",
                  "reference", "order", "desired_outcome", "on_behalf_of"):  # fmt: skip
        storable(getattr(filing, field) or "", pointer=f"/{field}")
    for key, value in (filing.customer or {}).items():
        storable(str(value), pointer=f"/customer/{key}")


def _guard_reference(session: Session, filing: Filing) -> None:
    if filing.reference is None:
        return
    one_at_a_time(session, lock_number(filing.source, filing.reference))
    first = session.exec(
        select(Complaint.id).where(
            Complaint.source == filing.source, Complaint.reference == filing.reference
        )
    ).first()
    if first:
        raise AlreadyFiled(
            f"{filing.source} filed {filing.reference!r} before.",
            hint="It is the complaint named in `existing`.",
            pointer="/reference",
            existing=first,
        )


def _to_join(session: Session, placing: Placing, at: datetime) -> Case | None:
    if placing.map_id is None or placing.concern is None:
        return None
    join = maps.chain_of(session, placing.map_id).join
    if join is None:
        return None
    newest = maps.the_map(session, placing.map_id).newest
    like = cases.joinable(
        session, placing.map_id, newest, maps.concern_text(placing.concern)
    )
    return like if like and like.opened_at >= at - join else None


def _open_case(
    session: Session, placing: Placing, *, house: House, at: datetime
) -> tuple[str, str]:
    placed = placing.map_id is not None and placing.concern is not None
    row: dict[str, Any] = {
        "id": new_id(),
        "status": CaseStatus.TASKS if placed else CaseStatus.TO_PLACE,
        "round": 0,
        "asked_round": 0,
        "owner": house.quality_manager,
        "facilitator": house.quality_manager,
        "opened_at": at,
        "revision": 1,
        "map_id": None,
        "map_version": None,
        "concern": None,
    }
    if placing.map_id is not None and placing.concern is not None:
        row["map_id"] = placing.map_id
        row["map_version"] = maps.the_map(session, placing.map_id).newest
        row["concern"] = maps.concern_text(placing.concern)
    insert_rows(session, Case, [row])
    return row["id"], row["status"]


def _complaint(
    session: Session, filing: Filing, case_id: str, *, who: str, at: datetime
) -> dict[str, Any]:
    serial = _next_serial(session)
    return {
        "id": new_id(),
        "serial": serial,
        "number": f"C-{at.year}-{serial:06d}",
        "case_id": case_id,
        "status": ComplaintStatus.RECEIVED,
        "stage": 1,
        "source": filing.source,
        "reference": filing.reference,
        "filed_by": who,
        "language": filing.language,
        "map_id": filing.map,
        "touchpoint": filing.touchpoint,
        "promise": filing.promise,
        "order_id": filing.order,
        "severity": filing.severity,
        "safety": filing.safety,
        "occurred_at": filing.occurred_at,
        "received_at": at,
        "updated_at": at,
        "text": filing.text,
        "desired_outcome": filing.desired_outcome,
        "on_behalf_of": filing.on_behalf_of,
        "customer": dict(filing.customer) if filing.customer else None,
        "salt": new_salt(),
        "revision": 1,
    }


def _next_serial(session: Session) -> int:
    if session.get_bind().dialect.name == "postgresql":
        return int(session.connection().scalar(SERIAL.next_value().select()) or 0)
    # SQLite: this transaction is the only one that writes.
    newest = session.connection().exec_driver_sql("SELECT max(serial) FROM complaint")
    return int(newest.scalar() or 0) + 1


def _start_clock(
    session: Session, row: Mapping[str, Any], *, house: House, at: datetime
) -> None:
    known = calendar(session)
    clock = new_clock(
        ClockKind.ANSWER,
        row["id"],
        case_id=row["case_id"],
        at=at,
        due_at=add_working_days(known.calendar, at, house.answer_within),
        working_days=house.answer_within,
        calendar=(known.id, known.revision),
    )
    start(session, [clock])


def _erasable(filing: Filing) -> list[object]:
    customer = dict(filing.customer) if filing.customer else None
    return [filing.text, filing.desired_outcome, filing.on_behalf_of, customer]


def _say_what_is_next(
    session: Session,
    case_id: str,
    status: str,
    *,
    joined: Case | None,
    house: House,
    at: datetime,
) -> None:
    if joined:
        return
    if status == CaseStatus.TASKS:
        put(session, Topic.FILED, [case_id], at=at)
        return
    note = Note(MessageKind.TO_PLACE, person(house.quality_manager), case_id, case_id)
    tell(session, [note], at=at)
