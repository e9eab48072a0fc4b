"""`resolve map discover`: logs that nobody here wrote become maps."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from resolve.chain.reader import load, read
from tests.resolve.cli.conftest import Run

MAPPING = Path(__file__).parents[1] / "steptimes/purchasing.mapping.yaml"
FINES = "fields: {order: case_id, activity: activity, ended: timestamp}"
PATIENTS = """\
fields: {order: patient, activity: handling, started: start, ended: complete}
"""


def mapping(folder: Path, fields: str) -> Path:
    path = folder / "log.yaml"
    path.write_text(f"resolve-mapping: 1\nof: step-times\n{fields}\n")
    return path


def test_the_purchasing_example_is_counted_and_drafted(
    command_line: Run, data: Path, tmp_path: Path
) -> None:
    log, out = data / "logs/PurchasingExample.csv.gz", tmp_path / "map.yaml"

    ran = command_line("map", "discover", log, "--mapping", MAPPING, "-o", out,
                       "--json")  # fmt: skip

    found = ran.json
    assert found["orders"] == 608
    assert found["events"] == 9119
    assert found["activities"] == 21
    assert found["variants"] == 70  # by start; 121 by end, 486 in file order
    assert sum(edge["count"] for edge in found["edges"]) == 9119 - 608
    chain = load(out.read_bytes())
    assert chain.id == "purchase-to-pay"
    assert set(chain.departments) == {
        "requesters", "managers", "purchasing", "suppliers", "finance",
    }  # fmt: skip
    assert chain.steps["pay-invoice"].department == "finance"
    assert chain.steps["deliver-goods-services"].department == "suppliers"
    # Amending a request leads back to its analysis: a loop, kept.
    edges = {(one.source, one.target) for one in chain.handovers}
    amend, analyse = "amend-request-for-quotation", "analyze-request-for-quotation"
    assert {(amend, analyse), (analyse, amend)} <= edges
    assert command_line("check", out).code == 0


@pytest.mark.parametrize(
    ("log", "fields", "facts"),
    [
        ("logs/traffic_fines.csv.gz", FINES, (10_000, 34_724, 44)),
        ("logs/patients_start_complete.csv", PATIENTS, (500, 2_721, 7)),
    ],
)
def test_logs_give_the_facts_that_are_known_of_them(
    command_line: Run, data: Path, tmp_path: Path,
    log: str, fields: str, facts: tuple[int, int, int],
) -> None:  # fmt: skip
    ran = command_line("map", "discover", data / log, "--mapping",
                       mapping(tmp_path, fields), "--json")  # fmt: skip

    found = ran.json
    assert (found["orders"], found["events"], found["variants"]) == facts
    assert found["rejected"] == {}


def test_without_a_file_the_map_is_printed_and_what_was_found_is_noted(
    command_line: Run, tmp_path: Path
) -> None:
    log = tmp_path / "orders.csv"
    log.write_text("order,activity,started,ended\n"
                   "NA,Take,2026-11-02T09:00,2026-11-02T10:00\n"
                   "NA,Give,2026-11-02T12:00,2026-11-02T13:00\n"
                   ",Give,2026-11-02T12:00,2026-11-02T13:00\n"
                   "1,Give,yesterday,\n")  # fmt: skip

    ran = command_line("map", "discover", log)

    assert ran.code == 0
    chain = load(ran.out)
    assert chain.id == "orders"
    assert set(chain.departments) == {"to-be-named"}
    assert "1 orders, 2 events, 2 activities, 1 variants." in ran.err
    assert "Take > Give" in ran.err
    assert "1 rows cannot be used: no_order." in ran.err
    assert "1 rows cannot be used: unreadable." in ran.err


def test_a_log_without_ends_is_drafted_by_its_beginnings(
    command_line: Run, tmp_path: Path
) -> None:
    log = tmp_path / "log.csv"
    log.write_text("order,activity,started,ended\n1,a,2026-11-02T09:00,\n"
                   "1,b,2026-11-02T10:00,\n")  # fmt: skip

    ran = command_line("map", "discover", log)

    chain = load(ran.out)
    assert [step.time for step in chain.steps.values()] == [None, None]
    assert len(chain.handovers) == 1


@pytest.mark.parametrize(
    "log",
    [
        "Case ID;Activity;Timestamp\n1;a;2026-11-02 09:00\n1;b;2026-11-02 10:00\n",
        "order,activity,started\n1,a,2026-11-02T09:00\n1,b,2026-11-02T10:00\n",
        "\n".join(f'{{"case": 1, "task": "{n}", "end": "2026-11-02"}}' for n in "ab"),
    ],
)
def test_columns_with_usual_names_need_no_mapping_nor_both_times(
    command_line: Run, tmp_path: Path, log: str
) -> None:
    """As in the browser."""
    path = tmp_path / "log.csv"
    path.write_text(log)

    ran = command_line("map", "discover", path)

    assert ran.code == 0, ran.err
    assert list(load(ran.out).steps) == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Dear all,\nthe goods, late\n", "no column holds times"),
        ("Nr,Was,Wann\n1,a,2026-11-02\n", "The log has `Nr`, `Was`, `Wann`."),
    ],
)
def test_what_no_column_name_tells_is_asked_for(
    command_line: Run, tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "log.csv"
    path.write_text(text)

    ran = command_line("map", "discover", path)

    assert ran.is_refused
    assert said in ran.err


def test_a_log_of_which_no_row_can_be_used_is_refused(
    command_line: Run, tmp_path: Path
) -> None:
    log = tmp_path / "log.csv"
    log.write_text("order,activity,ended\n1,,2026-11-02\n")

    ran = command_line("map", "discover", log)

    assert ran.is_refused
    assert "no_step" in ran.err


def test_a_log_whose_activity_is_no_activity_is_refused(
    command_line: Run, tmp_path: Path
) -> None:
    log = tmp_path / "log.csv"
    rows = "".join(f"{n},work {n},2026-11-02\n" for n in range(501))
    log.write_text(f"order,activity,ended\n{rows}")

    ran = command_line("map", "discover", log)

    assert ran.is_refused
    assert "501 different activities" in ran.err


@pytest.mark.parametrize(("orders", "warned"), [(19, True), (20, False)])
def test_a_map_drafted_from_few_orders_is_said_to_be_a_sketch(
    command_line: Run, tmp_path: Path, orders: int, *, warned: bool
) -> None:
    log = tmp_path / "log.csv"
    rows = "".join(f"{n},a,2026-11-02\n{n},b,2026-11-03\n" for n in range(orders))
    log.write_text(f"order,activity,ended\n{rows}")

    ran = command_line("map", "discover", log)

    assert ("The times come from 19 orders only." in ran.err) is warned
    assert ("is a sketch" in ran.err) is warned


def test_a_file_that_is_not_packed_as_it_says_is_refused(
    command_line: Run, tmp_path: Path
) -> None:
    log = tmp_path / "log.csv.gz"
    log.write_bytes(gzip.compress(b"order,activity,ended\n1,a,2026-11-02\n")[:-9])

    assert command_line("map", "discover", log).is_refused


def test_what_is_left_out_is_said_in_the_draft(
    command_line: Run, data: Path, tmp_path: Path
) -> None:
    log = data / "logs/traffic_fines.csv.gz"
    fines = mapping(tmp_path, FINES)

    whole = command_line("map", "discover", log, "--mapping", fines, "--min-share", 0)
    often = command_line(
        "map", "discover", log, "--mapping", fines, "--min-share", 0.05
    )

    assert len(load(whole.out).steps) == 11
    assert len(load(often.out).steps) == 6
    assert "# Left out, because few orders have it: Appeal to Judge" in often.out
    assert not read(often.out).errors
