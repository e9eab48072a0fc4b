"""From a record to a filing, or to the reason why not."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from resolve.complaints.filing import Filing
from resolve.complaints.mapping import (
    CUSTOMER,
    RowMapping,
    Translation,
    is_yes,
    normal,
    why_not,
)
from resolve.complaints.records import Record

_OWN_WORDS = ("text", "desired_outcome")
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Row:
    """A record with its filing; without one, `reason` says why it is rejected."""

    record: Record
    filing: Filing | None = None
    reason: str = ""


class _Rejected(Exception):
    pass


def rows_of(records: Iterable[Record], mapping: RowMapping) -> Iterator[Row]:
    """Make a filing of each record.

    A missing reference is a digest of the row and its n-th occurrence, so the same
    file gives the same references. Of rows with the same reference and different
    content, the first is taken.
    """
    occurrences: Counter[str] = Counter()
    contents: dict[tuple[str, str], tuple[int, str]] = {}
    for record in records:
        occurrences[record.content] += 1
        try:
            filing = _filing(record, mapping, occurrences[record.content])
            _only_one(record, filing, contents)
        except _Rejected as why:
            yield Row(record, reason=str(why))
        else:
            yield Row(record, filing)


def _only_one(
    record: Record, filing: Filing, contents: dict[tuple[str, str], tuple[int, str]]
) -> None:
    name = (filing.source, filing.reference or "")
    content = hashlib.sha256(record.content.encode()).hexdigest()
    first, known = contents.setdefault(name, (record.number, content))
    if known != content:
        raise _Rejected(
            f"The reference `{_shown(name[1])}` is that of row {first}, "
            "whose content is different."
        )


def _filing(record: Record, mapping: RowMapping, occurrence: int) -> Filing:
    if record.problem:
        raise _Rejected(record.problem)
    found: dict[str, str | None] = dict(mapping.constants)
    for name, columns in mapping.fields.items():
        found[name] = _joined(name, [record.values.get(c) for c in columns])
    for name, translation in mapping.values.items():
        found[name] = _translated(translation, record.values.get(translation.column))
    for name, word in found.items():
        why = why_not(name, word) if word is not None else ""
        if why:
            raise _Rejected(f"{name}: `{_shown(word or '')}` {why}.")
    if not found.get("source"):
        raise _Rejected("The row does not say its source.")
    return Filing(
        text=found.get("text") or "",
        source=found["source"] or "",
        map=found.get("map"),
        touchpoint=found.get("touchpoint"),
        promise=found.get("promise"),
        language=found.get("language"),
        reference=found.get("reference") or _digest(record, occurrence),
        order=found.get("order"),
        occurred_at=_moment(found.get("occurred_at"), mapping),
        desired_outcome=found.get("desired_outcome"),
        severity=(found.get("severity") or "").casefold() or None,
        safety=is_yes(found.get("safety")),
        on_behalf_of=found.get("on_behalf_of"),
        customer=_customer(found),
    )


def _joined(name: str, cells: Iterable[str | None]) -> str | None:
    """Join the cells that say something: own words line by line, unchanged."""
    said = [cell for cell in cells if cell and cell.strip()]
    if name in _OWN_WORDS:
        return "\n".join(said) or None
    return " ".join(cell.strip() for cell in said) or None


def _translated(translation: Translation, cell: str | None) -> str | None:
    word = normal(cell or "")
    if word in translation.words:
        return translation.words[word]
    if translation.closed and word:
        raise _Rejected(
            f"`{_shown(word)}` in the column `{translation.column}` has no meaning "
            "in the mapping; add it there, or write `otherwise: null`."
        )
    return translation.otherwise


def _customer(found: dict[str, str | None]) -> dict[str, str] | None:
    known = {
        name.removeprefix(CUSTOMER): word
        for name, word in found.items()
        if name.startswith(CUSTOMER) and word
    }
    return known or None


def _digest(record: Record, occurrence: int) -> str:
    content = record.content.encode("utf-8", "surrogatepass")
    return f"row-{hashlib.sha256(content).hexdigest()[:32]}-{occurrence}"


def _moment(written: str | None, mapping: RowMapping) -> datetime | None:
    """Read a date by the first format that fits.

    A time that the clocks of the zone show twice is the first of the two; one that
    they skip is counted on from before the skip.
    """
    if written is None:
        return None
    at = _parsed(written, mapping.dates)
    if at is None:
        forms = " or ".join(mapping.dates) or "a date such as 2026-11-23T09:00"
        raise _Rejected(f"occurred_at: `{_shown(written)}` is not {forms}.")
    try:
        return _in_utc(at, mapping.zone)
    except OverflowError:
        raise _Rejected(f"occurred_at: `{_shown(written)}` is too far away.") from None


def _parsed(written: str, forms: Iterable[str]) -> datetime | None:
    if not forms:
        try:
            return datetime.fromisoformat(written)
        except ValueError:
            return None
    for form in forms:
        try:
            return datetime.strptime(written, form)  # noqa: DTZ007  its zone comes after
        except ValueError:
            continue
    return None


def _in_utc(at: datetime, zone: ZoneInfo) -> datetime:
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def _shown(word: str) -> str:
    line = " ".join(word.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
