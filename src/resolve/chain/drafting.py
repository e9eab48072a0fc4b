"""A map drafted from the ways that orders really went (pure)."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from resolve.chain.discovery import (
    Activity,
    Discovered,
    Edge,
    Trace,
    discover,
    without_rare,
)
from resolve.chain.durations import LONGEST, duration_text
from resolve.chain.values import LONGEST_ID

UNNAMED = "to-be-named"
"""The department of steps of which the log does not say whose they are."""

_UNNAMED_TITLE = (
    "{en: To be named, ru: Ещё не названо, uk: Ще не названо}"  # as a map holds it
)
_LONGEST_TITLE = 200
_SECOND = timedelta(seconds=1)
_PLAIN = re.compile(r"[^\W\d_](?:[\w -]*\w)?")
_WORDS = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}
_UNPRINTABLE = re.compile(  # what the reader of maps refuses
    r"[^\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)

Ends = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Drafted:
    """The text of a map, and what of the log it leaves out.

    `rare` are the activities left out, `ways` counts the hand-overs between others.
    """

    source: str
    steps: int
    handovers: int
    rare: tuple[str, ...]
    ways: int


def draft(
    traces: Sequence[Trace], *, identifier: str, title: str, share: float = 0.0
) -> Drafted:
    """Write a map of the ways that orders went: a step for each activity, loops kept.

    Activities and ways that fewer than `share` of the orders have are left out, but no
    step is cut off from the beginning or from the customer. Where orders end is a
    touchpoint. Times are medians; an activity directly after itself is no hand-over.
    """
    whole, found = discover(traces), discover(without_rare(traces, share))
    if not found.activities:
        found = whole
    ends = _ends(found, share)
    kept = _kept(found, ends, share)
    between = sum(1 for one, two in found.edges if one != two)
    text = _Text(found, _ids(found.activities))
    made = Drafted(
        source="",
        steps=len(found.activities),
        handovers=len(kept),
        rare=tuple(name for name in whole.activities if name not in found.activities),
        ways=between - len(kept),
    )
    head = _head(whole, made, identifier, title)
    return replace(made, source="\n".join([*head, *text.lines(kept, ends)]) + "\n")


# ------------------------------------------------------------------- what is kept


def _ends(found: Discovered, share: float) -> list[str]:
    """Give the activities that enough orders end with, at least the commonest."""
    most = max(one.ends for one in found.activities.values())
    least = min(most, max(1, share * found.orders))
    ends = [name for name, one in found.activities.items() if one.ends >= least]
    ahead = _reached(found.edges, ends, towards=True)
    # An order that ends apart from all of them ends at a touchpoint of its own.
    while lost := [n for n in found.activities if n not in ahead]:
        ends.append(max(lost, key=lambda name: found.activities[name].ends))
        ahead = _reached(found.edges, ends, towards=True)
    return [name for name in found.activities if name in ends]


def _kept(found: Discovered, ends: Iterable[str], share: float) -> set[Ends]:
    between = {pair: edge for pair, edge in found.edges.items() if len({*pair}) > 1}
    least = share * found.orders
    kept = {pair for pair, edge in between.items() if edge.orders >= least}
    most = max(one.begins for one in found.activities.values())
    begins = [
        name
        for name, one in found.activities.items()
        if one.begins >= min(most, max(1, least))
    ]
    _join(kept, between, ends, towards=True)
    _join(kept, between, begins, towards=False)
    return kept


def _join(
    kept: set[Ends],
    between: Mapping[Ends, Edge],
    roots: Iterable[str],
    *,
    towards: bool,
) -> None:
    """Take in the commonest edges without which a step would be cut off."""
    roots = list(roots)
    while True:
        there = _reached(kept, roots, towards=towards)
        near = 1 if towards else 0
        missing = [
            edge
            for pair, edge in between.items()
            if pair[near] in there and pair[1 - near] not in there
        ]
        if not missing:
            return
        best = max(missing, key=lambda edge: (edge.orders, edge.count))
        kept.add((best.source, best.target))


def _reached(edges: Iterable[Ends], roots: Iterable[str], *, towards: bool) -> set[str]:
    """Give what leads to the roots, or what they lead to; they themselves included."""
    beside: dict[str, list[str]] = {}
    for source, target in edges:
        here, there = (target, source) if towards else (source, target)
        beside.setdefault(here, []).append(there)
    reached = set(roots)
    ahead = list(reached)
    while ahead:
        for name in beside.get(ahead.pop(), ()):
            if name not in reached:
                reached.add(name)
                ahead.append(name)
    return reached


# ------------------------------------------------------------------ how it is written


def _head(
    whole: Discovered, made: Drafted, identifier: str, title: str
) -> Iterator[str]:
    name = id_of(identifier)
    yield from ("resolve: 1", f"id: {quoted(name)}")
    yield from (f"title: {quoted(_title(title) or name)}", "")
    yield f"# Drafted from a log of {whole.orders} orders and {whole.events} events."
    yield "# Times are medians of what steps took and of the waits between them."
    for one in made.rare:
        yield f"# Left out, because few orders have it: {_title(one)}"
    if made.ways:
        yield f"# Left out, because few orders go so: {made.ways} hand-overs."
    yield "# Left to you: name the departments, what the customer has from each step"
    yield from ("# (`gives`), and what the customer was promised (`promises`).", "")


@dataclass(frozen=True, slots=True)
class _Text:
    """Writes the sections of a map; `ids` gives the step of each activity."""

    found: Discovered
    ids: Mapping[str, str]

    def lines(self, kept: Iterable[Ends], ends: Iterable[str]) -> Iterator[str]:
        activities = self.found.activities
        yield from self._departments()
        yield from ("", "steps:")
        for one in activities.values():
            yield from self._step(one)
        edges = sorted(kept, key=self._along)
        yield from ("", "handovers:") if edges else ()
        yield from (self._handover(self.found.edges[pair]) for pair in edges)
        yield from ("", "# Where orders end: there the customer meets the chain.")
        yield "touchpoints:"
        yield from (self._touchpoint(activities[name]) for name in ends)

    def _departments(self) -> Iterator[str]:
        owners = map(_owner, self.found.activities.values())
        yield "departments:"
        for name, title in dict(owners).items():
            yield f"  {name}: {{title: {title}}}"

    def _step(self, activity: Activity) -> Iterator[str]:
        yield f"  {quoted(self.ids[activity.name])}:"
        yield f"    department: {_owner(activity)[0]}"
        yield f"    title: {quoted(_title(activity.name))}"
        time = _span(activity.time)
        if time:
            yield f"    time: {time}"

    def _handover(self, edge: Edge) -> str:
        time = _span(edge.wait)
        within = f", within: {time}" if time else ""
        source, target = (quoted(self.ids[end]) for end in (edge.source, edge.target))
        return f"  - {{from: {source}, to: {target}{within}}}"

    def _touchpoint(self, activity: Activity) -> str:
        name = quoted(self.ids[activity.name])
        return f"  {name}: {{title: {quoted(_title(activity.name))}, step: {name}}}"

    def _along(self, pair: Ends) -> tuple[int, int]:
        place = list(self.found.activities).index
        return place(pair[0]), place(pair[1])


def _owner(activity: Activity) -> tuple[str, str]:
    """Give id and title of who does it most often, else of the one to be named."""
    if not activity.departments:
        return UNNAMED, _UNNAMED_TITLE
    counted = sorted(activity.departments.items())
    name = max(counted, key=lambda one: one[1])[0]
    return quoted(id_of(name)), quoted(_title(name))


def _span(time: timedelta | None) -> str:
    """Write a time to the second; nothing for none, or for one that no map takes."""
    if time is None:
        return ""
    whole = round(time / _SECOND) * _SECOND
    return duration_text(whole) if timedelta() < whole <= LONGEST else ""


def _ids(names: Iterable[str]) -> dict[str, str]:
    """Give each activity an id of its own."""
    ids: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        plain = made = id_of(name)
        number = 1
        while made in taken:
            number += 1
            made = f"{plain[: LONGEST_ID - 8]}-{number}"
        taken.add(made)
        ids[name] = made
    return ids


def id_of(words: str) -> str:
    """Make an id of words.

    >>> id_of("Create Purchase-Requisition (new)"), id_of("Шаг 2"), id_of("?!")
    ('create-purchase-requisition-new', 'шаг-2', 'unnamed')
    """
    text = unicodedata.normalize("NFC", words).lower()
    signs = (s if s == "_" or s.isdecimal() or _is_letter(s) else "-" for s in text)
    made = re.sub("-+", "-", "".join(signs))[:LONGEST_ID].strip("-")
    return made or "unnamed"


def _is_letter(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LM"


def _title(words: str) -> str:
    return _UNPRINTABLE.sub("", " ".join(words.split()))[:_LONGEST_TITLE].strip()


def quoted(text: str) -> str:
    """Write a text as YAML holds it; plain words stay as they are.

    >>> quoted("Take the order"), quoted("no"), quoted("a: b")
    ('Take the order', '"no"', '"a: b"')
    """
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    return json.dumps(text, ensure_ascii=False)
