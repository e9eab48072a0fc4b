"""`resolve check | walk | draw` as a person or a script meets them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from resolve.cli import main

ORDER = Path(__file__).parents[1] / "chain" / "order.yaml"


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def resolve(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Give a way to run `resolve ...` here."""

    def run(*words: str | Path) -> Ran:
        monkeypatch.setattr(sys, "argv", ["resolve", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return Ran(int(ended.value.code or 0), printed.out, printed.err)

    return run


def _changed(folder: Path, old: str, new: str) -> Path:
    path = folder / "changed.yaml"
    text = ORDER.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    return path


def test_good_map_is_checked_with_code_0(resolve: Run) -> None:
    ran = resolve("check", ORDER)

    assert ran.code == 0
    assert "can be published: 0 errors, 0 warnings" in ran.out


def test_check_lists_distance_and_gatekeeper_of_each_step(resolve: Run) -> None:
    ran = resolve("check", ORDER, "--json")

    answer = json.loads(ran.out)
    assert answer["findings"] == []
    assert answer["steps"][:2] == [
        {"step": "take-order", "distance": 3, "gatekeeper": None},
        {"step": "pick", "distance": 5, "gatekeeper": "pack"},
    ]


def test_error_makes_code_1_and_says_file_line_key_and_what_to_do(
    resolve: Run, tmp_path: Path
) -> None:
    path = _changed(tmp_path, "department: stock", "department: stok")

    ran = resolve("check", path)

    assert ran.code == 1
    assert f"{path}:22: error: steps.pick.department: `stok`" in ran.out
    assert "Did you mean `stock`?" in ran.out
    assert ran.err == f"{path}: 1 error, 0 warnings.\n"


def test_findings_as_json_have_level_line_key_message_and_hint(
    resolve: Run, tmp_path: Path
) -> None:
    path = _changed(tmp_path, "within: P5D", "within: P2D")

    (found,) = json.loads(resolve("check", path, "--json").out)["findings"]

    assert set(found) == {"level", "line", "key", "message", "hint"}
    assert (found["level"], found["line"]) == ("warning", 11)


def test_warning_makes_code_0_and_strictly_1(resolve: Run, tmp_path: Path) -> None:
    path = _changed(tmp_path, "within: P5D", "within: P2D")

    assert resolve("check", path).code == 0
    assert resolve("check", path, "--strict").code == 1


def test_walk_prints_the_worked_example(resolve: Run) -> None:
    ran = resolve(
        "walk", ORDER, "--touchpoint", "door", "--promise", "on-time", "--json"
    )

    answer = json.loads(ran.out)
    assert (ran.code, answer["map"], answer["version"]) == (0, "order", None)
    assert [d["department"] for d in answer["departments"]] == [
        "carrier",
        "packing",
        "stock",
        "sales",
    ]


def test_walk_of_a_late_handover_is_a_table_for_people(resolve: Run) -> None:
    ran = resolve("walk", ORDER, "--handover", "pick", "pack", "--late")

    assert ran.code == 0
    assert "take-order > pick > pack" in ran.out


def test_walk_with_nobody_taking_part_is_an_empty_list(
    resolve: Run, tmp_path: Path
) -> None:
    path = _changed(tmp_path, "serves: [correct-bill]", "serves: []")

    ran = resolve(
        "walk", path, "--touchpoint", "payment", "--promise", "correct-bill", "--json"
    )

    assert (ran.code, json.loads(ran.out)["departments"]) == (0, [])


@pytest.mark.parametrize(
    "words",
    [
        ("--touchpoint", "dor", "--promise", "on-time"),
        ("--touchpoint", "door", "--promise", "in-time"),
        ("--touchpoint", "payment", "--promise", "intact"),
        ("--handover", "pack", "pick"),
    ],
)
def test_unknown_concern_is_refused_in_one_sentence(
    resolve: Run, words: tuple[str, ...]
) -> None:
    ran = resolve("walk", ORDER, *words)

    assert (ran.code, ran.out) == (1, "")
    assert len(ran.err.splitlines()) == 1


@pytest.mark.parametrize(
    "words",
    [
        ("walk", ORDER),
        ("walk", ORDER, "--touchpoint", "door"),
        ("walk", ORDER, "--handover", "pick"),
        ("walk", ORDER, "--touchpoint", "t", "--promise", "p", "--late"),
        ("walk", ORDER, "--touchpoint", "t", "--handover", "pick", "pack"),
        ("check",),
        ("check", ORDER, "--sloppy"),
        ("draw", ORDER, "-o", "order.gif"),
        ("draw", ORDER, "--outline", "-o", "order.svg"),
        ("draw", ORDER, "--language", "xx"),
        ("drow", ORDER),
    ],
)
def test_wrong_usage_has_code_2(resolve: Run, words: tuple[str | Path, ...]) -> None:
    assert resolve(*words).code == 2


def test_map_is_found_by_its_id(resolve: Run) -> None:
    assert resolve("check", "order-to-delivery").code == 0


def test_unknown_map_is_refused_with_the_nearest(resolve: Run) -> None:
    ran = resolve("check", "order-to-delivry")

    assert ran.code == 1
    assert "Did you mean `order-to-delivery`?" in ran.err


@pytest.mark.parametrize("name", ["", "a\0b", "x" * 5000, ".", "/nowhere/at/all.yaml"])
def test_no_name_of_a_map_ends_in_a_traceback(resolve: Run, name: str) -> None:
    ran = resolve("check", name)

    assert ran.code == 1
    assert ran.err


def test_map_with_errors_cannot_be_walked(resolve: Run, tmp_path: Path) -> None:
    path = _changed(tmp_path, "department: stock", "department: stok")

    ran = resolve("walk", path, "--touchpoint", "door", "--promise", "intact")

    assert ran.code == 1
    assert "line 22: steps.pick.department" in ran.err


def test_huge_file_is_refused_without_reading_it_whole(
    resolve: Run, tmp_path: Path
) -> None:
    path = tmp_path / "huge.yaml"
    path.write_bytes(b"#" * 10_000_000)

    assert "larger than 1 MB" in resolve("check", path).out


def test_picture_is_written_to_the_file_named(resolve: Run, tmp_path: Path) -> None:
    path = tmp_path / "order.svg"

    ran = resolve("draw", ORDER, "-o", path)

    assert (ran.code, ran.out) == (0, f"{path}\n")
    assert b"<svg" in path.read_bytes()


def test_picture_goes_to_standard_output_without_a_file(resolve: Run) -> None:
    assert "<svg" in resolve("draw", ORDER, "--department", "stock").out


def test_outline_says_the_same_in_words(resolve: Run) -> None:
    assert "Pick" in resolve("draw", ORDER, "--outline", "--language", "uk").out


def test_file_that_cannot_be_written_is_one_sentence(
    resolve: Run, tmp_path: Path
) -> None:
    ran = resolve("draw", ORDER, "-o", tmp_path / "no" / "such" / "o.dot")

    assert ran.code == 1
    assert "cannot be written" in ran.err


def test_reader_who_goes_away_is_no_error_message() -> None:
    command = [sys.executable, "-m", "resolve", "check", str(ORDER), "--json"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""


def test_start_imports_nothing_slow() -> None:
    slow = {"prefect", "sqlmodel", "sqlalchemy", "fastapi", "rich", "graphviz"}
    slow |= {"networkx", "numpy", "scipy"}
    code = f"import sys, resolve.cli.app; print({slow} & set(sys.modules))"

    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert ran.stdout.strip() == "set()"
