"""The two forms of an answer, and what makes one acceptable (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from resolve.chain.walk import Participant
from resolve.kit.clock import iso
from resolve.kit.texts import storable
from resolve.tasks.errors import AnswerForm, NotANeighbour, StepNotInTask
from resolve.tasks.models import Answer, AnswerKind


@dataclass(frozen=True, slots=True)
class Need:
    """What the change needs from a neighbour on the chain."""

    department: str
    what: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a department can change, at which of its steps, with what effect."""

    change: str
    step: str
    effect: str | None = None
    need: Need | None = None


@dataclass(frozen=True, slots=True)
class Answering:
    """An answer as it is given: proposals, or what was observed."""

    proposals: tuple[Proposal, ...] = ()
    observed: str | None = None
    minutes: int | None = None

    @property
    def kind(self) -> AnswerKind:
        if self.proposals:
            return AnswerKind.PROPOSALS
        return AnswerKind.NOTHING_TO_CHANGE

    def content(self) -> dict[str, Any]:
        """Give what is stored: proposals with their numbers, or the observation."""
        if not self.proposals:
            return {"observed": self.observed}
        return {
            "proposals": [
                {"number": number, "change": p.change, "step": p.step}
                | ({"effect": p.effect} if p.effect else {})
                | (
                    {"need": {"department": p.need.department, "what": p.need.what}}
                    if p.need
                    else {}
                )
                for number, p in enumerate(self.proposals, 1)
            ]
        }


def shown(answer: Answer) -> dict[str, Any]:
    """Show an answer in the form in which it is given, as every interface does."""
    content = answer.content or {}
    form = (
        {"proposals": content.get("proposals", [])}
        if answer.kind == AnswerKind.PROPOSALS
        else {"nothing_to_change": content}
    )
    return form | {
        "minutes": answer.minutes,
        "answered_at": iso(answer.answered_at),
        "by_word_of_mouth": answer.by_word_of_mouth,
    }


def guard(answer: Answering, to: Participant) -> None:
    """Refuse an answer that does not fit the task.

    Raises:
        AnswerForm: both forms at once, none, an empty text, minutes below 0.
        StepNotInTask: a proposal for a step that is not one of the department's.
        NotANeighbour: a need from a department without a hand-over to or from it.
    """
    if bool(answer.proposals) == (answer.observed is not None):
        raise AnswerForm(
            "An answer has either proposals or nothing_to_change.",
            hint="Propose at least one change, or say what you observed.",
        )
    if answer.minutes is not None and not 0 <= answer.minutes <= 100_000:  # noqa: PLR2004  two months
        raise AnswerForm("The minutes cannot be right.", pointer="/minutes")
    if answer.observed is not None:
        _words(answer.observed, "/nothing_to_change/observed")
    for place, proposal in enumerate(answer.proposals):
        _guard_proposal(proposal, to, f"/proposals/{place}")


def _guard_proposal(proposal: Proposal, to: Participant, pointer: str) -> None:
    _words(proposal.change, f"{pointer}/change")
    storable(proposal.effect or "", pointer=f"{pointer}/effect")
    if proposal.step not in to.steps:
        raise StepNotInTask(
            f"{proposal.step!r} is not a step of this task.",
            hint=f"Its steps are: {_list(to.steps)}.",
            pointer=f"{pointer}/step",
        )
    if proposal.need is None:
        return
    _words(proposal.need.what, f"{pointer}/need/what")
    guard_neighbour(proposal.need.department, to, f"{pointer}/need/department")


def guard_neighbour(department: str, to: Participant, pointer: str) -> None:
    """Refuse a department that has no hand-over to or from this one's steps."""
    if department not in to.neighbours:
        raise NotANeighbour(
            f"{department!r} is not a neighbour on the chain.",
            hint=f"The neighbours are: {_list(to.neighbours)}.",
            pointer=pointer,
        )


def _words(text: str, pointer: str) -> None:
    if not storable(text, pointer=pointer).strip():
        raise AnswerForm("A text is empty.", hint="Say it in words.", pointer=pointer)


def _list(ids: Sequence[str]) -> str:
    return ", ".join(ids) or "none"
