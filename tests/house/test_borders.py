"""One place each commits, tells the time and reads the environment."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ("src", "api", "flows", "bench")
CLOCKS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
}


def test_only_the_database_commits() -> None:
    found = list(_calls(named={"commit"}, home="src/resolve/kit/database.py"))
    assert not found, _told("`kit.database.transaction` commits, nothing else", found)


def test_only_the_clock_tells_the_time() -> None:
    home = "src/resolve/kit/clock.py"
    found = [
        f"{where} {owner}.{name}()"
        for where, owner, name in _owned_calls(home=home)
        if (owner, name) in CLOCKS
    ]
    assert not found, _told("take the time as `at=`, or from `kit.clock`", found)


def test_only_the_settings_read_the_environment() -> None:
    home = "src/resolve/kit/settings.py"
    found = [
        f"{where} {name}" for where, name in _names(home) if name in _READS_ENVIRONMENT
    ]
    assert not found, _told("read it in `kit.settings`, describe it there", found)


def test_no_flow_waits_and_no_work_is_left_in_memory() -> None:
    waits = {"delay", "pause_flow_run", "suspend_flow_run", "BackgroundTasks"}
    found = [
        f"{where} {name}"
        for where, name in _names("")
        if name.rpartition(".")[2] in waits
    ]
    assert not found, _told("what must happen next goes into the outbox", found)


def test_no_name_in_the_code_is_for_whose_fault_something_was() -> None:
    found = [
        f"{module}:{line} {name}"
        for module, tree in _modules(home="")
        if "/wording/" not in module  # which notices such words in texts
        for line, name in _given_names(tree)
        if _FAULT.search(name)
    ]
    assert not found, _told("ask for solutions; nobody is at fault here", found)


def test_the_library_is_found_by_these_tests() -> None:
    assert any(_modules(home=""))


_FAULT = re.compile(
    r"culprit|guilt|blame|offender|at_fault|fault_of|(?:^|_)fault$", re.IGNORECASE
)
_READS_ENVIRONMENT = {
    f"{of}{name}"
    for of in ("os.", "")
    for name in ("getenv", "environ.get", "environ[]")
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import os\nos.environ['A']", ["os.environ[]"]),
        ("import os\nos.environ.get('A')", ["os.environ.get"]),
        ("import os\nos.getenv('A')", ["os.getenv"]),
        ("import os\nrun(env={**os.environ, 'A': '1'})", []),
        ("import os\nos.environ['A'] = '1'", []),
    ],
    ids=["by key", "get", "getenv", "handing it on to a child", "writing it"],
)
def test_reading_the_environment_is_recognised(text: str, expected: list[str]) -> None:
    found = [name for _, name in _names_in(ast.parse(text))]
    assert [name for name in found if name in _READS_ENVIRONMENT] == expected


def _modules(home: str) -> Iterator[tuple[str, ast.Module]]:
    for source in SOURCE:
        for path in sorted((ROOT / source).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if name != home:
                yield name, ast.parse(path.read_text(encoding="utf-8"))


def _calls(named: set[str], home: str) -> Iterator[str]:
    for where, owner, name in _owned_calls(home):
        if name in named:
            yield f"{where} {owner}.{name}()"


def _owned_calls(home: str) -> Iterator[tuple[str, str, str]]:
    """Give every call of the form `owner.name(...)`, by the last word of the owner."""
    for module, tree in _modules(home):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                owner = ast.unparse(node.func.value).rpartition(".")[2]
                yield f"{module}:{node.lineno}", owner, node.func.attr


def _names(home: str) -> Iterator[tuple[str, str]]:
    for module, tree in _modules(home):
        for line, name in _names_in(tree):
            yield f"{module}:{line}", name


def _names_in(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name):
            yield node.lineno, ast.unparse(node)
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            yield node.lineno, f"{ast.unparse(node.value)}[]"


def _given_names(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Give the names that this code chooses, and the words it keys things by."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Constant) and str(node.value).isidentifier():
            yield node.lineno, str(node.value)  # a column, a key, a state


def _told(rule: str, found: list[str]) -> str:
    return "\n".join([f"{rule}; these do otherwise:", *found])
