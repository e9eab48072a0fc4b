"""The mapping shown in the documentation is a mapping."""

from __future__ import annotations

from pathlib import Path

from resolve.complaints.mapping import read_mapping
from resolve.complaints.rows import rows_of
from resolve.mappings.records import records_of

PAGE = Path(__file__).resolve().parents[2] / "docs/mappings.md"
TABLE = """\
Ticket,When,Subject,Message,Order no,Client,E-mail,Where,Urgent
7,03.04.2026 09:30,Parcel,It is late,A-1,Olha,olha@example.com,Courier,yes
"""


def test_the_mapping_in_the_documentation_works_as_it_stands() -> None:
    text = PAGE.read_text(encoding="utf-8")
    shown = text.partition("```yaml\n")[2].partition("```")[0]
    mapping = read_mapping(shown.encode(), name="docs/mappings.md")

    (row,) = rows_of(records_of(TABLE.encode(), mapping, name="t.csv"), mapping)

    assert row.filing is not None
    assert row.filing.text == "Parcel\nIt is late"
    assert (row.filing.touchpoint, row.filing.severity) == ("door", "high")
    assert row.filing.occurred_at is not None
    assert row.filing.occurred_at.isoformat() == "2026-04-03T06:30:00+00:00"
