"""What is wrong with a map is said in the reader's language, with the same facts."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from resolve.chain.reader import read
from resolve.kit.language import language

CHAIN = Path(__file__).resolve().parents[3] / "src/resolve/chain"
BROKEN = """\
resolve: 2
id: a b
titel: x
departments: {sales: {kind: partnr}}
promises: {on-time: {within: P1Y}}
steps:
  take: {department: slaes, time: -P1D, gives: [a]}
  take: {}
handovers: {from: take}
touchpoints: {door: {step: take, promises: [on-time, on-time]}}
"""


def _texts() -> Iterator[str]:
    """Give the texts of findings as they stand in the source."""
    for path in CHAIN.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            yield from _of(node, path.name)


def _of(node: ast.AST, name: str) -> Iterator[str]:
    names = {"message", "hint", "needed", "MEANT"}
    if isinstance(node, ast.Assign):
        if {getattr(one, "id", "") for one in node.targets} & names:
            yield from _words(node.value)
    elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") in (
        "error",
        "warning",
    ):
        yield from (w for arg in node.args[1:] for w in _words(arg))
    elif name == "durations.py" and "BadDuration(" in ast.unparse(node):
        yield from _words(node) if isinstance(node, ast.Raise) else ()


def _words(node: ast.AST) -> Iterator[str]:
    found = (one.value for one in ast.walk(node) if isinstance(one, ast.Constant))
    yield from (one for one in found if isinstance(one, str) and " " in one.strip())


@pytest.mark.parametrize("code", ["ru", "uk"])
def test_every_text_of_a_finding_is_translated(code: str) -> None:
    speaks = language(code)
    same = [text for text in _texts() if speaks._catalogue.gettext(text) == text]
    assert not same


def test_facts_stand_in_every_language() -> None:
    for found in read(BROKEN).findings:
        assert found.in_(language("en")) == (found.message, found.hint)
        for code in ("ru", "uk"):
            message, hint = found.in_(language(code))
            assert message != found.message
            assert "{" not in message.replace(found.facts.get("sample", ""), "")
            for name in ("word", "name", "near"):
                fact = found.facts.get(name, "")
                if f"{{{name}}}" in found.said[0] + found.said[1]:
                    assert fact in message + hint


def test_braces_of_a_map_are_no_facts() -> None:
    (found,) = [
        one for one in read("resolve: 1\n{evil}: x\nid: '{word}'\n").findings
        if "{word}" in one.message
    ]  # fmt: skip
    assert "{word}" in found.in_(language("uk"))[0]
