"""Reads the mapping that says how a row of somebody's file becomes a complaint.

The form is that of `interfaces.md` 5; every mistake is noted with its line and key.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

from resolve.chain.findings import Finding, Notes
from resolve.chain.tree import Entry, Items, Node, Refused, Scalar, Table, tree_of
from resolve.chain.values import (
    Values,
    is_null,
    read_word,
    shown,
    values_of,
)
from resolve.complaints.models import Severity
from resolve.kit.errors import Invalid

CUSTOMER = "customer."
_CUSTOMER = ("name", "email", "phone", "segment", "channel", "hours")
_FIELDS = (
    "text", "source", "map", "touchpoint", "promise", "language", "reference", "order",
    "occurred_at", "desired_outcome", "severity", "safety", "on_behalf_of",
)  # fmt: skip
_ONLY_FROM_COLUMNS = ("text", "reference", "occurred_at")
_KEYS = (
    "resolve-mapping", "of", "encoding", "delimiter", "zone", "dates",
    "fields", "constants", "values",
)  # fmt: skip
_YES = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_YEAR = re.compile("%[YyGcx]")
_SAMPLE = datetime(2001, 2, 3, tzinfo=UTC)
_OF_MAPS = (("of the map, or make two maps of it", "needed"), ("a map", "a mapping"),
            ("not a map", "not a mapping"), ("one map", "one mapping"))  # fmt: skip


class InvalidMapping(Invalid):
    """A mapping with mistakes, by which nothing can be filed; carries all of them."""

    code = "invalid_mapping"

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        first = findings[0]
        key = f"{first.key}: " if first.key else ""
        more = f" ({len(findings) - 1} more.)" if len(findings) > 1 else ""
        super().__init__(
            f"The mapping {first.file}, line {first.line}: {key}{first.message}",
            hint=f"{first.hint}{more} Nothing was filed.",
            findings=[found.as_json() for found in findings],
        )
        self.findings = findings


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
class RowMapping:
    """How rows become complaints: each field from columns, a constant or a translation.

    Fields of the customer are named `customer.email` and so on. A date without a zone
    is a time in `zone`.
    """

    encoding: str = "utf-8"
    delimiter: str = ","
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    dates: tuple[str, ...] = ()
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
    notes = Notes(file=name)
    table = tree_of(source, notes)
    mapping = _mapping(table, notes) if table else None
    errors = tuple(
        _of_mappings(found) for found in notes.in_order() if found.level == "error"
    )
    if errors or mapping is None:
        raise InvalidMapping(errors)
    return mapping


def normal(word: str) -> str:
    """Give a name or word of a file as it is compared: NFC, no space around."""
    return unicodedata.normalize("NFC", word).strip()


def _of_mappings(found: Finding) -> Finding:
    message, hint = found.message, found.hint
    for maps, mappings in _OF_MAPS:
        message, hint = message.replace(maps, mappings), hint.replace(maps, mappings)
    if message == "The file is empty." or "keys: `resolve: 1`" in hint:
        hint = "Begin with `resolve-mapping: 1`, `of: complaints`, `fields:`."
    return Finding(found.level, found.file, found.line, found.key, message, hint)


def _mapping(table: Table, notes: Notes) -> RowMapping | None:
    if not _is_of_complaints(table, notes):
        return None
    top = values_of(table, "", _KEYS, notes)
    assert top is not None  # noqa: S101  it is a table
    zone = _zone(top)
    fields = {key: _columns(node, key, notes) for key, node in _section(top, "fields")}
    constants = {
        key: _constant(node, key, notes) for key, node in _section(top, "constants")
    }
    values = {
        key: _translation(node, key, notes) for key, node in _section(top, "values")
    }
    _check_fields(top, [fields, constants, values])
    return RowMapping(
        encoding=_encoding(top),
        delimiter=_delimiter(top),
        zone=ZoneInfo(zone or "UTC"),
        dates=_dates(top),
        fields={_field(key): names for key, names in fields.items() if names},
        constants={_field(key): word for key, word in constants.items() if word},
        values={_field(key): found for key, found in values.items() if found},
    )


def _is_of_complaints(table: Table, notes: Notes) -> bool:
    """See to the two keys that say which kind of file this is."""
    known = {entry.key: entry for entry in table.entries}
    form = _plain(known.get("resolve-mapping"))
    if form != "1":
        hint = "Begin the file with `resolve-mapping: 1`."
        message = (
            f"`resolve-mapping: {shown(form)}` is a form we do not know."
            if form is not None
            else "This is no mapping: `resolve-mapping` is missing."
        )
        notes.error(
            _line(known.get("resolve-mapping")), "resolve-mapping", message, hint
        )
        return False
    kind = _plain(known.get("of"))
    if kind == "complaints":
        return True
    message = "`of` is missing."
    if kind == "step-times":
        message = "This is a mapping of step-times, not of complaints."
    elif kind is not None:
        message = f"There are no mappings of `{shown(kind)}`."
    notes.error(_line(known.get("of")), "of", message, "Write `of: complaints`.")
    return False


def _plain(entry: Entry | None) -> str | None:
    if entry is None or not isinstance(entry.node, Scalar):
        return None
    return entry.node.value


def _line(entry: Entry | None) -> int:
    return entry.line if entry else 1


# ---------------------------------------------------------------------- how to read it


def _encoding(top: Values) -> str:
    name = top.word("encoding") or "utf-8"
    try:
        known = codecs.lookup(name)
        "".encode(name)
    except (LookupError, ValueError):
        hint = "Write one such as utf-8, utf-16, windows-1251 or latin-1."
        _note(top, "encoding", f"There is no encoding `{shown(name)}` of texts.", hint)
        return "utf-8"
    return known.name


def _delimiter(top: Values) -> str:
    word = top.word("delimiter")
    sign = {"tab": "\t", "\\t": "\t"}.get(word or ",", word or ",")
    if len(sign) == 1 and sign not in '"\r\n ' and sign.isascii():
        return sign
    hint = 'Write one sign in quotation marks, such as ";", or tab.'
    _note(top, "delimiter", f"`{shown(sign)}` cannot part the cells of a row.", hint)
    return ","


def _zone(top: Values) -> str | None:
    name = top.word("zone")
    if name is None or name in available_timezones():
        return name
    hint = top.notes.nearest(name, sorted(available_timezones()))
    message = f"There is no time zone `{shown(name)}`."
    _note(top, "zone", message, hint or "Write one such as Europe/Kyiv.")
    return None


def _dates(top: Values) -> tuple[str, ...]:
    node = top.node("dates")
    if isinstance(node, Scalar) and not is_null(node):
        entries = [(top.path("dates"), node)]
    else:
        entries = [(k, n) for k, n in top.items("dates") if isinstance(n, Scalar)]
    formats = []
    for key, item in entries:
        why = _why_no_format(item.value)
        if why:
            hint = 'Write one such as "%d.%m.%Y %H:%M"; %z stands for +02:00.'
            message = f"`{shown(item.value)}` {why}."
            top.notes.error(item.line, key, message, hint)
        formats.append(item.value)
    return tuple(formats)


def _why_no_format(form: str) -> str:
    if "%Z" in form:
        return "has %Z, but the names of zones are ambiguous"
    if not _YEAR.search(form):
        return "says no year"
    try:
        read = datetime.strptime(_SAMPLE.strftime(form), form)  # noqa: DTZ007  a try
    except ValueError:
        return "is no format of dates"
    return "" if read.date() == _SAMPLE.date() else "does not say the whole date"


def _note(top: Values, key: str, message: str, hint: str) -> None:
    top.notes.error(top.notes.line_of(top.path(key)), top.path(key), message, hint)


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


def _columns(node: Node, key: str, notes: Notes) -> tuple[str, ...]:
    nodes = node.nodes if isinstance(node, Items) else (node,)
    words = [read_word(one, key, notes) for one in nodes]
    names = tuple(normal(word) for word in words if word is not None)
    if any(names) or isinstance(node, Refused):
        return names
    hint = "Write the name of a column, or leave the key out."
    notes.error(node.line, key, "No column is named.", hint)
    return ()


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
    node, key = table.node("map"), table.path("map")
    if node is None or isinstance(node, Refused):
        return {}
    if not isinstance(node, Table):
        hint = "Write what each word means: `map: {DOF: payments, DOT: street}`."
        table.notes.error(node.line, key, "A table of words is needed here.", hint)
        return {}
    return {
        normal(entry.key): _word_or_none(entry.node, f"{key}.{entry.key}", table.notes)
        for entry in node.entries
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
        _note(top, "fields", "No column is the `text`.", hint)
    if "source" not in where and "constants" not in top.notes.erring:
        hint = "Name the system the file comes from: `constants: {source: ...}`."
        _note(top, "constants", "`source` is missing.", hint)
