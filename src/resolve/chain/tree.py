"""The strict part of YAML that a map file may use, as a tree that knows its lines.

All scalars are strings, so `on`, `no` and `12` stay what was written. What makes a
file mean something else than it seems to (duplicate keys, anchors, aliases, tags,
several documents) is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml
from yaml import events

from resolve.chain.findings import Notes

LARGEST = 1_000_000
"""Bytes of a map file."""

DEEPEST = 10
"""Levels of nesting; a map needs five."""

_LOADER: type = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_UNPRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Scalar:
    """A value; `plain` if it stands without quotation marks."""

    line: int
    value: str
    plain: bool = True


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    line: int
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A key of a table, with its line and its value."""

    line: int
    key: str
    node: Node


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping; keys are unique and in file order."""

    line: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """Stands where something was already found to be wrong; say nothing more of it."""

    line: int


Node = Scalar | Items | Table | Refused


def tree_of(source: str | bytes, notes: Notes) -> Table | None:
    """Read a file into a tree, noting what is wrong; None if it is no table."""
    text = _text_of(source, notes)
    if text is None:
        return None
    try:
        node = _Builder(yaml.parse(text, Loader=_LOADER), notes).document()
    except yaml.YAMLError as error:
        _not_yaml(error, text, notes)
        return None
    except _TooDeep as error:
        hint = "Nothing in a map stands that deep; look for a bracket left open."
        message = "More than {most} levels of nesting."
        notes.error(error.line, "", message, hint, most=str(DEEPEST))
        return None
    return _top_table(node, notes)


class _TooDeep(Exception):
    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def _text_of(source: str | bytes, notes: Notes) -> str | None:
    encoded = _encoded(source)
    if len(encoded) > LARGEST:
        hint = "Leave out what is not part of the map, or make two maps of it."
        notes.error(1, "", "The file is larger than 1 MB.", hint)
        return None
    try:
        text = encoded.decode("utf-8")
    except UnicodeDecodeError as error:
        line = _line_at(encoded[: error.start].decode("utf-8", "replace"))
        hint = "Save the file as UTF-8 in your editor."
        notes.error(line, "", "The file is not encoded in UTF-8.", hint)
        return None
    if text.startswith("\ufeff"):
        hint = "Save the file as UTF-8 without a byte order mark (BOM)."
        notes.warning(1, "", "The file begins with a byte order mark; ignored.", hint)
        text = text[1:]
    return text if _printable(text, notes) else None


def _encoded(source: str | bytes) -> bytes:
    if isinstance(source, bytes):
        return source
    return source.encode("utf-8", "surrogatepass")


def _printable(text: str, notes: Notes) -> bool:
    bad = _UNPRINTABLE.search(text)
    if bad is None:
        return True
    line = _line_at(text[: bad.start()])
    name = f"U+{ord(bad[0]):04X}"
    hint = "Delete it; a map is plain text."
    message = "A control character ({name}) stands in the file."
    notes.error(line, "", message, hint, name=name)
    return False


def _line_at(text_before: str) -> int:
    return len(_LINE_END.findall(text_before)) + 1


def _not_yaml(error: yaml.YAMLError, text: str, notes: Notes) -> None:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    number = mark.line if mark else 0
    lines = _LINE_END.split(text)
    written = lines[number] if number < len(lines) else ""
    if "\t" in written[: len(written) - len(written.lstrip())]:
        notes.error(
            number + 1, "", "A tab is used for indentation.", "Indent with spaces."
        )
        return
    why = getattr(error, "problem", None) or "it cannot be read"
    context = getattr(error, "context", None)
    where = f"; {context}" if context else ""
    hint = (
        "Look at this line and the one above: a colon, a bracket, a quotation mark "
        "or the indentation; texts with `: ` or `#` need quotation marks."
    )
    message = "This is not YAML ({reason})."
    notes.error(number + 1, "", message, hint, reason=f"{why}{where}")


def _top_table(node: Node | None, notes: Notes) -> Table | None:
    if node is None or node == Scalar(node.line, ""):
        hint = "Begin with `resolve: 1`, `id:`, `departments:`, `steps:`."
        notes.error(1, "", "The file is empty.", hint)
        return None
    if isinstance(node, Table):
        return node
    if not isinstance(node, Refused):
        hint = "A map begins with keys: `resolve: 1`, `id: ...`, `departments: ...`."
        what = "a list" if isinstance(node, Items) else "a text"
        notes.error(node.line, "", "The file is {what}, not a map.", hint, what=what)
    return None


class _Builder:
    """Makes nodes of parser events; goes no deeper than DEEPEST."""

    def __init__(self, stream: Iterator[events.Event], notes: Notes) -> None:
        self.stream = stream
        self.notes = notes

    def document(self) -> Node | None:
        node: Node | None = None
        for event in self.stream:
            if isinstance(event, events.DocumentStartEvent):
                if node is not None:
                    self._second_document(event)
                    break
                node = self._node(next(self.stream), "", 0)
        return node

    def _second_document(self, event: events.Event) -> None:
        hint = "Keep one map in one file; delete the line `---`."
        self.notes.error(_line(event), "", "A second document begins here.", hint)

    def _node(self, event: events.Event, key: str, depth: int) -> Node:
        if depth > DEEPEST:
            raise _TooDeep(_line(event))
        if isinstance(event, events.AliasEvent):
            return self._alias(event, key)
        assert isinstance(event, events.NodeEvent)  # noqa: S101  for the type checker
        self._refuse_marks(event, key)
        if isinstance(event, events.ScalarEvent):
            return self._scalar(event, key)
        if isinstance(event, events.SequenceStartEvent):
            return self._items(event, key, depth)
        return self._table(event, key, depth)

    def _alias(self, event: events.AliasEvent, key: str) -> Node:
        hint = "Write out what it stands for."
        message = "An alias (`*{name}`) is used."
        self.notes.error(_line(event), key, message, hint, name=str(event.anchor))
        return Refused(_line(event))

    def _refuse_marks(self, event: events.NodeEvent, key: str) -> None:
        line = _line(event)
        if event.anchor is not None:
            hint = "Delete it, and write things out where they are needed."
            message = "An anchor (`&{name}`) is used."
            self.notes.error(line, key, message, hint, name=event.anchor)
        tag = getattr(event, "tag", None)
        if tag is not None:
            hint = "Delete it; every value is a text as it stands."
            message = "A tag (`{name}`) is used."
            self.notes.error(line, key, message, hint, name=str(tag))

    def _scalar(self, event: events.ScalarEvent, key: str) -> Node:
        line = _line(event)
        bad = _UNPRINTABLE.search(event.value)
        if bad:
            name = f"U+{ord(bad[0]):04X}"
            hint = "Delete it; a map is plain text."
            message = "A control character ({name}) stands in a value."
            self.notes.error(line, key, message, hint, name=name)
            return Refused(line)
        return Scalar(line, event.value, event.style in (None, ""))

    def _items(self, event: events.Event, key: str, depth: int) -> Items:
        nodes: list[Node] = []
        while not isinstance(inner := next(self.stream), events.SequenceEndEvent):
            nodes.append(self._node(inner, f"{key}.{len(nodes) + 1}", depth + 1))
        return Items(_line(event), tuple(nodes))

    def _table(self, event: events.Event, key: str, depth: int) -> Table:
        entries: dict[str, Entry] = {}
        while not isinstance(inner := next(self.stream), events.MappingEndEvent):
            name = self._node(inner, key, depth + 1)
            value_event = next(self.stream)
            if not isinstance(name, Scalar):
                self._bad_key(name, key)
                self._node(value_event, key, depth + 1)
                continue
            path = f"{key}.{name.value}" if key else name.value
            node = self._node(value_event, path, depth + 1)
            if name.value in entries:
                self._twice(name, path, entries[name.value].line)
            else:
                entries[name.value] = Entry(name.line, name.value, node)
        return Table(_line(event), tuple(entries.values()))

    def _bad_key(self, name: Node, key: str) -> None:
        if not isinstance(name, Refused):
            hint = "A key is one word; use quotation marks if it begins with a bracket."
            self.notes.error(name.line, key, "A key is a list or a table.", hint)

    def _twice(self, name: Scalar, path: str, first: int) -> None:
        message = "`{name}` stands here twice; first in line {first}."
        hint = "Rename or delete one of the two."
        facts = {"name": name.value, "first": str(first)}
        self.notes.error(name.line, path, message, hint, **facts)


def _line(event: events.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1
