"""The commands of the README, run as a reader would type them.

In a block marked `console`, a line that begins with `$ ` is run and the lines below
it, if there are any, are its answer; `...` stands for anything. All blocks run one
after the other in one empty folder. Blocks marked `sh` are not run.
`RESOLVE_BIN` names the folder of the `resolve` to try, by default this environment's.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = os.environ.get("RESOLVE_BIN") or str(Path(sys.executable).parent)


@dataclass(frozen=True, slots=True)
class Command:
    line: int
    text: str
    answer: tuple[str, ...]


def test_every_command_of_the_readme_does_what_it_says(tmp_path: Path) -> None:
    commands = read(ROOT / "README.md")
    assert commands
    for command in commands:
        done = run(command.text, tmp_path)
        told = f"README.md:{command.line}: {command.text}\n{done.stdout}{done.stderr}"
        assert done.returncode == 0, told
        assert is_like("\n".join(command.answer), done.stdout), told


@pytest.mark.parametrize(
    ("expected", "got", "same"),
    [
        ("", "anything at all", True),
        ("one\n...\nfour", "one\ntwo\nthree\nfour\n", True),
        ("case ... of 3", "case 7 of 3\n", True),
        ("one", "one\ntwo", False),
        ("one\n...", "two", False),
    ],
    ids=["nothing shown", "lines left out", "words left out", "too much", "other"],
)
def test_dots_stand_for_anything(expected: str, got: str, *, same: bool) -> None:
    assert is_like(expected, got) is same


def read(page: Path) -> list[Command]:
    commands: list[Command] = []
    inside = False
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("```"):
            inside = line == "```console"
        elif inside and line.startswith("$ "):
            commands.append(Command(number, line[2:], ()))
        elif inside:
            last = commands.pop()
            commands.append(Command(last.line, last.text, (*last.answer, line)))
    return commands


def run(text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    surroundings = {
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "RESOLVE_HOME": str(folder / ".resolve"),
        "LANG": "C.UTF-8",
        "COLUMNS": "100",
        "NO_COLOR": "1",
        "HOME": str(folder),
    }
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", text],
        cwd=folder,
        env=surroundings,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def is_like(expected: str, got: str) -> bool:
    if not expected.strip():
        return True
    pattern = re.escape(expected.strip()).replace(r"\.\.\.", ".*")
    lines = [line.rstrip() for line in got.strip().splitlines()]
    return re.fullmatch(pattern, "\n".join(lines), re.DOTALL) is not None
