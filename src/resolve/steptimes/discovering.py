"""From the records of a log to a map drafted from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from resolve.chain.discovery import Discovered, Event, Trace, discover, traces_of
from resolve.chain.drafting import Drafted, draft
from resolve.chain.timing import FEWEST
from resolve.kit.errors import Invalid
from resolve.kit.language import Language
from resolve.mappings.cells import Unreadable, moment
from resolve.mappings.form import normal
from resolve.mappings.records import Record
from resolve.steptimes.logs import department_of
from resolve.steptimes.mapping import LogMapping
from resolve.steptimes.rows import Refusal

FEWEST_SHARE = 0.01
"""By default, what fewer orders than this share have is left out of a draft."""

_MOST = 500


class NothingToDraft(Invalid):
    """The log has no row from which a map could be drafted."""

    code = "nothing_to_draft"


class TooManyActivities(Invalid):
    """What was named as the activity has hardly a value twice."""

    code = "too_many_activities"


@dataclass(frozen=True, slots=True)
class Log:
    """What a log holds: its orders, the graph of them, and what could not be read."""

    traces: tuple[Trace, ...]
    found: Discovered
    rejected: Counter[str]

    def as_json(self) -> dict[str, Any]:
        return {
            "orders": self.found.orders,
            "events": self.found.events,
            "activities": len(self.found.activities),
            "variants": len(self.found.variants),
            "edges": [
                {"from": edge.source, "to": edge.target, "count": edge.count}
                for edge in self.found.edges.values()
            ],
            "rejected": dict(sorted(self.rejected.items())),
        }


def log_of(records: Iterable[Record], mapping: LogMapping) -> Log:
    """Read a log for drafting; an end is not needed where there is a beginning.

    Raises:
        NothingToDraft: no row can be read.
        TooManyActivities: more than 500 of them make no map.
    """
    rejected: Counter[str] = Counter()
    traces = traces_of(_events(records, mapping, rejected))
    if not traces:
        why = ", ".join(f"{n} {reason}" for reason, n in rejected.most_common())
        raise NothingToDraft(
            f"No row of the log can be used ({why or 'it has none'}).",
            hint="Each needs an order, an activity and a time.",
            rejected=dict(rejected),
        )
    found = discover(traces)
    if len(found.activities) > _MOST:
        raise TooManyActivities(
            f"The log has {len(found.activities)} different activities.",
            hint="Is the right column named as the activity? A map has a few dozen.",
        )
    return Log(traces, found, rejected)


def drafted(log: Log, *, identifier: str, title: str, share: float) -> Drafted:
    """Draft a map of a log."""
    return draft(log.traces, identifier=identifier, title=title, share=share)


def few_in_words(orders: int, it: Language) -> tuple[str, ...]:
    """Say that a map comes from too few orders to say much; nothing where it does not.

    Too few are those of which no share in time is said, either.
    """
    if orders >= FEWEST:
        return ()
    return (
        it.count(
            "The times come from {n} order only.",
            "The times come from {n} orders only.",
            orders,
        ),
        it.say(
            "A map drafted from so few orders is a sketch: ask those who do the work "
            "before you publish it."
        ),
    )


def _events(
    records: Iterable[Record], mapping: LogMapping, rejected: Counter[str]
) -> Iterator[Event]:
    for record in records:
        event = _event(record, mapping)
        if isinstance(event, Event):
            yield event
        else:
            rejected[event] += 1


def _event(record: Record, mapping: LogMapping) -> Event | Refusal:
    if record.problem:
        return Refusal.UNREADABLE
    said = {name: record.values.get(c) for name, c in mapping.fields.items()}
    order, activity = (normal(said.get(one) or "") for one in ("order", "activity"))
    if not order:
        return Refusal.NO_ORDER
    if not activity:
        return Refusal.NO_STEP
    try:
        started, ended = _at("started", said, mapping), _at("ended", said, mapping)
    except Unreadable:
        return Refusal.UNREADABLE
    if started is None and ended is None:
        return Refusal.NO_END
    step = mapping.activities.get(activity, activity)
    return Event(order, step, started, ended, department_of(said, mapping))


def _at(name: str, said: dict[str, str | None], mapping: LogMapping) -> datetime | None:
    return moment(name, (said.get(name) or "").strip() or None, mapping)
