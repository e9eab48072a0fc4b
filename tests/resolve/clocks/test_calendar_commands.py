from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from resolve.cli.calendars import commands
from resolve.kit.errors import BadRequest, NotFound, ResolveError


@pytest.fixture
def office(tmp_path: Path) -> str:
    file = tmp_path / "office.yaml"
    file.write_text('zone: Europe/Kyiv\nweek: {mon: ["09:00-13:00"]}\n', "utf-8")
    return str(file)


def run(*words: str) -> str:
    return CliRunner().invoke(commands, words, catch_exceptions=False).stdout.strip()


def test_says_when_working_time_is_over(office: str) -> None:
    words = ("due", office, "--start", "2026-11-20T10:00:00Z", "--in", "PT8H")
    assert json.loads(run(*words, "--json")) == {"due": "2026-11-30T11:00:00Z"}
    assert run(*words) == "2026-11-30T11:00:00Z"


def test_counts_working_seconds(office: str) -> None:
    words = ("between", office, "2026-11-23T12:00", "2026-12-23T12:00")
    assert json.loads(run(*words, "--json")) == {"seconds": 3600 * (1 + 4 * 4)}
    swapped = ("between", office, words[3], words[2], "--json")
    assert json.loads(run(*swapped)) == {"seconds": 0}


def test_goes_back_and_knows_the_default() -> None:
    words = ("due", "default", "--start", "2026-11-23T10:00Z", "--in", "-PT2H")
    assert run(*words) == "2026-11-20T17:00:00Z"


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (("due", "default", "--start", "yesterday", "--in", "PT8H"), BadRequest),
        (("due", "default", "--start", "2026-11-23", "--in", "P1M"), BadRequest),
        (("between", "nowhere.yaml", "2026-11-23", "2026-11-24"), NotFound),
    ],
)
def test_says_what_is_wrong(words: tuple[str, ...], kind: type[ResolveError]) -> None:
    with pytest.raises(kind) as raised:
        run(*words)
    assert raised.value.hint
