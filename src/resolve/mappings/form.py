"""What every mapping says of a file: how it is written, and how its dates are read.

The form is that of `interfaces.md` 5; every mistake is noted with its line and key.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo, available_timezones

from resolve.chain.findings import Finding, Notes
from resolve.chain.tree import Entry, Items, Node, Refused, Scalar, Table, tree_of
from resolve.chain.values import Values, is_null, read_word, shown
from resolve.kit.errors import Invalid

_KINDS = ("complaints", "step-times")
HOW = ("resolve-mapping", "of", "encoding", "delimiter", "zone", "dates")
"""The keys of every mapping, before those of its own."""

_YEAR = re.compile("%[YyGcx]")
_SAMPLE = datetime(2001, 2, 3, tzinfo=UTC)
_OF_MAPS = (("of the map, or make two maps of it", "needed"), ("a map", "a mapping"),
            ("not a map", "not a mapping"), ("one map", "one mapping"))  # fmt: skip

M = TypeVar("M")


class InvalidMapping(Invalid):
    """A mapping with mistakes, by which nothing can be read; carries all of them."""

    code = "invalid_mapping"

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        first = findings[0]
        key = f"{first.key}: " if first.key else ""
        more = f" ({len(findings) - 1} more.)" if len(findings) > 1 else ""
        super().__init__(
            f"The mapping {first.file}, line {first.line}: {key}{first.message}",
            hint=f"{first.hint}{more} Nothing was taken.",
            findings=[found.as_json() for found in findings],
        )
        self.findings = findings


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How a file is written. A date without a zone is a time in `zone`."""

    encoding: str = "utf-8"
    delimiter: str = ","
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    dates: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns the mapping speaks of, each once."""
        return ()


def read(
    source: bytes, kind: str, make: Callable[[Table, Notes], M | None], *, name: str
) -> M:
    """Read a mapping of this kind; `make` reads what is below its first two keys.

    Raises:
        InvalidMapping: everything that is wrong with it.
    """
    notes = Notes(file=name)
    table = tree_of(source, notes)
    made = make(table, notes) if table and _is_of(kind, table, notes) else None
    errors = tuple(
        _of_mappings(found, kind)
        for found in notes.in_order()
        if found.level == "error"
    )
    if errors or made is None:
        raise InvalidMapping(errors)
    return made


def form_of(top: Values) -> Form:
    """Read how the file is written."""
    return Form(
        encoding=_encoding(top),
        delimiter=_delimiter(top),
        zone=ZoneInfo(_zone(top) or "UTC"),
        dates=_dates(top),
    )


def normal(word: str) -> str:
    """Give a name or word of a file as it is compared: NFC, no space around."""
    return unicodedata.normalize("NFC", word).strip()


def _of_mappings(found: Finding, kind: str) -> Finding:
    message, hint = found.message, found.hint
    for maps, mappings in _OF_MAPS:
        message, hint = message.replace(maps, mappings), hint.replace(maps, mappings)
    if message == "The file is empty." or "keys: `resolve: 1`" in hint:
        hint = f"Begin with `resolve-mapping: 1`, `of: {kind}`, `fields:`."
    return Finding(found.level, found.file, found.line, found.key, message, hint)


def _is_of(kind: str, table: Table, notes: Notes) -> bool:
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
    given = _plain(known.get("of"))
    if given == kind:
        return True
    message = "`of` is missing."
    if given in _KINDS:
        message = f"This is a mapping of {given}, not of {kind}."
    elif given is not None:
        message = f"There are no mappings of `{shown(given)}`."
    notes.error(_line(known.get("of")), "of", message, f"Write `of: {kind}`.")
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
        note(top, "encoding", f"There is no encoding `{shown(name)}` of texts.", hint)
        return "utf-8"
    return known.name


def _delimiter(top: Values) -> str:
    word = top.word("delimiter")
    sign = {"tab": "\t", "\\t": "\t"}.get(word or ",", word or ",")
    if len(sign) == 1 and sign not in '"\r\n ' and sign.isascii():
        return sign
    hint = 'Write one sign in quotation marks, such as ";", or tab.'
    note(top, "delimiter", f"`{shown(sign)}` cannot part the cells of a row.", hint)
    return ","


def _zone(top: Values) -> str | None:
    name = top.word("zone")
    if name is None or name in available_timezones():
        return name
    hint = top.notes.nearest(name, sorted(available_timezones()))
    message = f"There is no time zone `{shown(name)}`."
    note(top, "zone", message, hint or "Write one such as Europe/Kyiv.")
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


def note(top: Values, key: str, message: str, hint: str) -> None:
    """Note a mistake in a key of this table."""
    top.notes.error(top.notes.line_of(top.path(key)), top.path(key), message, hint)


def columns_of(node: Node, key: str, notes: Notes) -> tuple[str, ...]:
    """Read the name of a column, or of several."""
    nodes = node.nodes if isinstance(node, Items) else (node,)
    words = [read_word(one, key, notes) for one in nodes]
    names = tuple(normal(word) for word in words if word is not None)
    if any(names) or isinstance(node, Refused):
        return names
    hint = "Write the name of a column, or leave the key out."
    notes.error(node.line, key, "No column is named.", hint)
    return ()


def words_of(table: Values, name: str, hint: str) -> dict[str, tuple[Node, str]]:
    """Read a table of words: by each word what it means, and the key it stands at."""
    node, key = table.node(name), table.path(name)
    if node is None or isinstance(node, Refused):
        return {}
    if not isinstance(node, Table):
        table.notes.error(node.line, key, "A table of words is needed here.", hint)
        return {}
    return {
        normal(entry.key): (entry.node, f"{key}.{entry.key}") for entry in node.entries
    }
