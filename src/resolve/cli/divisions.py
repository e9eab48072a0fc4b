"""`resolve case division | divide`: the promised time of a case, divided anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Annotated, Any

import typer
from sqlmodel import Session

from resolve.analytics.time_division import (
    Look,
    division_shape,
    effect_shape,
    known,
    look,
    sums,
    times_shape,
)
from resolve.chain.durations import BadDuration
from resolve.chain.rewriting import Part, Times
from resolve.chain.simulating import Effect
from resolve.chain.spans import span
from resolve.chain.suggesting import By
from resolve.cli import naming
from resolve.cli.house import As, Json, acting, changing, opened, spoken
from resolve.cli.output import print_done, print_json, print_line, print_table
from resolve.kit import clock
from resolve.kit.database import reading
from resolve.kit.errors import Invalid
from resolve.reviews.division_guards import guard_given
from resolve.reviews.divisions import begin, save
from resolve.reviews.models import Division

_Name = Annotated[
    str, typer.Argument(metavar="CASE", help="Its id, a part of it, or a complaint.")
]
_Steps = Annotated[
    list[str] | None,
    typer.Option("--step", metavar="STEP=TIME", help="A step's new time: pack=4h."),
]
_Handovers = Annotated[
    list[str] | None,
    typer.Option(
        "--handover", metavar="FROM,TO=TIME", help="A wait's: reserve,pick=30min."
    ),
]
_Suggest = Annotated[
    By | None, typer.Option(help="As one of the two suggestions divides it.")
]


_ABOVE = ": above the promise, which cannot be agreed."


class TooFewOrders(Invalid):
    """Nothing can be suggested from so few orders."""

    code = "too_few_orders"


def division(
    name: _Name,
    *,
    step: _Steps = None,
    handover: _Handovers = None,
    suggest: _Suggest = None,
    as_json: Json = False,
) -> None:
    """Show how the promised time is divided, and try times without keeping them."""
    typed = _typed(step, handover)
    found = _looked_at(name)
    times = {**(_suggested(found, suggest) or found.times), **typed}
    guard_given(found.of, typed)
    effect = found.effect(times) if times else None
    if as_json:
        shape = division_shape(found)
        tried = {**sums(found.of, times), **times_shape(found.of, times)}
        print_json(shape | {"tried": tried, "effect": effect_shape(found, effect)})
        return
    _print(found, times)
    if times:
        print_line(_effect(effect))


def divide(
    name: _Name,
    *,
    step: _Steps = None,
    handover: _Handovers = None,
    suggest: _Suggest = None,
    by: As = None,
    as_json: Json = False,
) -> None:
    """Keep new times as the division of a case, which can then be put to the vote.

    Times that are not named stay as they were divided last.
    """
    typed = _typed(step, handover)
    if not typed and suggest is None:
        raise typer.BadParameter("give --step, --handover or --suggest")
    seen = _looked_at(name)
    guard_given(seen.of, typed)
    proposed = _suggested(seen, suggest)
    with changing() as session:
        case = naming.case(session, name)
        found = look(session, case)
        times = {**(proposed or found.times), **typed}
        who = acting(session, by)
        kept = _keep(session, found, times, who)
        total = _long(found.of.total(times))
        is_above = found.of.total(times) > found.of.promised
        shown = division_shape(look(session, case))
    said = f"Division {naming.short(kept.id)}"
    if found.division is not None and kept.id != found.division.id:
        said += f" (a new division, on version {kept.map_version} of the map)"
    said += f": {total} of {_long(found.of.promised)}"
    said += (
        _ABOVE
        if is_above
        else (
            f"; `resolve case put {naming.short(found.case)} "
            f"--division {naming.short(kept.id)}` puts it to the vote."
        )
    )
    print_done([shown], said, as_json=as_json)


def _keep(session: Session, found: Look, times: Times, who: str) -> Division:
    at = clock.now()
    if found.is_draft and found.division is not None:
        return save(
            session, found.division.id, times, revision=found.revision, who=who, at=at
        )
    return begin(session, found.case, times, who=who, at=at)


def _looked_at(name: str) -> Look:
    database = opened()
    try:
        with reading(database) as session:
            found = look(session, naming.case(session, name))
        return known(database, found, at=clock.now())
    finally:
        database.engine.dispose()


def _suggested(found: Look, by: By | None) -> dict[Part, timedelta] | None:
    if by is None:
        return None
    made = found.suggestion(by)
    if made is None:
        raise TooFewOrders(
            "Too few orders are known to suggest how the time could be divided.",
            hint="`resolve times import` takes in more of them, or name the times.",
        )
    return dict(made.times)


# ------------------------------------------------------------------------ typed


def _typed(
    steps: Sequence[str] | None, handovers: Sequence[str] | None
) -> dict[Part, timedelta]:
    found: dict[Part, timedelta] = {}
    _read(found, steps or (), "--step", lambda named: (named,))
    _read(found, handovers or (), "--handover", _ends)
    return found


def _read(
    found: dict[Part, timedelta],
    typed: Sequence[str],
    option: str,
    part_of: Callable[[str], Part],
) -> None:
    for one in typed:
        named, equals, time = one.partition("=")
        try:
            found[part_of(named.strip())] = span(time if equals and named else "")
        except BadDuration as why:
            raise typer.BadParameter(f"{one!r}: {why}", param_hint=option) from None


def _ends(named: str) -> Part:
    giver, comma, receiver = named.partition(",")
    if not comma:
        raise BadDuration("name both steps: reserve,pick=30min")
    return giver.strip(), receiver.strip()


# ---------------------------------------------------------------------- printed


def _print(found: Look, times: Times) -> None:
    shape = division_shape(found)
    said: dict[Part, dict[str, Any]] = {(one["step"],): one for one in shape["steps"]}
    said |= {(one["from"], one["to"]): one for one in shape["handovers"]}
    print_table(
        ("STEP", "DEPARTMENT", "ALLOTTED", "NEW", "MEDIAN", "9 OF 10"),
        [_row(found, part, times, said[part]) for part in found.of.parts],
    )
    above = found.of.total(times) > found.of.promised
    print_line(
        f"Promised {_long(found.of.promised)}; allotted {_long(found.of.total())}"
        + (f", then {_long(found.of.total(times))}" if times else "")
        + (_ABOVE if above else ".")
    )


def _row(
    found: Look, part: Part, times: Times, said: dict[str, Any]
) -> tuple[str | None, ...]:
    actual = found.past.actual.get(part)
    together = actual.together if actual else ()
    return (
        " -> ".join(part) + (f" ({' + '.join(together)})" if together else ""),
        said.get("department"),
        _long(found.of.now[part]),
        _long(times.get(part)),
        _long(actual.middle if actual else None),
        _long(actual.nine_of_ten if actual else None),
    )


def _effect(effect: Effect | None) -> str:
    if effect is None:
        return "What it would do cannot be said yet: too few orders."
    return (
        f"Of 100 orders {100 * effect.before.value:.1f} keep the promise now, "
        f"{100 * effect.after.value:.1f} then: a difference of "
        f"{100 * effect.difference:+.1f} ({100 * effect.low:+.1f} to "
        f"{100 * effect.high:+.1f}), tried on {effect.orders} orders."
    )


def _long(time: timedelta | None) -> str | None:
    return None if time is None else spoken("en").duration(time)


COMMANDS = (division, divide)
