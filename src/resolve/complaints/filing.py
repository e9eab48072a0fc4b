"""Filing: complaint, case, clock, journal and event in one durable transaction.

One complaint and many go the same way; each statement serves all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlalchemy import select as select_core
from sqlmodel import Session, col, select

from resolve.cases.models import Case, CaseStatus
from resolve.chain.model import HandoverConcern, ValueChain
from resolve.clocks.models import ClockKind
from resolve.clocks.service import new_clock, start
from resolve.clocks.working_time import add_working_days
from resolve.complaints.errors import AlreadyFiled, NothingSaid
from resolve.complaints.models import SERIAL, Complaint, ComplaintStatus
from resolve.complaints.opening import cases_for
from resolve.complaints.placing import Placing, Unclear, place, place_between
from resolve.complaints.settling import guard_remedy, settle
from resolve.complaints.tracking import token_of
from resolve.departments.queries import calendar
from resolve.journal.rules import case_chain, digest
from resolve.journal.service import Draft, append
from resolve.kit.database import insert_rows, lock_number, one_at_a_time
from resolve.kit.errors import ResolveError
from resolve.kit.ids import new_id
from resolve.kit.texts import LONGEST, new_salt, storable
from resolve.maps import queries as maps
from resolve.messages.models import MessageKind
from resolve.messages.service import Note, person, tell
from resolve.outbox.models import Topic
from resolve.outbox.service import put


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """What a client says of a complaint; only the text is needed.

    `settled_at_once`: the customer has what they came for, `remedy` says what; nobody
    is asked anything. An internal complaint is about a `handover`, of the department
    `internal_of` that receives there.
    """

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
    handover: HandoverConcern | None = None
    internal_of: str | None = None
    settled_at_once: bool = False
    remedy: str | None = None


@dataclass(frozen=True, slots=True)
class House:
    """What the house decided beforehand: who owns new cases, when an answer is due."""

    quality_manager: str
    answer_within: int


@dataclass(frozen=True, slots=True)
class Filed:
    """What became of a filing; `token` is that of the customer's private link."""

    complaint_id: str
    number: str
    case_id: str
    case_status: str
    warnings: tuple[Unclear, ...]
    status: str
    token: str


def file(
    session: Session, filing: Filing, *, house: House, who: str, at: datetime
) -> Filed:
    """Take in a complaint; it exists for ever once the transaction is committed.

    Raises:
        NothingSaid: the text is empty.
        Invalid: a text that no database can hold.
        AlreadyFiled: this source filed this reference before.
    """
    filed = file_all(session, [filing], house=house, who=who, at=at)[0]
    if isinstance(filed, ResolveError):
        raise filed
    return filed


def file_all(
    session: Session,
    filings: Sequence[Filing],
    *,
    house: House,
    who: str,
    at: datetime,
) -> list[Filed | ResolveError]:
    """Take in complaints in this order; each gives what became of it.

    One that is refused, with an error that `file` would raise, keeps none of the
    others out.
    """
    refused = _refused(session, filings)
    taken = [(n, filing) for n, filing in enumerate(filings) if n not in refused]
    newest = maps.newest_published(session)
    placings = _placings(session, [filing for _, filing in taken], newest)
    settled = {n for n, (_, filing) in enumerate(taken) if filing.settled_at_once}
    opened, case_ids = cases_for(
        session, placings, newest, owner=house.quality_manager, at=at, alone=settled
    )
    serials = _next_serials(session, len(taken))
    rows = [
        _complaint(filing, case_id, serial, who=who, at=at)
        for (_, filing), case_id, serial in zip(taken, case_ids, serials, strict=True)
    ]
    insert_rows(session, Case, list(opened.values()))
    insert_rows(session, Complaint, rows)
    awaited = [row for n, row in enumerate(rows) if n not in settled]
    _start_clocks(session, awaited, house=house, at=at)
    _enter(session, rows, opened, who=who, at=at)
    for n in sorted(settled):
        settle(session, rows[n], opened, taken[n][1].remedy, who=who, at=at)
    _say_what_is_next(session, opened, house=house, at=at)
    became: dict[int, Filed | ResolveError] = dict(refused)
    for (n, _), row, placing in zip(taken, rows, placings, strict=True):
        became[n] = _filed(row, opened, placing)
    return [became[n] for n in range(len(filings))]


def _filed(
    row: Mapping[str, Any],
    opened: Mapping[str, Mapping[str, Any]],
    placing: Placing,
) -> Filed:
    case_id = row["case_id"]
    status = opened[case_id]["status"] if case_id in opened else CaseStatus.TASKS
    return Filed(
        row["id"],
        row["number"],
        case_id,
        str(status),
        placing.warnings,
        str(row["status"]),
        token_of(row["id"], row["salt"]),
    )


# ------------------------------------------------------------------- what is refused


def _refused(session: Session, filings: Sequence[Filing]) -> dict[int, ResolveError]:
    refused: dict[int, ResolveError] = {}
    for n, filing in enumerate(filings):
        try:
            _guard_texts(filing)
        except ResolveError as why:
            refused[n] = why
    named = [
        (n, (filing.source, filing.reference))
        for n, filing in enumerate(filings)
        if n not in refused and filing.reference is not None
    ]
    before = _filed_before(session, [name for _, name in named])
    for n, name in named:
        if name in before:
            refused[n] = _already_filed(*name, before[name])
        before.setdefault(name, None)
    return refused


def _guard_texts(filing: Filing) -> None:
    if not filing.text.strip():
        raise NothingSaid(
            "The complaint has no text.",
            hint="Say in the customer's words what happened.",
            pointer="/text",
        )
    for field, longest in _LONGEST.items():
        value = getattr(filing, field) or ""
        storable(value, pointer=f"/{field}", longest=longest)
    for key, value in (filing.customer or {}).items():
        storable(str(value), pointer=f"/customer/{key}")
    guard_remedy(filing.remedy, settled=filing.settled_at_once)


_LONGEST = {
    "text": LONGEST,
    "source": 100,
    "map": 200,
    "touchpoint": 200,
    "promise": 200,
    "language": 20,
    "reference": 200,
    "order": 200,
    "desired_outcome": LONGEST,
    "on_behalf_of": LONGEST,
}
_Name = tuple[str, str | None]


def _filed_before(session: Session, names: Sequence[_Name]) -> dict[_Name, str | None]:
    """Give the complaints with these sources and references; others now wait."""
    if names:
        numbers = {lock_number(source, reference or "") for source, reference in names}
        one_at_a_time(session, *numbers)
    found: dict[_Name, str | None] = {}
    for source in {source for source, _ in names}:
        references = {reference for of, reference in names if of == source}
        rows = session.exec(
            select(Complaint.id, Complaint.reference).where(
                Complaint.source == source, col(Complaint.reference).in_(references)
            )
        )
        found |= {(source, reference): id_ for id_, reference in rows}
    return found


def _already_filed(
    source: str, reference: str | None, existing: str | None
) -> AlreadyFiled:
    known = {"existing": existing} if existing else {}
    return AlreadyFiled(
        f"{source} filed {reference!r} before.",
        hint="It is the complaint named in `existing`.",
        pointer="/reference",
        **known,
    )


# ------------------------------------------------------------------- where it belongs


def _placings(
    session: Session, filings: Sequence[Filing], newest: Mapping[str, int]
) -> list[Placing]:
    published = tuple(newest)

    def chain_of(map_id: str) -> ValueChain:
        return maps.chain_of(session, map_id, newest[map_id])

    return [
        place_between(one.map, one.handover, published, chain_of)
        if one.handover
        else place((one.map, one.touchpoint, one.promise), published, chain_of)
        for one in filings
    ]


# ------------------------------------------------------------------- what is written


def _complaint(
    filing: Filing, case_id: str, serial: int, *, who: str, at: datetime
) -> dict[str, Any]:
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
        "handover": filing.handover.as_json()["handover"] if filing.handover else None,
        "internal_of": filing.internal_of,
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


def _next_serials(session: Session, n: int) -> list[int]:
    if session.get_bind().dialect.name == "postgresql":
        places = func.generate_series(1, n).table_valued("place")
        next_ones = select_core(SERIAL.next_value()).select_from(places)
        return [int(serial) for serial in session.connection().scalars(next_ones)]
    # SQLite: this transaction is the only one that writes.
    newest = session.connection().exec_driver_sql("SELECT max(serial) FROM complaint")
    first = int(newest.scalar() or 0) + 1
    return list(range(first, first + n))


def _start_clocks(
    session: Session,
    rows: Sequence[Mapping[str, Any]],
    *,
    house: House,
    at: datetime,
) -> None:
    if not rows:
        return
    known = calendar(session)
    due_at = add_working_days(known.calendar, at, house.answer_within)
    clocks = [
        new_clock(
            ClockKind.ANSWER,
            row["id"],
            case_id=row["case_id"],
            at=at,
            due_at=due_at,
            working_days=house.answer_within,
            calendar=(known.id, known.revision),
        )
        for row in rows
    ]
    start(session, clocks)


def _enter(
    session: Session,
    rows: Sequence[Mapping[str, Any]],
    opened: Mapping[str, Mapping[str, Any]],
    *,
    who: str,
    at: datetime,
) -> None:
    first: set[str] = set()
    new: list[Draft] = []
    known: list[Draft] = []
    for row in rows:
        case_id = row["case_id"]
        states = {f"complaint:{row['id']}": row["status"]}
        if case_id in opened and case_id not in first:
            first.add(case_id)
            states["case"] = opened[case_id]["status"]
        data = {
            "complaint": row["id"],
            "number": row["number"],
            "text": digest(row["salt"], *(row[field] for field in _ERASABLE)),
            "states": states,
        }
        draft = Draft(case_chain(case_id), "filed", data)
        (new if case_id in opened else known).append(draft)
    append(session, new, who=who, at=at, fresh=True)
    append(session, known, who=who, at=at)


_ERASABLE = ("text", "desired_outcome", "on_behalf_of", "customer")


def _say_what_is_next(
    session: Session,
    opened: Mapping[str, Mapping[str, Any]],
    *,
    house: House,
    at: datetime,
) -> None:
    placed = [i for i, row in opened.items() if row["status"] == CaseStatus.TASKS]
    put(session, Topic.FILED, placed, at=at)
    manager = person(house.quality_manager)
    notes = [
        Note(MessageKind.TO_PLACE, manager, case_id, case_id)
        for case_id, row in opened.items()
        if row["status"] == CaseStatus.TO_PLACE
    ]
    tell(session, notes, at=at)
