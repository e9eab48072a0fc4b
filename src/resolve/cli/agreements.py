"""`resolve case agree | aim | outcome | judge`: from an agreement to its proof."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import typer

from resolve.analytics import shapes
from resolve.cli import naming
from resolve.cli.house import As, Json, acting, changing, looking, opened, spoken
from resolve.cli.output import print_done
from resolve.departments.queries import calendar
from resolve.handling.proving import judge_now
from resolve.kit import clock
from resolve.solutions.aims import Aim
from resolve.solutions.in_words import verdict_in_words
from resolve.solutions.judging import Measure
from resolve.solutions.models import Solution, SolutionStatus
from resolve.solutions.proving import prove_longer
from resolve.solutions.service import Agreement, say_outcome, set_aim
from resolve.solutions.service import agree as agree_on

_Name = Annotated[
    str, typer.Argument(metavar="AGREEMENT", help="Its id or a part of it.")
]
_Step = Annotated[str | None, typer.Option(help="The step that it changes.")]
_Handover = Annotated[
    tuple[str, str] | None,
    typer.Option(metavar="FROM TO", help="The hand-over that it changes."),
]
_Measure = Annotated[
    Measure | None, typer.Option(help="What shows whether it works; else it is not.")
]
_Expected = Annotated[
    float | None,
    typer.Option(help="Hoped for: -0.2 is a fifth shorter, 0.1 ten more of 100."),
]
_Days = Annotated[int | None, typer.Option(help="Proven for so many days.")]
_Orders = Annotated[int | None, typer.Option(help="Proven by so many orders.")]
_Day = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="In place since this day; else today."),
]


def agree(  # noqa: PLR0913  all that is agreed
    name: Annotated[
        str,
        typer.Argument(metavar="CASE", help="Its id, a part of it, or a complaint."),
    ],
    *,
    task: Annotated[
        str, typer.Option(help="The task, by its id or by its department's.")
    ],
    proposal: Annotated[int, typer.Option(min=1, help="The number of the proposal.")],
    owner: Annotated[str, typer.Option(help="Who sees to it.")],
    due: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="By which day.")],
    step: _Step = None,
    handover: _Handover = None,
    measure: _Measure = None,
    expected: _Expected = None,
    prove_days: _Days = None,
    prove_orders: _Orders = None,
    by: As = None,
    as_json: Json = False,
) -> None:
    """Mark a proposal as agreed, with its owner, its day and what it is to change."""
    wanted = Aim(measure, step, handover, expected, prove_days, prove_orders)
    with changing() as session:
        case = naming.case(session, name)
        asked = naming.task_of(session, task, case)
        agreed = Agreement(asked.id, proposal, owner, due.date(), wanted)
        who = acting(session, by)
        made = agree_on(session, case.id, agreed, who=who, at=clock.now())
        shown = [shapes.solution_shape(made)]
    said = f"Agreement {naming.short(made.id)}: {owner}, by {due:%Y-%m-%d}."
    print_done(shown, said, as_json=as_json)


def aim(  # noqa: PLR0913  all that it aims at
    name: _Name,
    *,
    step: _Step = None,
    handover: _Handover = None,
    measure: _Measure = None,
    expected: _Expected = None,
    prove_days: _Days = None,
    prove_orders: _Orders = None,
    by: As = None,
    as_json: Json = False,
) -> None:
    """Say what an agreed change is to change, while it is not in place."""
    wanted = Aim(measure, step, handover, expected, prove_days, prove_orders)
    with changing() as session:
        found: Solution = naming.solution(session, name)
        who = acting(session, by)
        made = set_aim(session, found.id, wanted, who=who, at=clock.now())
        shown = [shapes.solution_shape(made)]
    said = f"Agreement {naming.short(made.id)}: {made.measure or 'not measured'}."
    print_done(shown, said, as_json=as_json)


@dataclass(frozen=True, slots=True)
class _Became:
    """What is said of an agreement, as its options give it."""

    in_place: bool
    reason: str | None
    on: datetime | None
    days: int | None
    orders: int | None


def outcome(  # noqa: PLR0913  what became of it
    name: _Name,
    *,
    in_place: Annotated[
        bool, typer.Option("--in-place", help="The change is made.")
    ] = False,
    given_up: Annotated[
        bool, typer.Option("--given-up", help="It will not be made.")
    ] = False,
    reason: Annotated[
        str | None, typer.Option(help="Why; needed where it is given up.")
    ] = None,
    on: _Day = None,
    prove_days: Annotated[
        int | None, typer.Option(help="Not proven: so many days longer, from now.")
    ] = None,
    prove_orders: Annotated[
        int | None, typer.Option(help="Not proven: by so many orders more.")
    ] = None,
    by: As = None,
    as_json: Json = False,
) -> None:
    """Say what became of an agreement."""
    if in_place == given_up:
        raise typer.BadParameter("give either --in-place, or --given-up --reason TEXT")
    if given_up and not (reason or "").strip():
        raise typer.BadParameter("say why", param_hint="--reason")
    became = _Became(in_place, reason, on, prove_days, prove_orders)
    made = _say(name, became, by)
    said = "is in place" if in_place else "is given up"
    shown = [shapes.solution_shape(made)]
    print_done(shown, f"Agreement {naming.short(made.id)} {said}.", as_json=as_json)


def _say(name: str, became: _Became, by: str | None) -> Solution:
    with changing() as session:
        found: Solution = naming.solution(session, name)
        about: dict[str, Any] = {
            "reason": became.reason, "who": acting(session, by), "at": clock.now(),
        }  # fmt: skip
        if became.in_place and (became.days or became.orders):
            return prove_longer(
                session, found.id, days=became.days, orders=became.orders, **about
            )
        on = became.on.date() if became.on and became.in_place else None
        return say_outcome(session, found.id, in_place=became.in_place, on=on, **about)


def judge(name: _Name, *, by: As = None, as_json: Json = False) -> None:
    """Judge a change in place now, once its days are over or its orders are in."""
    with looking() as session:
        found: Solution = naming.solution(session, name)
        who, zone = acting(session, by), calendar(session).calendar.tz
    made = _judged(found.id, who)
    words = " ".join(verdict_in_words(made.verdict or {}, spoken(None), zone))
    state = {
        SolutionStatus.PROVEN: "proven",
        SolutionStatus.NOT_PROVEN: "not proven",
    }.get(SolutionStatus(made.status), "goes on being proven")
    said = f"Agreement {naming.short(made.id)}: {state}. {words}"
    print_done([shapes.solution_shape(made)], said, as_json=as_json)


def _judged(agreement: str, who: str) -> Solution:
    database = opened()
    try:
        return judge_now(database, agreement, who=who, at=clock.now())
    finally:
        database.engine.dispose()


COMMANDS = (agree, aim, outcome, judge)
