"""`resolve handover ...`: what both sides agreed on, and saying that it was not so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer
from sqlmodel import Session

from resolve.analytics.handover_shapes import handovers, standard_shape
from resolve.chain.durations import BadDuration
from resolve.chain.spans import span
from resolve.cli import naming
from resolve.cli.house import As, Json, acting, changing, looking
from resolve.cli.output import print_done, print_json, print_note, print_table
from resolve.complaints.filing import House
from resolve.handling.internal import NotAsAgreed, raise_internal
from resolve.handovers import service
from resolve.handovers.models import HandoverStandard
from resolve.handovers.rules import shorter_in_words
from resolve.handovers.service import Wording
from resolve.kit import clock
from resolve.kit.language import language
from resolve.kit.settings import settings
from resolve.maps.queries import chain_of

commands = typer.Typer(rich_markup_mode=None)

_Map = Annotated[str, typer.Argument(metavar="MAP", help="A published map.")]
_From = Annotated[str, typer.Argument(metavar="FROM", help="The step that gives.")]
_To = Annotated[str, typer.Argument(metavar="TO", help="The step that receives.")]
_Standard = Annotated[
    str, typer.Argument(metavar="STANDARD", help="Its id or a part of it.")
]
_Department = Annotated[
    str, typer.Option(help="For which of the two departments this is said.")
]


@commands.command("list")
def list_(map_id: _Map, *, as_json: Json = False) -> None:
    """List what departments pass to each other, with what they agreed on."""
    with looking() as session:
        shown = handovers(session, chain_of(session, map_id), None)
    if as_json:
        print_json(shown)
        return
    print_table(
        ("HAND-OVER", "BETWEEN", "AGREED", "PROPOSED", "AWAITS"), map(_row, shown)
    )


@commands.command()
def propose(  # noqa: PLR0913  all that a standard says
    map_id: _Map,
    source: _From,
    target: _To,
    *,
    department: _Department,
    what: Annotated[str, typer.Option(help="What is handed over.")],
    state: Annotated[str, typer.Option(help="In what state.")] = "",
    by_when: Annotated[str, typer.Option(help="By when, in words.")] = "",
    within: Annotated[
        str | None, typer.Option(metavar="TIME", help="Within which time: 4h.")
    ] = None,
    accepted: Annotated[str, typer.Option(help="How it is accepted.")] = "",
    by: As = None,
    as_json: Json = False,
) -> None:
    """Propose a standard of a hand-over; the other side agrees, or proposes anew."""
    try:
        time = span(within) if within is not None else None
    except BadDuration as why:
        raise typer.BadParameter(f"{within!r}: {why}", param_hint="--within") from None
    said = Wording(what, state, by_when, time, accepted)
    with changing() as session:
        who = acting(session, by, on=department)
        made = service.propose(
            session, map_id, (source, target), said, department=department, who=who,
            at=clock.now(),
        )  # fmt: skip
        _print(session, made, as_json=as_json)


@commands.command()
def agree(
    name: _Standard, *, department: _Department, by: As = None, as_json: Json = False
) -> None:
    """Agree to a proposed standard, for the side whose yes is awaited."""
    _say(service.agree, name, department, by, as_json=as_json)


@commands.command()
def withdraw(
    name: _Standard, *, department: _Department, by: As = None, as_json: Json = False
) -> None:
    """Take a proposed standard back, for the side that proposed it."""
    _say(service.withdraw, name, department, by, as_json=as_json)


def _say(
    act: Callable[..., HandoverStandard],
    name: str,
    department: str,
    by: str | None,
    *,
    as_json: bool,
) -> None:
    with changing() as session:
        found = naming.standard(session, name)
        who = acting(session, by, on=department)
        said = act(session, found.id, department=department, who=who, at=clock.now())
        _print(session, said, as_json=as_json)


@commands.command("raise")
def raise_(  # noqa: PLR0913  all that is said
    map_id: _Map,
    source: _From,
    target: _To,
    *,
    department: _Department,
    text: Annotated[str, typer.Option(help="What was not as agreed.")],
    late: Annotated[bool, typer.Option("--late", help="It came late.")] = False,
    order: Annotated[str | None, typer.Option(help="Of which order.")] = None,
    by: As = None,
    as_json: Json = False,
) -> None:
    """Say as its receiver that a hand-over was not as agreed: an internal complaint."""
    ours = settings()
    said = NotAsAgreed(text, late=late, order=order)
    with changing() as session:
        who = acting(session, by, on=department)
        filed = raise_internal(
            session, map_id, (source, target), said, department=department,
            house=House(ours.quality_manager, ours.answer_within), who=who,
            at=clock.now(),
        )  # fmt: skip
    shown = {"complaint": filed.number, "case": filed.case_id}
    print_done([shown], f"{filed.number} is filed.", as_json=as_json)


def _row(one: dict[str, Any]) -> tuple[str | None, ...]:
    agreed, proposed = one["agreed"], one["proposed"]
    return (
        f"{one['from']} -> {one['to']}",
        f"{one['giver']} -> {one['receiver']}",
        agreed["what"] if agreed else None,
        f"{naming.short(proposed['id'])}: {proposed['what']}" if proposed else None,
        proposed["awaits"] if proposed else None,
    )


def _print(session: Session, one: HandoverStandard, *, as_json: bool) -> None:
    chain = chain_of(session, one.map_id)
    awaits = f", {one.awaits} has not agreed yet" if one.awaits else ""
    said = (
        f"Standard {naming.short(one.id)}, version {one.version} of {one.source} -> "
        f"{one.target}: {one.status}{awaits}."
    )
    print_done([standard_shape(one, chain)], said, as_json=as_json)
    for sentence in shorter_in_words(chain, one, language("en")):
        print_note(sentence)
