"""The form of an answer: proposals in numbered groups, or what was observed (pure).

Its fields are plain texts named `change-1`, `step-1` and so on, so that the form grows
without scripts, is kept whole as a draft, and comes back as it was typed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from resolve.kit.errors import ResolveError
from resolve.tasks.answers import Answering, Need, Proposal
from resolve.tasks.errors import AnswerForm
from resolve.tasks.models import Answer

MOST_GROUPS = 20
NOTHING = "/change-1"
"""Where an empty answer is told what it lacks."""
_PARTS = ("change", "step", "effect", "need_department", "need_what")


@dataclass(frozen=True, slots=True)
class Group:
    """One proposal as it is typed; a step alone is no proposal yet."""

    number: int
    change: str = ""
    step: str = ""
    effect: str = ""
    need_department: str = ""
    need_what: str = ""

    @property
    def empty(self) -> bool:
        typed = (self.change, self.effect, self.need_department, self.need_what)
        return not any(text.strip() for text in typed)

    def proposal(self) -> Proposal:
        asks = self.need_department or self.need_what.strip()
        need = Need(self.need_department, self.need_what) if asks else None
        return Proposal(self.change, self.step, self.effect.strip() or None, need)


@dataclass(frozen=True, slots=True)
class Form:
    """An answer as it is typed."""

    groups: tuple[Group, ...] = (Group(1),)
    observed: str = ""
    minutes: str = ""

    @property
    def empty(self) -> bool:
        nothing = not self.observed.strip() and not self.minutes.strip()
        return nothing and all(group.empty for group in self.groups)

    def given(self) -> Answering:
        """Give the answer that was typed.

        Raises:
            AnswerForm: it says nothing, or the minutes are no number.
        """
        proposals = tuple(one.proposal() for one in self.groups if not one.empty)
        if not proposals and not self.observed.strip():
            raise AnswerForm("The answer says nothing yet.", pointer=NOTHING)
        return Answering(
            proposals,
            self.observed if self.observed.strip() else None,
            _whole(self.minutes),
        )

    def content(self) -> dict[str, str]:
        """Give what a draft keeps: the fields that hold something."""
        if self.empty:
            return {}
        fields = {
            f"{part}-{group.number}": str(getattr(group, part))
            for group in self.groups
            for part in _PARTS
        }
        fields |= {"observed": self.observed, "minutes": self.minutes}
        fields["groups"] = str(len(self.groups))
        return {name: text for name, text in fields.items() if text}

    def longer(self) -> Form:
        """Give the form with room for one more proposal."""
        if len(self.groups) >= MOST_GROUPS:
            return self
        return replace(self, groups=(*self.groups, Group(len(self.groups) + 1)))

    def together(self, other: Form) -> Form:
        """Put both together: nothing of either is lost, what is equal stands once."""
        groups: list[Group] = []
        for group in (*self.groups, *other.groups):
            known = {replace(one, number=0) for one in groups}
            if not group.empty and replace(group, number=0) not in known:
                groups.append(replace(group, number=len(groups) + 1))
        observed = self.observed
        if other.observed.strip() and other.observed.strip() not in observed:
            observed = "\n\n".join(t for t in (observed, other.observed) if t.strip())
        minutes = self.minutes or other.minutes
        return Form(tuple(groups) or (Group(1),), observed, minutes)

    def field(self, why: ResolveError) -> str:
        """Name the field that an error of the answer is about, if it is about one."""
        parts = why.pointer.strip("/").split("/")
        if parts[0] in ("minutes", "reason"):
            return parts[0]
        if parts[0] == "nothing_to_change":
            return "observed"
        if parts[0] != "proposals" or not parts[1].isdigit():
            return parts[0]
        numbers = [group.number for group in self.groups if not group.empty]
        return f"{'_'.join(parts[2:])}-{numbers[int(parts[1])]}"


def read(typed: Mapping[str, str]) -> Form:
    """Read the form back from what was typed, however it was sent."""
    numbers = [_number(name) for name in typed]
    groups = _whole_or(typed.get("groups", ""), 1)
    last = min(max([1, groups, *numbers]), MOST_GROUPS)
    return Form(
        tuple(
            Group(n, *(typed.get(f"{part}-{n}", "") for part in _PARTS))
            for n in range(1, last + 1)
        ),
        typed.get("observed", ""),
        typed.get("minutes", ""),
    )


def of_answer(answer: Answer) -> Form:
    """Fill the form with an answer that was given, to change it."""
    content = answer.content or {}
    proposals: Sequence[Mapping[str, Any]] = content.get("proposals", ())
    groups = tuple(_group(n, one) for n, one in enumerate(proposals, 1))
    minutes = "" if answer.minutes is None else str(answer.minutes)
    return Form(groups or (Group(1),), content.get("observed") or "", minutes)


def _group(number: int, proposal: Mapping[str, Any]) -> Group:
    need = proposal.get("need") or {}
    return Group(
        number,
        proposal.get("change", ""),
        proposal.get("step", ""),
        proposal.get("effect") or "",
        need.get("department", ""),
        need.get("what", ""),
    )


def _number(name: str) -> int:
    part, _, number = name.rpartition("-")
    return _whole_or(number, 0) if part in _PARTS else 0


def _whole_or(text: str, otherwise: int) -> int:
    fits = text.isascii() and text.isdigit() and len(text) < 4  # noqa: PLR2004
    return int(text) if fits else otherwise


def _whole(text: str) -> int | None:
    plain = text.strip()
    if not plain:
        return None
    if not plain.isascii() or not plain.isdigit() or len(plain) > 6:  # noqa: PLR2004
        raise AnswerForm("The minutes are no number.", pointer="/minutes")
    return int(plain)
