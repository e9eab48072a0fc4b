"""An agreed division of time becomes the next version of the map."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session, col, select

from resolve.cases.queries import case as the_case
from resolve.chain.dividing import times_from_json
from resolve.chain.durations import duration_text
from resolve.chain.rewriting import NotRewritten, Times, rewritten
from resolve.departments.queries import by_id
from resolve.journal.rules import case_chain
from resolve.journal.service import Draft, append
from resolve.kit.errors import Conflict
from resolve.maps.errors import MapRetired
from resolve.maps.models import MapStatus, MapVersion
from resolve.maps.service import hold, publish
from resolve.reviews.division_guards import guard_votable
from resolve.reviews.division_queries import the_division
from resolve.reviews.models import Ballot, DivisionStatus, Vote
from resolve.reviews.rules import AGREEING


class NotWritten(Conflict):
    """The file of the map is written so that a time cannot be exchanged in it."""

    code = "division_not_written"


def apply(
    session: Session, division_id: str, *, who: str, at: datetime, reason: str = ""
) -> MapVersion:
    """Publish the newest version of a map with the times of an agreed division.

    Only these times change in its file. Who agreed stands in the reason of the version,
    after `reason`, if one is given: the departments by their names.

    Raises:
        UnknownDivision: there is none with this id.
        DivisionEnded, DivisionEmpty, AbovePromise: it cannot be agreed.
        MapWentOn: the newest version says otherwise; nothing is done.
        MapRetired: nothing new is placed on the map.
        NotWritten: the file of the map is written too unusually.
    """
    division = the_division(session, division_id)
    case = the_case(session, division.case_id, lock=True)
    newest = _newest(session, division.map_id)
    division = guard_votable(session, case, division_id)
    text = _with_times(newest.source, times_from_json(division.times))
    agreed = agreed_by(session, division.id)
    said = [reason.strip(), ", ".join(_names(session, agreed))]
    version, _ = publish(
        session,
        text.encode(),
        who=who,
        at=at,
        map_id=division.map_id,
        newest=newest.version,
        reason="\n".join(one for one in said if one),
    )
    division.status = DivisionStatus.AGREED
    division.agreed_version = version.version
    division.revision += 1
    session.add(division)
    session.flush()
    data = {
        "division": division.id,
        "map": division.map_id,
        "version": version.version,
        "agreed_by": list(agreed),
        "states": {f"division:{division.id}": str(DivisionStatus.AGREED)},
    }
    append(
        session, [Draft(case_chain(case.id), "division_agreed", data)], who=who, at=at
    )
    return version


def _with_times(source: str, times: Times) -> str:
    try:
        return rewritten(source, times)
    except NotRewritten as why:
        raise NotWritten(
            f"The times cannot be written into the map: {why}.",
            hint="Publish the map with these times by hand, then agree again: "
            + ", ".join(
                f"{' -> '.join(part)} {duration_text(time)}"
                for part, time in times.items()
            ),
        ) from None


def agreed_by(session: Session, division_id: str) -> tuple[str, ...]:
    """Give the departments that agreed to a division, in the order they did."""
    rows = session.exec(
        select(Vote.department_id)
        .join(Ballot, col(Ballot.id) == col(Vote.ballot_id))
        .where(
            Ballot.division_id == division_id,
            col(Vote.position).in_(sorted(AGREEING)),
        )
        .order_by(col(Vote.at), col(Vote.id))
    )
    return tuple(dict.fromkeys(rows))


def _newest(session: Session, map_id: str) -> MapVersion:
    """Give the newest version, with no other published until we are done."""
    known = hold(session, map_id)
    if known.status == MapStatus.RETIRED:
        raise MapRetired(f"The map {map_id!r} is retired.", hint="Bring it back first.")
    return session.get_one(MapVersion, (map_id, known.newest))


def _names(session: Session, departments: Iterable[str]) -> list[str]:
    known = by_id(session, departments)
    return [known[one].titled("") if one in known else one for one in departments]
