"""What changed between two maps, what is wrong with one, and errors, in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from resolve.chain.comparison import Change, Mark, Thing, compare
from resolve.chain.findings import Finding, Level
from resolve.chain.model import Kind, Text, ValueChain
from resolve.kit.language import Language
from resolve.steptimes.discovering import few_in_words
from resolve_api.pages.said import SAID

_FROM_A_LOG = re.compile(r"(?m)^# Drafted from a log of (\d{1,9}) orders ")

SAID["unknown_map"] = lambda it, _: it.say("There is no such map.")
SAID["unknown_version"] = lambda it, _: it.say("The map has no such version.")
SAID["unknown_draft"] = lambda it, _: it.say(
    "There is no such draft: it was published or deleted. Look at the list of maps."
)
SAID["map_retired"] = lambda it, _: it.say(
    "This map is retired: nothing new is placed on it. Choose another one."
)
SAID["draft_changed"] = lambda it, _: it.say(
    "Somebody else saved this draft in between. Look at both texts, then save what "
    "shall stay."
)
SAID["stale"] = lambda it, _: it.say(
    "Somebody else changed this in between. Look at it again."
)
SAID["nothing_before"] = lambda it, _: it.say(
    "There is no version before this one. Retire the map if no new complaint shall be "
    "placed on it."
)
SAID["reason_missing"] = lambda it, _: it.say("Say in a sentence why.")
SAID["invalid_map"] = lambda it, _: it.say(
    "The map cannot be published as it is. What to change stands beside it."
)
SAID["id_mismatch"] = lambda it, _: it.say(
    "The map names another id than the one it changes. Put the id back, or begin a "
    "new map with that id."
)
SAID["department_of_another_kind"] = lambda it, _: it.say(
    "A department cannot be ours in one map and a partner in another. Keep its kind, "
    "or give the other one an id of its own."
)
SAID["unknown_touchpoint"] = lambda it, _: it.say("The map has no such touchpoint.")
SAID["unknown_promise"] = lambda it, _: it.say("The map has no such promise.")
SAID["promise_not_here"] = lambda it, _: it.say(
    "This promise is not made at this touchpoint. Choose another one."
)
SAID["unknown_department"] = lambda it, _: it.say("There is no such department here.")
SAID["unknown_format"] = lambda it, _: it.say("There is no such kind of picture.")


def version_named(language: Language, number: int) -> str:
    """Name a version."""
    return language.say("version {n}", n=number)


@dataclass(frozen=True, slots=True)
class Found:
    """A finding as a page shows it."""

    is_error: bool
    line: int
    key: str
    message: str
    hint: str


def found(language: Language, findings: Sequence[Finding]) -> list[Found]:
    """Give findings in the reader's language, errors first."""
    shown = [
        Found(one.level is Level.ERROR, one.line, one.key, *one.in_(language))
        for one in findings
    ]
    return sorted(shown, key=lambda one: not one.is_error)


def few_orders(language: Language, text: str) -> list[Found]:
    """Warn where the times of a draft come from a log of few orders, as it says."""
    said = _FROM_A_LOG.search(text)
    warned = few_in_words(int(said[1]), language) if said else ()
    if said is None or not warned:
        return []
    message, hint = warned
    line = text.count("\n", 0, said.start()) + 1
    return [Found(is_error=False, line=line, key="", message=message, hint=hint)]


@dataclass(frozen=True, slots=True)
class Told:
    """A difference in words; `sign` says without colour what became of the thing."""

    mark: str
    sign: str
    text: str


_SIGNS = {Mark.ADDED: "+", Mark.REMOVED: "–", Mark.CHANGED: "±"}


def changes(language: Language, before: ValueChain, after: ValueChain) -> list[Told]:
    """Give what changed between two chains as sentences, in the order of the map."""
    teller = _Teller(language, before, after)
    return [
        Told(str(one.mark), _SIGNS[one.mark], teller.tell(one))
        for one in compare(before, after)
    ]


@dataclass(frozen=True, slots=True)
class _Teller:
    """Knows both chains and so the name of everything."""

    it: Language
    before: ValueChain
    after: ValueChain

    def tell(self, change: Change) -> str:
        if change.field == "order":
            return self._order(change.thing)
        if change.mark is not Mark.CHANGED:
            return _WHOLE[change.thing, change.mark](self, change)
        if self._other_language(change):
            return self.it.say(
                "{thing}: its text in other languages changed.",
                thing=self._thing(change),
            )
        return _FIELDS[change.thing, change.field](self, change)

    def _order(self, thing: Thing) -> str:
        if thing is Thing.STEP:
            return self.it.say(
                "The order of the steps changed; it decides between equally short ways."
            )
        return self.it.say("The order of the departments changed.")

    def _other_language(self, change: Change) -> bool:
        texts = change.before, change.after
        return _is_text(change.before) and self.value(texts[0]) == self.value(texts[1])

    def _thing(self, change: Change) -> str:
        if change.thing is Thing.MAP:
            return self.it.say("The map")
        return " → ".join(f"“{self.name(change.thing, one)}”" for one in change.ids)

    def name(self, thing: Thing, name: str, *, old: bool = False) -> str:
        """Give the title of a thing, in the later chain if it is there."""
        section = {
            Thing.DEPARTMENT: "departments",
            Thing.PROMISE: "promises",
            Thing.TOUCHPOINT: "touchpoints",
        }.get(thing, "steps")
        chains = (self.before, self.after) if old else (self.after, self.before)
        for chain in chains:
            known: Mapping[str, Any] = getattr(chain, section)
            if name in known:
                return str(known[name].title.in_(self.it.code))
        return name

    def value(self, value: Any) -> str:  # noqa: ANN401  of any field
        """Give a value of a field in words."""
        if isinstance(value, Text):
            return value.in_(self.it.code) or self.it.say("nothing")
        if isinstance(value, timedelta):
            return self.it.duration(value)
        if isinstance(value, tuple):
            return ", ".join(map(self.value, value)) or self.it.say("nothing")
        if isinstance(value, Kind):
            ours = value is Kind.INTERNAL
            return self.it.say("our own") if ours else self.it.say("a partner")
        return self.it.say("nothing") if value is None else str(value)

    def both(self, change: Change) -> dict[str, str]:
        return {"before": self.value(change.before), "after": self.value(change.after)}

    def named(self, change: Change, thing: Thing) -> dict[str, str]:
        """Give before and after where they are ids of things."""
        return {
            "before": self._names(thing, change.before, old=True),
            "after": self._names(thing, change.after, old=False),
        }

    def _names(self, thing: Thing, ids: Any, *, old: bool) -> str:  # noqa: ANN401
        every = (ids,) if isinstance(ids, str) else ids or ()
        names = ", ".join(self.name(thing, one, old=old) for one in every)
        return names or self.it.say("nothing")

    def owner(self, change: Change) -> str:
        """Give the department of a step that was added or removed."""
        old = change.mark is Mark.REMOVED
        step = (self.before if old else self.after).steps[change.ids[0]]
        return self.name(Thing.DEPARTMENT, step.department, old=old)


def _is_text(value: object) -> bool:
    if isinstance(value, tuple):
        return bool(value) and all(isinstance(one, Text) for one in value)
    return isinstance(value, Text)


def _one(teller: _Teller, change: Change) -> str:
    return teller.name(change.thing, change.ids[0])


def _ends(teller: _Teller, change: Change) -> dict[str, str]:
    source, target = change.ids
    return {
        "source": teller.name(Thing.STEP, source),
        "target": teller.name(Thing.STEP, target),
    }


_Tell = Callable[[_Teller, Change], str]
_WHOLE: Mapping[tuple[Thing, Mark], _Tell] = {
    (Thing.DEPARTMENT, Mark.ADDED): lambda t, c: t.it.say(
        "New department: {name}.", name=_one(t, c)
    ),
    (Thing.DEPARTMENT, Mark.REMOVED): lambda t, c: t.it.say(
        "The department {name} is left out.", name=_one(t, c)
    ),
    (Thing.STEP, Mark.ADDED): lambda t, c: t.it.say(
        "New step: “{step}” ({department}).", step=_one(t, c), department=t.owner(c)
    ),
    (Thing.STEP, Mark.REMOVED): lambda t, c: t.it.say(
        "The step “{step}” ({department}) is left out.",
        step=_one(t, c),
        department=t.owner(c),
    ),
    (Thing.HANDOVER, Mark.ADDED): lambda t, c: t.it.say(
        "New hand-over from “{source}” to “{target}”.", **_ends(t, c)
    ),
    (Thing.HANDOVER, Mark.REMOVED): lambda t, c: t.it.say(
        "The hand-over from “{source}” to “{target}” is left out.", **_ends(t, c)
    ),
    (Thing.PROMISE, Mark.ADDED): lambda t, c: t.it.say(
        "New promise to the customer: “{name}”.", name=_one(t, c)
    ),
    (Thing.PROMISE, Mark.REMOVED): lambda t, c: t.it.say(
        "The promise “{name}” is left out.", name=_one(t, c)
    ),
    (Thing.TOUCHPOINT, Mark.ADDED): lambda t, c: t.it.say(
        "New touchpoint: “{name}”.", name=_one(t, c)
    ),
    (Thing.TOUCHPOINT, Mark.REMOVED): lambda t, c: t.it.say(
        "The touchpoint “{name}” is left out.", name=_one(t, c)
    ),
}
_FIELDS: Mapping[tuple[Thing, str], _Tell] = {
    (Thing.MAP, "title"): lambda t, c: t.it.say(
        "The map “{before}” is now called “{after}”.", **t.both(c)
    ),
    (Thing.MAP, "join"): lambda t, c: t.it.say(
        "A like complaint joins an open case within: {before} → {after}.", **t.both(c)
    ),
    (Thing.MAP, "answer_within"): lambda t, c: t.it.say(
        "Working days to answer a task: {before} → {after}.", **t.both(c)
    ),
    (Thing.DEPARTMENT, "title"): lambda t, c: t.it.say(
        "The department {before} is now called {after}.", **t.both(c)
    ),
    (Thing.DEPARTMENT, "kind"): lambda t, c: t.it.say(
        "The department {name}: {before} → {after}.", name=_one(t, c), **t.both(c)
    ),
    (Thing.STEP, "department"): lambda t, c: t.it.say(
        "The step “{step}” moves from {before} to {after}.",
        step=_one(t, c),
        **t.named(c, Thing.DEPARTMENT),
    ),
    (Thing.STEP, "title"): lambda t, c: t.it.say(
        "The step “{before}” is now called “{after}”.", **t.both(c)
    ),
    (Thing.STEP, "time"): lambda t, c: t.it.say(
        "The step “{step}”, time: {before} → {after}.", step=_one(t, c), **t.both(c)
    ),
    (Thing.STEP, "serves"): lambda t, c: t.it.say(
        "The step “{step}”, promises it helps to keep: {before} → {after}.",
        step=_one(t, c),
        **t.named(c, Thing.PROMISE),
    ),
    (Thing.STEP, "gives"): lambda t, c: t.it.say(
        "The step “{step}”, what the customer has from it: “{before}” → “{after}”.",
        step=_one(t, c),
        **t.both(c),
    ),
    (Thing.HANDOVER, "what"): lambda t, c: t.it.say(
        "The hand-over from “{source}” to “{target}”, what: {before} → {after}.",
        **_ends(t, c),
        **t.both(c),
    ),
    (Thing.HANDOVER, "within"): lambda t, c: t.it.say(
        "The hand-over from “{source}” to “{target}”, time: {before} → {after}.",
        **_ends(t, c),
        **t.both(c),
    ),
    (Thing.PROMISE, "title"): lambda t, c: t.it.say(
        "The promise “{before}” is now called “{after}”.", **t.both(c)
    ),
    (Thing.PROMISE, "within"): lambda t, c: t.it.say(
        "The promise “{name}”, time: {before} → {after}.", name=_one(t, c), **t.both(c)
    ),
    (Thing.PROMISE, "since"): lambda t, c: t.it.say(
        "The promise “{name}”, its time begins with: {before} → {after}.",
        name=_one(t, c),
        **t.named(c, Thing.STEP),
    ),
    (Thing.TOUCHPOINT, "title"): lambda t, c: t.it.say(
        "The touchpoint “{before}” is now called “{after}”.", **t.both(c)
    ),
    (Thing.TOUCHPOINT, "step"): lambda t, c: t.it.say(
        "The touchpoint “{name}” moves from the step “{before}” to “{after}”.",
        name=_one(t, c),
        **t.named(c, Thing.STEP),
    ),
    (Thing.TOUCHPOINT, "promises"): lambda t, c: t.it.say(
        "The touchpoint “{name}”, promises: {before} → {after}.",
        name=_one(t, c),
        **t.named(c, Thing.PROMISE),
    ),
}
