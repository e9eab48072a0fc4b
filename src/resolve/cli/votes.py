"""`resolve case put | votes | vote | meet | extend | decide | ask-again`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import typer
from sqlmodel import Session

from resolve.analytics import shapes
from resolve.analytics.ballot_shapes import ballots, objection_shape
from resolve.cases.queries import case as the_case
from resolve.cli import naming
from resolve.cli.house import As, Json, acting, changing, looking
from resolve.cli.moments import moment
from resolve.cli.output import (
    harmless,
    print_done,
    print_json,
    print_line,
    print_note,
    print_paragraph,
)
from resolve.departments.queries import calendar
from resolve.handling.deciding import Decision
from resolve.handling.deciding import decide as decide_on
from resolve.handling.voting import put_to_vote
from resolve.kit import clock
from resolve.reviews import queries
from resolve.reviews.asking import ask_once_more
from resolve.reviews.ballots import extend as extend_one
from resolve.reviews.models import Ballot, MetBy, Position
from resolve.reviews.motions import Motion
from resolve.reviews.objections import Meeting
from resolve.reviews.objections import meet as meet_one
from resolve.reviews.votes import Voting
from resolve.reviews.votes import vote as vote_on

Name = Annotated[
    str,
    typer.Argument(metavar="BALLOT", help="Its id or a part of it."),
]
_Case = Annotated[
    str, typer.Argument(metavar="CASE", help="Its id, a part, or a complaint.")
]
Day = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="By which day.")
]


def put(  # noqa: PLR0913  all that is said of it
    name: _Case,
    *,
    task: Annotated[
        str | None, typer.Option(help="The task, by its id or by its department's.")
    ] = None,
    proposal: Annotated[
        int | None, typer.Option(min=1, help="The number of the proposal.")
    ] = None,
    division: Annotated[
        str | None, typer.Option(help="Instead: a division of the promised time.")
    ] = None,
    customer_says: Annotated[
        str, typer.Option(help="What would the customer say?")
    ] = "",
    wording: Annotated[str, typer.Option(help="The change as it is voted on.")] = "",
    owner: Annotated[str, typer.Option(help="Who sees to it.")] = "",
    due: Day = None,
    by: As = None,
    as_json: Json = False,
) -> None:
    """Put a proposal, or a division of time, to the vote of the departments."""
    if (task is None) != (proposal is None) or (task is None) == (division is None):
        raise typer.BadParameter("give either --task and --proposal, or --division")
    with changing() as session:
        case = naming.case(session, name)
        asked = naming.task_of(session, task, case).id if task else None
        divided = naming.division(session, division).id if division else None
        motion = Motion(
            asked, proposal, divided, owner, due.date() if due else None,
            wording, customer_says,
        )  # fmt: skip
        who = acting(session, by)
        made = put_to_vote(session, case.id, motion, who=who, at=clock.now())
        _print(session, made, "votes are awaited", as_json=as_json)


def votes(name: _Case, *, as_json: Json = False) -> None:
    """Show what a case votes on: who said what, and what the customer would not."""
    with looking() as session:
        case = naming.case(session, name)
        rows = queries.ballots_of(session, case.id)
        shown = ballots(session, case, rows, at=clock.now())
    if as_json:
        print_json(shown)
        return
    if not shown:
        print_note("Nothing was put to the vote yet: `resolve case put`.")
    for one in shown:
        _tell(one)


def _tell(one: Mapping[str, Any]) -> None:
    what = one["wording"] or one["kind"]
    print_line(
        harmless(
            f"Ballot {naming.short(one['id'])} ({what}): {one['stands']}, "
            f"votes until {one['until']}."
        )
    )
    for said in one["votes"]:
        text = f": {said['text']}" if said["text"] else ""
        print_paragraph(f"{said['department']} {said['position']}{text}", indent=2)
    for found in one["objections"]:
        about = f"objection {naming.short(found['id'])} ({found['status']})"
        print_paragraph(f"{about}: {found['text'] or ''}", indent=2)


def vote(  # noqa: PLR0913  one vote
    name: Name,
    *,
    agree: Annotated[bool, typer.Option("--agree", help="We agree.")] = False,
    not_yet: Annotated[
        str | None, typer.Option(metavar="TEXT", help="What is needed first.")
    ] = None,
    customer_would_not: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="Why the customer would not accept it."),
    ] = None,
    note: Annotated[str, typer.Option(help="A note to an agreement.")] = "",
    department: Annotated[
        str | None, typer.Option(help="Whose vote; needed unless it is --as.")
    ] = None,
    by: As = None,
    as_json: Json = False,
) -> None:
    """Vote for a department; for another one, what it said by word of mouth."""
    said = _said(note, not_yet, customer_would_not, agree=agree)
    with changing() as session:
        found = naming.ballot(session, name)
        who = acting(session, by)
        acts_for = who.removeprefix("department:").partition(" ")[0]
        own = acts_for if who.startswith("department:") else None
        voter = department or own
        if voter is None:
            raise typer.BadParameter("name the department", param_hint="--department")
        if own is not None:
            who = acting(session, by, on=voter)
        vote_on(
            session, found.id, voter, said, who=who, at=clock.now(),
            by_word_of_mouth=own is None,
        )  # fmt: skip
        _print(session, found, f"{voter}: {said.position}", as_json=as_json)


def meet(
    name: Annotated[
        str, typer.Argument(metavar="OBJECTION", help="Its id or a part of it.")
    ],
    *,
    customer: Annotated[
        str | None, typer.Option(metavar="TEXT", help="How the customer said yes.")
    ] = None,
    manager: Annotated[
        str | None,
        typer.Option(metavar="PERSON", help="Instead: the manager with a reason."),
    ] = None,
    reason: Annotated[str, typer.Option(help="The reason of the manager.")] = "",
    by: As = None,
    as_json: Json = False,
) -> None:
    """Note by what an objection is met: the customer's yes, or a manager's reason."""
    if (customer is None) == (manager is None):
        raise typer.BadParameter("give either --customer TEXT, or --manager, --reason")
    meeting = Meeting(MetBy.CUSTOMER, customer or "")
    if manager is not None:
        meeting = Meeting(MetBy.MANAGER, reason, manager)
    with changing() as session:
        found = naming.objection(session, name)
        who = acting(session, by)
        met = meet_one(session, found.id, meeting, who=who, at=clock.now())
        shown = objection_shape(met)
    said = f"Objection {naming.short(met.id)}: met; everybody on the case sees by what."
    print_done([shown], said, as_json=as_json)


def extend(
    name: Name,
    *,
    until: Annotated[
        str,
        typer.Option(
            metavar="MOMENT",
            help="Such as 2026-12-01T12:00, in the zone of the calendar; a day alone "
            "means its end.",
        ),
    ],
    by: As = None,
    as_json: Json = False,
) -> None:
    """Give more or less time for votes, a working day at least."""
    with changing() as session:
        found = naming.ballot(session, name)
        new = moment(until, calendar(session).calendar.tz)
        who = acting(session, by)
        made = extend_one(session, found.id, until=new, who=who, at=clock.now())
        said = f"votes are awaited until {clock.iso(made.until)}"
        _print(session, made, said, as_json=as_json)


def decide(  # noqa: PLR0913  one decision
    name: Name,
    *,
    mandate: Annotated[
        bool, typer.Option("--mandate", help="Also over silence, once it is time.")
    ] = False,
    reason: Annotated[str, typer.Option(help="Why, where it is by mandate.")] = "",
    owner: Annotated[str, typer.Option(help="Who sees to it.")] = "",
    due: Day = None,
    by: As = None,
    as_json: Json = False,
) -> None:
    """Agree on what was voted on: everybody does, or by mandate with a reason."""
    with changing() as session:
        found = naming.ballot(session, name)
        decision = Decision(mandate, reason, owner, due.date() if due else None)
        who = acting(session, by)
        decided = decide_on(session, found.id, decision, who=who, at=clock.now())
        _print(session, decided, "agreed", as_json=as_json)


def ask_again(
    name: _Case,
    *,
    reason: Annotated[str, typer.Option(help="What is still needed.")],
    by: As = None,
    as_json: Json = False,
) -> None:
    """Ask the departments once more, out of the review; what is voted on is dropped."""
    with changing() as session:
        case = naming.case(session, name)
        who = acting(session, by)
        row = ask_once_more(session, case.id, reason=reason, who=who, at=clock.now())
        shown = shapes.cases(session, [row])
    said = f"{naming.short(row.id)}: the departments are asked once more."
    print_done(shown, said, as_json=as_json)


def _said(
    note: str, not_yet: str | None, would_not: str | None, *, agree: bool
) -> Voting:
    if agree + (not_yet is not None) + (would_not is not None) != 1:
        raise typer.BadParameter(
            "give one of --agree, --not-yet TEXT, --customer-would-not TEXT"
        )
    if not_yet is not None:
        return Voting(Position.NOT_YET, not_yet)
    if would_not is not None:
        return Voting(Position.CUSTOMER_WOULD_NOT, would_not)
    return Voting(Position.AGREE, note)


def _print(session: Session, one: Ballot, said: str, *, as_json: bool) -> None:
    case = the_case(session, one.case_id)
    shown = ballots(session, case, [one], at=clock.now())
    print_done(shown, f"Ballot {naming.short(one.id)}: {said}.", as_json=as_json)


COMMANDS = (put, votes, vote, meet, extend, decide, ask_again)
