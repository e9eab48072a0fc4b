"""The monitoring figures of ISO 10002 8.4, by the month in which complaints came.

Nothing is counted by department or person. Two looks at the complaints of the period:
one counts them by all that the figures distinguish, the other by the hours that the
answer took; the rest is added up here, so each figure says how it is made.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Float,
    Integer,
    and_,
    case,
    cast,
    extract,
    func,
    select,
    type_coerce,
)
from sqlmodel import Session, col

from resolve.cases.models import Case, CaseStatus
from resolve.clocks.models import Clock, ClockKind
from resolve.complaints.models import ClosedAs, Complaint, ComplaintStatus
from resolve.solutions.models import Solution, SolutionStatus

_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Facts:
    """What complaints counted together have in common."""

    month: int
    status: str
    closed_as: str | None
    second_stage: bool
    to_place: bool
    in_time: bool | None  # None: not answered, or nothing was promised
    past_due: bool  # not answered, and the promised time is over
    source: str
    map: str | None
    concern: str | None
    severity: str | None
    wish: bool  # the customer said what they want


@dataclass(frozen=True, slots=True)
class Times:
    """How long answers took, in hours: the middle one, and the middle half."""

    answers: int
    median: int | None = None
    lower: int | None = None
    upper: int | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one month, or of several together."""

    counted: Counter[Facts] = field(default_factory=Counter)
    hours: Counter[int] = field(default_factory=Counter)
    solutions: Counter[str] = field(default_factory=Counter)

    def count(self, of: Callable[[Facts], object] = lambda _: True) -> int:
        return sum(n for facts, n in self.counted.items() if of(facts))

    @property
    def received(self) -> int:
        return self.count()

    @property
    def to_place(self) -> int:
        return self.count(lambda one: one.to_place)

    @property
    def answered(self) -> int:
        return self.count(_is_answered)

    @property
    def in_time(self) -> int:
        """Answered within the promised time."""
        return self.count(lambda one: one.in_time)

    @property
    def promised(self) -> int:
        """Those of which it is known whether the promised time was kept."""
        return self.count(lambda one: one.in_time is not None or one.past_due)

    @property
    def second_stage(self) -> int:
        return self.count(lambda one: one.second_stage)

    @property
    def wishes(self) -> int:
        return self.count(lambda one: one.wish)

    @property
    def closed(self) -> int:
        return self.count(lambda one: one.status == ComplaintStatus.CLOSED)

    def closed_as(self, how: ClosedAs) -> int:
        return self.count(lambda one: one.closed_as == how)

    @property
    def agreed(self) -> int:
        """Changes agreed in the month, whatever became of them."""
        return sum(self.solutions.values())

    @property
    def in_place(self) -> int:
        kept = (SolutionStatus.IN_PLACE, SolutionStatus.PROVEN,
                SolutionStatus.NOT_PROVEN)  # fmt: skip
        return sum(self.solutions[one] for one in kept)

    @property
    def given_up(self) -> int:
        return self.solutions[SolutionStatus.GIVEN_UP]

    @property
    def times(self) -> Times:
        """The middle of the hours to the answer, and between which half of them lie."""
        n = sum(self.hours.values())
        if not n:
            return Times(0)
        parts = (quantile(self.hours, share) for share in (0.5, 0.25, 0.75))
        return Times(n, *parts)

    def by(self, what: Callable[[Facts], str]) -> Mapping[str, int]:
        """Count by something that complaints are about, the most frequent first."""
        found: Counter[str] = Counter()
        for facts, n in self.counted.items():
            found[what(facts)] += n
        return dict(found.most_common())


def _is_answered(one: Facts) -> bool:
    at_once = one.closed_as == ClosedAs.SETTLED_AT_ONCE
    return one.in_time is not None or at_once or one.status == ComplaintStatus.ANSWERED


def quantile(hours: Counter[int], share: float) -> int:
    """Give the smallest value that so large a share of all does not exceed.

    >>> quantile(Counter({1: 2, 5: 1, 9: 1}), 0.5)
    1
    """
    wanted = share * sum(hours.values())
    seen = 0
    for value in sorted(hours):
        seen += hours[value]
        if seen >= wanted:
            return value
    return max(hours)


def together(months: Sequence[Figures]) -> Figures:
    """Add months up."""
    total = Figures()
    for one in months:
        total.counted.update(one.counted)
        total.hours.update(one.hours)
        total.solutions.update(one.solutions)
    return total


def figures(
    session: Session, bounds: Sequence[datetime], *, at: datetime
) -> list[Figures]:
    """Give the figures of the months between these moments, the earliest first."""
    months = [Figures() for _ in bounds[1:]]
    for *values, n in session.execute(_counting(bounds, at=at)):
        facts = Facts(*values)
        months[facts.month].counted[facts] += n
    for month, hours, n in session.execute(_timing(session, bounds)):
        months[month].hours[hours] += n
    for month, status, n in session.execute(_agreeing(bounds)):
        months[month].solutions[status] += n
    return months


def _month(moment: Any, bounds: Sequence[datetime]) -> Any:  # noqa: ANN401  SQL
    whens = [(moment < end, n) for n, end in enumerate(bounds[1:-1])]
    last = len(bounds) - 2
    return case(*whens, else_=last) if whens else cast(last, Integer)


def _within(moment: Any, bounds: Sequence[datetime]) -> Any:  # noqa: ANN401  SQL
    return and_(moment >= bounds[0], moment < bounds[-1])


def _counting(bounds: Sequence[datetime], *, at: datetime) -> Any:  # noqa: ANN401  SQL
    answered = col(Complaint.answered_at)
    due = col(Clock.due_at)
    keys: tuple[Any, ...] = (
        _month(col(Complaint.received_at), bounds).label("month"),
        col(Complaint.status).label("of_status"),
        col(Complaint.closed_as),
        (col(Complaint.stage) > 1).label("second"),
        (col(Case.status) == str(CaseStatus.TO_PLACE)).label("to_place"),
        case((answered.is_(None) | due.is_(None), None), else_=answered <= due).label(
            "in_time"
        ),
        (answered.is_(None)
         & (col(Complaint.status) == str(ComplaintStatus.RECEIVED))
         & func.coalesce(due <= at, False)).label("past_due"),
        col(Complaint.source),
        col(Case.map_id),
        col(Case.concern),
        col(Complaint.severity),
        col(Complaint.desired_outcome).is_not(None).label("wish"),
    )  # fmt: skip
    of_answer = and_(
        col(Clock.subject_id) == col(Complaint.id),
        col(Clock.kind) == str(ClockKind.ANSWER),
    )
    return (
        select(*keys, func.count())
        .select_from(Complaint)
        .join(Case, col(Case.id) == col(Complaint.case_id))
        .outerjoin(Clock, of_answer)
        .where(_within(col(Complaint.received_at), bounds))
        .group_by(*keys)
    )


def _timing(session: Session, bounds: Sequence[datetime]) -> Any:  # noqa: ANN401  SQL
    received, answered = col(Complaint.received_at), col(Complaint.answered_at)
    if session.get_bind().dialect.name == "postgresql":
        hours: Any = func.floor(extract("epoch", answered - received) / _HOUR)
    else:
        days = func.julianday(answered) - func.julianday(received)
        # A thousandth of a second is what these days are exact to.
        hours = type_coerce(days, Float) * 24 + 1e-6
    keys: tuple[Any, ...] = (
        _month(received, bounds).label("month"),
        cast(hours, Integer).label("h"),
    )
    return (
        select(*keys, func.count())
        .where(_within(received, bounds), answered.is_not(None))
        .group_by(*keys)
    )


def _agreeing(bounds: Sequence[datetime]) -> Any:  # noqa: ANN401  SQL
    at = col(Solution.agreed_at)
    keys: tuple[Any, ...] = (
        _month(at, bounds).label("month"),
        col(Solution.status).label("became"),
    )
    return select(*keys, func.count()).where(_within(at, bounds)).group_by(*keys)


def part_of_concern(concern: str | None, part: str) -> str:
    """Give the touchpoint or promise of a concern; '' if it has none.

    >>> part_of_concern('{"promise": "on-time", "touchpoint": "door"}', "promise")
    'on-time'
    """
    return str(json.loads(concern).get(part) or "") if concern else ""
