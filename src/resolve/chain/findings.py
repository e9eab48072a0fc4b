"""What is wrong with a map file, where, and what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any, ClassVar

from resolve.kit.errors import Invalid
from resolve.kit.language import Language

MEANT = "Did you mean `{near}`?"


class Level(StrEnum):
    """An error keeps a map from being published; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found in a map.

    `key` is dotted, as in `steps.pick.department`; items of a list are numbered from
    1. `line` is 1 or more for what was read from a file, else 0. `said` holds message
    and hint before the `facts` were filled in, for those who read other languages.
    """

    level: Level
    file: str
    line: int
    key: str
    message: str
    hint: str
    said: tuple[str, str] = field(default=("", ""), compare=False, repr=False)
    facts: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: {self.level}: "
        key = f"{self.key}: " if self.key else ""
        return f"{place}{key}{self.message} {self.hint}".strip()

    def as_json(self) -> dict[str, Any]:
        """Give the finding as every interface shows it, without the file's name."""
        return {
            name: str(value) if name == "level" else value
            for name, value in asdict(self).items()
            if name in _SHOWN
        }

    def in_(self, language: Language) -> tuple[str, str]:
        """Give message and hint in this language."""
        facts = {
            name: language.say(value) if name in _PHRASES else value
            for name, value in self.facts.items()
        }
        message, hint = self.said
        return language.say(message, **facts), language.say(hint, **facts)


_SHOWN = ("level", "line", "key", "message", "hint")
_PHRASES = ("why", "what")
"""Facts that are words of ours themselves, and translated like texts."""


def finding(
    level: Level, message: str, hint: str, *, key: str = "", **facts: str
) -> Finding:
    """Make a finding of two texts and the facts that stand in them in braces."""
    said = (message, hint)
    if facts:
        message, hint = message.format(**facts), hint.format(**facts)
    return Finding(level, "", 0, key, message, hint, said, facts)


class InvalidMap(Invalid):
    """A map with errors, which nothing can be done with; carries all findings."""

    code: ClassVar[str] = "invalid_map"

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        errors = [found for found in findings if found.level is Level.ERROR]
        first = errors[0]
        key = f"{first.key}: " if first.key else ""
        place = f"{first.file} cannot be used: line {first.line}: {key}"
        more = f" ({len(errors) - 1} more errors.)" if len(errors) > 1 else ""
        super().__init__(
            f"{place}{first.message}",
            hint=f"{first.hint}{more}".strip(),
            findings=[found.as_json() for found in findings],
        )
        self.findings = findings


@dataclass(slots=True)
class Notes:
    """Collects what is found while a file is read, and where each key stands."""

    file: str
    lines: dict[str, int] = field(default_factory=dict)
    found: list[Finding] = field(default_factory=list)
    erring: set[str] = field(default_factory=set)
    """Keys with an error, and all keys around them."""
    comparisons: int = 50_000
    """Left for suggestions: nearness costs time, and a file may be all mistakes."""

    def error(self, line: int, key: str, message: str, hint: str, **facts: str) -> None:
        self._add(Level.ERROR, line, key, message, hint, facts)
        while key and key not in self.erring:
            self.erring.add(key)
            key = key.rpartition(".")[0]

    def warning(
        self, line: int, key: str, message: str, hint: str, **facts: str
    ) -> None:
        self._add(Level.WARNING, line, key, message, hint, facts)

    def _add(
        self,
        level: Level,
        line: int,
        key: str,
        message: str,
        hint: str,
        facts: Mapping[str, str],
    ) -> None:
        made = finding(level, message, hint, key=key, **facts)
        self.found.append(replace(made, file=self.file, line=line))

    def line_of(self, key: str) -> int:
        """Give the line of a key, or of the nearest thing around it."""
        while key and key not in self.lines:
            key = key.rpartition(".")[0]
        return self.lines.get(key, 1)

    def nearest(self, word: str, known: Iterable[str]) -> str:
        """Say which known word this one was probably meant to be, or ''."""
        near = self.near(word, known)
        return MEANT.format(near=near) if near else ""

    def near(self, word: str, known: Iterable[str]) -> str:
        """Give the known word that this one was probably meant to be, or ''."""
        candidates = list(known)
        self.comparisons -= len(candidates)
        if self.comparisons < 0:
            return ""
        found = difflib.get_close_matches(word[:100], candidates, n=1)
        return found[0] if found else ""

    def in_order(self) -> tuple[Finding, ...]:
        """Give all findings by line; of one line, in the order they were found."""
        return tuple(sorted(self.found, key=lambda found: found.line))

    @property
    def has_errors(self) -> bool:
        return any(found.level is Level.ERROR for found in self.found)
