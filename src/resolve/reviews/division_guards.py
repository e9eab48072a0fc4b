"""What a division of time may not be: said before it is kept, put or agreed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session

from resolve.cases.models import Case
from resolve.chain import dividing
from resolve.chain.dividing import (
    Difference,
    Divided,
    Finding,
    Wrong,
    times_from_json,
)
from resolve.chain.durations import duration_text
from resolve.chain.rewriting import Part, Times
from resolve.kit.errors import ResolveError
from resolve.reviews.division_errors import (
    AbovePromise,
    DivisionEmpty,
    DivisionEnded,
    HandoverInLoop,
    HandoverNotOnWalk,
    MapWentOn,
    NegativeTime,
    StepNotOnWalk,
    TimeTooLong,
    UnknownDivision,
)
from resolve.reviews.division_queries import ground, map_changes, the_division
from resolve.reviews.models import Division, DivisionStatus


def guard_votable(session: Session, case: Case, division_id: str) -> Division:
    """Refuse what cannot be agreed: nothing changed, above the promise, another map.

    Raises:
        UnknownDivision: the case has none with this id.
        DivisionEnded, DivisionEmpty, AbovePromise: it is not to be voted on.
        MapWentOn: the newest version of the map says otherwise.
    """
    found = the_division(session, division_id, lock=True)
    if found.case_id != case.id:
        raise UnknownDivision("This case has no such division of time.")
    if found.status != DivisionStatus.DRAFT:
        raise ended(found)
    guard_whole(ground(session, case, found), times_from_json(found.times))
    guard_newest(session, case, found)
    return found


def guard_newest(session: Session, case: Case, division: Division) -> None:
    """Refuse a division that cannot be written into the newest version of its map.

    Raises:
        MapWentOn: its `changes` say what became of the parts that it changes.
    """
    changes = map_changes(session, case, division)
    if changes:
        raise map_went_on(changes)


def map_went_on(changes: Sequence[Difference]) -> MapWentOn:
    """Make the error that says what became of the map."""
    return MapWentOn(
        "The map was changed in between; nothing was applied.",
        hint="Look at what changed, take it over, and agree on that.",
        changes=[dividing.difference_as_json(one) for one in changes],
    )


_ERRORS: dict[Wrong, tuple[type[ResolveError], str, str]] = {
    Wrong.STEP_NOT_ON_WALK: (
        StepNotOnWalk,
        "`{part}` is not a step on the way to this promise.",
        "Name steps of the departments that take part.",
    ),
    Wrong.HANDOVER_NOT_ON_WALK: (
        HandoverNotOnWalk,
        "There is no hand-over `{part}` on the way to this promise.",
        "Name two steps as they stand under `handovers:`.",
    ),
    Wrong.NEGATIVE: (
        NegativeTime,
        "The time of `{part}` is negative.",
        "Give 0 or more.",
    ),
    Wrong.TOO_LONG: (
        TimeTooLong,
        "The time of `{part}` is longer than 10,000 days.",
        "Give a shorter one.",
    ),
}


def guard_times(of: Divided, times: Times) -> None:
    """Refuse times that cannot be kept; a sum above the promise may be tried.

    Raises:
        StepNotOnWalk, HandoverNotOnWalk, NegativeTime, TimeTooLong: of a time.
    """
    for one in dividing.findings(of, times):
        if one.wrong is not Wrong.ABOVE_PROMISE:
            raise _error(one)


def guard_given(of: Divided, times: Times) -> None:
    """Refuse what somebody gives that cannot be kept, or that would do nothing.

    Raises:
        StepNotOnWalk, HandoverNotOnWalk, NegativeTime, TimeTooLong: of a time.
        HandoverInLoop: other than on the map.
    """
    guard_times(of, times)
    for part in of.changes(times):
        if of.inside_loop(part):
            raise HandoverInLoop(
                f"The hand-over `{' -> '.join(part)}` lies inside a loop, where its "
                "time counts nothing.",
                hint="Nobody knows beforehand how often an order goes round; divide "
                "the time of the steps.",
                pointer=_pointer(part),
                part=list(part),
            )


def guard_whole(of: Divided, times: Times) -> None:
    """Refuse a division that cannot be agreed.

    Raises:
        DivisionEmpty: it changes nothing.
        AbovePromise: the sum is above the promise.
    """
    if not of.changes(times):
        raise DivisionEmpty(
            "Nothing is divided anew yet.", hint="Change the time of a step first."
        )
    total = of.total(times)
    if total > of.promised:
        raise AbovePromise(
            f"Together it takes {duration_text(total)}; {duration_text(of.promised)} "
            "is promised.",
            hint="Take the rest from another step, then it can be agreed.",
            allotted=duration_text(total),
            promised=duration_text(of.promised),
        )


def _error(one: Finding) -> ResolveError:
    kind, message, hint = _ERRORS[one.wrong]
    return kind(
        message.format(part=" -> ".join(one.part)),
        hint=hint,
        pointer=_pointer(one.part),
        part=list(one.part),
    )


def _pointer(part: Part) -> str:
    place = "steps" if len(part) == 1 else "handovers"
    return f"/{place}/{'/'.join(part)}"


def ended(division: Division) -> DivisionEnded:
    """Make the error for a division that is agreed or left."""
    return DivisionEnded(
        f"This division is {division.status}.",
        hint="Begin another one.",
        status=division.status,
    )
