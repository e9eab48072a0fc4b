"""The commands of the README, typed as a reader would into one shell.

In a block marked `console`, a line that begins with `$ ` is typed, with the lines
below it that begin with `> `; the other lines are the answer, if any are shown, and
`...` stands for anything. All blocks belong to one shell in one empty folder. Blocks
marked `sh` are not run. `RESOLVE_BIN` names the folder of the `resolve` to try, by
default this environment's.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = os.environ.get("RESOLVE_BIN") or str(Path(sys.executable).parent)
_END = "end-of-command"


@dataclass(frozen=True, slots=True)
class Command:
    line: int
    text: str
    answer: tuple[str, ...]

    @property
    def goes_on(self) -> bool:
        return self.text.endswith(" &")


@pytest.mark.timeout(400)
class Shell:
    """A bash that is told one command after the other."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            ["bash"],
            cwd=folder,
            env=_surroundings(folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Stop also what was left running in the background."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGTERM)
        self._process.communicate(timeout=60)

    def type(self, text: str) -> tuple[int, str]:
        """Give the exit code and what a reader sees."""
        told, heard = self._process.stdin, self._process.stdout
        assert told is not None
        assert heard is not None
        told.write(f"{text}\nprintf '\\n{_END} %s\\n' $?\n")
        told.flush()
        lines: list[str] = []
        for line in heard:
            if line.startswith(_END):
                return int(line.split()[1]), "".join(lines)
            lines.append(line)
        pytest.fail(f"the shell ended: {text}")


def test_every_command_of_the_readme_does_what_it_says(tmp_path: Path) -> None:
    commands = read(ROOT / "README.md")
    assert commands
    with Shell(tmp_path) as shell:
        for command in commands:
            code, seen = shell.type(command.text)
            told = f"README.md:{command.line}: {command.text}\n{seen}"
            assert code == 0, told
            assert is_like("\n".join(command.answer), seen), told


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
        elif inside and line.startswith("> "):
            last = commands.pop()
            commands.append(replace(last, text=f"{last.text}\n{line[2:]}"))
        elif inside:
            last = commands.pop()
            commands.append(replace(last, answer=(*last.answer, line)))
    return commands


def _surroundings(folder: Path) -> dict[str, str]:
    return {
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "RESOLVE_HOME": str(folder / ".resolve"),
        "RESOLVE_PORT": "0",
        "LANG": "C.UTF-8",
        "COLUMNS": "100",
        "NO_COLOR": "1",
        "HOME": str(folder),
    }


def is_like(expected: str, got: str) -> bool:
    if not expected.strip():
        return True
    pattern = re.escape(expected.strip()).replace(r"\.\.\.", ".*")
    lines = [line.rstrip() for line in got.strip().splitlines()]
    return re.fullmatch(pattern, "\n".join(lines), re.DOTALL) is not None
