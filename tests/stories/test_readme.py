"""The commands of the README, run as a reader would type them.

In a block marked `console`, a line that begins with `$ ` is run and the lines below
it, if there are any, are its answer; `...` stands for anything. All blocks run one
after the other in one empty folder. A block with a file's name after its language is
that file. A command that ends in `&` goes on running, and what is looked at after it
may take a moment. Blocks marked `sh` are not run.
`RESOLVE_BIN` names the folder of the `resolve` to try, by default this environment's.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
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

    @property
    def goes_on(self) -> bool:
        return self.text.endswith(" &")


@pytest.mark.timeout(400)
def test_every_command_of_the_readme_does_what_it_says(tmp_path: Path) -> None:
    page = ROOT / "README.md"
    for name, content in files(page):
        (tmp_path / name).write_text(content, encoding="utf-8")
    commands = read(page)
    assert commands
    with ExitStack() as running:
        goes_on = False
        for command in commands:
            if command.goes_on:
                running.enter_context(going_on(command, tmp_path))
                goes_on = True
            else:
                does_what_it_says(command, tmp_path, patience=120 if goes_on else 0)


def does_what_it_says(command: Command, folder: Path, *, patience: float) -> None:
    end = time.monotonic() + patience
    while True:
        done = run(command.text, folder)
        right = is_like("\n".join(command.answer), done.stdout)
        if done.returncode == 0 and right:
            return
        told = f"README.md:{command.line}: {command.text}\n{done.stdout}{done.stderr}"
        assert time.monotonic() < end, told
        time.sleep(1)


@contextmanager
def going_on(command: Command, folder: Path) -> Iterator[None]:
    """Run a command until its answer is there, then beside the others."""
    log = folder / "going-on.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command.text.removesuffix(" &").split(),
            cwd=folder,
            env=surroundings(folder),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        end = time.monotonic() + 120
        while not is_like(
            "...\n" + "\n".join(command.answer) + "\n...", log.read_text()
        ):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.2)
        yield
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


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


def files(page: Path) -> Iterator[tuple[str, str]]:
    """Give the files that stand in the page, with their names."""
    text = page.read_text(encoding="utf-8")
    yield from re.findall(r"^```\w+ (\S+)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def surroundings(folder: Path) -> dict[str, str]:
    return {
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "RESOLVE_HOME": str(folder / ".resolve"),
        "RESOLVE_PORT": "0",
        "LANG": "C.UTF-8",
        "COLUMNS": "100",
        "NO_COLOR": "1",
        "HOME": str(folder),
    }


def run(text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", text],
        cwd=folder,
        env=surroundings(folder),
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
