"""Reads the mapping that says how a row of somebody's log becomes a step time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from resolve.chain.findings import Notes
from resolve.chain.model import ValueChain
from resolve.chain.tree import Table
from resolve.chain.values import Values, read_word, values_of
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

FIELDS = ("order", "activity", "started", "ended", "resource", "department", "id")
_NEEDED = ("order", "activity", "ended")
_KEYS = (*HOW, "fields", "constants", "activities", "departments")


@dataclass(frozen=True, slots=True, kw_only=True)
class LogMapping(Form):
    """How rows of a log become step times.

    `activities` gives our step for their name, `departments` the department for a word
    of the column `department`, or of `resource` where there is none.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    source: str | None = None
    map: str | None = None
    activities: Mapping[str, str] = field(default_factory=dict)
    departments: Mapping[str, str] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns it speaks of, each once."""
        return tuple(dict.fromkeys(self.fields.values()))


def read_log_mapping(source: bytes, *, name: str = "mapping") -> LogMapping:
    """Read the mapping of a log in a file.

    Raises:
        InvalidMapping: everything that is wrong with it.
    """
    return read(source, "step-times", _mapping, name=name)


def plain_mapping() -> LogMapping:
    """Give the mapping of a log whose columns have our names, with all of them.

    The columns that a log may lack are taken away by `fitting`.
    """
    return LogMapping(fields={name: name for name in FIELDS})


def fitting(mapping: LogMapping, header: tuple[str, ...]) -> LogMapping:
    """Leave out the columns that a log may lack and does."""
    there = {normal(column) for column in header}
    fields = {
        name: column
        for name, column in mapping.fields.items()
        if name in _NEEDED or column in there
    }
    return LogMapping(
        encoding=mapping.encoding,
        delimiter=mapping.delimiter,
        zone=mapping.zone,
        dates=mapping.dates,
        fields=fields,
        source=mapping.source,
        map=mapping.map,
        activities=mapping.activities,
        departments=mapping.departments,
    )


def steps_by_name(chain: ValueChain, mapping: LogMapping) -> dict[str, str]:
    """Give our step for every name that a log may use: as mapped, the id, a title.

    A title that two steps share names neither.
    """
    titles: dict[str, set[str]] = {}
    for step in chain.steps.values():
        for title in step.title.by_language.values():
            titles.setdefault(normal(title), set()).add(step.id)
    named = {title: ids.copy().pop() for title, ids in titles.items() if len(ids) == 1}
    named |= {id_: id_ for id_ in chain.steps}
    return named | {
        name: step for name, step in mapping.activities.items() if step in chain.steps
    }


def _mapping(table: Table, notes: Notes) -> LogMapping | None:
    top = values_of(table, "", _KEYS, notes)
    if top is None:
        return None
    form = form_of(top)
    fields = _fields(top)
    constants = _constants(top)
    return LogMapping(
        encoding=form.encoding,
        delimiter=form.delimiter,
        zone=form.zone,
        dates=form.dates,
        fields=fields,
        source=constants.get("source"),
        map=constants.get("map"),
        activities=_words(top, "activities", "Register: take-order"),
        departments=_words(top, "departments", "Anna: sales"),
    )


def _fields(top: Values) -> dict[str, str]:
    node = top.node("fields")
    section = values_of(node, "fields", FIELDS, top.notes) if node else None
    found: dict[str, str] = {}
    for entry in section.entries.values() if section else ():
        key = f"fields.{entry.key}"
        columns = columns_of(entry.node, key, top.notes)
        if len(columns) > 1:
            hint = "Name the one that says it."
            top.notes.error(entry.node.line, key, "This is one column.", hint)
        found |= {entry.key: columns[0]} if columns else {}
    missing = [name for name in _NEEDED if name not in found]
    if missing and "fields" not in top.notes.erring:
        hint = f"Name the column: `fields: {{{missing[0]}: ...}}`."
        note(top, "fields", f"No column is the `{missing[0]}`.", hint)
    return found


def _constants(top: Values) -> dict[str, str]:
    node = top.node("constants")
    known = ("source", "map")
    section = values_of(node, "constants", known, top.notes) if node else None
    words = {name: section.word(name) for name in known} if section else {}
    return {name: word for name, word in words.items() if word}


def _words(top: Values, name: str, example: str) -> dict[str, str]:
    hint = f"Write what each word means: `{name}: {{{example}}}`."
    return {
        word: meant
        for word, (node, key) in words_of(top, name, hint).items()
        if (meant := read_word(node, key, top.notes)) is not None
    }
