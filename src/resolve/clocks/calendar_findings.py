"""What is wrong with a calendar, where, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from resolve.kit.errors import Invalid
from resolve.kit.language import Language

_SHOWN = ("pointer", "line", "message", "hint")
_PHRASES = ("given", "wanted")
"""Facts that are words of ours themselves, and translated like texts."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with a calendar; `line` is 0 where there is no file.

    `said` holds message and hint before the `facts` were filled in, for those who read
    other languages.
    """

    pointer: str
    line: int
    message: str
    hint: str
    said: tuple[str, str] = field(default=("", ""), compare=False, repr=False)
    facts: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    def as_json(self) -> dict[str, Any]:
        """Give the finding as every interface shows it."""
        return {name: getattr(self, name) for name in _SHOWN}

    def in_(self, language: Language) -> tuple[str, str]:
        """Give message and hint in this language."""
        facts = {
            name: language.say(value) if name in _PHRASES else value
            for name, value in self.facts.items()
        }
        message, hint = self.said
        return language.say(message, **facts), language.say(hint, **facts)


class InvalidCalendar(Invalid):
    """A calendar that cannot be used; `findings` holds everything found wrong."""

    code = "invalid_calendar"

    def __init__(self, name: str, findings: tuple[Finding, ...]) -> None:
        first = findings[0]
        line = f", line {first.line}" if first.line else ""
        place = f", {first.pointer}" if first.pointer else ""
        more = f" ({len(findings) - 1} more.)" if len(findings) > 1 else ""
        super().__init__(
            f"Calendar {name}{line}{place}: {first.message}",
            hint=f"{first.hint}{more}",
            pointer=first.pointer,
            findings=[found.as_json() for found in findings],
        )
        self.findings = findings
