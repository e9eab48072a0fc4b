"""`resolve audit verify`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import typer

from resolve.analytics.replayed import Difference, differences
from resolve.cli.house import Json, looking
from resolve.cli.output import print_json, print_line, print_note
from resolve.journal.keys import seal_key
from resolve.journal.verify import Problem, Report, Trouble
from resolve.journal.verify import verify as verify_journal
from resolve.kit import clock
from resolve.kit.settings import settings

commands = typer.Typer(rich_markup_mode=None)


@commands.command()
def verify(*, as_json: Json = False) -> None:
    """Read the whole journal: is it as it was written, and do the states follow?"""
    with looking() as session:
        report = verify_journal(session, key=seal_key(settings()))
        wrong = differences(session)
    sound = report.sound and not wrong
    if as_json:
        print_json(_shape(report, wrong, sound=sound))
    else:
        _print(report, wrong, sound=sound)
    if not sound:
        found = len(report.problems) + len(wrong)
        print_note(f"The journal is not sound: {found} found.")
        raise typer.Exit(1)


@commands.callback()
def _audit() -> None:
    """Keep `resolve audit` a group, with one command as with more."""


def _shape(
    report: Report, wrong: Sequence[Difference], *, sound: bool
) -> dict[str, Any]:
    return {
        "sound": sound,
        "entries": report.entries,
        "chains": report.chains,
        "seals": report.seals,
        "unsealed": report.unsealed,
        "problems": [asdict(one) for one in report.problems],
        "erasures": [
            asdict(one) | {"at": clock.iso(one.at)} for one in report.erasures
        ],
        "differences": [asdict(one) for one in wrong],
    }


def _print(report: Report, wrong: Sequence[Difference], *, sound: bool) -> None:
    for problem in report.problems:
        print_line(in_words(problem))
    for one in wrong:
        print_line(
            f"case {one.case}: {one.thing} is {one.stored or 'not there'}, "
            f"by the journal {one.journal or 'it never was'}"
        )
    for erasure in report.erasures:
        at = clock.iso(erasure.at)
        print_line(
            f"{_place(erasure.chain, erasure.seq)}: texts were erased by "
            f"{erasure.who}, {at}; that is in order"
        )
    print_line(
        f"{report.entries} entries in {report.chains} chains, {report.seals} seals; "
        f"{report.unsealed} entries are younger than the last seal."
    )
    if sound:
        print_line("The journal is sound, and the stored states follow from it.")


def in_words(problem: Problem) -> str:
    """Say what is wrong, where, and since when."""
    where = _place(problem.chain, problem.seq)
    since = f" since seal {problem.seal}" if problem.seal else ""
    match problem.trouble:
        case Trouble.ALTERED:
            return f"{where} was altered"
        case Trouble.REORDERED:
            return f"{where} does not follow the one before it"
        case Trouble.MISSING:
            return f"{where} is missing{since}"
        case Trouble.CHAIN_MISSING:
            return f"{where} is missing as a whole{since}"
        case Trouble.SEAL_BROKEN:
            return f"seal {problem.seal} does not match its key, heads or predecessor"


def _place(chain: str, seq: int | None) -> str:
    place = chain.replace(":", " ", 1)
    return place if seq is None else f"{place}, entry {seq},"
