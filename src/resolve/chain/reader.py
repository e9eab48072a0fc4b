"""Map files (YAML) into value chains, with everything that is wrong in one go."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from resolve.chain import checks
from resolve.chain.findings import MEANT, Finding, InvalidMap, Level, Notes
from resolve.chain.model import (
    Department,
    Handover,
    Kind,
    Promise,
    Step,
    Text,
    Touchpoint,
    ValueChain,
)
from resolve.chain.tree import Entry, Items, Node, tree_of
from resolve.chain.values import (
    Values,
    bad_id,
    good_id,
    named_entries,
    read_text,
    shown,
    values_of,
)

__all__ = ["Finding", "InvalidMap", "Level", "Reading", "load", "read"]

_TOP = (
    "resolve",
    "id",
    "title",
    "join",
    "answer_within",
    "departments",
    "promises",
    "steps",
    "handovers",
    "touchpoints",
)
_DEPARTMENT = ("title", "kind")
_PROMISE = ("title", "within", "since")
_STEP = ("department", "title", "time", "serves", "gives")
_HANDOVER = ("from", "to", "what", "within")
_TOUCHPOINT = ("title", "step", "promises")
_MOST_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading a map: no chain if there is an error among the findings."""

    chain: ValueChain | None
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.level is Level.ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.level is Level.WARNING)


def read(source: str | bytes, *, name: str = "map") -> Reading:
    """Read a map and check it; findings are by line, `name` is the file's in them."""
    notes = Notes(name)
    tree = tree_of(source, notes)
    top = values_of(tree, "", _TOP, notes) if tree else None
    if top is None:
        return Reading(None, notes.in_order())
    reader = _MapReader(top, notes)
    chain = reader.chain()
    for found in checks.findings(chain, doubtful=frozenset(reader.doubtful)):
        if found.level is Level.ERROR or found.key not in notes.erring:
            notes.found.append(replace(found, file=name, line=notes.line_of(found.key)))
    return Reading(None if notes.has_errors else chain, notes.in_order())


def load(source: str | bytes, *, name: str = "map") -> ValueChain:
    """Read a map that has to be in order.

    Raises:
        InvalidMap: it has errors; carries all findings.
    """
    reading = read(source, name=name)
    if reading.chain is None:
        raise InvalidMap(reading.findings)
    return reading.chain


@dataclass(slots=True)
class _MapReader:
    """Reads the sections of a map.

    What cannot be read is noted and left out; `doubtful` names what the checks can
    therefore not judge.
    """

    top: Values
    notes: Notes
    doubtful: set[checks.Doubt] = field(default_factory=set)

    def chain(self) -> ValueChain:
        self._format()
        identifier = self._identifier()
        departments = self._section("departments", needed=True)
        promises = self._section("promises")
        steps = self._section("steps", needed=True)
        touchpoints = self._section("touchpoints", needed=True)
        return ValueChain(
            id=identifier,
            title=self.top.text("title") or Text({"": identifier}),
            departments=dict(self._departments(departments)),
            steps=dict(self._steps(steps, departments, promises)),
            promises=dict(self._promises(promises, steps)),
            touchpoints=dict(self._touchpoints(touchpoints, steps, promises)),
            handovers=tuple(self._handovers(steps)),
            join=self.top.duration("join"),
            answer_within=self._answer_within(),
        )

    def _format(self) -> None:
        hint = "Write `resolve: 1`."
        version = self.top.required("resolve", hint)
        if version is not None and version != "1":
            message = "Version `{word}` of the format is unknown."
            line = self.notes.line_of("resolve")
            self.notes.error(line, "resolve", message, hint, word=shown(version))

    def _identifier(self) -> str:
        name = self.top.required("id", "Write for example `id: order-to-delivery`.")
        if name is not None and not good_id(name):
            bad_id(self.notes.line_of("id"), "id", name, self.notes)
        return name or ""

    def _answer_within(self) -> int:
        word = self.top.word("answer_within")
        if word is None:
            return 2
        if (
            word.isascii()
            and word.isdigit()
            and len(word) <= _MOST_DIGITS
            and int(word)
        ):
            return int(word)
        line = self.notes.line_of("answer_within")
        message = "`{word}` is not a number of working days."
        hint = "Write a whole number from 1, such as `answer_within: 2`."
        self.notes.error(line, "answer_within", message, hint, word=shown(word))
        return 2

    def _section(self, name: str, *, needed: bool = False) -> Mapping[str, Entry]:
        node = self.top.node(name)
        with self._doubting(*checks.Doubt):
            entries = named_entries(node, name, self.notes)
            if needed and not entries and name not in self.notes.erring:
                singular = name.removesuffix("s")
                message = "`{name}` is missing or empty."
                hint = "Write `{name}:` and at least one {singular} under it."
                facts = {"name": name, "singular": singular}
                self.notes.error(self.notes.line_of(name), name, message, hint, **facts)
        return entries

    def _departments(
        self, entries: Mapping[str, Entry]
    ) -> Iterator[tuple[str, Department]]:
        for name, values in self._tables("departments", entries, _DEPARTMENT):
            yield name, Department(name, _title(values, name), self._kind(values))

    def _kind(self, values: Values) -> Kind:
        word = values.word("kind")
        if word is None or word in list(Kind):
            return Kind(word or Kind.INTERNAL)
        key = values.path("kind")
        near = self.notes.near(word, list(Kind))
        hint = MEANT if near else "Write `internal` or `partner`."
        message = "`{word}` is not a kind of department."
        facts = {"word": shown(word), "near": near}
        self.notes.error(self.notes.line_of(key), key, message, hint, **facts)
        return Kind.INTERNAL

    def _promises(
        self, entries: Mapping[str, Entry], steps: Collection[str]
    ) -> Iterator[tuple[str, Promise]]:
        for name, values in self._tables("promises", entries, _PROMISE):
            with self._doubting(checks.Doubt.PROMISES):
                within = values.duration("within")
                since = values.reference("since", steps, "steps")
            yield name, Promise(name, _title(values, name), within, since)

    def _steps(
        self,
        entries: Mapping[str, Entry],
        departments: Collection[str],
        promises: Collection[str],
    ) -> Iterator[tuple[str, Step]]:
        needed = "Every step belongs to one department: write `department: ...`."
        for name, values in self._tables("steps", entries, _STEP):
            with self._doubting(checks.Doubt.DEPARTMENTS):
                owner = values.reference(
                    "department", departments, "departments", needed=needed
                )
            with self._doubting(checks.Doubt.PROMISES):
                serves = values.references("serves", promises, "promises")
            title, gives = _title(values, name), values.text("gives")
            time = values.duration("time")
            yield name, Step(name, owner or "", title, time, serves, gives)

    def _touchpoints(
        self,
        entries: Mapping[str, Entry],
        steps: Collection[str],
        promises: Collection[str],
    ) -> Iterator[tuple[str, Touchpoint]]:
        for name, values in self._tables("touchpoints", entries, _TOUCHPOINT):
            with self._doubting(checks.Doubt.PROMISES):
                listed = values.references("promises", promises, "promises")
            step = self._end(values, "step", steps)
            if step is not None:
                yield name, Touchpoint(name, _title(values, name), step, listed)

    def _handovers(self, steps: Collection[str]) -> Iterator[Handover]:
        first: dict[tuple[str, str], int] = {}
        with self._doubting(checks.Doubt.WAYS):
            items = list(self.top.items("handovers"))
        for key, item in items:
            self.notes.lines[key] = item.line
            values = self._open(item, key, _HANDOVER)
            handover = self._handover(values, steps) if values else None
            if handover and _is_new(handover, key, first, self.notes):
                yield handover

    def _handover(self, values: Values, steps: Collection[str]) -> Handover | None:
        source = self._end(values, "from", steps)
        target = self._end(values, "to", steps)
        what = tuple(_texts(values, "what"))
        within = values.duration("within")
        if source is None or target is None:
            return None
        return Handover(source, target, what, within)

    def _end(self, values: Values, name: str, steps: Collection[str]) -> str | None:
        with self._doubting(checks.Doubt.WAYS):
            needed = "Write the id of a step."
            return values.reference(name, steps, "steps", needed=needed)

    def _tables(
        self, section: str, entries: Mapping[str, Entry], known: tuple[str, ...]
    ) -> Iterator[tuple[str, Values]]:
        for name, entry in entries.items():
            key = f"{section}.{name}"
            values = self._open(entry.node, key, known)
            if values is not None:
                yield name, values

    def _open(self, node: Node, key: str, known: tuple[str, ...]) -> Values | None:
        values = values_of(node, key, known, self.notes)
        if values is None:
            self.doubtful.update(checks.Doubt)
        return values

    @contextmanager
    def _doubting(self, *doubts: checks.Doubt) -> Iterator[None]:
        before = len(self.notes.found)
        yield
        if len(self.notes.found) > before:
            self.doubtful.update(doubts)


def _title(values: Values, name: str) -> Text:
    return values.text("title") or Text({"": name})


def _texts(values: Values, name: str) -> Iterator[Text]:
    node = values.node(name)
    if isinstance(node, Items):
        for key, item in values.items(name):
            yield read_text(item, key, values.notes)
    elif node is not None:
        yield read_text(node, values.path(name), values.notes)


def _is_new(
    handover: Handover, key: str, first: dict[tuple[str, str], int], notes: Notes
) -> bool:
    source, target = ends = (handover.source, handover.target)
    if source == target:
        message = "`{source}` is handed over to itself."
        hint = "Delete it; work repeated inside a step is part of its time."
    elif ends in first:
        message = (
            "A second hand-over from `{source}` to `{target}`; the first stands in "
            "line {first}."
        )
        hint = "Make one of the two, with a list under `what`."
    else:
        first[ends] = notes.line_of(key)
        return True
    facts = {"source": source, "target": target, "first": str(first.get(ends, 0))}
    notes.error(notes.line_of(key), key, message, hint, **facts)
    return False
