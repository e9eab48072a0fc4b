"""Who does whose work while somebody is away (pure)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Away:
    """Days, both included, on which one person does another one's work."""

    person: str
    substitute: str
    first_day: date
    last_day: date

    def on(self, day: date) -> bool:
        """Tell whether this day is one of them.

        >>> away = Away("ann", "bo", date(2026, 3, 2), date(2026, 3, 4))
        >>> [away.on(date(2026, 3, day)) for day in (1, 2, 4, 5)]
        [False, True, True, False]
        """
        return self.first_day <= day <= self.last_day

    def at(self, at: datetime, zone: ZoneInfo) -> bool:
        """Tell whether it is one of these days where the person lives."""
        return self.on(at.astimezone(zone).date())


def stands_in(
    person: str, instead: Mapping[str, str], here: Collection[str]
) -> str | None:
    """Follow from substitute to substitute to who does a person's work.

    `instead` names the substitute of everybody who is away. None: nobody does it, since
    the way ends at somebody who is not `here` any more, or leads round in a circle.

    >>> stands_in("a", {"a": "b", "b": "c"}, {"a", "b", "c"})
    'c'
    >>> stands_in("a", {"a": "b", "b": "a"}, {"a", "b"}) is None
    True
    """
    passed = set()
    while person in instead and person not in passed:
        passed.add(person)
        person = instead[person]
    return person if person in here and person not in passed else None


def overlapping(wanted: Away, others: Sequence[Away]) -> Away | None:
    """Give an absence of the same person that shares a day with the wanted one."""
    return next(
        (
            one
            for one in others
            if one.person == wanted.person
            and one.first_day <= wanted.last_day
            and wanted.first_day <= one.last_day
        ),
        None,
    )


def leads_back_on(wanted: Away, others: Sequence[Away]) -> date | None:
    """Give the first day on which a person would stand in for themselves.

    Only days on which somebody's absence begins can be the first of a circle.
    """
    days = {one.first_day for one in others if wanted.on(one.first_day)}
    for day in sorted(days | {wanted.first_day}):
        instead = {one.person: one.substitute for one in others if one.on(day)}
        instead[wanted.person] = wanted.substitute
        if _returns(wanted.person, instead):
            return day
    return None


def _returns(person: str, instead: Mapping[str, str]) -> bool:
    passed = {person}
    at = instead.get(person)
    while at is not None and at not in passed:
        passed.add(at)
        at = instead.get(at)
    return at == person
