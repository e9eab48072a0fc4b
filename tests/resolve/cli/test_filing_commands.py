"""`resolve file` as a person or a script meets it."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from resolve.cli import main
from resolve.kit.settings import settings

ROOT = Path(__file__).parents[3]
NYC = ROOT / "tests/stories/nyc311.mapping.yaml"
MAPPING = """\
resolve-mapping: 1
of: complaints
fields: {reference: No, text: Words}
constants: {source: shop}
"""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def resolve(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    sqlite_url: str,
    tmp_path: Path,
) -> Iterator[Run]:
    """Give a way to run `resolve ...` here, on an empty database."""
    monkeypatch.setenv("RESOLVE_DATABASE_URL", sqlite_url)
    monkeypatch.chdir(tmp_path)
    settings.cache_clear()

    def run(*words: str | Path) -> Ran:
        monkeypatch.setattr(sys, "argv", ["resolve", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return Ran(int(ended.value.code or 0), printed.out, printed.err)

    yield run
    settings.cache_clear()


def written(name: str, text: str) -> Path:
    path = Path(name)
    path.write_bytes(text.encode())
    return path


def test_it_says_what_became_of_the_rows_and_a_second_time_files_none(
    resolve: Run,
) -> None:
    table = written("t.csv", "No,Words\n1,Late\n2,Lost\n")
    by = written("m.yaml", MAPPING)

    first = resolve("file", table, "--mapping", by)
    again = resolve("file", table, "--mapping", by, "--json")

    assert first.code == again.code == 0
    assert first.out == "2 filed, 0 already there, 0 rejected, 2 to be placed.\n"
    assert json.loads(again.out) == {
        "filed": 0,
        "already_there": 2,
        "rejected": 0,
        "to_be_placed": 0,
        "warnings": {},
        "rejected_rows": None,
    }
    assert not Path("t.csv.rejected.csv").exists()


def test_rejected_rows_go_to_a_file_that_can_be_put_right_and_filed(
    resolve: Run,
) -> None:
    table = written("t.csv", "No,Words\n1,Late\n2,\n3,Lost\n4\n")
    by = written("m.yaml", MAPPING)

    ran = resolve("file", table, "--mapping", by)

    assert ran.code == 1
    assert ran.out.startswith("2 filed, 0 already there, 2 rejected")
    rejected = Path("t.csv.rejected.csv")
    assert str(rejected) in ran.out
    found = list(csv.reader(rejected.read_text("utf-8").splitlines()))
    assert found[0] == ["row", "line", "reason", "No", "Words"]
    assert [row[:2] + row[3:] for row in found[1:]] == [
        ["2", "3", "2", ""],
        ["4", "5", "4"],
    ]
    assert found[1][2] == (
        "text: The complaint has no text. Say in the customer's words what happened."
    )
    mended = rejected.read_text().replace(",2,", ",2,Broken").replace(",4", ",4,Cold")
    put_right = written("right.csv", mended)
    assert resolve("file", put_right, "--mapping", by).out.startswith("2 filed")


def test_the_file_of_rejected_rows_can_be_named(resolve: Run) -> None:
    table = written("t.csv", "No,Words\n1,\n")
    by = written("m.yaml", MAPPING)

    ran = resolve("file", table, "--mapping", by, "--rejected", "bad.csv")

    assert ran.code == 1
    assert Path("bad.csv").read_text().count("\n") == 2
    assert resolve("file", table, "--mapping", by, "--rejected", table).code == 1
    assert table.read_text() == "No,Words\n1,\n"


def test_an_unpublished_map_is_told_once_for_all_rows(resolve: Run) -> None:
    table = written("t.csv", "No,Words\n1,Late\n")
    by = written("m.yaml", MAPPING.replace("shop}", "shop, map: order}"))

    ran = resolve("file", table, "--mapping", by)

    assert ran.code == 0
    assert "No map `order` is published" in ran.err


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("of: complaints", "of: step-times"), "m.yaml, line 2: of: This is a mapping"),
        (("Words}", "Word}"), "has no column `Word`. Did you mean `Words`?"),
        (("fields", "field"), "line 3: field: The key `field` is unknown here."),
    ],
)
def test_a_mistake_of_the_mapping_is_one_sentence_and_files_nothing(
    resolve: Run, change: tuple[str, str], says: str
) -> None:
    table = written("t.csv", "No,Words\n1,Late\n")
    by = written("m.yaml", MAPPING.replace(*change))

    ran = resolve("file", table, "--mapping", by)

    assert (ran.code, ran.out) == (1, "")
    assert says in ran.err
    assert ran.err.endswith("Nothing was taken.\n")
    mended = written("m.yaml", MAPPING)
    assert resolve("file", table, "--mapping", mended).out.startswith("1 filed")


def test_files_that_are_not_there_are_named(resolve: Run) -> None:
    by = written("m.yaml", MAPPING)

    assert "nothing.csv" in resolve("file", "nothing.csv", "--mapping", by).err
    assert "nothing.yaml" in resolve("file", by, "--mapping", "nothing.yaml").err
    assert resolve("file", by).code == 2


def test_killed_at_any_moment_and_started_again_it_files_the_missing_ones(
    data: Path, sqlite_url: str, tmp_path: Path
) -> None:
    table = data / "complaints/nyc311_micro_2000.csv"
    words = ["-m", "resolve", "file", str(table), "--mapping", str(NYC)]
    command = [sys.executable, *words]
    env = {
        **os.environ,
        "RESOLVE_DATABASE_URL": sqlite_url,
        "PYTHONPATH": str(ROOT / "src"),
    }

    for pause in (1.2, 1.5):
        running = subprocess.Popen(
            command, env=env, cwd=tmp_path, stdout=subprocess.PIPE
        )
        time.sleep(pause)
        running.send_signal(signal.SIGKILL)
        running.communicate()
    ended = subprocess.run(
        [*command, "--json"], env=env, cwd=tmp_path, capture_output=True, check=True
    )

    found = json.loads(ended.stdout)
    assert found["filed"] + found["already_there"] == 2000
    assert found["rejected"] == 0
