"""Made orders along the worked example, for tests of what is said of them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from resolve.chain.model import ValueChain
from resolve.chain.order import backward, in_order
from resolve.kit.database import Database, transaction
from resolve.steptimes.rows import Timing, keyed
from resolve.steptimes.service import Taken, take

TO_THE_DOOR = ("take-order", "pick", "pack", "check", "load", "deliver")
ALL_THE_SAME = timedelta(hours=2)


def took(
    database: Database, rows: Sequence[Timing], *, at: datetime, map_id: str = "order"
) -> Taken:
    """Take rows in, as of one system."""
    named = list(keyed(rows, source="test", map_id=map_id, secret=b"secret"))
    with transaction(database) as session:
        return take(session, named, map_id=map_id, source="test", who="test", at=at)


def along(chain: ValueChain, many: int, began: datetime) -> list[Timing]:
    """Make orders that pass every step of a chain, one a day's half; some are late."""
    chance = random.Random(1)  # noqa: S311  no secret
    back, rows = backward(chain), []
    for number in range(many):
        at, ended = began + timedelta(hours=12 * number), dict[str, datetime]()
        for step in in_order(chain):
            before = [
                ended[one.source]
                for one in chain.handovers
                if one.target == step and (one.source, step) not in back
            ]
            allotted = chain.steps[step].time or timedelta(hours=2)
            wait = timedelta(hours=chance.lognormvariate(-1, 0.5))
            started = max(before, default=at) + wait
            ended[step] = started + allotted * chance.lognormvariate(0, 0.6)
            rows.append(Timing(f"O-{number}", step, ended[step], started))
    return rows


def made(
    many: int,
    began: datetime,
    *,
    seed: int = 1,
    slow: str = "pick",
    open_ones: int = 0,
    same: bool = False,
) -> list[Timing]:
    """Make orders, one an hour; `slow` varies much; the last ones are under way."""
    chance = random.Random(seed)  # noqa: S311  no secret
    rows = []
    for number in range(many):
        at = began + timedelta(hours=number)
        steps = TO_THE_DOOR if number < many - open_ones else TO_THE_DOOR[:2]
        for step in steps:
            hours = chance.lognormvariate(2, 1.2 if step == slow else 0.2)
            took_it = ALL_THE_SAME if same else timedelta(hours=hours)
            started = at + (timedelta() if same else timedelta(minutes=30))
            at = started + took_it
            rows.append(Timing(f"A-{number}", step, at, started))
    return rows
