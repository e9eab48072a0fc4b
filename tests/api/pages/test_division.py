"""Dividing a promised time on its page, without scripts and by several people."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta

import numpy as np
import pytest
from httpx2 import Response

from resolve.analytics.case_facts import facts_of
from resolve.analytics.next_act import NextAct, next_act
from resolve.cases.models import Case
from resolve.handling.deciding import Decision, decide
from resolve.kit.clock import now
from resolve.kit.database import Database, reading, transaction
from resolve.maps.queries import chain_of, version
from resolve.maps.service import publish
from resolve.reviews import queries as ballots
from resolve.reviews.models import Position
from resolve.reviews.service import open_review
from resolve.reviews.votes import Voting, vote
from resolve.steptimes.rows import Timing, keyed
from resolve.steptimes.service import take
from tests.api.pages.conftest import Browser, House, fields, words
from tests.people import MAP

HOURS = {
    "take-order": 2, "check-credit": 4, "enter-order": 2, "reserve": 1, "pick": 5,
    "pack": 6, "check-parcel": 1, "load": 8, "deliver": 60,
}  # fmt: skip


def orders_taken(
    database: Database, number: int = 60, *, fresh: int = 0, slower: float = 1
) -> None:
    """Take in orders that passed these steps one after the other; `fresh` began now."""
    rng = np.random.default_rng(4)
    rows = [
        Timing(f"N{order}", "take-order", now(), now() - timedelta(hours=2))
        for order in range(fresh)
    ]
    for order in range(number):
        at = now() - timedelta(days=90)
        for step, hours in HOURS.items():
            ended = at + timedelta(hours=float(rng.exponential(hours * slower)))
            rows.append(Timing(f"O{order}", step, ended, at))
            at = ended + timedelta(minutes=30)
    with transaction(database) as session:
        kept = keyed(rows, source="erp", map_id=MAP, secret=b"x" * 32, seen=Counter())
        take(
            session, list(kept), map_id=MAP, source="erp", who="administrator", at=now()
        )


@pytest.fixture
def case(house: House) -> str:
    """Give a case about the promised day, in its review."""
    found = house.filed().case_id
    house.answered(found)
    with transaction(house.database) as session:
        open_review(session, found, who="person:quality-manager", at=now())
    return found


class Desk:
    """The page in the browser of somebody."""

    def __init__(self, house: House, login: str, case: str) -> None:
        self.browser: Browser = house.as_(login)
        self.address = f"/cases/{case}/division"

    def look(self) -> Response:
        return self.browser.get(self.address)

    def press(
        self, button: str, page: Response | None = None, **typed: str
    ) -> Response:
        """Fill the form as it stands on a page, and press a button of it."""
        of = page or self.look()
        sent = {
            name: values[-1] for name, values in fields(of, of=self.address).items()
        }
        named = {name.replace("__", ":"): said for name, said in typed.items()}
        return self.browser.fill(self.address, sent | named | {"do": button})


def times(house: House) -> dict[str, timedelta | None]:
    with reading(house.database) as session:
        return {s.id: s.time for s in chain_of(session, MAP).steps.values()}


def test_a_head_divides_the_time_and_everybody_sees_it(house: House, case: str) -> None:
    carrier = Desk(house, "carrier-head", case)

    carrier.press("save", t__load="8 h", t__pick="4 ч")
    seen = words(Desk(house, "quality-manager", case).look().text)

    assert "3 d 13 h 30 min of 5 d promised" in seen
    assert "Last saved by Carrier Head" in seen
    page = Desk(house, "quality-manager", case).look()
    sent = fields(page, of=f"/cases/{case}/division")
    assert (sent["t:load"], sent["t:pick"]) == (["8 h"], ["4 h"])


def test_orders_left_out_of_a_trial_are_said_to_be(house: House, case: str) -> None:
    orders_taken(house.database, fresh=3)

    page = words(Desk(house, "quality-manager", case).look().text)

    assert "Tried with 60 orders" in page
    assert "Orders that began less than 5 days ago are left out" in page


def test_what_a_loop_took_is_shown_once_for_all_of_its_steps(
    house: House, case: str
) -> None:
    orders_taken(house.database)
    page = Desk(house, "quality-manager", case).look().text

    said = re.findall(
        r'<td class="together" rowspan="3" data-label="([^"]*)">together: \d', page
    )
    assert said == ["Usually took", "9 of 10 took at most"]
    rows = {
        one: page[
            page.index(f'name="t:{one}"') - 2500 : page.index(f'name="t:{one}"')
        ].rpartition("<tr")[2]
        for one in ("pick", "pack", "check-parcel", "load")
    }
    times = {one: row.count('<td data-label="') for one, row in rows.items()}
    # Each has a time allotted and one to type; only a step of no loop has its own.
    assert times == {"pick": 2, "pack": 2, "check-parcel": 2, "load": 4}
    for one in ("pack", "check-parcel"):
        assert "counted with “Pick the goods”" in words(rows[one])


@pytest.mark.parametrize("number", [0, 60])
def test_waits_inside_a_loop_are_named_and_said_not_to_be_divided(
    house: House, case: str, number: int
) -> None:
    orders_taken(house.database, number)

    page = words(Desk(house, "quality-manager", case).look().text)

    assert "Waits inside a loop have no row and are not divided" in page
    named = page.split("nobody knows beforehand how often an order goes round: ")[1]
    assert named.startswith("Pick the goods → ")
    known = "in an order all together: half at most 30 min, nine of ten at most 30 min"
    assert (known in named) is (number > 0)


def test_nothing_is_lost_when_two_divide_at_once(house: House, case: str) -> None:
    one, other = Desk(house, "quality-manager", case), Desk(house, "sales-head", case)
    one.press("save", t__load="7 h")
    before = other.look()
    one.press("save", t__load="8 h", t__pick="5 h")

    again = other.press("save", before, t__load="9 h", t__pack="3 h")

    assert again.status_code == 422
    sent = fields(again, of=other.address)
    # Own words stay; what only the other one changed is taken over.
    assert [sent[f"t:{step}"][0][0] for step in ("load", "pack", "pick")] == [*"935"]
    assert re.search(r'class="form-text theirs"[^>]*>[^<]*: 8 ', again.text)
    saved = other.press("save", again)
    assert saved.status_code == 200
    kept = fields(one.look(), of=one.address)
    assert [kept[f"t:{step}"][0] for step in ("load", "pack", "pick")] == [
        "9 h", "3 h", "5 h",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("-2 h", "Less than nothing cannot be allotted."),
        ("soon", "Write for example 4 h, 1 d 4 h or 30 min."),
        ("4", "Write for example 4 h, 1 d 4 h or 30 min."),
        ("20000 d", "This is too long."),
    ],
)
def test_what_is_no_time_is_said_beside_it_and_not_saved(
    house: House, case: str, typed: str, said: str
) -> None:
    desk = Desk(house, "quality-manager", case)

    answer = desk.press("save", t__load=typed)

    assert answer.status_code == 422
    assert said in words(answer.text)
    assert fields(answer, of=desk.address)["t:load"] == [typed]
    assert "Last saved" not in desk.look().text


def test_above_the_promise_is_shown_and_not_put_to_the_vote(
    house: House, case: str
) -> None:
    desk = Desk(house, "quality-manager", case)

    tried = words(desk.press("try", t__load="3 d").text)
    saved = desk.press("save", t__load="3 d")
    put = desk.press("put", customer_says="They want it on the day.")

    assert "more than promised" in tried
    assert saved.status_code == 200
    assert put.status_code == 422, words(put.text)
    assert "but not agreed: take the rest from another step" in words(put.text)
    with reading(house.database) as session:
        assert not ballots.open_ballots_of(session, case)


def test_what_is_typed_is_looked_at_without_being_kept(house: House, case: str) -> None:
    orders_taken(house.database)
    desk = Desk(house, "quality-manager", case)
    sent = {n: v[-1] for n, v in fields(desk.look(), of=desk.address).items()}

    part = desk.browser.fill(
        f"{desk.address}/try", sent | {"t:deliver": "12 h", "shrink": "t:deliver"}
    )

    assert part.status_code == 200
    assert 'hx-target="#sum"' in part.text
    assert 'hx-target="#effect"' in part.text
    assert "keep the promise now; then about" in words(part.text)
    assert "Last saved" not in desk.look().text


def test_too_few_orders_say_so_and_the_time_can_be_divided(
    house: House, case: str
) -> None:
    desk = Desk(house, "quality-manager", case)

    shown = words(desk.look().text)
    suggested = words(desk.press("variance").text)

    assert "Too few orders to say what it would do: 0 orders are known" in shown
    assert "Too few orders are known to suggest anything" in suggested
    assert desk.press("save", t__load="7 h").status_code == 200


@pytest.mark.parametrize("by", ["variance", "difficulty"])
def test_a_suggestion_fills_the_fields_up_to_the_promise(
    house: House, case: str, by: str
) -> None:
    orders_taken(house.database)
    desk = Desk(house, "quality-manager", case)

    page = desk.press(by)

    assert "5 d of 5 d promised just so" in words(page.text)
    assert "Suggested:" in words(page.text)
    assert "Last saved" not in desk.look().text
    assert desk.press("save", page).status_code == 200


@pytest.mark.parametrize(
    ("slower", "said"),
    [
        (1, "Suggested: every step has what it usually takes"),
        (1.6, "some of these parts are below what they usually take"),
        (3, "these parts are below what each usually takes"),
    ],
)
def test_where_less_is_promised_than_it_usually_takes_a_suggestion_says_so(
    house: House, case: str, slower: float, said: str
) -> None:
    orders_taken(house.database, slower=slower)

    page = words(Desk(house, "quality-manager", case).press("variance").text)

    assert said in page
    late = "Together they usually take longer than was promised"
    assert (late in page) is (slower > 1)


def test_put_to_the_vote_and_agreed_it_is_in_the_map(house: House, case: str) -> None:
    desk = Desk(house, "quality-manager", case)
    desk.press("save", t__load="7 h")
    without = desk.press("put")
    assert without.status_code == 422
    assert "what would they say?" in words(without.text)

    put = desk.press("put", customer_says="It comes on the day.")

    assert put.status_code == 200
    assert "This division is being voted on" in words(desk.look().text)
    with reading(house.database) as session:
        [ballot] = ballots.open_ballots_of(session, case)
    assert ballot.customer_says == "It comes on the day."
    assert times(house)["load"] == timedelta(hours=6)  # nothing before it is agreed
    agree(house, ballot.id)
    assert times(house)["load"] == timedelta(hours=7)
    assert "Agreed: it is in version 2 of the map." in words(desk.look().text)
    history = desk.browser.read(f"/maps/{MAP}")
    assert "divided anew in a joint review. Agreed: " in history
    assert "Stock" in history.split("Agreed: ")[1]
    assert "Decided by" not in history
    story = desk.browser.read(f"/cases/{case}/story")
    assert "The promised time is divided anew, in version 2 of the map." in story


def test_agreed_it_counts_as_agreed_on_the_page_of_the_case(
    house: House, case: str
) -> None:
    desk = Desk(house, "quality-manager", case)
    before = desk.browser.read(f"/cases/{case}")
    assert "Nothing is agreed yet." in before
    desk.press("save", t__load="7 h")
    desk.press("put", customer_says="It comes on the day.")
    with reading(house.database) as session:
        [ballot] = ballots.open_ballots_of(session, case)
    agree(house, ballot.id)

    page = desk.browser.get(f"/cases/{case}").text

    assert "Nothing is agreed yet." not in words(page)
    assert "Agreed: it is in version 2 of the map." in words(page)
    assert f'href="/maps/{MAP}?version=2"' in page
    assert "agrees with everybody on what will change" not in words(page)
    with reading(house.database) as session:
        facts = facts_of(session, [session.get_one(Case, case)], at=now())[case]
    assert facts.agreements == 1
    assert next_act(facts) is NextAct.ANSWER_CUSTOMER


def test_who_agreed_and_who_decided_why_is_told_apart(house: House, case: str) -> None:
    desk = Desk(house, "quality-manager", case)
    desk.press("save", t__load="7 h")
    desk.press("put", customer_says="It comes on the day.")
    who = house.person("quality-manager").id
    with transaction(house.database) as session:
        [ballot] = ballots.open_ballots_of(session, case)
        first = ballots.asked(session, session.get_one(Case, case))[0]
        yes, later = Voting(Position.AGREE), now() + timedelta(days=9)
        vote(session, ballot.id, first, yes, who=f"department:{first}", at=now())
        mandate = Decision(mandate=True, reason=" We go on. ")
        decide(session, ballot.id, mandate, who=f"person:{who}", at=later)

    history = desk.browser.read(f"/maps/{MAP}")

    told = history.split("in a joint review. Agreed: ")[1]
    agreed, decided = told.split(". Decided by ")
    assert "We go on" not in agreed
    assert re.match(r"[^:]+: We go on\.", decided)


def test_before_the_review_is_open_nothing_is_put_to_the_vote(house: House) -> None:
    found = house.filed().case_id
    house.answered(found)

    shown = words(Desk(house, "quality-manager", found).look().text)

    assert "Save and put to the vote" not in shown
    assert "Once the review is open, it can be put to the vote." in shown


def agree(house: House, ballot_id: str) -> None:
    """Let every department agree, and the facilitator decide."""
    with transaction(house.database) as session:
        ballot = ballots.ballot(session, ballot_id)
        for one in ballots.asked(session, session.get_one(Case, ballot.case_id)):
            yes = Voting(Position.AGREE)
            vote(session, ballot_id, one, yes, who=f"department:{one}", at=now())
        decide(session, ballot_id, Decision(), who="person:x", at=now())


def test_a_changed_division_is_voted_on_instead(house: House, case: str) -> None:
    desk = Desk(house, "quality-manager", case)
    desk.press("save", t__load="7 h")
    desk.press("put", customer_says="Fine.")

    begun = desk.browser.fill(desk.address, {"do": "begun", "revision": "1"})
    desk.press("put", begun, t__load="8 h", customer_says="Fine.")

    copied = fields(begun, of=desk.address)
    assert copied["t:load"] == ["7 h"]  # of what was voted on
    with reading(house.database) as session:
        [ballot] = ballots.open_ballots_of(session, case)
    assert ballot.instead_of is not None


def test_when_the_map_went_on_what_changed_is_said(house: House, case: str) -> None:
    desk = Desk(house, "quality-manager", case)
    desk.press("save", t__load="7 h")
    with transaction(house.database) as session:
        text = version(session, MAP).source
        changed = text.replace("time: PT6H", "time: PT5H")
        assert changed != text
        publish(session, changed.encode(), who="administrator", at=now())

    shown = words(desk.look().text)
    gone_on = desk.browser.fill(desk.address, {"do": "newest", "revision": "1"})

    assert "Version 2 of the map was published in between" in shown
    assert "6 h became 5 h." in shown
    assert "keep" in words(gone_on.text)
    assert "was published in between" not in words(gone_on.text)
    assert fields(gone_on, of=desk.address)["t:load"] == ["7 h"]


def test_who_does_not_take_part_reads(house: House, case: str) -> None:
    reader = Desk(house, "frontline", case)

    page = reader.look()

    assert page.status_code == 200
    assert 'name="t:load"' not in page.text
    assert reader.browser.fill(reader.address, {"do": "save"}).status_code == 403


def test_a_promise_without_time_says_what_can_be_done(house: House) -> None:
    case = house.filed(promise="intact").case_id

    page = words(Desk(house, "quality-manager", case).look().text)

    assert "so there is none to divide" in page


def test_a_division_that_is_left_changes_nothing(house: House, case: str) -> None:
    desk = Desk(house, "quality-manager", case)
    desk.press("save", t__load="7 h")

    left = desk.browser.fill(desk.address, {"do": "left", "revision": "1"})

    assert "The map stays as it is" in words(left.text)
    assert fields(desk.look(), of=desk.address)["t:load"] == ["6 h"]
