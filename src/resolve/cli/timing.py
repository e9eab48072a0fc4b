"""`resolve times show`: how long a promise takes, step by step along the chain."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer

from resolve.analytics.timing import about, shape
from resolve.cli.house import Json, opened
from resolve.cli.output import print_json, print_line, print_table
from resolve.kit import clock
from resolve.kit.database import reading
from resolve.kit.errors import BadRequest
from resolve.kit.language import language
from resolve.steptimes.keeping import found_out
from resolve.steptimes.periods import Period


def show(
    map_id: Annotated[str, typer.Argument(metavar="MAP", help="A published map.")],
    *,
    touchpoint: Annotated[
        str | None, typer.Option(help="Where it is promised; default the first.")
    ] = None,
    promise: Annotated[
        str | None, typer.Option(help="Which promise; default the first with a time.")
    ] = None,
    since: Annotated[
        str | None, typer.Option(metavar="DAY", help="Orders that began from then on.")
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="DAY", help="Orders that began before then.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Say how long a promise takes, and each step and hand-over in chain order."""
    period = Period(_moment(since), _moment(until))
    database = opened()
    try:
        with reading(database) as session:
            asked = about(session, map_id, touchpoint, promise, period)
        found = shape(asked, found_out(database, asked, at=clock.now()))
    finally:
        database.engine.dispose()
    if as_json:
        print_json(found)
        return
    _print(found)


def _moment(text: str | None) -> datetime | None:
    """Read a day, which means its beginning, or a moment; UTC where no zone is said."""
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise BadRequest(
            f"{text!r} is no day.", hint="Write one such as 2026-11-23."
        ) from None


def _print(found: dict[str, Any]) -> None:
    orders = found["orders"]
    if not orders["known"]:
        print_line("No step times of such orders are known: `resolve times import`.")
        return
    sample = orders["looked_at"] < orders["known"]
    which = f"a sample of {orders['looked_at']} of " if sample else ""
    print_line(
        f"Orders: {which}{orders['known']}, {orders['ended']} ended, "
        f"{orders['open']} under way; step times up to {found['as_of']}."
    )
    print_line(_promised(found))
    times = found["time"]
    if times is None:
        print_line("How long it takes: too few to say.")
    else:
        print_line(_taken(times["median"], times["nine_of_ten"]))
    print_table(
        ("STEP", "ALLOTTED", "MEDIAN", "9 OF 10", "LONGEST WAY"),
        [_row(one) for one in found["chain"]],
    )
    if found["weakest"] is not None:
        link = found["chain"][found["weakest"]]
        print_line(
            f"A change at {_named(link)} would help most: about "
            f"{100 * link['gain']:.1f} more of 100 orders in time."
        )


def _taken(half: float | None, nine: float | None) -> str:
    if half is None:
        return "How long half and nine of ten take cannot be said yet."
    if nine is None:
        return (
            f"Half take at most {_long(half)}; "
            "how long nine of ten take cannot be said yet."
        )
    return f"Half take at most {_long(half)}, nine of ten at most {_long(nine)}."


def _promised(found: dict[str, Any]) -> str:
    if found["within"] is None:
        return "The promise has no time."
    share = found["on_time_with_open"] or found["on_time"]
    said = f"Promised within {_long(found['within'])}: "
    if share is None:
        return said + "too few orders to say how many are in time."
    return said + (
        f"{100 * share['share']:.1f} % in time"
        f" ({100 * (share['low'] or 0):.1f} to {100 * (share['high'] or 1):.1f} %)."
    )


def _row(link: dict[str, Any]) -> tuple[str, ...]:
    on_it = link["longest_way"]
    return (
        _named(link),
        "-" if link["allotted"] is None else _long(link["allotted"]),
        *(_long(link[name]) for name in ("median", "nine_of_ten")),
        "-" if on_it is None else f"{100 * on_it:.0f} %",
    )


def _named(link: dict[str, Any]) -> str:
    if "handover" in link:
        return f"{link['handover']['from']} -> {link['handover']['to']}"
    return " + ".join(link["steps"])


def _long(seconds: float | None) -> str:
    if seconds is None:
        return "too few to say"
    return language("en").measured(timedelta(seconds=seconds))
