"""Filing many rows: so many per transaction, and a second time only what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from resolve.cases.models import CaseStatus
from resolve.complaints.errors import AlreadyFiled
from resolve.complaints.filing import Filed, House, file_all
from resolve.complaints.rows import Row
from resolve.kit.database import Database, transaction
from resolve.kit.errors import ResolveError

AT_ONCE = 500


@dataclass(slots=True)
class Tally:
    """What became of the rows of a file; `unclear` counts warnings by their code."""

    filed: int = 0
    already_there: int = 0
    rejected: int = 0
    to_be_placed: int = 0
    unclear: Counter[str] = field(default_factory=Counter)


def file_rows(  # noqa: PLR0913  what to file, for whom, and whom to tell
    database: Database,
    rows: Iterable[Row],
    *,
    house: House,
    who: str,
    now: Callable[[], datetime],
    reject: Callable[[Row, str], None],
    done: Callable[[int], None] = lambda _: None,
) -> Tally:
    """File the rows that are not there yet; `reject` is told of those refused.

    What is committed stays if this is interrupted: rows carry a reference, so going
    through the same file again files exactly the missing ones. `done` is told how
    many rows were dealt with.
    """
    tally, left = Tally(), iter(rows)
    while batch := list(islice(left, AT_ONCE)):
        filings = [row.filing for row in batch if row.filing]
        with transaction(database) as session:
            became = iter(file_all(session, filings, house=house, who=who, at=now()))
        for row in batch:
            reason = _count(tally, next(became)) if row.filing else row.reason
            if reason:
                tally.rejected += 1
                reject(row, reason)
        done(len(batch))
    return tally


def _count(tally: Tally, became: Filed | ResolveError) -> str:
    """Count what became of a filing; give the reason if it was refused."""
    if isinstance(became, AlreadyFiled):
        tally.already_there += 1
        return ""
    if isinstance(became, ResolveError):
        field_ = became.pointer.lstrip("/").replace("/", ".")
        return f"{field_}: {became}" if field_ else str(became)
    tally.filed += 1
    tally.to_be_placed += became.case_status == CaseStatus.TO_PLACE
    tally.unclear.update(warning.code for warning in became.warnings)
    return ""
