"""`resolve times show`: logs that nobody here wrote, along a small map."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from resolve.kit.database import open_database
from resolve.steptimes.models import OrderTime
from tests.builders import all_rows
from tests.resolve.cli.conftest import Run

DAY = 24 * 3600
PATIENTS = """\
resolve: 1
id: clinic
departments: {desk: {}, doctors: {}, laboratory: {}}
promises: {seen: {title: Home within ten days, within: P10D}}
steps:
  register: {department: desk, title: Registration, time: PT1H}
  triage: {department: doctors, title: Triage and Assessment, time: P1D}
  blood: {department: laboratory, title: Blood test}
  mri: {department: laboratory, title: MRI SCAN}
  x-ray: {department: laboratory, title: X-Ray}
  discuss: {department: doctors, title: Discuss Results}
  leave: {department: desk, title: Check-out}
handovers:
  - {from: register, to: triage, within: P1D}
  - {from: triage, to: blood}
  - {from: blood, to: mri}
  - {from: triage, to: x-ray}
  - {from: mri, to: discuss}
  - {from: x-ray, to: discuss}
  - {from: discuss, to: leave}
touchpoints: {door: {step: leave, promises: [seen]}}
"""
PATIENTS_MAPPING = """\
resolve-mapping: 1
of: step-times
fields: {order: patient, activity: handling, started: start, ended: complete,
         resource: employee, id: handling_id}
"""
FINES = """\
resolve: 1
id: fines
departments: {police: {}, office: {}}
promises: {soon: {within: P180D}}
steps:
  create: {department: police, title: Create Fine}
  send: {department: office, title: Send Fine}
  notify: {department: office, title: Insert Fine Notification}
  penalty: {department: office, title: Add penalty}
  collect: {department: office, title: Send for Credit Collection}
  pay: {department: office, title: Payment}
  appeal: {department: police, title: Insert Date Appeal to Prefecture}
  forward: {department: police, title: Send Appeal to Prefecture}
  result: {department: police, title: Receive Result Appeal from Prefecture}
  tell: {department: police, title: Notify Result Appeal to Offender}
handovers:
  - {from: create, to: send}
  - {from: send, to: notify}
  - {from: notify, to: penalty}
  - {from: penalty, to: collect}
  - {from: create, to: pay}
  - {from: appeal, to: forward}
  - {from: forward, to: result}
  - {from: result, to: tell}
touchpoints:
  told: {step: tell}
  paid: {step: pay}
  end: {step: collect, promises: [soon]}
"""
FINES_MAPPING = """\
resolve-mapping: 1
of: step-times
fields: {order: case_id, activity: activity, ended: timestamp}
"""


def imported(
    resolve: Run, folder: Path, log: Path, of_map: str, mapping: str
) -> dict[str, Any]:
    """Publish a map and take the log in; gives what the command says."""
    (folder / "map.yaml").write_text(of_map)
    (folder / "mapping.yaml").write_text(mapping)
    name = of_map.splitlines()[1].removeprefix("id: ")
    assert resolve("map", "publish", folder / "map.yaml").code == 0
    found: dict[str, Any] = resolve(
        "times", "import", log, "--map", name, "--mapping", folder / "mapping.yaml",
        "--rejected", folder / "rejected.csv", "--json",
    ).json  # fmt: skip
    return found


def whole_days(url: str) -> float:
    """Give the median of whole orders, from the first to the last that is known."""
    database = open_database(url)
    spans = [one.ended_at - one.began_at for one in all_rows(database, OrderTime)]
    database.engine.dispose()
    return float(np.median([span.total_seconds() for span in spans])) / DAY


def test_patients_go_home_after_six_days(
    resolve: Run, data: Path, tmp_path: Path, database_url: str
) -> None:
    log = data / "logs/patients_start_complete.csv"
    took = imported(resolve, tmp_path, log, PATIENTS, PATIENTS_MAPPING)

    found = resolve("times", "show", "clinic", "--json").json
    said = resolve("times", "show", "clinic").out

    assert (took["orders"], took["rows"], took["new"]) == (500, 2721, 2721)
    assert whole_days(database_url) == pytest.approx(6.0855, abs=1e-4)
    # 492 checked out; the others, still there at the end of the log, count as longer.
    assert found["orders"] == {
        "known": 500, "looked_at": 500, "ended": 492, "open": 8
    }  # fmt: skip
    assert 6.0855 < found["time"]["median"] / DAY < 6.3
    assert 0 < found["on_time_with_open"]["share"] < found["on_time"]["share"] < 1
    assert "Orders: 500, 492 ended, 8 under way" in said
    assert "register -> triage" in said


def test_fines_take_four_months(
    resolve: Run, data: Path, tmp_path: Path, database_url: str
) -> None:
    """Only ends are known, by the day; activities that are no step are told."""
    log = data / "logs/traffic_fines.csv.gz"
    took = imported(resolve, tmp_path, log, FINES, FINES_MAPPING)

    found = resolve("times", "show", "fines", "--json").json

    assert (took["orders"], took["rows"]) == (10_000, 34_724)
    assert took["unmatched_activities"] == {"Appeal to Judge": 19}
    assert found["orders"]["known"] == 10_000
    assert found["orders"]["ended"] == 3387
    assert [one["orders"] for one in found["chain"] if "handover" in one] == [0] * 4
    assert whole_days(database_url) == pytest.approx(125)


def test_a_log_whose_activities_are_no_step_is_told_which_and_how_many(
    resolve: Run, data: Path, tmp_path: Path
) -> None:
    (tmp_path / "map.yaml").write_text(FINES)
    (tmp_path / "mapping.yaml").write_text(PATIENTS_MAPPING)
    resolve("map", "publish", tmp_path / "map.yaml")

    refused = resolve(
        "times", "import", data / "logs/patients_start_complete.csv", "--map", "fines",
        "--mapping", tmp_path / "mapping.yaml",
    )  # fmt: skip

    assert refused.code == 1
    assert "`Registration`" in refused.err
    assert "2721 rows" in refused.err


def test_what_is_not_there_is_said_in_a_sentence(resolve: Run, tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text(FINES)
    resolve("map", "publish", tmp_path / "map.yaml")

    assert "resolve times import" in resolve("times", "show", "fines").out
    for words in (
        ["moon"],
        ["fines", "--touchpoint", "moon"],
        ["fines", "--since", "x"],
    ):
        assert resolve("times", "show", *words).is_refused
