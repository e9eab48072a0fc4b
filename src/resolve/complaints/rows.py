"""From a record to a filing, or to the reason why not."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from resolve.complaints.filing import Filing
from resolve.complaints.mapping import (
    CUSTOMER,
    RowMapping,
    Translation,
    is_yes,
    why_not,
)
from resolve.mappings.cells import Unreadable, moment, shown
from resolve.mappings.form import normal
from resolve.mappings.records import Record

_OWN_WORDS = ("text", "desired_outcome")


@dataclass(frozen=True, slots=True)
class Row:
    """A record with its filing; without one, `reason` says why it is rejected."""

    record: Record
    filing: Filing | None = None
    reason: str = ""


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
        except Unreadable as why:
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
        raise Unreadable(
            f"The reference `{shown(name[1])}` is that of row {first}, "
            "whose content is different."
        )


def _filing(record: Record, mapping: RowMapping, occurrence: int) -> Filing:
    if record.problem:
        raise Unreadable(record.problem)
    found: dict[str, str | None] = dict(mapping.constants)
    for name, columns in mapping.fields.items():
        found[name] = _joined(name, [record.values.get(c) for c in columns])
    for name, translation in mapping.values.items():
        found[name] = _translated(translation, record.values.get(translation.column))
    for name, word in found.items():
        why = why_not(name, word) if word is not None else ""
        if why:
            raise Unreadable(f"{name}: `{shown(word or '')}` {why}.")
    if not found.get("source"):
        raise Unreadable("The row does not say its source.")
    return Filing(
        text=found.get("text") or "",
        source=found["source"] or "",
        map=found.get("map"),
        touchpoint=found.get("touchpoint"),
        promise=found.get("promise"),
        language=found.get("language"),
        reference=found.get("reference") or _digest(record, occurrence),
        order=found.get("order"),
        occurred_at=moment("occurred_at", found.get("occurred_at"), mapping),
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
        raise Unreadable(
            f"`{shown(word)}` in the column `{translation.column}` has no meaning "
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
