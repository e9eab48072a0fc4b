"""The records of somebody's file, CSV or NDJSON, however it was written."""

from __future__ import annotations

import codecs
import csv
import difflib
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import islice
from typing import Any, Protocol

from resolve.kit.errors import Invalid
from resolve.mappings.form import Form, normal

_LINES = (".ndjson", ".jsonl", ".json")
_SHOWN = 20
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class UnreadableFile(Invalid):
    """The file cannot be read as the mapping says; nothing of it was taken."""

    code = "unreadable_file"


class MissingColumns(Invalid):
    """The mapping speaks of columns that the file does not have, or has twice."""

    code = "missing_columns"


@dataclass(frozen=True, slots=True)
class Record:
    """A record: its number from 1, the line it begins in, its cells as they stand.

    `values` are those of the columns that the mapping speaks of; `problem` says why
    there are none. Records with the same content have the same `content`, which is
    made when it is asked for.
    """

    number: int
    line: int
    cells: tuple[str, ...]
    values: Mapping[str, str | None] = field(default_factory=dict)
    problem: str = ""
    says: Callable[[], object] = field(default=str, compare=False, repr=False)

    @property
    def content(self) -> str:
        said = self.says()
        return json.dumps(said, sort_keys=True) if said else ""


class Records(Protocol):
    """A file of records that can be gone through more than once."""

    @property
    def header(self) -> tuple[str, ...]:
        """Names of the cells, as they stand in the file."""

    def __iter__(self) -> Iterator[Record]: ...


def records_of(content: bytes, mapping: Form, *, name: str) -> Records:
    """Open a file; its name tells nothing but whether it is NDJSON.

    Raises:
        UnreadableFile: it is empty, or not encoded as the mapping says.
        MissingColumns: a column of the mapping is not there, or there twice.
    """
    text = _decoded(content, mapping.encoding, name)
    start = text.lstrip()[:1]
    if not start:
        raise UnreadableFile(
            f"The file {name} is empty.", hint="It needs a header and rows."
        )
    of_objects = name.lower().endswith(_LINES)
    if start == "[" and of_objects:
        raise UnreadableFile(
            f"The file {name} is one list of JSON.",
            hint="Write one object a line (NDJSON), without the brackets around.",
        )
    records: CsvRecords | JsonRecords
    if of_objects or start == "{":
        records = JsonRecords(text, mapping.columns)
    else:
        records = CsvRecords(text, mapping.delimiter, mapping.columns, name)
    records.check(name)
    return records


def _decoded(content: bytes, encoding: str, name: str) -> str:
    for mark, known in _BOMS:
        if content.startswith(mark) and not encoding.startswith(known):
            raise UnreadableFile(
                f"The file {name} is encoded in {known}, not in {encoding}.",
                hint=f"Write `encoding: {known}` in the mapping. Nothing was taken.",
            )
    try:
        return content.decode(encoding).removeprefix("\ufeff")
    except UnicodeError as error:
        start = getattr(error, "start", 0)
        line = len(content[:start].splitlines() or [b""])
        raise UnreadableFile(
            f"The file {name} is not encoded in {encoding}: see line {line}.",
            hint="Write in the mapping the encoding that it was saved in, such as "
            "`encoding: windows-1251`, or save it as UTF-8. Nothing was taken.",
        ) from error


# ---------------------------------------------------------------------------- CSV


@dataclass(frozen=True)
class CsvRecords:
    """Rows of a table; lines may end in LF, CR LF or CR."""

    text: str
    delimiter: str
    wanted: tuple[str, ...]
    name: str

    @cached_property
    def header(self) -> tuple[str, ...]:
        reader = self._reader([])
        try:
            return tuple(next((row for row in reader if any(row)), ()))
        except csv.Error as why:
            raise UnreadableFile(
                f"The header of {self.name} cannot be read: {why}.",
                hint="Look at the quotation marks in its first line.",
            ) from why

    def check(self, name: str) -> None:
        named = [normal(column) for column in self.header]
        twice = [column for column in self.wanted if named.count(column) > 1]
        if twice:
            raise MissingColumns(
                f"The file {name} has the column `{twice[0]}` more than once.",
                hint="Give each a name of its own in its header. Nothing was taken.",
                columns=twice,
            )
        missing = [column for column in self.wanted if column not in named]
        if missing:
            raise _missing(name, missing, named, self._other_delimiter())

    def __iter__(self) -> Iterator[Record]:
        names = [normal(column) for column in self.header]
        places = {column: names.index(column) for column in self.wanted}
        for number, (line, cells, problem) in enumerate(self._rows(), start=1):
            wrong = problem or _ragged(cells, names)
            values = {} if wrong else {c: cells[at] for c, at in places.items()}
            says = partial(_named, names, cells, wrong)
            yield Record(number, line, cells, values, wrong, says)

    def _rows(self) -> Iterator[tuple[int, tuple[str, ...], str]]:
        """Give line, cells and problem of each row below the header.

        A row that cannot be read is one cell: its lines as they stand.
        """
        read: list[str] = []
        reader, below = self._reader(read), False
        while True:
            line, problem = reader.line_num + 1, ""
            read.clear()
            try:
                cells = tuple(next(reader))
            except StopIteration:
                return
            except csv.Error as why:
                cells, problem = ("".join(read),), _quotes(why, line)
            said = any(cell.strip() for cell in cells)
            if below and said:
                yield line, cells, problem
            below = below or any(cells)

    def _reader(self, read: list[str]) -> Any:  # noqa: ANN401  the type has no name
        """Make a reader that also puts the lines it reads into `read`."""
        return csv.reader(
            _noted(io.StringIO(self.text, newline=""), read),
            delimiter=self.delimiter,
            strict=True,
        )

    def _other_delimiter(self) -> str:
        line = self.text[:10_000].splitlines()[0]
        for sign in ";\t|,":
            named = {normal(cell.strip('"')) for cell in line.split(sign)}
            if sign != self.delimiter and named.issuperset(self.wanted):
                return "tab" if sign == "\t" else f'"{sign}"'
        return ""


def _named(names: list[str], cells: tuple[str, ...], wrong: str) -> object:
    return sorted(zip(names, cells, strict=not wrong))


def _noted(lines: Iterable[str], read: list[str]) -> Iterator[str]:
    for line in lines:
        read.append(line)
        yield line


def _ragged(cells: Sequence[str], names: Sequence[str]) -> str:
    if len(cells) == len(names):
        return ""
    return f"The row has {len(cells)} cells, the header has {len(names)}."


def _quotes(why: csv.Error, line: int) -> str:
    if "end of data" in str(why) or "field limit" in str(why):
        return f"A quotation mark opened in line {line} is not closed."
    return f"The quotation marks in line {line} cannot be read: {why}."


# ---------------------------------------------------------------------------- NDJSON


@dataclass(frozen=True)
class JsonRecords:
    """Objects, one a line; a column is a dotted path into the object."""

    text: str
    wanted: tuple[str, ...]
    header: tuple[str, ...] = ("content",)

    def check(self, name: str) -> None:
        seen: set[str] = set()
        objects = 0
        for record in self:
            objects += not record.problem
            seen.update(record.values)
        missing = [column for column in self.wanted if column not in seen]
        if objects and missing:
            raise _missing(name, missing, _paths(next(self._objects())), "")

    def named(self, most: int) -> tuple[str, ...]:
        """Give the columns that the first of the objects have, each once."""
        first = islice(self._objects(), most)
        return tuple(dict.fromkeys(path for one in first for path in _paths(one)))

    def __iter__(self) -> Iterator[Record]:
        number = 0
        for line, text in enumerate(io.StringIO(self.text, newline=""), start=1):
            if not text.strip():
                continue
            number += 1
            written = (text.rstrip("\r\n"),)
            try:
                found = _object(text)
                values = _values(found, self.wanted)
                says = found.copy
                yield Record(number, line, written, values, "", says)
            except _NotThis as why:
                yield Record(number, line, written, {}, str(why))

    def _objects(self) -> Iterator[dict[str, Any]]:
        for record in self:
            if not record.problem:
                yield _object(record.cells[0])


class _NotThis(ValueError):
    pass


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError) as why:
        raise _NotThis(f"This is not JSON: {why}.") from why
    if not isinstance(found, dict):
        raise _NotThis("The line holds no object `{...}`.")
    return found


def _values(found: dict[str, Any], wanted: Sequence[str]) -> dict[str, str | None]:
    values: dict[str, str | None] = {}
    for path in wanted:
        there, value = _at(found, path)
        if not there:
            continue
        if isinstance(value, dict | list):
            raise _NotThis(f"`{path}` is not one value.")
        values[path] = str(value).lower() if isinstance(value, bool) else value
    return values


def _at(found: Any, path: str) -> tuple[bool, Any]:  # noqa: ANN401  any JSON
    """Follow a dotted path; a key that itself holds the dots comes first."""
    if not isinstance(found, dict):
        return False, None
    if path in found:
        return True, found[path]
    key, dot, rest = path.partition(".")
    return _at(found[key], rest) if dot and key in found else (False, None)


def _paths(found: Mapping[str, Any], before: str = "") -> list[str]:
    paths: list[str] = []
    for key, value in found.items():
        inner = isinstance(value, dict)
        paths += _paths(value, f"{before}{key}.") if inner else [f"{before}{key}"]
    return paths


def _missing(
    name: str, missing: Sequence[str], known: Sequence[str], delimiter: str
) -> MissingColumns:
    columns = ", ".join(f"`{column}`" for column in missing)
    has = ", ".join(f"`{column}`" for column in known[:_SHOWN])
    near = difflib.get_close_matches(missing[0], known, n=1)
    hint = f"It has {has}{' and others' if len(known) > _SHOWN else ''}."
    if near:
        hint = f"Did you mean `{near[0]}`? {hint}"
    if delimiter:
        hint = f"Write `delimiter: {delimiter}` in the mapping."
    s = "" if len(missing) == 1 else "s"
    return MissingColumns(
        f"The file {name} has no column{s} {columns}.",
        hint=f"{hint} Nothing was taken.",
        columns=list(missing),
    )
