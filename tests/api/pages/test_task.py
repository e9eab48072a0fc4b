"""A task in the browser: answered, drafted by two, handed back, passed on."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest

from resolve.access.signing_in import sign_out
from resolve.analytics.replayed import differences
from resolve.departments.models import TouchKind
from resolve.departments.touching import touches
from resolve.kit.clock import now
from resolve.kit.database import reading, transaction
from resolve.reviews.service import open_review
from resolve.tasks.models import Request, Task, TaskStatus
from resolve.tasks.queries import answers_to
from resolve.tasks.queries import task as the_task
from resolve_api.pages.visits import COOKIE
from tests.api.pages.conftest import Browser, House, words
from tests.builders import all_rows

NASTY = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'


def field(page: str, name: str) -> str:
    """Give what a field of a page holds."""
    area = re.search(
        rf'<textarea[^>]* name="{name}"[^>]*>(.*?)</textarea>', page, re.DOTALL
    )
    if area:
        return unescape(area[1])
    found = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', page)
    assert found, name
    return unescape(found[1])


def fields(page: str) -> dict[str, str]:
    """Give the states that the form of a page was made on."""
    return {
        name: field(page, name)
        for name in ("groups", "draft_revision", "answer_revision")
    }


def stored(house: House, task: Task) -> Task:
    with reading(house.database) as session:
        return the_task(session, task.id)


def content(house: House, task: Task) -> object:
    with reading(house.database) as session:
        [answer] = answers_to(session, [task.id]).values()
        return answer.content


def sound(house: House) -> bool:
    """Tell whether the journal still leads to what is stored."""
    with reading(house.database) as session:
        return differences(session) == []


@pytest.fixture
def task(house: House) -> Task:
    """The task of the stock in a case about a late delivery."""
    made = house.filed("My parcel came three days late.", desired_outcome="Be on time.")
    return house.tasks(made.case_id)["stock"]


def test_a_head_understands_answers_changes_and_sees_the_review_begin(
    house: House, task: Task
) -> None:
    member = house.as_("stock-member")
    page = member.get(f"/tasks/{task.id}").text
    read = words(page)
    for told in (
        "what can change here so that the promise “Delivered on the promised day”",
        "My parcel came three days late.",
        "Be on time.",
        "From your step to the customer",
        "5 hand-overs to the customer (At the door)",
        "“Delivered on the promised day” within 5 days; 8 hours of it are yours.",
        "Your neighbours on the chain: Order processing, Purchasing, Packing.",
        "working day 1",
        "Quality Manager opens the joint review",
    ):
        assert told in read, told

    form = fields(page) | {
        "change-1": "Pick in the order of promised days",
        "step-1": "pick",
        "effect-1": "The parcel leaves a day earlier",
        "need_department-1": "packing",
        "need_what-1": "Free crates by noon",
        "minutes": "15",
    }
    answered = member.fill(f"/tasks/{task.id}/answer", form)
    assert "Your answer is in." in answered.text
    assert "Pick in the order of promised days" in words(answered.text)
    assert "Minutes spent: 15" in words(answered.text)
    assert "Free crates by noon" in house.as_("packing-head").read("/requests")

    page = member.get(f"/tasks/{task.id}?change=1").text
    assert field(page, "change-1") == "Pick in the order of promised days"
    changed = fields(page) | {"observed": "All of it left us on the day."}
    assert "All of it left us" in words(
        member.fill(f"/tasks/{task.id}/answer", changed).text
    )
    assert content(house, task) == {"observed": "All of it left us on the day."}

    house.answered(task.case_id, *(set(house.tasks(task.case_id)) - {"stock"}))
    with transaction(house.database) as session:
        open_review(session, task.case_id, who="qm", at=now())
    read = words(member.get(f"/tasks/{task.id}").text)
    assert "The joint review is open" in read
    assert "opens the joint review" not in read
    late = member.fill(f"/tasks/{task.id}/answer", changed | {"observed": "Too late"})
    assert late.status_code == 409
    assert "Too late" in late.text
    assert sound(house)


def test_a_proposal_is_at_first_about_the_step_that_the_way_begins_with(
    house: House, task: Task
) -> None:
    page = house.as_("stock-member").get(f"/tasks/{task.id}").text
    way = page[page.index('<ol class="way') :]
    chosen = page[page.index('name="step-1"') :]
    assert words(way).startswith("Pick the goods yours")
    assert words(chosen[chosen.index("<option") :]).startswith("Pick the goods Reserve")


def test_a_form_grows_without_scripts_and_keeps_what_was_typed(
    house: House, task: Task
) -> None:
    member = house.as_("stock-member")
    form = fields(member.get(f"/tasks/{task.id}").text)
    typed = form | {"change-1": "One", "step-1": "pick", "more": "1"}

    longer = member.fill(f"/tasks/{task.id}/answer", typed).text

    assert field(longer, "change-1") == "One"
    assert field(longer, "change-2") == ""
    both = fields(longer) | {"change-1": "One", "step-1": "pick"}
    both |= {"change-2": "Two", "step-2": "reserve"}
    assert "Two" in member.fill(f"/tasks/{task.id}/answer", both).text
    assert stored(house, task).status == TaskStatus.ANSWERED


@pytest.mark.parametrize(
    ("typed", "beside"),
    [
        ({}, "Say what can change, or below what you observed."),
        ({"change-1": "a", "step-1": "pick", "observed": "b"}, "one of both"),
        ({"change-1": " ", "step-1": "pick", "effect-1": "b"}, "change-1-wrong"),
        ({"change-1": "a", "step-1": "deliver"}, "step-1-wrong"),
        (
            {"change-1": "a", "step-1": "pick", "need_what-1": "b"},
            "need_department-1-wrong",
        ),
        ({"change-1": "a", "step-1": "pick", "minutes": "ten"}, "minutes-wrong"),
        ({"change-1": "a\0", "step-1": "pick"}, "change-1-wrong"),
    ],
)
def test_what_is_wrong_stands_beside_the_field_and_nothing_typed_is_lost(
    house: House, task: Task, typed: dict[str, str], beside: str
) -> None:
    answer = house.as_("stock-member").fill(f"/tasks/{task.id}/answer", typed)

    assert answer.status_code == 422
    assert beside in unescape(answer.text)
    for text in [text for name, text in typed.items() if name != "step-1"]:
        assert text.replace("\0", "") in unescape(answer.text).replace("\0", "")
    assert stored(house, task).status == TaskStatus.OPEN


def test_html_in_any_field_stays_text(house: House, task: Task) -> None:
    member, head = house.as_("stock-member"), house.as_("stock-head")
    typed = {"change-1": NASTY, "effect-1": NASTY, "step-1": "pick"}
    typed |= {"need_department-1": "packing", "need_what-1": NASTY, "minutes": NASTY}
    pages = [member.fill(f"/tasks/{task.id}/answer", typed).text]
    pages.append(member.fill(f"/tasks/{task.id}/draft", typed | {"minutes": ""}).text)
    pages.append(head.get(f"/tasks/{task.id}").text)
    form = fields(pages[-1]) | typed | {"minutes": "1"}
    pages.append(head.fill(f"/tasks/{task.id}/answer", form).text)
    pages.append(house.as_("packing-head").get("/requests").text)
    made = house.filed(NASTY, desired_outcome=NASTY, order=NASTY[:100]).case_id
    pages.append(member.get("/inbox", params={"q": NASTY}).text)
    pages.append(member.get(f"/tasks/{house.tasks(made)['stock'].id}").text)
    ask = {"department": NASTY, "what": NASTY, "by": NASTY}
    pages.append(member.fill(f"/tasks/{task.id}/request", ask).text)

    assert stored(house, task).status == TaskStatus.ANSWERED
    for page in pages:
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_a_draft_is_saved_while_typing_and_only_the_department_sees_it(
    house: House, task: Task
) -> None:
    member = house.as_("stock-member")
    typed = {"change-1": "A quiet thought", "step-1": "pick", "draft_revision": "0"}
    by_script = member.post(
        f"/tasks/{task.id}/draft", data=typed, headers={"Accept": "application/json"}
    )
    assert by_script.status_code == 200
    assert by_script.json()["revision"] == 1
    assert "Draft saved" in by_script.json()["said"]

    assert "A quiet thought" in house.as_("stock-head").get(f"/tasks/{task.id}").text
    for other in ("packing-head", "quality-manager", "carrier-head", "frontline"):
        assert "quiet thought" not in house.as_(other).get(f"/tasks/{task.id}").text
    assert "a draft is saved" in member.read("/inbox")
    assert "a draft is saved" not in house.as_("quality-manager").read("/inbox")
    refused = house.as_("quality-manager").fill(
        f"/tasks/{task.id}/draft", {"change-1": "x"}
    )
    assert refused.status_code == 403


def test_the_second_of_two_who_write_sees_both_and_chooses(
    house: House, task: Task
) -> None:
    head, member = house.as_("stock-head"), house.as_("stock-member")
    at_first = fields(member.get(f"/tasks/{task.id}").text)
    head.fill(
        f"/tasks/{task.id}/draft", {"change-1": "From the head", "step-1": "pick"}
    )
    mine = at_first | {"change-1": "From the member", "step-1": "pick"}

    for act in ("draft", "answer"):
        both = member.fill(f"/tasks/{task.id}/{act}", mine)
        assert both.status_code == 409
        assert "From the head" in both.text
        assert field(both.text, "change-1") == "From the member"
        assert "Stock Head" in both.text
    told = member.post(
        f"/tasks/{task.id}/draft", data=mine, headers={"Accept": "application/json"}
    )
    assert told.status_code == 409

    seen = fields(both.text)
    together = member.fill(
        f"/tasks/{task.id}/answer", mine | seen | {"both": "draft"}
    ).text
    assert field(together, "change-1") == "From the member"
    assert field(together, "change-2") == "From the head"
    sent = fields(together) | mine | {"change-2": "From the head", "step-2": "pick"}
    sent |= {"draft_revision": field(together, "draft_revision")}
    assert "Your answer is in." in member.fill(f"/tasks/{task.id}/answer", sent).text
    given = str(content(house, task))
    assert "From the member" in given
    assert "From the head" in given


def test_who_answers_after_somebody_else_sees_that_answer_and_keeps_their_own(
    house: House, task: Task
) -> None:
    head, member = house.as_("stock-head"), house.as_("stock-member")
    at_first = fields(member.get(f"/tasks/{task.id}").text)
    head.fill(f"/tasks/{task.id}/answer", {"change-1": "First", "step-1": "pick"})
    mine = at_first | {"change-1": "Second", "step-1": "pick"}

    meanwhile = member.fill(f"/tasks/{task.id}/answer", mine)

    assert meanwhile.status_code == 409
    assert "First" in meanwhile.text
    assert field(meanwhile.text, "change-1") == "Second"
    kept = member.fill(f"/tasks/{task.id}/answer", mine | fields(meanwhile.text))
    assert kept.status_code == 200
    assert "Second" in str(content(house, task))


def test_a_session_that_ended_while_typing_loses_nothing(
    house: House, task: Task
) -> None:
    password = house.password("stock-member")
    browser = house.browser()
    login = {"login": "stock-member", "password": password}
    browser.fill("/sign-in", login)
    form = fields(browser.get(f"/tasks/{task.id}").text)
    with transaction(house.database) as session:
        sign_out(session, browser.cookies[COOKIE], at=now())
    typed = form | {"change-1": 'Half an hour of "typing"\n<b>', "step-1": "pick"}

    asked = browser.fill(f"/tasks/{task.id}/answer", typed)
    assert asked.status_code == 401
    again = browser.fill(
        "/sign-in",
        {**login, "next": f"/tasks/{task.id}/answer", **_kept(asked.text)},
    )
    sent = browser.fill(f"/tasks/{task.id}/answer", _fields_of(again.text))

    assert "Your answer is in." in sent.text
    assert 'Half an hour of "typing"' in str(content(house, task))


def _kept(page: str) -> dict[str, list[str]]:
    names = re.findall(r'name="kept_name" value="([^"]*)"', page)
    values = re.findall(r'name="kept_value" hidden>\n(.*?)</textarea>', page, re.DOTALL)
    return {
        "kept_name": [unescape(one) for one in names],
        "kept_value": [unescape(one) for one in values],
    }


def _fields_of(page: str) -> dict[str, str]:
    found = re.findall(
        r'<textarea name="([^"]*)"[^>]*>\n(.*?)</textarea>', page, re.DOTALL
    )
    return {unescape(name): unescape(value) for name, value in found}


def test_the_head_of_another_department_reads_and_is_refused_to_act(
    house: House, task: Task
) -> None:
    sales = house.as_("sales-head")

    page = sales.get(f"/tasks/{task.id}")
    assert page.status_code == 200
    assert 'id="answer-form"' not in page.text
    for act, typed in (
        ("answer", {"change-1": "Mine", "step-1": "pick"}),
        ("draft", {"change-1": "Mine"}),
        ("return", {"reason-return": "x"}),
        ("pass", {"to": "x"}),
        ("request", {"department": "packing", "what": "x"}),
        ("extend", {"due": "2030-01-01T10:00", "reason-extend": "x"}),
        ("withdraw", {"reason-withdraw": "x"}),
        ("ask-again", {"reason-ask-again": "x"}),
    ):
        assert sales.fill(f"/tasks/{task.id}/{act}", typed).status_code == 403, act
    refused = sales.fill("/tasks/together", {"task": [task.id], "change-1": "Mine"})
    assert refused.status_code in (403, 422)
    assert stored(house, task) == task


def test_a_partner_reads_the_words_without_the_customer(house: House) -> None:
    made = house.filed(
        "I am Maria Ivanova, call 050 123-45-67 or maria@example.org.",
        customer={"name": "Maria Ivanova", "phone": "0501234567"},
        desired_outcome="Call Maria.",
    )
    tasks = house.tasks(made.case_id)
    house.as_("stock-member").fill(
        f"/tasks/{tasks['stock'].id}/answer",
        {"change-1": "Ring Maria Ivanova before", "step-1": "pick"},
    )
    carrier = house.as_("carrier-member")

    pages = [carrier.get(f"/tasks/{one.id}").text for one in tasks.values()]
    pages += [carrier.get("/inbox").text]
    pages += [carrier.get("/tasks/together", params={"task": tasks["carrier"].id}).text]

    for page in pages:
        assert "•••" in page
        for told in ("Maria", "Ivanova", "123-45-67", "maria@"):
            assert told not in page
    assert (
        "Maria Ivanova"
        in house.as_("stock-member").get(f"/tasks/{tasks['stock'].id}").text
    )


def test_a_partner_sees_no_task_of_a_case_that_is_not_theirs(house: House) -> None:
    made = house.filed("It is too much.", touchpoint="invoice", promise="bill-soon")
    tasks = house.tasks(made.case_id)
    assert tasks
    assert "carrier" not in tasks

    for one in tasks.values():
        answer = house.as_("carrier-head").get(f"/tasks/{one.id}")
        assert answer.status_code == 404


def test_reading_a_customers_words_brings_the_department_nearer(
    house: House, task: Task
) -> None:
    house.as_("stock-member").get(f"/tasks/{task.id}")
    house.as_("quality-manager").get(f"/tasks/{task.id}")

    with reading(house.database) as session:
        found = touches(session, ["stock", "packing"])
    assert TouchKind.READ in found["stock"]
    assert found["packing"] == {}


def test_what_is_not_ours_goes_back_and_the_facilitator_goes_on(
    house: House, task: Task
) -> None:
    member, facilitator = house.as_("stock-member"), house.as_("quality-manager")
    without = member.fill(f"/tasks/{task.id}/return", {"reason-return": " "})
    assert without.status_code == 422
    assert "Say in a sentence why." in without.text
    told = member.fill(
        f"/tasks/{task.id}/return", {"reason-return": "The carrier holds that stock."}
    )
    assert "Handed back on" in told.text

    assert task.id in facilitator.get("/inbox?status=returned").text
    assert task.id not in member.get("/inbox").text
    page = facilitator.read(f"/tasks/{task.id}")
    assert "The carrier holds that stock." in page
    again = facilitator.fill(
        f"/tasks/{task.id}/ask-again", {"reason-ask-again": "Only the label."}
    )
    assert "Only the label." in again.text
    assert task.id in member.get("/inbox").text
    assert (
        facilitator.fill(
            f"/tasks/{task.id}/ask-again", {"reason-ask-again": "Twice."}
        ).status_code
        == 422
    )
    assert sound(house)


def test_the_facilitator_gives_more_time_and_goes_on_without(
    house: House, task: Task
) -> None:
    facilitator = house.as_("quality-manager")
    due = (now() + timedelta(days=40)).strftime("%Y-%m-%dT10:00")
    for wrong in ("", "never", "2001-01-01T10:00"):
        refused = facilitator.fill(
            f"/tasks/{task.id}/extend", {"due": wrong, "reason-extend": "Holidays"}
        )
        assert refused.status_code == 422
        assert "Holidays" in refused.text
    later = facilitator.fill(
        f"/tasks/{task.id}/extend", {"due": due, "reason-extend": "Holidays"}
    )
    assert "More time given" in later.text
    assert stored(house, task).due_at > now() + timedelta(days=39)
    gone = facilitator.fill(
        f"/tasks/{task.id}/withdraw", {"reason-withdraw": "Not needed now."}
    )
    assert "Not needed now." in gone.text
    assert stored(house, task).status == TaskStatus.WITHDRAWN
    assert sound(house)


def test_a_task_is_passed_on_to_a_colleague_of_the_department_only(
    house: House, task: Task
) -> None:
    head = house.as_("stock-head")
    colleague = house.person("stock-champion").id

    for stranger in (house.person("sales-head").id, "Olena", ""):
        assert head.fill(f"/tasks/{task.id}/pass", to=stranger).status_code == 422
    head.fill(f"/tasks/{task.id}/pass", to=colleague)

    assert stored(house, task).assignee == colleague
    assert "Stock Champion" in house.as_("stock-member").read(f"/tasks/{task.id}")


def test_a_task_that_was_passed_on_is_taken_back(house: House, task: Task) -> None:
    head, member = house.as_("stock-head"), house.person("stock-member")
    head.fill(f"/tasks/{task.id}/pass", to=member.id)

    page = head.get(f"/tasks/{task.id}").text
    offered = re.search(r'<select[^>]*name="to".*?</select>', page, re.DOTALL)
    assert offered
    assert member.id not in offered[0]
    assert house.person("stock-head").id in offered[0]
    assert "Nobody else belongs" not in page
    head.fill(f"/tasks/{task.id}/pass", to=house.person("stock-head").id)

    assert stored(house, task).assignee == house.person("stock-head").id


@pytest.mark.parametrize(
    ("act", "typed"),
    [
        ("request", {"department": "packing", "what": "Crates"}),
        ("return", {"reason-return": "The carrier holds that stock."}),
        ("request", {"department": "packing", "what": " "}),
        ("return", {"reason-return": " "}),
        ("pass", {"to": "nobody"}),
    ],
)
def test_the_answer_being_written_outlives_what_else_is_done_with_the_task(
    house: House, task: Task, act: str, typed: dict[str, str]
) -> None:
    member = house.as_("stock-member")
    page = member.get(f"/tasks/{task.id}").text
    assert f'form="answer-form" formaction="/tasks/{task.id}/{act}"' in page

    form = fields(page) | {"change-1": "Half an answer", "step-1": "pick"}
    done = member.fill(f"/tasks/{task.id}/{act}", form | typed)

    assert field(done.text, "change-1") == "Half an answer"
    refused = done.status_code == 422
    seen = house.as_("stock-head").get(f"/tasks/{task.id}").text
    assert ("Half an answer" in seen) is not refused


def test_what_else_is_done_overwrites_no_draft_of_a_colleague(
    house: House, task: Task
) -> None:
    head, member = house.as_("stock-head"), house.as_("stock-member")
    at_first = fields(member.get(f"/tasks/{task.id}").text)
    theirs = {"change-1": "From the head", "step-1": "pick"}
    head.fill(f"/tasks/{task.id}/draft", theirs)
    mine = at_first | {"change-1": "From the member", "step-1": "pick"}

    both = member.fill(
        f"/tasks/{task.id}/request", mine | {"department": "packing", "what": "Crates"}
    )

    assert both.status_code == 409
    assert "From the head" in both.text
    assert field(both.text, "change-1") == "From the member"
    assert field(both.text, "what") == "Crates"
    assert all_rows(house.database, Request) == []


def test_what_a_department_told_stays_on_the_page_while_more_time_is_given(
    house: House, task: Task
) -> None:
    facilitator = house.as_("quality-manager")
    due = (now() + timedelta(days=40)).strftime("%Y-%m-%dT10:00")
    form = fields(facilitator.get(f"/tasks/{task.id}").text)
    typed = form | {"change-1": "Said on the phone", "step-1": "pick"}

    later = facilitator.fill(
        f"/tasks/{task.id}/extend", typed | {"due": due, "reason-extend": "Holidays"}
    )

    assert field(later.text, "change-1") == "Said on the phone"
    assert "There is more time for this task now." in later.text
    assert "Said on the phone" not in house.as_("stock-member").read(
        f"/tasks/{task.id}"
    )


def test_what_the_quality_manager_enters_is_kept_as_said_by_word_of_mouth(
    house: House, task: Task
) -> None:
    facilitator = house.as_("quality-manager")
    typed = {"change-1": "Said on the phone", "step-1": "pick"}

    told = facilitator.fill(f"/tasks/{task.id}/answer", typed)

    assert "by word of mouth" in told.text
    with reading(house.database) as session:
        [answer] = answers_to(session, [task.id]).values()
    assert answer.by_word_of_mouth


def test_a_neighbour_is_asked_from_the_page_of_the_task(
    house: House, task: Task
) -> None:
    member = house.as_("stock-member")
    wrong = member.fill(f"/tasks/{task.id}/request", department="carrier", what="A van")
    assert wrong.status_code == 422
    asked = member.fill(
        f"/tasks/{task.id}/request", department="packing", what="Crates",
        by=(now() + timedelta(days=3)).date().isoformat(),
    )  # fmt: skip
    assert "Crates" in asked.text
    [made] = all_rows(house.database, Request)
    assert (made.department_id, made.what) == ("packing", "Crates")
    assert made.wanted_by is not None


def together(browser: Browser, ids: list[str]) -> str:
    form = {"task": ids, "change-1": "For all of them", "step-1": "pick"}
    return browser.fill("/tasks/together", form).text


def test_several_like_tasks_are_answered_at_once(house: House, task: Task) -> None:
    others = [house.tasks(house.filed().case_id)["stock"] for _ in range(2)]
    ids = [task.id, *(one.id for one in others)]
    member = house.as_("stock-member")
    shown = member.get("/tasks/together", params={"task": ids}).text
    assert "Send it for all 3 tasks" in shown

    read = together(member, ids)

    assert "for all the tasks that you chose" in read
    assert {stored(house, one).status for one in (task, *others)} == {"answered"}
    assert sound(house)


def test_each_that_could_not_be_answered_is_told_and_the_others_are_answered(
    house: House, task: Task
) -> None:
    other = house.tasks(house.filed().case_id)["stock"]
    house.answered(other.case_id, "stock")
    member = house.as_("stock-member")

    read = words(together(member, [task.id, other.id]))

    assert "Your answer is in for 1 task." in read
    assert "answered meanwhile" in read
    assert "For all of them" in read
    assert stored(house, task).status == TaskStatus.ANSWERED


def test_tasks_that_ask_different_things_are_not_answered_together(
    house: House, task: Task
) -> None:
    other = house.tasks(house.filed(promise="intact").case_id)["stock"]
    member = house.as_("stock-member")

    shown = words(
        member.get("/tasks/together", params={"task": [task.id, other.id]}).text
    )
    assert "one answer does not fit them all" in shown
    typed = {"task": [task.id, other.id], "change-1": "x", "step-1": "reserve"}
    member.fill("/tasks/together", typed)
    assert stored(house, other).status == TaskStatus.OPEN


def test_nothing_chosen_says_what_to_do_first(house: House) -> None:
    read = house.as_("stock-member").read("/tasks/together")

    assert "Choose open tasks in the list first." in read


@pytest.mark.parametrize("address", ["nothing", "01a20139-64e6-7216-907c-431ff5745303"])
def test_a_task_that_is_not_there_is_told_on_a_page(house: House, address: str) -> None:
    answer = house.as_("stock-member").get(f"/tasks/{address}")

    assert answer.status_code == 404
    assert "There is no such task" in answer.text


def test_the_address_of_a_form_leads_back_to_the_task(house: House, task: Task) -> None:
    answer = house.as_("stock-member").get(f"/tasks/{task.id}/answer")

    assert answer.url.path == f"/tasks/{task.id}"
