"""What the journal says of every state, against what is stored (invariant 7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from sqlmodel import Session, col, select

from resolve.cases.models import Case
from resolve.complaints.models import Complaint
from resolve.journal.models import JournalEntry, JournalHead
from resolve.journal.rules import case_chain, replay
from resolve.reviews.models import Ballot, Division, Objection, Vote
from resolve.solutions.models import Solution
from resolve.tasks.models import Request, Task

_AT_ONCE = 500
_CASE = case_chain("")


@dataclass(frozen=True, slots=True)
class Difference:
    """A thing of a case whose stored state is not the one the journal leads to.

    None: it is not stored, or the journal does not know it.
    """

    case: str
    thing: str
    journal: str | None
    stored: str | None


def differences(session: Session) -> list[Difference]:
    """Replay the journal of every case and compare, some hundred cases at a time."""
    found: list[Difference] = []
    for cases in _cases(session):
        journal, stored = _replayed(session, cases), _stored(session, cases)
        for case in cases:
            found += _compare(case, journal[case], stored[case])
    return found


def _compare(
    case: str, journal: dict[str, str], stored: dict[str, str]
) -> Iterator[Difference]:
    for thing in sorted(journal.keys() | stored.keys()):
        if journal.get(thing) != stored.get(thing):
            yield Difference(case, thing, journal.get(thing), stored.get(thing))


def _cases(session: Session) -> Iterator[Sequence[str]]:
    """Give all cases that are stored, or that the journal knows, so many at a time."""
    last = ""
    while True:
        query = select(Case.id).order_by(col(Case.id)).limit(_AT_ONCE)
        ids = session.exec(query.where(col(Case.id) > last) if last else query).all()
        if not ids:
            break
        yield ids
        last = ids[-1]
    yield from _without_case(session)


def _without_case(session: Session) -> Iterator[Sequence[str]]:
    last = ""
    while True:
        chains = session.exec(
            select(JournalHead.chain)
            .where(col(JournalHead.chain).startswith(_CASE))
            .where(col(JournalHead.chain) > last)
            .order_by(col(JournalHead.chain))
            .limit(_AT_ONCE)
        ).all()
        if not chains:
            return
        last = chains[-1]
        ids = [chain.removeprefix(_CASE) for chain in chains]
        known = set(session.exec(select(Case.id).where(col(Case.id).in_(ids))))
        yield [one for one in ids if one not in known]


def _replayed(session: Session, cases: Sequence[str]) -> dict[str, dict[str, str]]:
    entries = session.exec(
        select(JournalEntry.chain, JournalEntry.data)
        .where(col(JournalEntry.chain).in_([case_chain(one) for one in cases]))
        .order_by(col(JournalEntry.chain), col(JournalEntry.seq))
    )
    states: dict[str, dict[str, str]] = defaultdict(dict)
    for chain, of_one in groupby(entries, key=itemgetter(0)):
        states[chain.removeprefix(_CASE)] = replay(data for _, data in of_one)
    return states


def _stored(session: Session, cases: Sequence[str]) -> dict[str, dict[str, str]]:
    states: dict[str, dict[str, str]] = defaultdict(dict)
    of_cases = select(Case.id, Case.status).where(col(Case.id).in_(cases))
    for case, status in session.exec(of_cases):
        states[case]["case"] = status
    for kind, table in _THINGS:
        rows = session.exec(
            select(table.case_id, table.id, table.status).where(
                col(table.case_id).in_(cases)
            )
        )
        for case, id_, status in rows:
            states[case][f"{kind}:{id_}"] = status
    votes = select(Vote.case_id, Vote.id, Vote.position).where(
        col(Vote.case_id).in_(cases)
    )
    for case, id_, position in session.exec(votes):
        states[case][f"vote:{id_}"] = position
    return states


_Thing = (
    type[Complaint]
    | type[Task]
    | type[Request]
    | type[Solution]
    | type[Ballot]
    | type[Objection]
    | type[Division]
)
_THINGS: tuple[tuple[str, _Thing], ...] = (
    ("complaint", Complaint),
    ("task", Task),
    ("request", Request),
    ("agreement", Solution),
    ("ballot", Ballot),
    ("objection", Objection),
    ("division", Division),
)
