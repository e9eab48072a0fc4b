"""A map is drafted from a log in a browser, by those who write maps."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from pathlib import Path

import pytest
from httpx2 import Response

from resolve.chain.reader import load
from resolve.maps.models import MapDraft
from resolve_api.pages.doors import WITH_A_LOG
from resolve_api.pages.map_from_log import LARGEST_LOG
from tests.api.pages.conftest import House, words
from tests.builders import all_rows

HERE = "/maps/drafts/from-log"
QM = "quality-manager"
LOG = (
    b"Case ID,Activity,Start Time,End Time\n"
    b"1,Take,2026-11-02 09:00,2026-11-02 10:00\n"
    b"1,Give,2026-11-02 12:00,2026-11-02 13:00\n"
)


def sent(
    house: House, log: bytes, name: str = "log.csv", mapping: bytes = b"",
    **typed: str,
) -> Response:  # fmt: skip
    """Send a log as the quality manager and follow where it leads."""
    files: Mapping[str, tuple[str, bytes]] = {"log": (name, log)}
    if mapping:
        files = {**files, "mapping": ("mapping.yaml", mapping)}
    return house.as_(QM).post(
        HERE, data=typed, files=files, headers={"Sec-Fetch-Site": "same-origin"}
    )


def the_draft(house: House) -> str:
    (draft,) = all_rows(house.database, MapDraft)
    return str(draft.source)


def test_a_log_with_usual_columns_becomes_a_draft_in_the_editor(house: House) -> None:
    assert HERE in house.as_(QM).get("/maps").text
    answer = sent(house, LOG, title="From order to hand-over")

    assert answer.status_code == 200
    assert "This draft was made from the log" in words(answer.text)
    assert "The times come from 1 order only." in words(answer.text)
    chain = load(the_draft(house))
    assert chain.id == "from-order-to-hand-over"
    assert list(chain.steps) == ["take", "give"]


def test_columns_are_asked_for_where_it_is_not_clear_which_says_what(
    house: House,
) -> None:
    log = LOG.replace(b"Activity", b"Was ist").replace(b",", b";")

    asked = sent(house, log)
    named = sent(house, log, activity="Was ist", order="Case ID")

    assert asked.status_code == 422
    assert '<option value="Was ist">' in asked.text
    assert '<option value="Start Time" selected>' in asked.text
    assert named.status_code == 200
    assert list(load(the_draft(house)).steps) == ["take", "give"]


def test_a_log_of_objects_is_read_by_their_names(house: House) -> None:
    log = (
        b'{"order": "1", "activity": "Take", "ended": "2026-11-02"}\n'
        b'{"order": "1", "activity": "Give", "ended": "2026-11-03"}\n'
    )

    assert sent(house, log, "log.ndjson").status_code == 200
    assert list(load(the_draft(house)).steps) == ["take", "give"]


def test_dates_are_read_as_they_are_written_there(house: House) -> None:
    log = "Заказ;Действие;Конец\n1;Взять;23.11.2026 09:00\n1;Дать;23.11.2026 12:00\n"

    wrong = sent(house, log.encode("cp1251"))
    right = sent(house, log.encode("cp1251"), dates="dmy.")

    assert wrong.status_code == 422
    assert "how dates are written" in words(wrong.text)
    assert right.status_code == 200
    assert list(load(the_draft(house)).steps) == ["взять", "дать"]


def test_real_logs_are_taken_packed_with_a_mapping(house: House, data: Path) -> None:
    log = (data / "logs/PurchasingExample.csv.gz").read_bytes()
    mapping = Path("tests/resolve/steptimes/purchasing.mapping.yaml").read_bytes()

    answer = sent(house, log, "PurchasingExample.csv.gz", mapping)

    assert answer.status_code == 200
    chain = load(the_draft(house))
    assert chain.id == "purchase-to-pay"
    assert len(chain.steps) == 21
    assert len(chain.departments) == 5


def test_an_object_centric_log_asks_which_objects_are_the_orders(
    house: House, data: Path
) -> None:
    log = (data / "ocel/ocel20_example.jsonocel").read_bytes()

    asked = sent(house, log, "log.jsonocel")

    assert asked.status_code == 422
    assert "Purchase Requisition" in words(asked.text)

    named = sent(house, log, "log.jsonocel", order="Purchase Order")

    assert named.status_code == 200
    assert "create-purchase-order" in load(the_draft(house)).steps


@pytest.mark.parametrize(
    ("name", "log"),
    [
        ("log.csv", b""),
        ("log.xes", b"<log"),
        ("log.csv.gz", b"not packed"),
        ("log.csv", b"order,activity,ended\n"),
        ("log.csv", b'order,activity,ended\n"1,a,2026-11-02\n'),
        ("log.csv.gz", gzip.compress(b"\0" * 70_000_000)),
        ("log.sqlite", b"SQLite format 3\0" + b"\0" * 100),
    ],
)
def test_what_is_no_log_is_said_beside_the_form(
    house: House, name: str, log: bytes
) -> None:
    answer = sent(house, log, name)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert not all_rows(house.database, MapDraft)


@pytest.mark.parametrize(("orders", "warned"), [(19, True), (20, False)])
def test_times_of_few_orders_are_warned_of(
    house: House, orders: int, *, warned: bool
) -> None:
    head, *rows = LOG.splitlines()
    more = [row.replace(b"1,", b"%d," % n, 1) for n in range(orders) for row in rows]
    page = words(sent(house, b"\n".join([head, *more])).text)

    assert (f"The times come from {orders} orders only." in page) is warned
    assert ("is a sketch" in page) is warned


@pytest.mark.parametrize(
    "text",
    [
        b"Dear Sir or Madam\n\nthe goods came late.\n",
        b"Dear Sir or Madam, good day\nthe goods, came late\n",
    ],
)
def test_a_letter_is_no_log_and_its_words_are_no_columns(
    house: House, text: bytes
) -> None:
    answer = sent(house, text, "letter.txt")

    assert answer.status_code == 422
    assert "This does not look like a log: no column holds times." in answer.text
    assert "Dear Sir" not in answer.text


def test_a_mapping_with_mistakes_says_its_line(house: House) -> None:
    answer = sent(house, LOG, mapping=b"resolve-mapping: 1\nof: step-times\nwhat: 1\n")

    assert answer.status_code == 422
    assert "line" in words(answer.text)


def test_without_a_file_the_form_says_so(house: House) -> None:
    answer = house.as_(QM).fill(HERE, title="x")

    assert answer.status_code == 422
    assert "Choose the file" in answer.text


def test_only_those_who_write_maps_draft_one(house: House) -> None:
    assert house.as_("stock-head").get(HERE).status_code == 403
    assert house.as_("carrier-head").fill(HERE).status_code == 403


def test_as_large_a_log_as_is_promised_comes_through() -> None:
    assert WITH_A_LOG[HERE] > LARGEST_LOG


def test_a_log_cut_off_by_its_size_is_refused_and_many_columns_are_not_all_offered(
    house: House,
) -> None:
    longer = LOG + b"1,Give,2026-11-02 12:00,2026-11-02 13:00\n" * (LARGEST_LOG // 40)
    assert len(longer) > LARGEST_LOG
    assert "larger than a page takes" in words(sent(house, longer[:20_500_000]).text)

    wide = sent(house, b"a,b," + b",".join(b"c%d" % n for n in range(50_000)) + b"\n1")
    assert wide.status_code == 422
    assert wide.text.count("<option") < 2_000
