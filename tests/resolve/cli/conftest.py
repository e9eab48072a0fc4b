"""Commands as a person or a script meets them, on a database of each kind."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from resolve.cli import main
from resolve.kit.settings import settings


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        assert self.code == 0, self.err
        return json.loads(self.out)

    @property
    def is_refused(self) -> bool:
        """Tell whether it said in one sentence why not, and nothing else."""
        one_line = len(self.err.splitlines()) == 1 and "Traceback" not in self.err
        return self.code == 1 and one_line and not self.out


Run = Callable[..., Ran]


@pytest.fixture
def command_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Give a way to run `resolve ...` here, with the settings as they are."""

    def run(*words: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["resolve", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return Ran(int(ended.value.code or 0), printed.out, printed.err)

    return run


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a home of its own to what this test runs."""
    folder = tmp_path / "home"
    monkeypatch.setenv("RESOLVE_HOME", str(folder))
    settings.cache_clear()
    yield folder
    settings.cache_clear()


@pytest.fixture
def resolve(
    home: Path, database_url: str, command_line: Run, monkeypatch: pytest.MonkeyPatch
) -> Run:
    """Give a way to run `resolve ...` on the database of this test."""
    assert not home.exists()
    monkeypatch.setenv("RESOLVE_DATABASE_URL", database_url)
    settings.cache_clear()
    return command_line
