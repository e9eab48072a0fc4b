"""XES and OCEL 2.0 as rows, also such as others wrote."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from resolve.kit.errors import ResolveError
from resolve.mappings.records import MissingColumns, UnreadableFile
from resolve.steptimes.discovering import log_of
from resolve.steptimes.eventlogs import OrderNotNamed, event_rows, is_event_log
from resolve.steptimes.mapping import LogMapping
from resolve.steptimes.opening import open_log, unpacked

XES = """\
<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1.0" xmlns="http://www.xes-standard.org/">
 <trace><string key="concept:name" value="NA"/>{events}</trace>
</log>
"""


def xes(*events: tuple[str, str, str]) -> bytes:
    """Make a log of one order: (activity, state of its life, hour) each."""
    written = "".join(
        f'<event><string key="concept:name" value="{name}"/>'
        f'<string key="lifecycle:transition" value="{state}"/>'
        f'<date key="time:timestamp" value="2026-11-23T{hour}:00:00+02:00"/></event>'
        for name, state, hour in events
    )
    return XES.format(events=written).encode()


def test_start_and_complete_of_one_work_are_one_row() -> None:
    log = xes(("a", "start", "09"), ("b", "start", "10"), ("a", "COMPLETE", "11"),
              ("b", "suspend", "12"), ("b", "complete", "13"))  # fmt: skip

    found = event_rows(log, name="x.xes")

    rows = [(r["concept:name"], r["start_timestamp"][11:13], r["time:timestamp"][11:13])
            for r in found.rows]  # fmt: skip
    assert rows == [("a", "09", "11"), ("b", "10", "13")]


def test_work_done_twice_at_once_ends_in_the_order_it_began() -> None:
    log = xes(("a", "start", "09"), ("a", "start", "10"), ("a", "complete", "11"),
              ("a", "complete", "12"), ("a", "complete", "13"))  # fmt: skip

    found = event_rows(log, name="x.xes")

    starts = [row.get("start_timestamp", "")[11:13] for row in found.rows]
    assert starts == ["09", "10", ""]


def test_a_log_needs_no_mapping_where_its_attributes_have_the_usual_names() -> None:
    records, known = open_log(
        xes(("a", "complete", "09"), ("b", "complete", "10")), None, name="x.xes"
    )

    found = log_of(records, known)

    assert (found.found.orders, found.found.events) == (1, 2)
    assert "department" not in known.fields


def test_a_mapping_names_attributes() -> None:
    known = LogMapping(fields={"order": "case:concept:name",
                               "activity": "lifecycle:transition",
                               "ended": "time:timestamp"})  # fmt: skip

    with pytest.raises(MissingColumns) as refused:
        open_log(xes(("a", "complete", "09")), known, name="x.xes")

    assert "`concept:name`" in str(refused.value.hint)


@pytest.mark.parametrize("ending", ["jsonocel", "xmlocel", "sqlite"])
def test_the_published_example_reads_alike_in_its_three_forms(
    data: Path, ending: str
) -> None:
    content = (data / f"ocel/ocel20_example.{ending}").read_bytes()

    with pytest.raises(OrderNotNamed) as refused:
        event_rows(content, name=f"log.{ending}")
    found = event_rows(content, name=f"log.{ending}", order="Purchase Order")

    assert "Purchase Requisition" in str(refused.value.hint)
    said = sorted((row["Purchase Order"], row["ocel:activity"]) for row in found.rows)
    assert said == [
        ("PO1", "Change PO Quantity"),
        ("PO1", "Create Purchase Order"),
        ("PO1", "Insert Invoice"),
        ("PO1", "Insert Invoice"),
        ("PO2", "Create Purchase Order"),
    ]


@pytest.mark.parametrize("name", ["x.xes", "x.jsonocel", "x.xmlocel", "x.sqlite"])
@pytest.mark.parametrize("content", [b"", b"<log", b"\0\xff\x00" * 99, b"[1]", b"{}"])
def test_what_is_no_such_log_is_refused_in_a_sentence(
    name: str, content: bytes
) -> None:
    with pytest.raises(ResolveError) as refused:
        event_rows(content, name=name)

    assert refused.value.hint
    assert "resolve-log" not in str(refused.value)


def test_endings_tell_what_it_is() -> None:
    assert is_event_log("a.XES")
    assert is_event_log("a.ocel.json")
    assert not is_event_log("a.json")
    assert not is_event_log("a.csv")


def test_a_packed_file_is_unpacked_up_to_a_limit() -> None:
    packed = gzip.compress(b"0" * 5_000_000)

    assert len(unpacked(packed, "a.csv.gz")[0]) == 5_000_000
    assert unpacked(b"x", "a.csv") == (b"x", "a.csv")
    with pytest.raises(UnreadableFile, match="larger than 2 MB"):
        unpacked(packed, "a.csv.gz", most=2_000_000)
    with pytest.raises(UnreadableFile, match="too early"):
        unpacked(packed[:-5], "a.csv.gz")
    with pytest.raises(UnreadableFile, match="cannot be unpacked"):
        unpacked(b"not packed", "a.csv.gz")
