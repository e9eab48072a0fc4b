"""Documents that fail the build when they stop being whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
from typer.core import TyperGroup, TyperOption

from resolve.kit.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
DECISIONS = ROOT / "docs/decisions"
LINK = re.compile(r"\]\((?!https?://|mailto:)([^)#]+)(?:#[^)]*)?\)")


def test_every_decision_is_in_the_index() -> None:
    index = (DECISIONS / "README.md").read_text(encoding="utf-8")
    records = {path.name for path in DECISIONS.glob("*.md")} - {"README.md"}
    missing = sorted(name for name in records if f"({name})" not in index)
    assert not missing, f"docs/decisions/README.md lacks {missing}"


def test_no_number_of_a_decision_is_given_twice() -> None:
    numbers = [path.name[:4] for path in DECISIONS.glob("[0-9]*.md")]
    assert len(numbers) == len(set(numbers)), sorted(numbers)


def test_every_link_between_documents_leads_somewhere() -> None:
    dead = [
        f"{page.relative_to(ROOT)} -> {target}"
        for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
        for target in LINK.findall(page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert not dead, "\n".join(dead)


def test_every_command_and_option_is_documented_with_an_example() -> None:
    sections = _document("docs/commands.md").split("\n### ")
    told = {section.partition("\n")[0]: section for section in sections}
    missing = [
        f"{command}: {wanted}"
        for command, options in _commands()
        for wanted in (f"    {command}", *(f"`{option}`" for option in options))
        if wanted not in told.get(f"`{command}`", "")
    ]
    assert not missing, "\n".join(["docs/commands.md lacks", *missing])


def test_every_setting_is_documented() -> None:
    text = _document("docs/settings.md")
    missing = [
        name
        for name, field in Settings.model_fields.items()
        if f"`RESOLVE_{name.upper()}`" not in text or str(field.description) not in text
    ]
    assert not missing, f"docs/settings.md lacks the name or the meaning of {missing}"


def test_every_setting_says_what_it_means() -> None:
    silent = [n for n, field in Settings.model_fields.items() if not field.description]
    assert not silent, silent


def _document(name: str) -> str:
    path = ROOT / name
    if not path.exists():
        pytest.skip(f"{name} is not written yet")
    return path.read_text(encoding="utf-8")


def _commands() -> Iterator[tuple[str, list[str]]]:
    from resolve.cli.app import app  # noqa: PLC0415  the command line is not light

    yield from _named(typer.main.get_command(app), "resolve")


def _named(command: Any, name: str) -> Iterator[tuple[str, list[str]]]:
    if isinstance(command, TyperGroup):
        for child, below in command.commands.items():
            if not below.hidden:
                yield from _named(below, f"{name} {child}")
        return
    options = [one for one in command.params if isinstance(one, TyperOption)]
    yield name, [one.opts[0] for one in options if not one.hidden]
