"""Hand-overs as pages: agreed by both sides, and said when it was not so."""

from __future__ import annotations

from sqlmodel import select

from resolve.complaints.models import Complaint
from resolve.complaints.service import answer
from resolve.handling.letters import Told, letters
from resolve.handling.recipients import Recipient
from resolve.kit.clock import now
from resolve.kit.database import reading, transaction
from resolve.kit.language import language
from resolve.messages.mail import Letter
from resolve.messages.models import Message
from tests.api.pages.conftest import House, words
from tests.builders import all_rows, published
from tests.people import MAP_FILE

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


def test_a_time_above_the_promise_is_said_to_both_sides_before_they_agree(
    house: House,
) -> None:
    said = "This time alone is longer than the promise"
    house.post("packing-head", f"{PICKED}/propose", **WHOLE)
    assert said not in house.as_("packing-head").read(PICKED)

    house.post("packing-head", f"{PICKED}/propose", **(WHOLE | {"within": "6 d"}))

    assert said in house.as_("packing-head").read(PICKED)
    assert "Одно это время больше" in house.as_("stock-head").read(PICKED)


def test_until_something_is_agreed_nothing_is_said_to_be_not_as_agreed(
    house: House,
) -> None:
    page = house.as_("packing-head").read(PICKED)

    assert "It did not go well here" in page
    assert "It was not as agreed" not in page


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


def test_a_case_about_a_hand_over_names_its_internal_customer_everywhere(
    house: House,
) -> None:
    house.post(
        "packing-head", f"{PICKED}/raise", text="The list was missing.",
        department="packing", order="4711",
    )  # fmt: skip
    house.work()
    (complaint,) = all_rows(house.database, Complaint)
    case = f"/cases/{complaint.case_id}"
    task = house.tasks(complaint.case_id)["packing"]
    boss = house.as_("quality-manager")

    shown = boss.read(case)
    assert "Hand-over: Pick the goods → Pack" in shown
    assert "internal customer: Packing · Packing Head" in shown
    assert "Packing raised an internal complaint: C-" in shown
    assert "1 customer" not in shown
    assert PICKED in boss.get(case).text
    for path in ("/cases", "/board/cases"):
        assert "internal customer: Packing" in boss.read(path)
    assert "to this hand-over" in boss.read(f"{case}/times")
    assert "To this hand-over" in boss.read(f"{case}/division")
    asked = boss.read(f"/tasks/{task.id}")
    assert "What the internal customer says" in asked
    assert "internal customer: Packing" in asked
    assert "from the customer" not in asked
    assert "to the customer" not in asked


def test_a_task_about_a_hand_over_is_found_by_its_name(house: House) -> None:
    house.post(
        "packing-head", f"{PICKED}/raise", text="The list was missing.",
        department="packing",
    )  # fmt: skip
    house.work()

    for words_, found in (("pick the goods", True), ("Goods → Pa", True),
                          ("invoice", False)):  # fmt: skip
        read = house.as_("quality-manager").read(f"/inbox?whose=all&q={words_}")
        assert ("Hand-over: Pick the goods → Pack" in read) is found, words_


def test_an_internal_case_speaks_of_the_department_where_others_speak_of_customers(
    house: House,
) -> None:
    house.post(
        "packing-head", f"{PICKED}/raise", text="The list was missing.",
        department="packing",
    )  # fmt: skip
    house.work()
    (complaint,) = all_rows(house.database, Complaint)
    case, boss = f"/cases/{complaint.case_id}", house.as_("quality-manager")

    asked = boss.read(case)
    of_it = f"{case}/complaints/{complaint.id}"
    answered = house.post("quality-manager", f"{of_it}/answer", text="You have it now.")
    closed = house.post("quality-manager", f"{of_it}/close", **{"as": "accepted"})

    assert "What happened to the department" in asked
    assert "the department awaits an answer" in asked
    assert "Mark words that tell who the customer is" not in asked
    assert f"{case}/times" not in boss.get(case).text
    assert "answered Packing: complaint" in words(answered.text)
    assert "the department accepted the answer" in words(closed.text)
    for page in (asked, words(answered.text), words(closed.text)):
        for other in ("happened to the customer", "ended for the customer",
                      "answers the customer", "The time of the order"):  # fmt: skip
            assert other not in page, other
    assert "What the department said" in boss.read(f"{case}/review")

    house.answered(complaint.case_id)
    boss.fill(f"{case}/review")
    agreeing = boss.get(case).text
    assert 'value="handover:pick&gt;pack"' in agreeing
    assert "More orders keep the promise" not in agreeing


def test_who_receives_the_hand_over_replies_to_the_answer_as_a_customer_does(
    house: House,
) -> None:
    house.post(
        "packing-head", f"{PICKED}/raise", text="The list was missing.",
        department="packing",
    )  # fmt: skip
    house.work()
    (complaint,) = all_rows(house.database, Complaint)
    case = f"/cases/{complaint.case_id}"
    of_it = f"{case}/complaints/{complaint.id}"
    receiver, boss = house.as_("packing-head"), house.as_("quality-manager")
    assert "We accept the answer" not in receiver.read(case)

    boss.fill(f"{of_it}/answer", text="It is on its way.")
    offered = receiver.read(case)
    assert "Your next act Your department has an answer." in offered
    assert "A reply to our answer is awaited: Packing" in boss.read(case)
    for login in ("quality-manager", "stock-member"):
        assert "We accept the answer" not in house.as_(login).read(case)
        for path in ("accept", "refuse"):
            assert house.post(login, f"{of_it}/{path}").status_code == 403
    empty = receiver.fill(f"{of_it}/refuse", missing=" ")
    assert empty.status_code == 422
    assert 'is-invalid" id="missing-' in empty.text

    refused = receiver.fill(f"{of_it}/refuse", missing="The list for Tuesday.")
    assert "The list for Tuesday." in words(refused.text)
    assert "Packing did not accept the answer to complaint C-" in words(refused.text)
    assert "answer once more by" in boss.read(case)
    boss.fill(f"{of_it}/answer", text="Here it is.")
    accepted = receiver.fill(f"{of_it}/accept")
    assert "the department accepted the answer" in words(accepted.text)
    assert "We accept the answer" not in words(accepted.text)
    assert receiver.fill(f"{of_it}/accept").status_code == 422


def test_nobody_replies_to_an_answer_in_place_of_a_customer(house: House) -> None:
    case = house.filed(touchpoint="door", promise="intact").case_id
    (complaint,) = all_rows(house.database, Complaint)
    of_it = f"/cases/{case}/complaints/{complaint.id}"
    house.post("quality-manager", f"{of_it}/answer", text="It comes tomorrow.")
    for login in ("stock-member", "quality-manager"):
        assert house.post(login, f"{of_it}/accept").status_code == 403


def test_who_raised_it_gets_the_answer_by_mail_and_both_sides_a_letter(
    house: House,
) -> None:
    house.post(
        "packing-head", f"{PICKED}/raise", text="Too late.", department="packing",
        late="yes",
    )  # fmt: skip
    house.work()
    (complaint,) = all_rows(house.database, Complaint)
    with transaction(house.database) as session:
        answer(session, complaint.id, text="Picked first.", who="boss", at=now())
    written = _letters(house)

    (told,) = [one for one in written if "Picked first." in one.body]
    assert told.address == house.person("packing-head").email
    subjects = {one.subject for one in written}
    assert any(one.endswith("Pick the goods → Pack") for one in subjects)


def _letters(house: House) -> list[Letter]:
    with reading(house.database) as session:
        messages = session.exec(select(Message)).all()
        told = [
            Told(f"{n}", one, Recipient("", "x@example.com", language="en"))
            for n, one in enumerate(messages)
        ]
        return list(letters(session, told, house=language("en")).values())


def test_where_the_map_has_another_department_now_the_page_says_so(
    house: House,
) -> None:
    house.post("packing-head", f"{PICKED}/propose", **WHOLE)
    stock = house.as_("stock-head")
    standard = stock.get(PICKED).text.split('name="standard" value="')[1].split('"')[0]
    house.post("stock-head", f"{PICKED}/agree", standard=standard, department="stock")
    house.post("packing-head", f"{PICKED}/propose", **WHOLE)
    moved = MAP_FILE.read_text().replace(
        "  pick:\n    department: stock", "  pick:\n    department: purchasing"
    )
    published(house.database, moved.encode(), at=now())

    page = house.as_("quality-manager").read(PICKED)

    assert "Nothing is agreed by the departments that the map has here now." in page
    assert "Stock and Packing had agreed on this" in page
    assert "Packing scans the box" in page
    assert "(proposed between the departments of then)" in page
    assert "It did not go well here" in page
    listed = house.as_("quality-manager").read("/handovers")
    assert "The departments of before agreed: Everything of one order in one" in listed
    # Those who had it are not asked any more; those who have it agree anew.
    assert PICKED not in stock.get("/inbox").text
    house.post("packing-head", f"{PICKED}/propose", **WHOLE)
    assert PICKED in house.as_("purchasing-head").get("/inbox").text
