"""Reads the mapping that says how a row of somebody's file becomes a complaint."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from resolve.chain.findings import Notes
from resolve.chain.tree import Node, Table
from resolve.chain.values import (
    Values,
    is_null,
    read_word,
    shown,
    values_of,
)
from resolve.complaints.models import Severity
from resolve.mappings.form import (
    HOW,
    Form,
    columns_of,
    form_of,
    normal,
    note,
    read,
    words_of,
)

CUSTOMER = "customer."
_CUSTOMER = ("name", "email", "phone", "segment", "channel", "hours")
_FIELDS = (
    "text", "source", "map", "touchpoint", "promise", "language", "reference", "order",
    "occurred_at", "desired_outcome", "severity", "safety", "on_behalf_of",
)  # fmt: skip
_ONLY_FROM_COLUMNS = ("text", "reference", "occurred_at")
_KEYS = (*HOW, "fields", "constants", "values")
_YES = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


@dataclass(frozen=True, slots=True)
class Translation:
    """What the words of a column mean; `otherwise` is for those not listed.

    Without `otherwise` (`closed`) a row with any other word is rejected.
    """

    column: str
    words: Mapping[str, str | None]
    otherwise: str | None = None
    closed: bool = False


@dataclass(frozen=True, slots=True)
class RowMapping(Form):
    """How rows become complaints: each field from columns, a constant or a translation.

    Fields of the customer are named `customer.email` and so on.
    """

    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Translation] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns it speaks of, each once."""
        named = [column for columns in self.fields.values() for column in columns]
        named += [translation.column for translation in self.values.values()]
        return tuple(dict.fromkeys(named))


def read_mapping(source: bytes, *, name: str = "mapping") -> RowMapping:
    """Read the mapping of complaints in a file.

    Raises:
        InvalidMapping: everything that is wrong with it.
    """
    return read(source, "complaints", _mapping, name=name)


def _mapping(table: Table, notes: Notes) -> RowMapping | None:
    top = values_of(table, "", _KEYS, notes)
    assert top is not None  # noqa: S101  it is a table
    form = form_of(top)
    fields = {
        key: columns_of(node, key, notes) for key, node in _section(top, "fields")
    }
    constants = {
        key: _constant(node, key, notes) for key, node in _section(top, "constants")
    }
    values = {
        key: _translation(node, key, notes) for key, node in _section(top, "values")
    }
    _check_fields(top, [fields, constants, values])
    return RowMapping(
        encoding=form.encoding,
        delimiter=form.delimiter,
        zone=form.zone,
        dates=form.dates,
        fields={_field(key): names for key, names in fields.items() if names},
        constants={_field(key): word for key, word in constants.items() if word},
        values={_field(key): found for key, found in values.items() if found},
    )


# ------------------------------------------------------------------- what a field gets


def _section(top: Values, name: str) -> list[tuple[str, Node]]:
    """Give the fields of a section, those of the customer with both names."""
    node = top.node(name)
    if node is None:
        return []
    section = values_of(node, name, (*_FIELDS, "customer"), top.notes)
    found = []
    for entry in section.entries.values() if section else ():
        if entry.key != "customer":
            found.append((f"{name}.{entry.key}", entry.node))
            continue
        inner = values_of(entry.node, f"{name}.customer", _CUSTOMER, top.notes)
        found += [
            (f"{name}.customer.{one.key}", one.node)
            for one in (inner.entries.values() if inner else ())
        ]
    return found


def _field(key: str) -> str:
    return key.partition(".")[2]


def _constant(node: Node, key: str, notes: Notes) -> str | None:
    word = None if is_null(node) else read_word(node, key, notes)
    if word is None:
        return None
    if _field(key) in _ONLY_FROM_COLUMNS:
        hint = "Name the column it stands in, under `fields:`."
        notes.error(node.line, key, "This cannot be the same for all rows.", hint)
    return _meant(word, node.line, key, notes)


def _translation(node: Node, key: str, notes: Notes) -> Translation | None:
    table = values_of(node, key, ("from", "map", "otherwise"), notes)
    if table is None:
        return None
    if _field(key) in _ONLY_FROM_COLUMNS:
        hint = "Name the column it stands in, under `fields:`."
        notes.error(node.line, key, "This is taken as it stands in a column.", hint)
        return None
    column = table.required("from", "Name the column: `from: Agency`.")
    words = _words(table)
    other = table.entries.get("otherwise")
    otherwise = _word_or_none(other.node, f"{key}.otherwise", notes) if other else None
    if column is None:
        return None
    return Translation(normal(column), words, otherwise, closed=other is None)


def _words(table: Values) -> dict[str, str | None]:
    hint = "Write what each word means: `map: {DOF: payments, DOT: street}`."
    return {
        word: _word_or_none(node, key, table.notes)
        for word, (node, key) in words_of(table, "map", hint).items()
    }


def _word_or_none(node: Node, key: str, notes: Notes) -> str | None:
    if is_null(node):
        return None
    word = read_word(node, key, notes)
    return None if word is None else _meant(word, node.line, key, notes)


def _meant(word: str, line: int, key: str, notes: Notes) -> str:
    name = key.split(".")[1]
    why = why_not(name, word)
    if why:
        notes.error(line, key, f"`{shown(word)}` {why}.", "Write one of these.")
    return word


def why_not(name: str, word: str) -> str:
    """Say why a field cannot hold this word; '' if it can."""
    if name == "severity" and word.casefold() not in tuple(Severity):
        return f"is none of {', '.join(Severity)}"
    if name == "safety" and word.casefold() not in _YES:
        return "is neither yes nor no"
    return ""


def is_yes(word: str | None) -> bool:
    """Read yes or no; nothing is no."""
    return word is not None and _YES.get(word.casefold(), False)


def _check_fields(top: Values, sections: Sequence[Mapping[str, object]]) -> None:
    where: dict[str, str] = {}
    for key in (key for section in sections for key in section):
        name, first = _field(key), where.get(_field(key))
        if first:
            hint = "Keep one of them."
            message = f"`{name}` is given under `{first}:` already."
            top.notes.error(top.notes.line_of(key), key, message, hint)
        where.setdefault(name, key.partition(".")[0])
    if top.notes.has_errors and "fields" not in top.entries:
        return  # the key is probably one of those found to be unknown
    if "text" not in where and "fields" not in top.notes.erring:
        hint = "Name the column of the customer's words: `fields: {text: ...}`."
        note(top, "fields", "No column is the `text`.", hint)
    if "source" not in where and "constants" not in top.notes.erring:
        hint = "Name the system the file comes from: `constants: {source: ...}`."
        note(top, "constants", "`source` is missing.", hint)
