"""Hand-overs as pages: agreed by both sides, and said when it was not so."""

from __future__ import annotations

from resolve.complaints.models import Complaint
from tests.api.pages.conftest import House
from tests.builders import all_rows

PICKED = "/handovers/order-to-delivery/pick/pack"
WHOLE = {
    "what": "Everything of one order in one box",
    "state": "Glass upright",
    "by_when": "until four o'clock",
    "within": "2 h",
    "accepted": "Packing scans the box",
    "department": "packing",
}


def test_the_receiver_proposes_and_the_giver_says_yes(house: House) -> None:
    proposed = house.post("packing-head", f"{PICKED}/propose", **WHOLE)
    assert proposed.status_code == 200

    inbox = house.as_("stock-head").read("/inbox")
    assert "Pick" in inbox or "→" in inbox
    stock = house.as_("stock-head")
    assert "Everything of one order in one box" in stock.read(PICKED)
    page = stock.get(PICKED).text
    standard = page.split('name="standard" value="')[1].split('"')[0]
    agreed = house.post(
        "stock-head", f"{PICKED}/agree", standard=standard, department="stock"
    )

    assert agreed.status_code == 200
    assert "Packing scans the box" in house.as_("packing-head").read(PICKED)
    assert PICKED not in stock.get("/inbox").text


def test_the_receiver_raises_an_internal_complaint_and_both_sides_answer(
    house: House,
) -> None:
    raised = house.post(
        "packing-head", f"{PICKED}/raise", text="The list was missing.",
        department="packing",
    )  # fmt: skip
    house.work()

    assert raised.status_code == 200
    (complaint,) = all_rows(house.database, Complaint)
    tasks = house.tasks(complaint.case_id)
    assert sorted(tasks) == ["packing", "stock"]
    for login in ("quality-manager", "stock-head", "packing-head"):
        case = house.as_(login).read(f"/cases/{complaint.case_id}")
        assert "The list was missing." in case
    task = house.as_("stock-head").read(f"/tasks/{tasks['stock'].id}")
    assert "The list was missing." in task
    house.answered(complaint.case_id)
    for path in ("/board", "/board/cases", "/cases", "/search?q=list"):
        assert house.as_("quality-manager").get(path).status_code == 200


def test_what_is_wrong_stands_beside_the_field_and_nothing_typed_is_lost(
    house: House,
) -> None:
    wrong = house.post(
        "packing-head", f"{PICKED}/propose", **(WHOLE | {"within": "soon"})
    )
    assert wrong.status_code == 422
    assert "Everything of one order in one box" in wrong.text
    empty = house.post(
        "packing-head", f"{PICKED}/raise", text=" ", department="packing"
    )
    assert empty.status_code == 422


def test_others_neither_agree_nor_raise_anything_here(house: House) -> None:
    house.post("packing-head", f"{PICKED}/propose", **WHOLE)
    page = house.as_("packing-head").get(PICKED).text
    standard = page.split('name="standard" value="')[1].split('"')[0]
    for login, side in (("invoicing-head", "stock"), ("invoicing-head", "invoicing")):
        refused = house.post(
            login, f"{PICKED}/agree", standard=standard, department=side
        )
        assert refused.status_code in (403, 422)
    given = house.post(
        "stock-head", f"{PICKED}/raise", text="Too late.", department="stock"
    )
    assert given.status_code == 422
    assert house.as_("carrier-head").get(PICKED).status_code == 403
    assert house.as_("frontline").get("/handovers/none/a/b").status_code == 404
