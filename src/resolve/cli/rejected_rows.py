"""The file of rows that could not be taken, each with the reason."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

from resolve.kit.errors import Conflict, Unavailable

if TYPE_CHECKING:
    from resolve.mappings.form import Form
    from resolve.mappings.records import Record

_BEFORE = ("row", "line", "reason")


class RejectedRows:
    """Made when the first row is rejected; `path` is None until then.

    It has the columns, the encoding and the delimiter of the file itself, so that
    what was put right in it can be filed by the same mapping.
    """

    def __init__(
        self,
        table: Path,
        wanted: Path | None,
        header: Sequence[str],
        mapping: Form,
    ) -> None:
        if wanted is not None and wanted.resolve() == table.resolve():
            raise Conflict(
                f"{wanted} is the file that is read.",
                hint="Name another one for the rejected rows.",
            )
        name = f"{table.name}.rejected.csv"
        self.places = (wanted,) if wanted else (table.with_name(name), Path(name))
        self.header = header
        self.encoding, self.delimiter = mapping.encoding, mapping.delimiter
        self.path: Path | None = None
        self._open = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.close()

    def add(self, record: Record, reason: str) -> None:
        """Write a row; it is in the file at once."""
        if self.path is None:
            self.path, self._file = self._opened()
            self._out = csv.writer(self._file, delimiter=self.delimiter)
            self._out.writerow([*_BEFORE, *self.header])
        self._out.writerow([record.number, record.line, reason, *record.cells])
        self._file.flush()

    def _opened(self) -> tuple[Path, TextIO]:
        why = None
        for path in self.places:
            try:
                file = path.open(
                    "w", encoding=self.encoding, errors="backslashreplace", newline=""
                )
                return path, self._open.enter_context(file)
            except OSError as error:
                why = error
        raise Unavailable(
            f"{self.places[-1]} cannot be written: {why.strerror if why else ''}.",
            hint="Name a file for the rejected rows with --rejected.",
        )
