"""Opening a log, whatever its form: a table, NDJSON, XES, OCEL; packed or not."""

from __future__ import annotations

import zlib
from dataclasses import replace

from resolve.mappings.records import JsonRecords, Records, UnreadableFile, records_of
from resolve.steptimes.eventlogs import event_rows, is_event_log
from resolve.steptimes.mapping import LogMapping, fitting, plain_mapping

_PACKED = 16 + zlib.MAX_WBITS


def open_log(
    content: bytes, known: LogMapping | None, *, name: str
) -> tuple[Records, LogMapping]:
    """Open a log; without a mapping its columns have our names, or those of its form.

    Gives the mapping as it fits the log: without what a log may lack and does.

    Raises:
        UnreadableFile, MissingColumns, OrderNotNamed: it cannot be read so.
    """
    if is_event_log(name):
        return _events(content, known, name)
    fitted = known or plain_mapping()
    fitted = fitting(fitted, _columns(content, fitted, name))
    return records_of(content, fitted, name=name), fitted


def _columns(content: bytes, known: LogMapping, name: str) -> tuple[str, ...]:
    """Give the columns of a table; of NDJSON those that any of its objects has."""
    found = records_of(content, replace(known, fields={}), name=name)
    if not isinstance(found, JsonRecords):
        return found.header
    seen: dict[str, None] = {}
    for record in replace(found, wanted=known.columns):
        seen |= dict.fromkeys(record.values)
        if len(seen) == len(known.columns):
            break
    return tuple(seen)


def _events(
    content: bytes, known: LogMapping | None, name: str
) -> tuple[Records, LogMapping]:
    rows = event_rows(
        content, name=name, order=known.fields.get("order") if known else None
    )
    known = known or LogMapping()
    # Times of such a log always say their zone, in one form.
    said = replace(known, fields={**rows.fields, **known.fields}, dates=())
    fitted = fitting(said, rows.header)
    return rows.wanting(fitted.columns, name=name), fitted


def unpacked(
    content: bytes, name: str, *, most: int | None = None
) -> tuple[bytes, str]:
    """Unpack a file whose name ends in .gz; gives it with the name inside.

    Raises:
        UnreadableFile: it is not packed so, or holds more than `most` bytes.
    """
    if not name.lower().endswith(".gz"):
        return content, name
    inside = name[: -len(".gz")]
    packed = zlib.decompressobj(_PACKED)
    try:
        plain = packed.decompress(content, most or 0)
    except zlib.error as why:
        raise UnreadableFile(
            f"The file {name} cannot be unpacked: {why}.",
            hint="Pack it with gzip, or leave it as it is. Nothing was taken.",
        ) from why
    if packed.unconsumed_tail:
        raise UnreadableFile(
            f"The file {name} is larger than {(most or 0) // 1_000_000} MB unpacked.",
            hint="Take a part of it, or import it on the command line.",
        )
    if not packed.eof:
        raise UnreadableFile(
            f"The file {name} ends too early.", hint="Get it once more, whole."
        )
    return plain, inside
