"""What was found out about a promise is kept, so that looking at it costs little.

It is made at the first look, and anew when step times came in since: by upkeep, at most
every few minutes. Whoever looks is told as of when it is.
"""

from __future__ import annotations

import io
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from sqlmodel import Session, col, delete, select

from resolve.chain.model import Concern, ValueChain, concern_from_json
from resolve.chain.way_of import handovers_of, way_of
from resolve.kit.database import Database, reading, transaction
from resolve.steptimes.counting import changes_of, put
from resolve.steptimes.figures import Figures, figures
from resolve.steptimes.hours import hours_of
from resolve.steptimes.models import KeptTimes, TimesOfMap
from resolve.steptimes.periods import ALL, STANDARD, Period, period_of
from resolve.steptimes.samples import Orders, latest, orders_of

EVERY = timedelta(minutes=5)
"""So old may be what is kept before upkeep makes it anew."""

_AT_SIGHT = timedelta(minutes=15)  # nobody does the upkeep
_ODD_FOR = timedelta(days=1)
_ARRAYS = ("began", "work", "wait", "totals", "so_far", "passed", "went")


@dataclass(frozen=True, slots=True)
class About:
    """What is asked: which promise or hand-over of which version, which orders."""

    chain: ValueChain
    version: int
    concern: Concern
    period: Period = ALL

    @property
    def key(self) -> tuple[str, int, str, str]:
        text = json.dumps(self.concern.as_json(), sort_keys=True, ensure_ascii=False)
        return self.chain.id, self.version, text, self.period.text


Made = tuple[datetime, int]
"""When what is kept was made, and after how many changes of the step times."""


@dataclass(frozen=True, slots=True)
class Found:
    """What is kept; `since` counts the step times that came in or changed after."""

    figures: Figures
    made_at: datetime
    since: int


def found_out(database: Database, about: About, *, at: datetime) -> Found:
    """Give the figures about a promise, made now if nothing is kept of them.

    Raises:
        UnknownTouchpoint, UnknownPromise, PromiseNotHere, UnknownHandover: as a walk.
    """
    figures, made, changes = _look(database, about, at, "figures")
    return Found(figures, made[0], changes - made[1])


def kept_orders(database: Database, about: About, *, at: datetime) -> Orders:
    """Give the orders behind the figures, as they were when these were made."""
    content, *_ = _look(database, about, at, "content")
    return _unpacked(about, content)


def made_of(session: Session, about: About, *, at: datetime) -> Made | None:
    """Tell which state of what is kept of a promise is used now; None: none is."""
    found = _kept(session, about, "version")
    if found is None:
        return None
    _, made = found
    changes = changes_of(session, about.chain.id)
    return made if _is_new(made, changes, at) else None


def make(session: Session, about: About, *, at: datetime) -> dict[str, Any]:
    """Find out about a promise anew, from the step times; nothing is kept yet."""
    map_id, version, concern, period = about.key
    changes = changes_of(session, map_id)
    orders = orders_of_period(session, about)
    return {
        "map_id": map_id,
        "version": version,
        "concern": concern,
        "period": period,
        "changes": changes,
        "made_at": at,
        "content": _packed(orders),
        "figures": figures(about.chain, about.concern, orders),
    }


def orders_of_period(session: Session, about: About) -> Orders:
    """Give the orders of a period from the step times, with their working times."""
    since, until = about.period.since, about.period.until
    if about.period.months is not None:
        last = latest(session, about.chain.id)
        since, until = about.period.bounds(last) if last else (None, None)
    return orders_of(
        session,
        about.chain,
        about.concern,
        since=since,
        until=until,
        hours=hours_of(session, about.chain),
    )


def keep(session: Session, row: dict[str, Any]) -> None:
    """Keep what was found out; what is of an older version of the map goes."""
    forget_before(session, row["map_id"], row["version"])
    changed = ("changes", "made_at", "content", "figures")
    put(session, KeptTimes, [row], lambda new: {name: new[name] for name in changed})


def forget_before(session: Session, map_id: str, version: int) -> None:
    """Forget what was found out on older versions of a map."""
    older = col(KeptTimes.version) < version
    session.exec(delete(KeptTimes).where(col(KeptTimes.map_id) == map_id, older))


def anything_old(session: Session, *, at: datetime) -> bool:
    """Tell whether something kept is to be made anew, or to be forgotten."""
    return session.exec(_old(at).limit(1)).first() is not None


def old(session: Session, *, at: datetime) -> Sequence[tuple[str, Concern, Period]]:
    """Give what is kept and no longer says what the step times say."""
    return [
        (row.map_id, concern_from_json(json.loads(row.concern)), period_of(row.period))
        for row in session.execute(_old(at))
    ]


def forget_odd(session: Session, *, at: datetime) -> None:
    """Forget what was found out about days of somebody's choice, a day after."""
    session.exec(
        delete(KeptTimes).where(
            col(KeptTimes.period).not_in(_standard()),
            col(KeptTimes.made_at) < at - _ODD_FOR,
        )
    )


def _old(at: datetime) -> Any:  # noqa: ANN401  SQLAlchemy's
    return (
        select(KeptTimes.map_id, KeptTimes.concern, KeptTimes.period)
        .join(TimesOfMap, col(TimesOfMap.map_id) == col(KeptTimes.map_id))
        .where(
            KeptTimes.changes != TimesOfMap.changes,
            KeptTimes.made_at < at - EVERY,
            col(KeptTimes.period).in_(_standard()),
        )
    )


def _standard() -> list[str]:
    return [Period(months=months).text for months in STANDARD]


def _look(
    database: Database, about: About, at: datetime, wanted: str
) -> tuple[Any, Made, int]:
    """Give a column of what is kept, when it was made, and the changes of now."""
    with reading(database) as session:
        changes = changes_of(session, about.chain.id)
        found = _kept(session, about, wanted)
        if found is not None and _is_new(found[1], changes, at):
            return *found, changes
        made = make(session, about, at=at)
    with transaction(database) as session:
        keep(session, made)
        forget_odd(session, at=at)
    return made[wanted], (made["made_at"], made["changes"]), changes


def _kept(session: Session, about: About, wanted: str) -> tuple[Any, Made] | None:
    """Read this column alone: the orders are megabytes."""
    columns = [col(getattr(KeptTimes, name)) for name in (wanted, "made_at", "changes")]
    map_id, version, concern, period = about.key
    found = session.execute(
        select(*columns).where(
            KeptTimes.map_id == map_id,
            KeptTimes.version == version,
            KeptTimes.concern == concern,
            KeptTimes.period == period,
        )
    ).first()
    return None if found is None else (found[0], (found[1], found[2]))


def _is_new(made: Made, changes: int, at: datetime) -> bool:
    return made[1] == changes or made[0] > at - _AT_SIGHT


def _packed(orders: Orders) -> bytes:
    with io.BytesIO() as out:
        arrays: dict[str, Any] = {name: getattr(orders, name) for name in _ARRAYS}
        counted = np.array([orders.known, orders.as_of.timestamp()])
        np.savez(out, counted=counted, **arrays)
        return zlib.compress(out.getvalue(), 1)


def _unpacked(about: About, content: bytes) -> Orders:
    way = way_of(about.chain, about.concern)
    with np.load(io.BytesIO(zlib.decompress(content))) as held:
        return Orders(
            way=way,
            handovers=handovers_of(about.chain, way),
            known=int(held["counted"][0]),
            as_of=datetime.fromtimestamp(float(held["counted"][1]), UTC),
            **{name: held[name] for name in _ARRAYS},
        )
