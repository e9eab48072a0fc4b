"""The page of a joint review: one for all heads and the facilitator."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from resolve.handling.upkeep import fire_all_due
from resolve.kit.clock import now
from resolve.reviews.models import Ballot, Objection
from resolve.solutions.models import Solution
from tests.api.pages.conftest import House, words
from tests.builders import all_rows

QM = "quality-manager"
CUSTOMER = "Tell me the day before."


@pytest.fixture
def case(house: House) -> str:
    """Give a case in review about `intact`: stock, packing and the carrier answered."""
    made = house.filed(promise="intact", customer={"name": "Павло Іваненко"}).case_id
    house.answered(made)
    house.post(QM, f"/cases/{made}/review")
    return made


def page(case: str) -> str:
    return f"/cases/{case}/review"


def put(house: House, case: str, department: str = "packing", **more: str) -> str:
    about = f"{house.tasks(case)[department].id}:1"
    fields = {"about": about, "customer_says": CUSTOMER, "owner_name": "Olena"} | more
    day = (now() + timedelta(days=30)).date().isoformat()
    shown = house.post(QM, f"{page(case)}/put", due=day, **fields)
    assert shown.status_code == 200, words(shown.text)
    return str(all_rows(house.database, Ballot)[-1].id)


def vote(
    house: House, case: str, ballot: str, department: str, position: str, text: str = ""
) -> str:
    shown = house.post(
        f"{department}-head", f"{page(case)}/{ballot}/vote",
        department=department, position=position, text=text,
    )  # fmt: skip
    assert shown.status_code == 200, words(shown.text)
    return words(shown.text)


def test_a_review_goes_from_the_customer_to_what_all_agree_on(
    house: House, case: str
) -> None:
    before = house.as_(QM).read(page(case))
    assert "It came three days late." in before
    assert "What would the customer say?" in before
    assert before.index("What would the customer say?") < before.index("Put to the vo")
    first = put(house, case)
    vote(house, case, first, "carrier", "agree")
    vote(house, case, first, "stock", "not_yet", "A second scanner first.")
    vote(house, case, first, "packing", "customer_would_not", "It comes too late then.")
    read = house.as_(QM).read(page(case))
    assert "A second scanner first." in read
    assert read.count("It comes too late then.") >= 2
    assert "Decide by mandate" not in read
    changed = house.post(
        QM, f"{page(case)}/{first}/change",
        wording="Two hours earlier", customer_says="Fine.",
    )  # fmt: skip
    assert "the votes begin anew" in words(changed.text)
    second = str(all_rows(house.database, Ballot)[-1].id)
    for one in ("carrier", "stock", "packing"):
        vote(house, case, second, one, "agree")
    read = house.as_(QM).read(page(case))
    assert "Everybody agrees; the facilitator can decide now." in read
    decided = house.post(QM, f"{page(case)}/{second}/decide")
    assert "Agreed. Everybody on the case is told and sees it." in words(decided.text)
    [solution] = all_rows(house.database, Solution)
    assert solution.owner == "Olena"
    story = house.as_(QM).read(f"/cases/{case}")
    assert "put a changed solution to the vote" in story
    assert "Everybody agreed: proposal 1 of Packing." in story


def test_before_anything_is_voted_on_the_customer_is_asked_for(
    house: House, case: str
) -> None:
    about = f"{house.tasks(case)['packing'].id}:1"
    shown = house.post(QM, f"{page(case)}/put", about=about, wording="Kept words")
    assert shown.status_code == 422
    assert "First look at it with the customer" in shown.text
    assert "Kept words" in shown.text
    assert not all_rows(house.database, Ballot)


def test_an_objection_is_met_in_front_of_everybody(house: House, case: str) -> None:
    ballot = put(house, case)
    objects = f"{page(case)}/{ballot}/object"
    assert house.post("frontline", objects, text=" ").status_code == 422
    house.post("frontline", objects, text="They will be away.")
    [objection] = all_rows(house.database, Objection)
    for one in ("carrier", "stock", "packing"):
        vote(house, case, ballot, one, "agree")
    refused = house.post(QM, f"{page(case)}/{ballot}/decide")
    assert refused.status_code == 422
    assert "would not accept it. First that is met" in words(refused.text)
    meet = f"{page(case)}/objections/{objection.id}/meet"
    unnamed = house.post(QM, meet, by="manager", text="It saves all others a day.")
    assert unnamed.status_code == 422
    assert "Name the manager" in unnamed.text
    assert '<option value="Stock Head">' in unnamed.text
    assert '<option value="Carrier Head">' not in unnamed.text
    given = {"by": "manager", "text": "It saves all a day."}
    for nobody in ("Mickey Mouse", "carrier-head", "Stock Member", "Newcomer"):
        refused = house.post(QM, meet, manager=nobody, **given)
        assert refused.status_code == 422
        assert "is quality manager or heads a department" in words(refused.text)
        assert f'value="{nobody}"' in refused.text
    house.post(QM, meet, manager="stock-head", **given)
    read = house.as_("carrier-member").read(page(case))
    assert "Met by a written reason of Stock Head" in read
    assert "It saves all a day." in read
    assert house.post(QM, f"{page(case)}/{ballot}/decide").status_code == 200


def test_beside_the_vote_stands_how_what_was_said_for_the_customer_was_met(
    house: House, case: str
) -> None:
    ballot = put(house, case)
    vote(house, case, ballot, "packing", "customer_would_not", "It is too late then.")
    [objection] = all_rows(house.database, Objection)
    met = "met: the customer was asked and said yes"
    assert met not in house.as_(QM).read(page(case))
    meet = f"{page(case)}/objections/{objection.id}/meet"
    house.post(QM, meet, by="customer", text="Asked on Monday, said yes.")
    with time_machine.travel(now() + timedelta(days=9)):
        read = house.as_(QM).read(page(case))
    assert f"It is too late then. ({met})" in read
    assert f"Packing ({met})" in read.split("Not agreed yet: ")[1]


def test_while_votes_are_awaited_the_case_leads_to_the_review_not_to_a_form(
    house: House, case: str
) -> None:
    key = f"{house.tasks(case)['packing'].id}:1"
    form = f'name="proposal" value="{key}"'
    link = f'href="{page(case)}#proposal-{key}"'
    before = house.as_(QM).get(f"/cases/{case}").text
    assert form in before
    assert link not in before
    ballot = put(house, case)
    voted_on = house.as_(QM).get(f"/cases/{case}").text
    assert form not in voted_on
    assert link in voted_on
    house.post("frontline", f"{page(case)}/{ballot}/object", text="They are away.")
    house.post(QM, f"{page(case)}/{ballot}/drop", reason="Another way.")
    assert form not in house.as_(QM).get(f"/cases/{case}").text  # still unmet


def test_who_objected_takes_it_back(house: House, case: str) -> None:
    ballot = put(house, case)
    house.post("frontline", f"{page(case)}/{ballot}/object", text="They are away.")
    [objection] = all_rows(house.database, Objection)
    back = f"{page(case)}/objections/{objection.id}/take-back"
    assert house.post("stock-head", back).status_code == 422
    assert "You took it back." in house.post("frontline", back).text
    assert all_rows(house.database, Objection)[0].status == "taken_back"


def test_over_silence_it_is_decided_by_mandate_with_a_reason(
    house: House, case: str
) -> None:
    ballot = put(house, case)
    vote(house, case, ballot, "stock", "agree")
    later = now() + timedelta(days=6)
    with time_machine.travel(later, tick=True):
        fire_all_due(house.database, at=now())
        fresh = House(house.database, house.app)
        read = fresh.as_(QM).read(page(case))
        assert "Decide by mandate" in read
        assert "Votes to be decided on" in fresh.as_(QM).read("/board")
        decide = f"{page(case)}/{ballot}/decide"
        bare = fresh.post(QM, decide, mandate="1")
        assert bare.status_code == 422
        done = fresh.post(QM, decide, mandate="1", reason="The season begins.")
        assert "Decided by mandate" in words(done.text)
    assert "The season begins." in done.text
    assert "Had not voted: Carrier, Packing." in words(done.text)


def test_the_facilitator_moves_leaves_and_enters_by_word_of_mouth(
    house: House, case: str
) -> None:
    ballot = put(house, case)
    on = f"{page(case)}/{ballot}"
    until = (now() + timedelta(days=9)).strftime("%Y-%m-%dT%H:%M")
    assert "is moved" in words(house.post(QM, f"{on}/extend", until=until).text)
    assert house.post(QM, f"{on}/extend", until="").status_code == 422
    for hours, said in (
        (1, "the end of the next working day"),
        (1500, "the next 60 days"),
    ):
        wrong = (now() + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M")
        refused = house.post(QM, f"{on}/extend", until=wrong)
        assert refused.status_code == 422
        assert said in words(refused.text)
        assert wrong in refused.text
    spoken = {"by_mouth": "1", "department": "stock", "position": "agree"}
    assert "by word of mouth" in words(house.post(QM, f"{on}/vote", **spoken).text)
    assert house.post(QM, f"{on}/drop").status_code == 422
    left = house.post(QM, f"{on}/drop", reason="Another way was found.")
    assert "Another way was found." in left.text
    again = house.post(QM, f"{on}/vote", **spoken)
    assert again.status_code == 422


def test_a_head_takes_back_what_was_entered_for_the_department(
    house: House, case: str
) -> None:
    on = f"{page(case)}/{put(house, case)}"
    spoken = {"by_mouth": "1", "position": "customer_would_not", "text": "It breaks."}
    house.post(QM, f"{on}/vote", department="stock", **spoken)
    answer = house.post(
        "stock-head", f"{on}/vote", department="stock", position="agree"
    )
    assert answer.status_code == 200
    assert "Taken back by who said it." in house.as_(QM).read(page(case))


def test_a_head_votes_for_the_own_department_only(house: House, case: str) -> None:
    ballot = put(house, case)
    on = f"{page(case)}/{ballot}"
    other = {"department": "packing", "position": "agree"}
    assert house.post("stock-head", f"{on}/vote", **other).status_code == 422
    nothing = house.post("stock-head", f"{on}/vote", department="stock")
    assert nothing.status_code == 422
    for act in ("put", f"{ballot}/decide", f"{ballot}/change", "ask-once-more"):
        assert house.post("stock-head", f"{page(case)}/{act}").status_code == 403
    assert (
        house.post("stock-head", f"{on}/vote", **other | {"department": ""}).status_code
        == 422
    )
    lost = f"{page(case)}/{case}/vote"
    assert (
        house.post("stock-head", lost, department="stock", position="agree").status_code
        == 404
    )


def test_the_inbox_and_the_page_say_whose_vote_is_awaited(
    house: House, case: str
) -> None:
    ballot = put(house, case)
    assert CUSTOMER in house.as_("packing-head").get(page(case)).text
    inbox = house.as_("packing-head").get("/inbox").text
    assert f"/cases/{case}/review#ballot-{ballot}" in inbox
    vote(house, case, ballot, "packing", "not_yet", "Boxes.")
    assert f"#ballot-{ballot}" not in house.as_("packing-head").get("/inbox").text
    assert "/review" in house.as_(QM).get(f"/cases/{case}").text


def test_a_partner_sees_the_review_without_who_the_customer_is(
    house: House, case: str
) -> None:
    wording = "Павлу Іваненку дзвонити заздалегідь"
    put(house, case, wording=wording, owner_name="Павло Іваненко сам")
    seen = house.as_("carrier-head").get(page(case)).text
    assert "дзвонити заздалегідь" in seen
    assert "Іванен" not in seen
    other = house.filed(touchpoint=None).case_id
    assert house.as_("carrier-head").get(page(other)).status_code == 404


def test_what_is_said_on_the_page_of_a_review_is_read_there(
    house: House, case: str
) -> None:
    talk = f"/cases/{case}/talk"
    said = house.post(
        "stock-head", talk, text="Could it be noon?", **{"from": "review"}
    )  # fmt: skip
    assert str(said.url).partition("#")[0].endswith(page(case))
    assert "Could it be noon?" in said.text
    empty = house.post(
        "stock-head", f"/cases/{case}/talk", text="", **{"from": "review"}
    )
    assert empty.status_code == 422


def test_the_departments_are_asked_once_more(house: House, case: str) -> None:
    more = f"{page(case)}/ask-once-more"
    assert house.post(QM, more).status_code == 422
    house.post(QM, more, reason="Nobody proposed for Fridays.")
    house.work()
    assert {one.round for one in house.tasks(case).values()} == {2}
    assert "Nobody proposed for Fridays." in house.as_(QM).read(f"/cases/{case}")
    assert "not open yet" in house.as_(QM).read(page(case))
