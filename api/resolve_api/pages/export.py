"""Lists as CSV: streamed, for spreadsheets, with customers only where chosen."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from sqlmodel import Session
from starlette.responses import Response, StreamingResponse

from resolve.access.table import Right
from resolve.complaints.models import Complaint
from resolve.kit.errors import Forbidden
from resolve_api.pages.visits import Visit
from resolve_api.seen import Showing, shown_texts

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_AT_ONCE = 200
_BOM = "\ufeff"


class CustomersNotYours(Forbidden):
    """Customers' names leave the house only by who handles cases."""

    code = "not_allowed"


def wants_customers(visit: Visit) -> bool:
    """Tell whether the customers were chosen, too.

    Raises:
        CustomersNotYours: it is nobody who handles cases.
    """
    if not visit.ask("customers"):
        return False
    if not visit.may(Right.HANDLE):
        raise CustomersNotYours("The export with customers is not for your roles.")
    return True


def shown_in_export(
    session: Session, visit: Visit, case_ids: Sequence[str], *, with_customers: bool
) -> dict[str, Showing]:
    """Give what shows texts: without customers they are masked as for partners."""
    client = visit.client
    if not with_customers:
        client = replace(client, is_partner=True)
    return shown_texts(session, client, case_ids)


def csv_of(
    visit: Visit,
    name: str,
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    with_customers: bool = False,
) -> Response:
    """Send rows as they are read; the last cell of each is its complaint, if any.

    With customers the complaint becomes three cells: name, e-mail, telephone.
    """
    it = visit.language
    if with_customers:
        header = [*header, it.say("Customer"), it.say("E-mail"), it.say("Telephone")]
    written = (_cells(row, visit.zone, with_customers=with_customers) for row in rows)
    return StreamingResponse(
        _lines(header, written),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}.csv"
            if not name.isascii()
            else f'attachment; filename="{name}.csv"',
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )


def _lines(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Write so many rows at a time; the mark in front tells spreadsheets the code."""
    part = io.StringIO()
    part.write(_BOM)
    writer = csv.writer(part)
    writer.writerow([harmless(one) for one in header])
    for n, row in enumerate(rows, start=1):
        writer.writerow(row)
        if n % _AT_ONCE == 0:
            yield part.getvalue()
            part.seek(0)
            part.truncate()
    yield part.getvalue()


def _cells(row: Sequence[object], zone: ZoneInfo, *, with_customers: bool) -> list[str]:
    *cells, last = row
    written = [cell(one, zone) for one in cells]
    if with_customers:
        known = (last.customer or {}) if isinstance(last, Complaint) else {}
        fields = (known.get(name) for name in ("name", "email", "phone"))
        written += [cell(one, zone) for one in fields]
    return written


def cell(value: object, zone: ZoneInfo) -> str:
    """Write a value as a cell: times in the reader's zone, with its offset."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool | int | float):
        return str(value)
    return harmless(str(value))


def harmless(text: str) -> str:
    """Keep a spreadsheet from taking a text for a formula.

    >>> harmless("=1+1")
    "'=1+1"
    """
    return f"'{text}" if text.startswith(_FORMULA) else text
