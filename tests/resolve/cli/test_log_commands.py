"""`resolve times import | export`: logs in the forms that others use."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from tests.resolve.cli.conftest import Run

MAP = """\
resolve: 1
id: parcels
departments: {stock: {}, carrier: {kind: partner}}
steps: {pick: {department: stock}, deliver: {department: carrier}}
handovers: [{from: pick, to: deliver}]
touchpoints: {door: {step: deliver}}
"""
LOG = """\
order,activity,started,ended,resource
NA,pick,2026-11-02T09:00,2026-11-02T10:00,Anna
NA,pick,2026-11-02T09:30,2026-11-02T09:45,Boris
NA,deliver,,2026-11-03T12:00,
"№ 7, <новый>",pick,2026-11-02T11:00:00.125,2026-11-02T11:00:00.125,Anna
"""


@pytest.fixture
def parcels(resolve: Run, tmp_path: Path) -> Path:
    """Publish a map and take in a log of it; gives the folder."""
    (tmp_path / "parcels.yaml").write_text(MAP)
    (tmp_path / "log.csv").write_text(LOG)
    assert resolve("map", "publish", tmp_path / "parcels.yaml").code == 0
    took = resolve("times", "import", tmp_path / "log.csv", "--map", "parcels",
                   "--json")  # fmt: skip
    assert took.json["new"] == 4
    return tmp_path


@pytest.mark.parametrize(
    "name",
    [
        "o.xes",
        "o.xes.gz",
        "o.jsonocel",
        "o.xmlocel",
        "o.sqlite",
        "o.csv",
        "o.csv.gz",
        "o.ndjson",
        "o.jsonl.gz",
    ],
)
def test_what_is_given_out_comes_back_the_same(
    resolve: Run, parcels: Path, name: str
) -> None:
    out = parcels / name
    assert resolve("times", "export", "parcels", "-o", out).code == 0

    back = resolve("times", "import", out, "--map", "parcels", "--source", "log",
                   "--json").json  # fmt: skip
    again = resolve("times", "import", out, "--map", "parcels", "--source", "log",
                    "--json").json  # fmt: skip

    assert (back["orders"], back["rows"]) == (2, 4)
    assert back["rejected"] == {}
    # Rows are known by order, step and time; persons are now hashes of hashes.
    assert (back["new"], back["same"] + back["replaced"]) == (0, 4)
    assert (again["new"], again["replaced"], again["same"]) == (0, 0, 4)
    assert back["span"] == ["2026-11-02T09:00:00Z", "2026-11-03T12:00:00Z"]


@pytest.mark.usefixtures("parcels")
def test_a_log_that_is_given_out_names_no_person(resolve: Run) -> None:
    xes = resolve("times", "export", "parcels").out
    ocel = resolve("times", "export", "parcels", "--format", "ocel").out

    assert "Anna" not in xes + ocel
    assert 'key="org:group" value="stock"' in xes
    assert json.loads(ocel)["objectTypes"][0]["name"] == "order"


@pytest.mark.usefixtures("parcels")
def test_a_table_is_printed_line_by_line(resolve: Run) -> None:
    rows = resolve("times", "export", "parcels", "--format", "csv").out.splitlines()
    said = resolve("times", "export", "parcels", "--format", "ndjson").out.splitlines()

    assert rows[0] == "order,activity,started,ended,resource,department"
    assert rows[3] == "NA,deliver,,2026-11-03T12:00:00Z,,carrier"
    assert rows[4].startswith('"№ 7, <новый>",pick,2026-11-02T11:00:00.125000Z,')
    assert [json.loads(one)["order"] for one in said] == ["NA"] * 3 + ["№ 7, <новый>"]
    assert "Anna" not in "".join(rows + said)


def test_a_file_must_be_called_what_it_is(resolve: Run, parcels: Path) -> None:
    as_xes = "--format", "xes", "-o", parcels / "log.csv"
    refused = resolve("times", "export", "parcels", *as_xes)
    unknown = resolve("times", "export", "parcels", "-o", parcels / "log.doc")

    assert refused.is_refused
    assert ".xes.gz" in refused.err
    assert unknown.is_refused
    assert ".ndjson" in unknown.err


def test_without_step_times_there_is_no_log(resolve: Run, tmp_path: Path) -> None:
    (tmp_path / "parcels.yaml").write_text(MAP)
    resolve("map", "publish", tmp_path / "parcels.yaml")

    assert resolve("times", "export", "parcels").is_refused
    assert resolve("times", "export", "parcels", "--format", "csv").is_refused


def test_a_packed_xes_is_taken_in_by_a_mapping(resolve: Run, parcels: Path) -> None:
    xes = gzip.compress(
        b'<log xmlns="http://www.xes-standard.org/"><trace>'
        b'<string key="concept:name" value="9"/><event>'
        b'<string key="what" value="Picking"/>'
        b'<date key="time:timestamp" value="2026-11-05T09:00:00+02:00"/>'
        b"</event></trace></log>"
    )
    (parcels / "theirs.xes.gz").write_bytes(xes)
    (parcels / "theirs.yaml").write_text(
        "resolve-mapping: 1\nof: step-times\n"
        'fields: {order: "case:concept:name", activity: what,'
        ' ended: "time:timestamp"}\n'
        "activities: {Picking: pick}\n"
    )

    took = resolve("times", "import", parcels / "theirs.xes.gz", "--map", "parcels",
                   "--mapping", parcels / "theirs.yaml", "--json")  # fmt: skip

    assert took.json["new"] == 1
    assert took.json["span"][0] == "2026-11-05T07:00:00Z"


@pytest.mark.usefixtures("parcels")
def test_waits_are_told_hand_over_by_hand_over(resolve: Run) -> None:
    found = resolve("times", "waits", "parcels", "--json").json
    shown = resolve("times", "waits", "parcels")

    (wait,) = found["handovers"]
    assert (wait["from"], wait["to"], wait["causes"]) == ("pick", "deliver", None)
    assert "too few to say" in shown.out
