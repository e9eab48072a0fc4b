"""`resolve times waits`: what the waits between steps were spent on."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from resolve.analytics.waits import Waited, waits_json, waits_of
from resolve.cli.house import Json, looking
from resolve.cli.output import print_json, print_line, print_table
from resolve.kit.language import language
from resolve.steptimes.waits import Cause


def waits(
    map_id: Annotated[str, typer.Argument(metavar="MAP", help="A published map.")],
    *,
    as_json: Json = False,
) -> None:
    """Say what the waits of each hand-over were spent on, in chain order."""
    with looking() as session:
        _, found = waits_of(session, map_id)
    if as_json:
        print_json(waits_json(found))
        return
    print_line(f"{found.orders} orders; mean waits, and what they were spent on.")
    columns = ("from", "to", "waits", "mean", *Cause)
    print_table(columns, (_row(one) for one in found.handovers))


def _row(one: Waited) -> tuple[object, ...]:
    ends = (one.handover.source, one.handover.target, one.count)
    if one.causes is None:
        return (*ends, "too few to say", *("" for _ in Cause))
    return (
        *ends,
        _span(one.mean) or "0 minutes",
        *(_span(one.causes[cause]) for cause in Cause),
    )


def _span(seconds: float | None) -> str:
    span = timedelta(seconds=seconds or 0)
    return language("en").measured(span) if span else ""
