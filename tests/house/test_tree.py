"""What lies in the tree concerns the product, and nobody's machine or registry."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = {"build", "dist", "__pycache__", "node_modules"}
OUR_DOT_FOLDERS = {".ci", ".github"}

# Put together from halves, so that this file does not hold what it looks for.
ADDRESSES = [
    "py" + r"pi\.org",
    "python" + "hosted",
    "index" + "-url",
    "index" + "_url",
    "find" + "-links",
    "/sim" + "ple/",
    "file:" + "///opt",
]
MACHINES = [
    r"(?<!\w)/wo" + "rk/",
    "/ro" + "ot/",
    r"(?<!\w)/ho" + r"me/\w",
    "/opt/py" + "pi",
]
MAKING = [
    "clau" + "de",
    "anthro" + "pic",
    "co-authored" + "-by",
    "sub" + "agent",
    r"\bAI (agent|session)",
    "brief" + r"\.md",
    "shared/" + "(house|hooks|mission|architecture|interfaces|style|formulas)",
    r"(agent|coding) " + "session",
]


def test_no_file_holds_the_address_of_a_registry() -> None:
    _nothing_like(ADDRESSES, "which registry is used is the machine's own matter")


def test_no_file_holds_a_path_of_the_machine_it_was_made_on() -> None:
    _nothing_like(MACHINES, "give the path from the outside, or relative")


def test_no_file_tells_how_it_was_made() -> None:
    _nothing_like(MAKING, "files speak of the product")


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_requirement_of_a_lock_has_a_version_and_a_hash(lock: str) -> None:
    assert all(hashes for _, hashes in _locked(lock)), lock


def test_both_locks_hold_the_same_versions() -> None:
    run, work = (
        {name for name, _ in _locked(lock)}
        for lock in ("requirements.lock", "requirements-dev.lock")
    )
    assert run <= work, f"`make lock` mends: {sorted(run - work)}"


def _nothing_like(patterns: list[str], why: str) -> None:
    looked_for = re.compile("|".join(patterns), re.IGNORECASE)
    found = [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in _texts()
        for number, line in enumerate(text.splitlines(), 1)
        if looked_for.search(line)
    ]
    assert not found, "\n".join([f"{why}; found:", *found])


def _texts() -> Iterator[tuple[str, str]]:
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if _is_ours(name)]
        for file in sorted(files):
            path = Path(folder, file)
            try:
                yield path.relative_to(ROOT).as_posix(), path.read_text("utf-8")
            except UnicodeDecodeError:
                continue  # a font or a picture


def _is_ours(folder: str) -> bool:
    if folder.startswith("."):
        return folder in OUR_DOT_FOLDERS
    return folder not in NOT_OURS


def _locked(lock: str) -> list[tuple[str, int]]:
    """Give each pinned requirement with the number of its hashes."""
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    rows = [line.split("--hash=") for line in text.splitlines() if line.strip()]
    assert all("==" in row[0] for row in rows)
    return [(row[0].strip(), len(row) - 1) for row in rows]
