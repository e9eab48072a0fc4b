"""What was noticed in a text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How a wording looks for a culprit; a sentence is given one kind."""

    ACCUSATION = "accusation"
    """Somebody did it. Not: what happened, when, in which step."""
    GENERALISATION = "generalisation"
    """Always, never, all of them. Not: a machine, a rule, a count."""
    LABEL = "label"
    """What somebody is. Not: what a thing is like."""
    THREAT = "threat"
    """What will happen to somebody. Not: what somebody will do for the customer."""
    HINDSIGHT = "hindsight"
    """What others should have known. Not: what we ourselves now do otherwise."""
    PASSING_ON = "passing_on"
    """It was not us. Not: asking a neighbour for something."""
    SARCASM = "sarcasm"
    """Praise that is meant otherwise. Not: praise."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One wording: characters `start` to `end` of the text that was looked at.

    What is offered stands for the whole sentence: characters `first` to `last`, its
    sign at the end among them; `language` is the one of the sentence.
    """

    start: int
    end: int
    kind: Kind
    text: str
    suggestion: str
    first: int
    last: int
    language: str


@dataclass(frozen=True, slots=True)
class Looked:
    """The findings in order; `read` characters were looked at, of `length`."""

    findings: tuple[Finding, ...]
    read: int
    length: int

    @property
    def whole(self) -> bool:
        """Whether all of the text was looked at."""
        return self.read == self.length
