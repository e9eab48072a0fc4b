"""Tables come in every shape; each row is filed or rejected with the reason."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolve.complaints.filing import Filing
from resolve.complaints.mapping import RowMapping, Translation
from resolve.complaints.rows import Row, rows_of
from resolve.mappings.records import MissingColumns, UnreadableFile, records_of

SOURCE = {"source": "shop"}


def mapping(**facts: object) -> RowMapping:
    known = {"fields": {"text": ("Words",)}, "constants": SOURCE} | facts
    return RowMapping(**known)  # type: ignore[arg-type]


def rows(content: bytes | str, by: RowMapping, name: str = "table.csv") -> list[Row]:
    content = content.encode() if isinstance(content, str) else content
    return list(rows_of(records_of(content, by, name=name), by))


def one(content: bytes | str, by: RowMapping, name: str = "table.csv") -> Filing:
    (row,) = rows(content, by, name)
    assert row.filing, row.reason
    return row.filing


def texts(content: bytes | str, by: RowMapping | None = None) -> list[str]:
    return [row.filing.text if row.filing else "" for row in rows(content, by or BY)]


BY = mapping(fields={"text": ("Words",), "reference": ("No",)})


# ------------------------------------------------------------------------- the file


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_they_like(end: str) -> None:
    assert texts(f"No,Words{end}1,Late{end}2,Lost{end}") == ["Late", "Lost"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8"])
def test_a_byte_order_mark_is_no_part_of_the_first_name(encoding: str) -> None:
    assert texts("No,Words\n1,Поздно".encode(encoding)) == ["Поздно"]


@pytest.mark.parametrize("encoding", ["windows-1251", "utf-16", "koi8-u"])
def test_other_encodings_are_read_as_the_mapping_says(encoding: str) -> None:
    by = mapping(encoding=encoding)

    assert texts("Words\nПізно".encode(encoding), by) == ["Пізно"]


@pytest.mark.parametrize(
    ("encoding", "says"), [("windows-1251", "line 2"), ("utf-16", "encoding: utf-16")]
)
def test_another_encoding_than_the_mapping_says_is_told(
    encoding: str, says: str
) -> None:
    with pytest.raises(UnreadableFile, match=says):
        rows("Words\nПізно".encode(encoding), mapping())


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_other_delimiters_are_read(delimiter: str) -> None:
    table = delimiter.join(["No", "Words"]) + "\n" + delimiter.join(["1", "a, b"])

    assert texts(table, mapping(delimiter=delimiter)) == ["a, b"]


def test_a_wrong_delimiter_is_suggested() -> None:
    with pytest.raises(MissingColumns, match='delimiter: ";"'):
        rows("No;Words\n1;Late", BY)


def test_missing_columns_are_named_with_what_was_probably_meant() -> None:
    with pytest.raises(MissingColumns, match=r"`Words`.*Did you mean `Word`"):
        rows("No,Word\n1,Late", BY)


def test_a_column_that_is_there_twice_cannot_be_meant() -> None:
    with pytest.raises(MissingColumns, match="`Words` more than once"):
        rows("Words,Words\na,b", mapping())


def test_a_column_there_twice_that_nobody_asks_for_does_no_harm() -> None:
    assert texts("x,x,Words\n1,2,Late", mapping()) == ["Late"]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_told(content: bytes) -> None:
    with pytest.raises(UnreadableFile, match="empty"):
        rows(content, mapping())


def test_a_header_alone_has_no_rows() -> None:
    assert rows("No,Words\n", BY) == []


def test_empty_lines_are_no_rows() -> None:
    assert texts("\nNo,Words\n\n1,Late\n,\n\n2,Lost\n") == ["Late", "Lost"]


def test_quoted_cells_hold_line_ends_delimiters_and_quotation_marks() -> None:
    assert texts('No,Words\n1,"a\r\nb, ""c"""\n2,d\n') == ['a\r\nb, "c"', "d"]


@pytest.mark.parametrize("row", ["1", "1,a,b"])
def test_a_ragged_row_is_rejected_and_the_rest_is_not(row: str) -> None:
    bad, good = rows(f"No,Words\n{row}\n2,Lost\n", BY)

    assert "cells, the header has 2" in bad.reason
    assert (bad.record.number, bad.record.line) == (1, 2)
    assert bad.record.cells == tuple(row.split(","))
    assert good.filing


def test_a_quotation_mark_that_is_not_closed_is_told_by_its_line() -> None:
    good, bad = rows('No,Words\n1,Late\n2,"Lost\n3,Broken\n', BY)

    assert good.filing
    assert bad.reason == "A quotation mark opened in line 3 is not closed."
    assert bad.record.cells == ('2,"Lost\n3,Broken\n',)


def test_broken_quotation_marks_reject_one_row() -> None:
    bad, good = rows('No,Words\n1,"Late"x\n2,Lost\n', BY)

    assert "line 2" in bad.reason
    assert good.filing


# ------------------------------------------------------------------------- the fields


def test_several_columns_make_one_text_a_line_each_and_empty_ones_none() -> None:
    by = mapping(fields={"text": ("A", "B", "C"), "order": ("A", "C")})

    filing = one("A,B,C\n x ,,y\n", by)

    assert filing.text == " x \ny"  # the customer's words stay as they are
    assert filing.order == "x y"


def test_words_are_translated_and_others_become_otherwise() -> None:
    word = Translation("Kind", {"D": "door", "X": None}, "shop")
    by = mapping(values={"touchpoint": word})

    found = rows("Words,Kind\na,D\na, D \na,X\na,?\na,\n", by)

    assert [row.filing and row.filing.touchpoint for row in found] == [
        "door", "door", None, "shop", "shop",
    ]  # fmt: skip


def test_without_otherwise_a_word_that_is_not_listed_rejects_the_row() -> None:
    word = Translation("Kind", {"D": "door"}, closed=True)

    known, unknown, empty = rows(
        "Words,Kind\na,D\na,E\na,\n", mapping(values={"touchpoint": word})
    )

    assert known.filing
    assert "`E` in the column `Kind` has no meaning" in unknown.reason
    assert empty.filing
    assert empty.filing.touchpoint is None


def test_the_customer_severity_and_safety_are_read() -> None:
    fields = {
        "text": ("Words",), "severity": ("S",), "safety": ("D",),
        "customer.email": ("E",), "customer.name": ("N",),
    }  # fmt: skip

    filing = one("Words,S,D,E,N\na,High,yes,a@b.c,\n", mapping(fields=fields))

    assert (filing.severity, filing.safety) == ("high", True)
    assert filing.customer == {"email": "a@b.c"}


def test_an_unknown_severity_rejects_the_row() -> None:
    by = mapping(fields={"text": ("Words",), "severity": ("S",)})

    (row,) = rows("Words,S\na,urgent\n", by)

    assert row.reason == "severity: `urgent` is none of low, medium, high."


# ------------------------------------------------------------------------- dates


def dated(*forms: str, zone: str = "America/New_York") -> RowMapping:
    fields = {"text": ("Words",), "occurred_at": ("At",)}
    return mapping(fields=fields, dates=forms, zone=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("03/01/2011 02:27:57 PM", datetime(2011, 3, 1, 19, 27, 57, tzinfo=UTC)),
        ("2011-07-01", datetime(2011, 7, 1, 4, tzinfo=UTC)),  # summer time
        ("", None),
    ],
)
def test_dates_are_read_by_the_first_format_that_fits_in_the_zone(
    written: str, expected: datetime | None
) -> None:
    by = dated("%m/%d/%Y %I:%M:%S %p", "%Y-%m-%d")

    assert one(f"Words,At\na,{written}\n", by).occurred_at == expected


@pytest.mark.parametrize(("form", "month"), [("%d/%m/%Y", 4), ("%m/%d/%Y", 3)])
def test_which_is_the_day_and_which_the_month_is_what_the_format_says(
    form: str, month: int
) -> None:
    at = one("Words,At\na,03/04/2026\n", dated(form, zone="UTC")).occurred_at

    assert at is not None
    assert at.month == month


def test_a_date_of_no_format_rejects_the_row_and_says_so() -> None:
    (row,) = rows("Words,At\na,13/13/2026\n", dated("%d/%m/%Y"))

    assert row.reason == "occurred_at: `13/13/2026` is not %d/%m/%Y."


def test_a_date_with_its_own_zone_keeps_it() -> None:
    at = one("Words,At\na,2026-01-01 00:00 +0200\n", dated("%Y-%m-%d %H:%M %z"))

    assert at.occurred_at == datetime(2025, 12, 31, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        ("2011-03-13T02:30", 7),  # skipped: as if the clock had not been moved yet
        ("2011-11-06T01:30", 5),  # shown twice: the first
    ],
)
def test_times_that_the_clock_skips_or_shows_twice(written: str, hour: int) -> None:
    at = one(f"Words,At\na,{written}\n", dated()).occurred_at

    assert at is not None
    assert (at.hour, at.minute) == (hour, 30)


def test_a_date_at_the_end_of_time_rejects_the_row() -> None:
    (row,) = rows("Words,At\na,9999-12-31T23:00\n", dated())

    assert "too far away" in row.reason


# ------------------------------------------------------------------------- references


def test_a_missing_reference_is_the_row_and_its_nth_occurrence() -> None:
    table = "Words\nLate\nLate\nLost\n"

    first = [row.filing and row.filing.reference for row in rows(table, mapping())]
    again = [row.filing and row.filing.reference for row in rows(table, mapping())]

    assert first == again
    assert len(set(first)) == 3
    assert first[0]
    assert first[1] == first[0].replace("-1", "-2")


def test_the_reference_of_a_row_does_not_hang_on_the_order_of_columns() -> None:
    a = one("Words,No\nLate,1\n", mapping()).reference
    b = one("No,Words\n1,Late\n", mapping()).reference

    assert a == b


def test_one_reference_with_two_contents_is_told() -> None:
    first, same, other = rows("No,Words\n7,Late\n7,Late\n7,Lost\n", BY)

    assert first.filing
    assert same.filing  # filed already, once it is filed
    assert "that of row 1, whose content is different" in other.reason


# ------------------------------------------------------------------------- NDJSON


def test_objects_are_read_a_line_each_by_dotted_paths() -> None:
    by = mapping(
        fields={"text": ("c.words",), "reference": ("id",), "safety": ("danger",),
                "customer.name": ("c.by.name",)},
    )  # fmt: skip
    lines = [
        {
            "id": 10**30,
            "c": {"words": "Пізно", "by": {"name": "Олена"}},
            "danger": True,
        },
        {"id": 1.50, "c.words": "Late", "c": {"words": "no"}},
    ]
    content = "\r\n".join(json.dumps(line) for line in lines)

    first, second = rows(content, by)

    assert first.filing
    assert first.filing.reference == "1" + "0" * 30
    assert first.filing.text == "Пізно"
    assert first.filing.safety
    assert first.filing.customer == {"name": "Олена"}
    assert second.filing
    assert (second.filing.text, second.filing.reference) == ("Late", "1.5")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "not JSON"),
        ("[1]", "no object"),
        ('{"Words": [1]}', "not one value"),
        ('{"Words": ' + "[" * 100_000, "not JSON"),
    ],
)
def test_a_line_that_is_no_such_object_is_rejected(line: str, says: str) -> None:
    good, bad = rows('{"Words": "Late"}\n' + line, mapping(), "table.ndjson")

    assert good.filing
    assert says in bad.reason
    assert bad.record.cells == (line,)


def test_a_path_that_no_object_has_is_a_mistake_of_the_mapping() -> None:
    with pytest.raises(MissingColumns, match=r"`Words`.*`a\.Word`"):
        rows('{"a": {"Word": "Late"}}', mapping(), "table.ndjson")


def test_one_list_of_json_is_told_what_to_be_instead() -> None:
    with pytest.raises(UnreadableFile, match="one object a line"):
        rows('[{"Words": "Late"}]', mapping(), "table.json")


# ------------------------------------------------------------------------- laws


@given(st.lists(st.text(), min_size=1), st.sampled_from(["\n", "\r\n"]))
def test_what_a_table_says_is_what_is_read(words: list[str], end: str) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows([["No", "Words"], *([str(n), w] for n, w in enumerate(words))])

    read = rows(out.getvalue().encode("utf-8", "replace"), BY)

    said = [w.encode("utf-8", "replace").decode() for w in words]
    assert [row.filing and row.filing.text for row in read] == [
        word if word.strip() else "" for word in said
    ]
