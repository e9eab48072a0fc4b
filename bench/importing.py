"""A log taken in, against reading it as CSV and one executemany of its rows."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from statistics import median
from uuid import uuid4

from bench.ground import KINDS, Ground
from bench.repetitions import seconds
from bench.row import Line, Reach, Row, compared
from resolve.chain.order import in_order
from resolve.kit.clock import now
from resolve.kit.database import Database, reading, transaction
from resolve.mappings.records import records_of
from resolve.maps.queries import chain_of
from resolve.maps.service import publish
from resolve.maps.shipped import shipped
from resolve.steptimes.bulk import Into, take_log
from resolve.steptimes.logs import Tally, lines_of
from resolve.steptimes.mapping import fitting, plain_mapping, steps_by_name

ROWS = 300_000
MAP = "order-to-delivery"
REACH = Reach(10)
BYTES_EACH = 1_500
_TIMES = 5
_HEADER = ("order", "activity", "started", "ended", "resource")
_LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)


def measure(ground: Ground) -> Iterator[Line]:
    rows = ground.size(ROWS, least=10_000)
    log = log_of(rows)
    for kind in KINDS:
        ours, theirs = [], []
        for _ in range(_TIMES):
            with ground.database(kind) as (database, _):
                publish_map(database)
                ours.append(seconds(lambda: _taken(database, log)))
            with ground.database(kind) as (database, _):
                publish_map(database)
                theirs.append(seconds(lambda: _written(database, log)))
        yield compared(
            "importing",
            f"a log of {rows:,} rows, {kind}",
            measured=(median(ours), f"{rows / median(ours):,.0f}/s"),
            against=(
                median(theirs),
                f"csv.reader and executemany {rows / median(theirs):,.0f}/s",
            ),
            reach=REACH,
        )


ROW = Row("importing", measure, room=lambda scale: round(ROWS * scale * BYTES_EACH * 2))


def publish_map(database: Database) -> None:
    """Publish the map that the log is of."""
    with transaction(database) as session:
        publish(session, source_of_map(), who="bench", at=now())


def source_of_map() -> bytes:
    """Give the map that comes with Resolve, as a file."""
    from resolve.cli.find_map import file_or_shipped  # noqa: PLC0415  only here

    return file_or_shipped(MAP).source


def log_of(rows: int) -> bytes:
    """Write a log of orders along the map, in order of time as systems write it."""
    chance = random.Random(1)  # noqa: S311  no secret
    steps = in_order(shipped()[MAP])
    made = []
    for order in range(-(-rows // len(steps))):
        at = _LONG_AGO + timedelta(minutes=chance.randrange(500_000))
        for step in steps:
            ended = at + timedelta(minutes=chance.randrange(1, 600))
            who = f"person {chance.randrange(50)}"
            made.append((f"O-{order}", step, at.isoformat(), ended.isoformat(), who))
            at = ended + timedelta(minutes=chance.randrange(200))
    made.sort(key=lambda row: row[3])
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_HEADER)
    writer.writerows(made[:rows])
    return out.getvalue().encode()


def _taken(database: Database, log: bytes) -> None:
    mapping = fitting(plain_mapping(), _HEADER)
    with reading(database) as session:
        steps = steps_by_name(chain_of(session, MAP), mapping)
    tally = Tally()
    records = records_of(log, mapping, name="log.csv")
    lines = lines_of(records, mapping, steps, now=now(), tally=tally)
    into = Into(MAP, "bench", b"secret", "bench")
    taken = take_log(database, lines, into, now=now, reject=_refuse)
    if taken.new != tally.rows:
        msg = f"{taken} of {tally.rows} rows"
        raise RuntimeError(msg)


def _refuse(line: object) -> None:
    msg = f"refused: {line}"
    raise RuntimeError(msg)


def _written(database: Database, log: bytes) -> None:
    """Do the least that anybody would do with such a file."""
    place = "?" if database.is_sqlite else "%s"
    columns = "key, map_id, order_id, step, started_at, ended_at, source, content"
    statement = (
        f"INSERT INTO step_time ({columns}) "  # noqa: S608  constants
        f"VALUES ({', '.join([place] * 8)})"
    )
    with transaction(database) as session:
        rows = csv.reader(io.StringIO(log.decode()))
        next(rows)
        given = [
            (uuid4().hex, MAP, order, step, start, end, "bench", who)
            for order, step, start, end, who in rows
        ]
        session.connection().exec_driver_sql(statement, given)
