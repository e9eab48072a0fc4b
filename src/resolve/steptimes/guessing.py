"""Which columns of a log say what, where they have names that many logs use (pure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from resolve.mappings.form import normal

_NAMES = {
    "order": ("case:concept:name", "order", "order_id", "order no", "case_id", "caseid",
              "case id", "case", "заказ", "номер заказа", "замовлення",
              "номер замовлення"),
    "activity": ("concept:name", "activity", "activity name", "task", "step", "event",
                 "действие", "операция", "шаг", "дія", "операція", "крок"),
    "started": ("start_timestamp", "started", "start_time", "start time", "start",
                "began", "begin", "start date", "начало", "початок"),
    "ended": ("time:timestamp", "ended", "end_time", "end time", "end", "complete",
              "completed", "complete_time", "complete timestamp", "end date",
              "finished", "timestamp", "конец", "окончание", "кінець", "закінчення"),
    "resource": ("org:resource", "resource", "person", "employee", "user",
                 "исполнитель", "виконавець"),
    "department": ("org:group", "department", "role", "подразделение", "підрозділ"),
}  # fmt: skip
_SIGNS = ",;\t|"


def guessed(header: Sequence[str]) -> dict[str, str]:
    """Give the columns that carry a usual name, by what they say.

    >>> guessed(["Case ID", "Activity", "End Time", "Cost"])
    {'order': 'Case ID', 'activity': 'Activity', 'ended': 'End Time'}
    """
    there = {normal(column).lower(): normal(column) for column in reversed(header)}
    found = {}
    for field, names in _NAMES.items():
        column = next((there[name] for name in names if name in there), None)
        if column is not None:
            found[field] = column
    return found


def is_enough(fields: Mapping[str, str]) -> bool:
    """Tell whether a log can be read by these columns."""
    return {"order", "activity"} <= set(fields) and not {"started", "ended"}.isdisjoint(
        fields
    )


def delimiter_of(text: str) -> str:
    """Give the sign that parts the columns of a table, by its first line."""
    line = next(iter(text.splitlines()), "")
    return max(_SIGNS, key=lambda sign: (line.count(sign), -_SIGNS.index(sign)))


def encoding_of(content: bytes) -> str:
    """Give how a text is encoded: as its mark says, UTF-8, else Windows' Cyrillic."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "windows-1251"
    return "utf-8"
