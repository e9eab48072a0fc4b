"""What the columns of a log mean, where no mapping says so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import islice
from typing import ClassVar

from resolve.kit.errors import Invalid
from resolve.mappings.records import JsonRecords, Records, records_of
from resolve.steptimes.guessing import delimiter_of, encoding_of, guessed, is_enough
from resolve.steptimes.mapping import LogMapping

_LOOKED_AT = 50
_SHOWN = 20
_TIME = re.compile(r"\s*(\d{1,4}\s?[-./ ]\s?\w{1,9}[-./, ]|\d{8,}|\d+[:.]\d+)")
"""What may be a date or a time, however it is written; more is read later."""


class NotALog(Invalid):
    """It can be read, but holds no times: a letter, or something else."""

    code: ClassVar[str] = "not_a_log"


class ColumnsNotClear(Invalid):
    """The log has columns, but it is not clear which of them says what."""

    code: ClassVar[str] = "columns_not_clear"


def as_written(content: bytes, known: LogMapping) -> LogMapping:
    """Say how a file is encoded and what parts its columns, by what it holds."""
    encoding = encoding_of(content)
    sign = delimiter_of(content.decode(encoding, "replace")[:20_000])
    return replace(known, encoding=encoding, delimiter=sign)


def columns_in(content: bytes, known: LogMapping, *, name: str) -> tuple[str, ...]:
    """Give the columns of a log.

    Raises:
        UnreadableFile: it cannot be read at all.
        NotALog: it can, but no column holds times.
    """
    found = records_of(content, replace(known, fields={}), name=name)
    if isinstance(found, JsonRecords):
        return found.named(_LOOKED_AT)
    if not _may_be_a_log(found):
        raise NotALog(
            f"The file {name} does not look like a log: no column holds times.",
            hint="A log has a row for each thing done, with its order and its time.",
            pointer="/log",
        )
    return found.header


def by_name(
    known: LogMapping, header: tuple[str, ...], said: Mapping[str, str]
) -> LogMapping:
    """Say what columns mean: as somebody said, else as they are usually named.

    An end is not needed where there is a beginning, nor the other way round.

    Raises:
        ColumnsNotClear: order, activity or any time is not among them.
    """
    fields = {**guessed(header), **said}
    if not is_enough(fields):
        has = ", ".join(f"`{column}`" for column in header[:_SHOWN])
        raise ColumnsNotClear(
            "It is not clear which columns are the order, the activity and a time.",
            hint=f"Say so in a mapping. The log has {has}.",
        )
    return replace(known, fields=fields)


def _may_be_a_log(records: Records) -> bool:
    """Tell whether a table has columns, and in its first rows one with times."""
    cells = [cell for one in islice(records, _LOOKED_AT) for cell in one.cells]
    return len(records.header) > 1 and (
        not any(cells) or any(_TIME.match(cell) for cell in cells)
    )
