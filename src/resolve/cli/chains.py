"""`resolve check | walk | draw`: a map looked at, without any database."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from resolve.chain.model import Concern, HandoverConcern, PromiseConcern, ValueChain
from resolve.chain.walk import Walk, walk_as_json
from resolve.chain.walk import walk as walk_chain
from resolve.cli.find_map import find_map
from resolve.cli.output import (
    print_json,
    print_line,
    print_note,
    print_table,
    write_file,
)

if TYPE_CHECKING:
    from resolve.chain.reader import Reading

Map = Annotated[
    str, typer.Argument(metavar="MAP", help="A map file, or the id of a map.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


class Language(StrEnum):
    """Languages that diagrams are written in."""

    EN = "en"
    RU = "ru"
    UK = "uk"


def check(
    name: Map,
    *,
    strict: Annotated[
        bool, typer.Option("--strict", help="Warnings too make the exit code 1.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Say what is wrong with a map, where, and what to do."""
    from resolve.chain.reader import read  # noqa: PLC0415  slow

    found = find_map(name)
    reading = read(found.source, name=found.name)
    if as_json:
        print_json(_check_json(reading))
    else:
        _print_check(reading)
    refused = reading.findings if strict else reading.errors
    if refused:
        print_note(f"{found.name}: {_counted(reading)}.")
        raise typer.Exit(1)


def walk(
    name: Map,
    *,
    touchpoint: Annotated[
        str | None, typer.Option(help="Where the customer felt it.")
    ] = None,
    promise: Annotated[
        str | None, typer.Option(help="The promise that was not kept there.")
    ] = None,
    handover: Annotated[
        tuple[str, str] | None,
        typer.Option(metavar="A B", help="Two steps: the standard between them."),
    ] = None,
    late: Annotated[
        bool, typer.Option("--late", help="The time of the hand-over was missed.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show who takes part when a promise or a hand-over standard is not kept."""
    from resolve.chain.reader import load  # noqa: PLC0415  slow

    concern = _concern(touchpoint, promise, handover, late=late)
    found = find_map(name)
    chain = load(found.source, name=found.name)
    walked = walk_chain(chain, concern)
    if as_json:
        print_json(walk_as_json(walked, chain, found.version))
    else:
        _print_walk(walked)


def draw(
    name: Map,
    *,
    department: Annotated[
        str | None, typer.Option(help="The department in focus.")
    ] = None,
    language: Annotated[
        Language | None, typer.Option(help="By default the RESOLVE_LANGUAGE.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", help="A file ending in .svg, .png, .pdf or .dot."
        ),
    ] = None,
    outline: Annotated[
        bool, typer.Option("--outline", help="The same as text, read aloud well.")
    ] = False,
) -> None:
    """Draw a map: SVG on standard output, or the file named by -o."""
    from resolve.chain.reader import load  # noqa: PLC0415  slow

    kind = _kind_of(output, outline=outline)
    found = find_map(name)
    chain = load(found.source, name=found.name)
    content = _drawn(chain, kind, language, department)
    if output is not None:
        write_file(output, content)
        print_line(str(output))
    else:
        print_line(content.decode("utf-8").rstrip("\n"))


def _check_json(reading: Reading) -> dict[str, Any]:
    steps = _step_rows(reading.chain) if reading.chain else []
    return {
        "findings": [finding.as_json() for finding in reading.findings],
        "steps": [
            {"step": step, "distance": distance, "gatekeeper": gatekeeper}
            for step, distance, gatekeeper in steps
        ],
    }


def _print_check(reading: Reading) -> None:
    for finding in reading.findings:
        print_line(str(finding))
    if reading.chain is None:
        return
    print_table(("step", "distance", "gatekeeper"), _step_rows(reading.chain))
    if not reading.errors:
        print_line(f"{reading.chain.id} can be published: {_counted(reading)}.")


def _step_rows(chain: ValueChain) -> list[tuple[str, int | None, str | None]]:
    from resolve.chain.distance import distances_of, gatekeepers  # noqa: PLC0415  slow

    keepers = gatekeepers(chain)
    return [(step, far, keepers[step]) for step, far in distances_of(chain).items()]


def _counted(reading: Reading) -> str:
    from resolve.chain.reader import Level  # noqa: PLC0415  slow

    counts = dict.fromkeys(Level, 0)
    for finding in reading.findings:
        counts[finding.level] += 1
    return ", ".join(
        f"{n} {level}{'' if n == 1 else 's'}" for level, n in counts.items()
    )


def _concern(
    touchpoint: str | None,
    promise: str | None,
    handover: tuple[str, str] | None,
    *,
    late: bool,
) -> Concern:
    if handover and touchpoint is None and promise is None:
        return HandoverConcern(*handover, late=late)
    if touchpoint is not None and promise is not None and not handover and not late:
        return PromiseConcern(touchpoint, promise)
    raise typer.BadParameter(
        "give either --touchpoint T --promise P, or --handover A B [--late]"
    )


def _print_walk(walked: Walk) -> None:
    if not walked.participants:
        print_line("Nobody takes part: a person has to place such a case.")
        return
    print_table(
        ("distance", "department", "kind", "steps", "path", "neighbours"),
        (
            (
                p.distance,
                p.department,
                p.kind,
                p.steps,
                " > ".join(p.path),
                p.neighbours,
            )
            for p in walked.participants
        ),
    )


def _kind_of(output: Path | None, *, outline: bool) -> str:
    if output is None:
        return "txt" if outline else "svg"
    kind = output.suffix.lower().removeprefix(".")
    if kind not in (("txt",) if outline else ("svg", "png", "pdf", "dot")):
        wanted = ".txt" if outline else ".svg, .png, .pdf or .dot"
        raise typer.BadParameter(f"{output} must end in {wanted}", param_hint="-o")
    return kind


def _drawn(
    chain: ValueChain, kind: str, language: Language | None, department: str | None
) -> bytes:
    from resolve import diagrams  # noqa: PLC0415  slow
    from resolve.kit.settings import settings  # noqa: PLC0415  slow

    spoken = language or Language(settings().language)
    if kind != "txt":
        try:
            return diagrams.render(
                chain, format=kind, language=spoken, department=department
            )
        except diagrams.CannotDraw:
            print_line(diagrams.outline(chain, language=spoken, department=department))
            raise
    return diagrams.outline(chain, language=spoken, department=department).encode()
