"""The pages of a case: the same for all who take part, and the way to its end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from sqlalchemy import event
from sqlmodel import select

from resolve.access.people import person_named
from resolve.cases.models import Case, TalkEntry
from resolve.complaints.models import Complaint
from resolve.complaints.service import not_accept
from resolve.handling.upkeep import fire_all_due
from resolve.kit.clock import now
from resolve.kit.database import reading, transaction
from resolve.messages.models import Message, MessageKind
from resolve.solutions.models import Solution
from tests.api.pages.conftest import Browser, House

CUSTOMER = {"name": "Павло Іваненко", "email": "p.ivanenko@mail.example"}
IN_A_WEEK = (date.today() + timedelta(days=7)).isoformat()  # noqa: DTZ011  a form's day


def the_case(house: House, case_id: str) -> Case:
    with reading(house.database) as session:
        return session.get_one(Case, case_id)


def the_complaint(house: House, case_id: str) -> Complaint:
    with reading(house.database) as session:
        query = select(Complaint).where(Complaint.case_id == case_id)
        return session.exec(query).one()


def said(house: House) -> list[TalkEntry]:
    with reading(house.database) as session:
        return list(session.exec(select(TalkEntry).order_by(TalkEntry.id)))


def mentions(house: House) -> list[str]:
    with reading(house.database) as session:
        query = select(Message.recipient).where(Message.kind == MessageKind.MENTION)
        return sorted(session.exec(query))


def main_of(browser: Browser, path: str) -> str:
    """Give the part of a page that says something of the case, without forms."""
    html = browser.get(path).text
    html = html[html.index("<main") : html.index("</main>")]
    return re.sub(r"(?s)<form.*?</form>|<nav.*?</nav>", "", html)


def test_everybody_on_the_case_sees_the_same(house: House) -> None:
    case = house.filed("It came three days late.", touchpoint="door").case_id
    house.answered(case, "stock")
    english = ("quality-manager", "stock-member", "carrier-member", "frontline")
    for login in english:
        page = house.as_(login).read(f"/cases/{case}")
        assert "It came three days late." in page
        assert "Hand it over an hour earlier" in page
        for part in ("Who takes part, and why", "What can change", "Talk", "story"):
            assert part in page


def test_who_leads_is_named_also_where_the_login_is_a_bare_word(house: House) -> None:
    """`RESOLVE_QUALITY_MANAGER=administrator` means the person of that login."""
    case = house.filed("It came three days late.", touchpoint="door").case_id
    with transaction(house.database) as session:
        found = session.get_one(Case, case)
        found.owner = found.facilitator = "administrator"
        person = person_named(session, "administrator")
        assert person is not None
        name = person.name
    task = house.tasks(case)["carrier"].id

    assert name in house.as_("carrier-head").read(f"/tasks/{task}")
    house.answered(case)
    for path in ("/cases", f"/cases/{case}", f"/cases/{case}/review"):
        page = house.as_("quality-manager").read(path)
        assert name in page, path
        assert "the administrator" not in page


def test_a_case_goes_to_its_end_by_what_its_page_offers(  # noqa: PLR0915  a story
    house: House,
) -> None:
    case = house.filed("Nobody knows where it is.", touchpoint=None).case_id
    manager, path = house.as_("quality-manager"), f"/cases/{case}"
    assert "Place the case" in manager.read(path)
    placed = manager.fill(f"{path}/place", about="order-to-delivery/door/intact")
    assert "are asked now" in placed.text
    house.work()
    assert "Open the joint review" not in manager.read(path)
    house.answered(case)
    assert "Open the joint review" in manager.read(path)
    manager.fill(f"{path}/review")
    task = house.tasks(case)["stock"]
    owner = house.person("stock-head").id
    agreed = manager.fill(
        f"{path}/agreements", proposal=f"{task.id}:1", owner=owner, due=IN_A_WEEK
    )
    assert "Agreed. Everybody on the case sees it." in agreed.text
    assert "Stock Head sees to it" in agreed.text
    complaint = the_complaint(house, case).id
    manager.fill(f"{path}/complaints/{complaint}/answer", text="It comes tomorrow.")
    manager.fill(f"{path}/complaints/{complaint}/close", {"as": "accepted"})
    with reading(house.database) as session:
        solution = session.exec(select(Solution.id)).one()
    manager.fill(f"{path}/agreements/{solution}/outcome", outcome="in_place")
    ended = manager.fill(f"{path}/close")
    assert "The case is closed." in ended.text
    assert the_case(house, case).status == "closed"
    story = manager.read(path)
    for sentence in (
        "A customer complained: C-",
        "Quality Manager said what the case is about.",
        "Stock proposed what can change.",
        "Quality Manager opened the joint review.",
        "The review agreed on proposal 1 of Stock",
        "Proposal 1 of Stock is in place.",
        "the customer accepted the answer.",
        "Quality Manager closed the case.",
    ):
        assert sentence in story, sentence


def test_what_is_wrong_stands_beside_and_what_was_typed_stays(house: House) -> None:
    case = house.filed(touchpoint="door", promise="intact").case_id
    house.answered(case)
    manager, path = house.as_("quality-manager"), f"/cases/{case}"
    manager.fill(f"{path}/review")
    task = house.tasks(case)["stock"]
    wrong = manager.fill(
        f"{path}/agreements",
        proposal=f"{task.id}:1",
        owner_name="Olena",
        due="2001-01-01",
    )
    assert wrong.status_code == 422
    assert re.search(
        r'is-invalid" id="due-[^>]*name="due"[^>]*aria-invalid', wrong.text
    )
    assert 'value="Olena"' in wrong.text
    complaint = the_complaint(house, case).id
    empty = manager.fill(f"{path}/complaints/{complaint}/answer", remedy="A new one")
    assert empty.status_code == 422
    assert re.search(r'is-invalid" id="answer-[^>]*name="text"', empty.text)
    assert "A new one" in empty.text
    still = manager.fill(f"{path}/close")
    assert still.status_code == 422
    assert "Something of this case is still open" in still.text


def test_who_does_not_lead_is_offered_and_may_do_nothing_of_it(house: House) -> None:
    case = house.filed(touchpoint="door", promise="intact").case_id
    house.answered(case)
    head = house.as_("stock-member")
    page = head.read(f"/cases/{case}")
    for act in ("Open the joint review", "Close the case", "Send the answer"):
        assert act not in page
    for path in ("review", "place", "agreements", "close", "place-anew"):
        assert head.fill(f"/cases/{case}/{path}").status_code == 403


def test_the_frontline_answers_the_customer(house: House) -> None:
    case = house.filed(touchpoint="door", promise="intact").case_id
    complaint = the_complaint(house, case).id
    path = f"/cases/{case}/complaints/{complaint}/answer"
    done = house.post("frontline", path, text="It comes tomorrow.")
    assert "The customer gave no e-mail" in done.text
    again = house.post("frontline", path, text="And again.")
    assert again.status_code == 422
    assert "And again." in again.text


def test_an_answer_to_a_customer_with_e_mail_is_sent(house: House) -> None:
    case = house.filed(customer=CUSTOMER).case_id
    path = f"/cases/{case}/complaints/{the_complaint(house, case).id}/answer"
    done = house.post("frontline", path, text="It comes tomorrow.")
    assert "The answer is sent to the customer." in done.text


def test_who_leads_the_case_is_told_that_an_answer_was_not_accepted(
    house: House,
) -> None:
    case = house.filed(touchpoint="door", promise="intact").case_id
    complaint = the_complaint(house, case).id
    path = f"/cases/{case}/complaints/{complaint}/answer"
    house.post("frontline", path, text="It comes tomorrow.")
    with transaction(house.database) as session:
        not_accept(session, complaint, why="It did not come.", answer_within=3,
                   who="customer", at=now())  # fmt: skip
    page = house.as_("quality-manager").read(f"/cases/{case}")
    assert "The customer did not accept the answer: answer once more by" in page
    house.post("frontline", path, text="Now it is there.")
    page = house.as_("quality-manager").read(f"/cases/{case}")
    assert "answer once more" not in page


def test_the_story_says_once_that_the_time_for_answers_ended_and_never_whose(
    house: House,
) -> None:
    case = house.filed(touchpoint="door", promise="intact").case_id
    fire_all_due(house.database, at=now() + timedelta(days=60))
    page = house.as_("stock-member").read(f"/cases/{case}")
    story = page[page.index("The story so far") :]
    ended = "The time set for answers ended; answers are still welcome"
    assert story.count(ended) == 1
    assert "answer of" not in story


def test_a_promise_that_was_not_kept_is_headed_as_a_promise(house: House) -> None:
    case = house.filed(touchpoint="door", promise="intact").case_id
    manager = house.as_("quality-manager")
    for path in (f"/cases/{case}", "/cases", "/board", "/board/cases"):
        assert "Promise: " in manager.read(path), path


def test_a_partner_that_takes_no_part_finds_no_case(house: House) -> None:
    case = house.filed(
        "A wrong sum.", touchpoint="invoice", promise="correct-bill"
    ).case_id
    for login in ("carrier-head", "carrier-member"):
        browser = house.as_(login)
        for path in ("", "/talk", "/story", "/complaints"):
            assert browser.get(f"/cases/{case}{path}").status_code == 404
        assert browser.get(f"/pictures/cases/{case}.svg").status_code == 404
        assert browser.fill(f"/cases/{case}/talk", text="Hello").status_code == 404
        assert browser.fill(f"/cases/{case}/hide", words="Hello").status_code == 404
        assert case not in browser.get("/cases").text
    assert not said(house)


def test_a_partner_sees_no_customer_and_no_word_that_was_marked(house: House) -> None:
    case = house.filed(
        "Павлові Іваненку з Броварів не подзвонили на 050 123 45 67.",
        touchpoint="door", promise="intact", customer=CUSTOMER,
    ).case_id  # fmt: skip
    partner, path = house.as_("carrier-member"), f"/cases/{case}"
    house.post("stock-member", f"{path}/talk", text="Я дзвонив Павлу у Бровари.")
    before = main_of(partner, path)
    assert "Броварів" in before
    assert "Іваненк" not in before
    assert "ivanenko" not in before
    done = house.post("frontline", f"{path}/hide", words="Бровари")
    assert "Marked." in done.text
    after = main_of(partner, path)
    for trace in ("Бровар", "Павл", "Іваненк", "050 123"):
        assert trace not in after
    listed = partner.get("/cases").text
    assert "Бровар" not in listed
    own = house.as_("frontline").read(path)
    assert "Павлові Іваненку з Броварів" in own


def test_a_mark_needs_something_that_can_be_found(house: House) -> None:
    case = house.filed(touchpoint="door", promise="intact").case_id
    short = house.post("frontline", f"/cases/{case}/hide", words="x")
    assert short.status_code == 422
    assert "too short to be looked for" in short.text


def test_html_in_any_field_stays_text(house: House) -> None:
    evil = "<script>alert(1)</script><b onclick=x>"
    case = house.filed(
        evil, touchpoint="door", promise="intact", desired_outcome=evil,
        order=evil, customer={"name": evil},
    ).case_id  # fmt: skip
    house.post("stock-member", f"/cases/{case}/talk", text=evil)
    complaint = the_complaint(house, case).id
    answer = f"/cases/{case}/complaints/{complaint}/answer"
    house.post("frontline", answer, text=evil, remedy=evil)
    house.post("quality-manager", f"/cases/{case}/talk", text=evil, about=evil)
    for login in ("quality-manager", "carrier-member"):
        page = house.as_(login).get(f"/cases/{case}")
        assert "<script>alert" not in page.text
        assert "<b onclick" not in page.text
        assert "&lt;script&gt;alert(1)" in page.text


def test_a_talk_without_words_says_what_it_is_for(house: House) -> None:
    case = house.filed("late").case_id
    read = house.as_("stock-member").read(f"/cases/{case}/talk")
    assert "read by everybody on the case" in read
    assert "Nobody said anything yet" in read
    house.post("stock-member", f"/cases/{case}/talk", text="Shelves are full.")
    read = house.as_("stock-member").read(f"/cases/{case}/talk")
    assert "Nobody said anything yet" not in read


def test_a_mention_tells_once_and_only_who_can_read_it(house: House) -> None:
    case = house.filed(touchpoint="invoice", promise="correct-bill").case_id
    text = "@frontline, @stock and @carrier: please look. @frontline! me@mail.example"
    house.post(
        "stock-member", f"/cases/{case}/talk", text=text, mention="department:stock"
    )
    frontline = house.person("frontline").id
    assert mentions(house) == ["department:stock", f"person:{frontline}"]
    refused = house.post(
        "stock-member",
        f"/cases/{case}/talk",
        text="And you?",
        mention="department:carrier",
    )
    assert refused.status_code == 422
    assert "cannot read this case" in refused.text
    assert "And you?" in refused.text
    assert len(said(house)) == 1


def test_what_is_said_is_tied_to_a_proposal_and_may_be_taken_back(house: House) -> None:
    case = house.filed(touchpoint="door", promise="intact").case_id
    house.answered(case, "stock")
    task = house.tasks(case)["stock"].id
    path = f"/cases/{case}"
    offered = house.as_("stock-member").get(f"{path}?about=proposal:{task}:1").text
    assert f'value="proposal:{task}:1" selected' in offered
    house.post("stock-member", f"{path}/talk", text="Ours?", about=f"proposal:{task}:1")
    page = house.as_("carrier-member").read(path)
    assert "Proposal 1 of Stock" in page
    assert "Ours?" in page
    [entry] = said(house)
    assert (entry.department_id, entry.about) == (
        "stock",
        {"task": task, "proposal": 1},
    )
    others = house.post("carrier-member", f"{path}/talk/{entry.id}/take-back")
    assert others.status_code == 403
    house.post("stock-member", f"{path}/talk/{entry.id}/take-back")
    page = house.as_("carrier-member").read(path)
    assert "Ours?" not in page
    assert "Taken back by who said it." in page


def test_nothing_said_is_not_taken_and_too_much_is_kept(house: House) -> None:
    case = house.filed(touchpoint="door", promise="intact").case_id
    path = f"/cases/{case}/talk"
    empty = house.post("stock-member", path, text="  \n")
    assert empty.status_code == 422
    assert "Write what you want to say first." in empty.text
    long = house.post("stock-member", path, text="a" * 20_001)
    assert long.status_code == 422
    assert "a" * 20_001 in long.text
    assert house.post("stock-member", path, text="a" * 20_000).status_code == 200


def test_a_case_is_placed_anew_with_the_reason(house: House) -> None:
    case = house.filed(touchpoint="door", promise="intact").case_id
    house.answered(case, "stock")
    manager, path = house.as_("quality-manager"), f"/cases/{case}"
    about = "order-to-delivery/invoice/correct-bill"
    refused = manager.fill(f"{path}/place-anew", about=about, reason=" ")
    assert refused.status_code == 422
    before = house.tasks(case)
    manager.fill(f"{path}/place-anew", about=about, reason="It was about the bill.")
    house.work()
    page = manager.read(path)
    assert the_case(house, case).round == 2
    assert "It was about the bill." in page
    assert "3 tasks of earlier rounds" in page
    assert "Invoicing" in page
    for task in before.values():
        assert manager.get(f"/tasks/{task.id}").status_code == 200
        asked = manager.fill(f"/tasks/{task.id}/requests", department="sales", what="?")
        assert asked.status_code < 500


def test_the_picture_is_drawn_once_for_each_state(house: House) -> None:
    case = house.filed(touchpoint="door", promise="intact").case_id
    browser = house.as_("carrier-member")
    first = browser.get(f"/pictures/cases/{case}.svg?theme=dark&language=uk")
    assert first.headers["content-type"] == "image/svg+xml"
    assert "sandbox" in first.headers["content-security-policy"]
    mark = {"If-None-Match": first.headers["etag"]}
    path = f"/pictures/cases/{case}.svg?theme=dark&language=uk"
    assert browser.get(path, headers=mark).status_code == 304
    house.answered(case, "stock")
    assert browser.get(path, headers=mark).status_code == 200
    assert browser.get(f"/pictures/cases/{case}.exe").status_code == 404
    waiting = house.filed("What now?", touchpoint=None).case_id
    manager = house.as_("quality-manager")
    assert manager.get(f"/pictures/cases/{waiting}.svg").status_code == 404


def test_the_list_is_filtered_by_its_address(house: House) -> None:
    late = house.filed("Late.", touchpoint="door", promise="intact").case_id
    bill = house.filed(
        "A wrong sum.", touchpoint="invoice", promise="correct-bill"
    ).case_id
    waiting = house.filed("What now?", touchpoint=None).case_id
    manager = house.as_("quality-manager")
    everything = manager.get("/cases").text
    assert everything.index(waiting) < everything.index(bill) < everything.index(late)
    by_state = manager.get("/cases?status=to_place").text
    assert waiting in by_state
    assert bill not in by_state
    carrier = manager.get("/cases?department=carrier").text
    assert late in carrier
    assert bill not in carrier
    assert bill not in house.as_("carrier-member").get("/cases").text
    mine = house.as_("carrier-head").get("/cases?mine=1").text
    assert late in mine
    nonsense = manager.get("/cases?status=x&department=y&before=z")
    assert nonsense.status_code == 200
    assert "No case fits this choice." in manager.read("/cases?status=merged")


def test_a_long_list_goes_on(house: House) -> None:
    made = [house.filed(f"Late {n}.", touchpoint=None).case_id for n in range(26)]
    first = house.as_("frontline").get("/cases").text
    assert made[0] not in first
    address = re.search(r'href="(/cases\?[^"]*before=[^"]*)"', first)
    assert address
    second = house.as_("frontline").get(address[1].replace("&amp;", "&")).text
    assert made[0] in second
    assert made[1] not in second


@contextmanager
def counted(house: House) -> Iterator[list[str]]:
    """Note the questions that are put to the database."""
    asked: list[str] = []

    def note(*given: object) -> None:
        asked.append(str(given[2]))

    event.listen(house.database.engine, "before_cursor_execute", note)
    yield asked
    event.remove(house.database.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("login", ["quality-manager", "carrier-member"])
def test_a_page_asks_the_same_however_much_there_is(house: House, login: str) -> None:
    small = house.filed("Late.", touchpoint="door", promise="intact").case_id
    large = house.filed("Late.", touchpoint="door", promise="on-time").case_id
    house.answered(large)
    for n in range(60):
        house.post(
            "stock-member", f"/cases/{large}/talk", text=f"Entry {n}, @frontline"
        )
    browser = house.as_(login)
    counts = []
    for case in (small, large):
        browser.get(f"/cases/{case}")  # what is kept is kept, and the touch is noted
        with counted(house) as asked:
            page = browser.get(f"/cases/{case}")
        counts.append(len(asked))
        assert page.status_code == 200
    assert counts[0] == counts[1]
    assert counts[0] < 40
    assert "Entry 59" in page.text
    assert "Entry 5," not in page.text
    earlier = re.search(r'href="(/cases/[^"]*/talk\?before=[^"]*)"', page.text)
    assert earlier
    assert "Entry 5," in browser.get(earlier[1]).text


def test_a_case_of_many_customers_shows_some_and_leads_to_the_others(
    house: House,
) -> None:
    case = house.filed("Customer 0.", touchpoint="door", promise="intact").case_id
    for n in range(1, 45):
        other = house.filed(f"Customer {n}.", touchpoint=None).complaint_id
        with transaction(house.database) as session:
            session.get_one(Complaint, other).case_id = case
    page = house.as_("quality-manager").get(f"/cases/{case}").text
    assert "Customer 19." in page
    assert "Customer 20." not in page
    assert "25 more customers" in page
    following = re.search(r'href="(/cases/[^"]*/complaints\?after=\d+)"', page)
    assert following
    second = house.as_("quality-manager").get(following[1]).text
    assert "Customer 20." in second
    assert "Customer 44." not in second


def test_the_page_speaks_three_languages(house: House) -> None:
    case = house.filed(touchpoint="door").case_id
    house.answered(case)
    spoken = {
        house.as_(login).get(f"/cases/{case}").headers["content-language"]
        for login in (
            "stock-head",
            "packing-head",
            "carrier-head",
            "sales-head",
            "credit-head",
        )
    }
    assert spoken == {"en", "ru", "uk"}


def test_what_the_customer_still_misses_is_read_in_the_case(house: House) -> None:
    filed = house.filed("Late.", customer={"name": "Olena Kovalenko"})
    case, complaint = filed.case_id, filed.complaint_id
    path = f"/cases/{case}/complaints/{complaint}/answer"
    house.post("quality-manager", path, text="The first answer.")
    house.browser().fill(f"/track/{filed.token}/refuse", why="Olena has no sofa yet.")

    ours = house.as_("quality-manager").read(f"/cases/{case}")
    assert "Olena has no sofa yet." in ours
    assert "did not accept the answer." in ours
    assert ours.count("The first answer.") == 1
    theirs = house.as_("carrier-head").get(f"/cases/{case}").text
    assert "has no sofa yet." in theirs
    assert "Olena" not in theirs

    house.post("quality-manager", path, text="The second answer.")
    again = house.as_("quality-manager").read(f"/cases/{case}")
    assert "The first answer." in again
    assert "The second answer." in again


def test_once_all_answers_are_in_the_review_is_opened_on_its_own_page(
    house: House,
) -> None:
    case = house.filed(promise="intact").case_id
    manager, path = house.as_("quality-manager"), f"/cases/{case}/review"
    assert "the departments still answer" in manager.read(path)
    assert "Open the joint review" not in manager.read(path)

    house.answered(case)
    head = house.as_("stock-member").read(path)
    assert "All answers are in, or their time is over." in head
    assert "Open the joint review" not in head
    assert "Open the joint review" in manager.read(path)
    opened = manager.fill(path)
    assert "The joint review is open." in opened.text
    assert "All answers are in" not in opened.text


def test_in_the_list_the_whole_line_of_a_case_leads_to_it(house: House) -> None:
    case = house.filed(promise="intact").case_id
    rows = house.as_("quality-manager").get("/cases").text
    assert f'class="stretched-link" href="/cases/{case}"' in rows
