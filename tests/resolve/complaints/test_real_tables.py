"""Tables that nobody here wrote are filed, and a second time nothing twice."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from resolve.cases.models import Case, CaseStatus
from resolve.complaints.bulk import AT_ONCE, Tally, file_rows
from resolve.complaints.mapping import RowMapping, read_mapping
from resolve.complaints.models import Complaint
from resolve.complaints.queries import customers_of
from resolve.complaints.rows import Row, rows_of
from resolve.journal.verify import verify
from resolve.kit.database import Database, reading
from resolve.mappings.records import records_of
from tests.builders import HOUSE, MONDAY, all_rows, published, work

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
CITY = (ROOT / "process_maps/city-service-requests.yaml").read_bytes()
NYC = ROOT / "tests/stories/nyc311.mapping.yaml"


def rows(table: Path, mapping: Path) -> Iterator[Row]:
    known = read_mapping(mapping.read_bytes(), name=mapping.name)
    return rows_of(records_of(table.read_bytes(), known, name=table.name), known)


def filed(
    database: Database, rows: Iterator[Row], rejected: list[str] | None = None
) -> Tally:
    reasons = [] if rejected is None else rejected
    return file_rows(
        database,
        rows,
        house=HOUSE,
        who="administrator",
        now=lambda: MONDAY,
        reject=lambda _, reason: reasons.append(reason),
    )


def counts(tally: Tally) -> tuple[int, int, int]:
    return tally.filed, tally.already_there, tally.rejected


def test_two_thousand_requests_are_filed_and_none_twice(
    database: Database, data: Path
) -> None:
    published(database, CITY)
    table = data / "complaints/nyc311_micro_2000.csv"

    assert counts(filed(database, rows(table, NYC))) == (2000, 0, 0)
    assert counts(filed(database, rows(table, NYC))) == (0, 2000, 0)

    complaints = all_rows(database, Complaint)
    assert len({one.reference for one in complaints}) == len(complaints) == 2000


def test_like_requests_are_one_case_and_every_customer_is_counted(
    database: Database, data: Path
) -> None:
    published(database, CITY)
    filed(database, rows(data / "complaints/nyc311_micro_2000.csv", NYC))
    work(database)

    cases = all_rows(database, Case)
    placed = [one for one in cases if one.status == CaseStatus.TASKS]
    with reading(database) as session:
        customers = customers_of(session, [one.id for one in cases])
        problems = verify(session, key=b"key").problems

    assert sum(customers.values()) == 2000
    assert set(customers) == {one.id for one in cases}
    concerns = Counter(one.concern for one in placed)
    assert set(concerns.values()) == {1}  # `join: P3D`, all filed on one day
    assert all(one.round == 1 for one in placed)
    assert not problems


def test_what_was_killed_in_the_middle_files_exactly_the_missing_ones(
    database: Database, data: Path
) -> None:
    published(database, CITY)
    table = data / "complaints/nyc311_micro_2000.csv"

    def killed() -> Iterator[Row]:
        for n, row in enumerate(rows(table, NYC)):
            if n == 2 * AT_ONCE + 7:
                raise KeyboardInterrupt
            yield row

    with pytest.raises(KeyboardInterrupt):
        filed(database, killed())

    again = filed(database, rows(table, NYC))
    assert counts(again) == (2000 - 2 * AT_ONCE, 2 * AT_ONCE, 0)
    assert len(all_rows(database, Complaint)) == 2000


def test_requests_to_boston_are_filed(database: Database, data: Path) -> None:
    published(database, CITY)
    table = data / "complaints/boston311-100.csv"

    tally = filed(database, rows(table, HERE / "boston311.mapping.yaml"))

    assert counts(tally) == (100, 0, 0)
    assert tally.to_be_placed == 18  # of authorities that the map does not know
    first = all_rows(database, Complaint)[0]
    assert first.text == "BTDT: Complaint\nEmployee & General Comments"
    assert first.occurred_at.isoformat() == "2022-01-21T18:47:00+00:00"


def test_requests_in_russian_and_kazakh_are_filed(
    database: Database, data: Path
) -> None:
    table = data / "complaints/kzgov_ru_kk_1200.csv"

    tally = filed(database, rows(table, HERE / "kzgov.mapping.yaml"))

    assert counts(tally) == (1200, 0, 0)
    assert tally.to_be_placed == 1200  # nothing is published
    weights = Counter(one.severity for one in all_rows(database, Complaint))
    assert weights == {"low": 495, "medium": 362, "high": 343}


def test_complaints_about_banks_are_filed(database: Database, data: Path) -> None:
    table = data / "complaints/cfpb_v2-public_30.csv"

    tally = filed(database, rows(table, HERE / "cfpb.mapping.yaml"))

    assert counts(tally) == (30, 0, 0)
    channels = Counter(one.customer["channel"] for one in all_rows(database, Complaint))
    assert channels == {"web": 27, "referral": 2, "phone": 1}


def test_strings_that_break_programs_are_filed_unchanged_or_told(
    database: Database, data: Path, tmp_path: Path
) -> None:
    strings = json.loads((data / "complaints/naughty_strings.json").read_text("utf-8"))
    table = tmp_path / "naughty.ndjson"
    lines = [json.dumps({"n": n, "said": said}) for n, said in enumerate(strings)]
    table.write_text("\n".join([*lines, r'{"n": "x", "said": "half \ud800"}']))
    known = RowMapping(
        fields={"text": ("said",), "reference": ("n",), "desired_outcome": ("said",)},
        constants={"source": "naughty"},
    )
    records = records_of(table.read_bytes(), known, name=table.name)
    rejected: list[str] = []

    tally = filed(database, rows_of(records, known), rejected)

    stored = {one.reference: one.text for one in all_rows(database, Complaint)}
    assert tally.filed + tally.rejected == len(strings) + 1
    assert all(
        stored[str(n)] == said for n, said in enumerate(strings) if str(n) in stored
    )
    sayable = [s for s in strings if s.strip() and "\0" not in s]
    assert tally.filed == len(sayable)
    assert "cannot be stored" in rejected[-1]
