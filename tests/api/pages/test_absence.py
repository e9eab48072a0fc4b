"""The page of absence: entered for oneself or by a head, changed, ended."""

from __future__ import annotations

from datetime import date, timedelta

from resolve.access.absences import substitute_of
from resolve.access.models import Absence
from resolve.kit.clock import now
from resolve.kit.database import reading
from tests.api.pages.conftest import Browser, House, fields, words
from tests.builders import all_rows


def days(first: int, last: int) -> dict[str, str]:
    """Name days so many from today on."""
    today = now().date()
    return {
        "first_day": (today + timedelta(days=first)).isoformat(),
        "last_day": (today + timedelta(days=last)).isoformat(),
    }


def does_the_work_of(house: House, login: str) -> str | None:
    id_ = house.person(login).id
    with reading(house.database) as session:
        found = substitute_of(session, [id_], at=now())[id_]
    names = {house.person(one).id: one for one in ("stock-member", "stock-champion")}
    return names.get(found or "", found)


def test_who_goes_away_names_who_stands_in(house: House) -> None:
    away = house.as_("stock-head")
    member = house.person("stock-member").id

    page = away.fill("/absence", days(-1, 1), substitute=member)

    assert page.status_code == 200
    assert "done=absence_entered" in str(page.url)
    assert "Stock Member" in words(page.text)
    assert does_the_work_of(house, "stock-head") == "stock-member"
    theirs = house.as_("stock-member").read("/absence")
    assert "Today you also do the work of Stock Head." in theirs


def test_nothing_typed_is_lost_when_days_are_in_no_order(house: House) -> None:
    member = house.person("stock-member").id
    typed = days(3, 1)

    page = house.as_("stock-member").fill(
        "/absence", typed, substitute=house.person("stock-head").id
    )

    assert page.status_code == 422
    kept = fields(page, of="/absence")
    assert kept["first_day"] == [typed["first_day"]]
    assert kept["last_day"] == [typed["last_day"]]
    assert kept["substitute"] == [house.person("stock-head").id]
    assert "The last day is before the first." in words(page.text)
    assert not [one for one in all_rows(house.database, Absence) if one.id == member]


def test_each_mistake_is_told_beside_its_field(house: House) -> None:
    champion = house.as_("stock-champion")
    member = house.person("stock-member").id
    head = house.person("stock-head").id
    champion.fill("/absence", days(1, 3), substitute=member)

    same = champion.fill("/absence", days(3, 4), substitute=head)
    nobody = champion.fill("/absence", days(10, 11), substitute="")
    no_day = champion.fill(
        "/absence", substitute=head, first_day="soon", last_day="2026-02-30"
    )
    over = champion.fill("/absence", days(-9, -8), substitute=head)
    circle = house.as_("stock-member").fill(
        "/absence", days(2, 2), substitute=house.person("stock-champion").id
    )

    assert "Change that one, or choose other days." in beside(same, "first_day")
    assert "Choose somebody from the list." in beside(nobody, "substitute")
    assert "Choose a day." in beside(no_day, "first_day")
    assert "These days are over." in beside(over, "last_day")
    assert "the work would come back" in beside(circle, "substitute")
    assert len(all_rows(house.database, Absence)) == 1


def beside(page: object, name: str) -> str:
    assert page.status_code == 422  # type: ignore[attr-defined]
    text: str = page.text  # type: ignore[attr-defined]
    _, found, rest = text.partition(f'id="{name}-wrong">')
    assert found, f"nothing is said of {name}"
    return words(rest.partition("</div>")[0])


def test_a_head_enters_it_for_somebody_of_the_department_only(house: House) -> None:
    stock = house.as_("stock-head")
    member, head = house.person("stock-member").id, house.person("stock-head").id
    carrier = house.person("carrier-member").id

    done = stock.fill("/absence", days(0, 0), person=member, substitute=head)
    refused = stock.fill("/absence", days(0, 0), person=carrier, substitute=head)

    assert done.status_code == 200
    assert refused.status_code == 403
    assert [one.person_id for one in all_rows(house.database, Absence)] == [member]


def test_the_administrator_enters_it_for_anybody(house: House) -> None:
    person = house.person("carrier-head").id
    substitute = house.person("carrier-member").id

    page = house.as_("administrator").fill(
        "/absence", days(0, 5), person=person, substitute=substitute
    )

    assert "Carrier Head" in words(page.text)
    assert len(all_rows(house.database, Absence)) == 1


def test_an_absence_is_changed_and_ended(house: House) -> None:
    member = house.as_("stock-member")
    champion = house.person("stock-champion").id
    member.fill("/absence", days(0, 9), substitute=champion)
    (entered,) = all_rows(house.database, Absence)

    shown = member.get(f"/absence/{entered.id}")
    sent = {name: values[0] for name, values in fields(shown).items()}
    changed = member.fill(f"/absence/{entered.id}", sent | days(0, 2))
    ended = member.fill(f"/absence/{entered.id}/end")

    assert "done=absence_changed" in str(changed.url)
    assert "done=absence_ended" in str(ended.url)
    (after,) = all_rows(house.database, Absence)
    assert after.last_day == date.fromisoformat(days(0, 2)["last_day"])
    assert after.ended_at is not None
    assert does_the_work_of(house, "stock-member") == "stock-member"


def test_somebody_elses_absence_cannot_be_touched(house: House) -> None:
    house.as_("stock-member").fill(
        "/absence", days(0, 9), substitute=house.person("stock-champion").id
    )
    (entered,) = all_rows(house.database, Absence)
    stranger = house.as_("carrier-head")

    assert stranger.get(f"/absence/{entered.id}").status_code == 403
    assert stranger.fill(f"/absence/{entered.id}/end").status_code == 403
    assert stranger.fill(f"/absence/{entered.id}", days(0, 1)).status_code == 403
    assert stranger.get("/absence/nonsense").status_code == 404
    assert all_rows(house.database, Absence)[0].ended_at is None


def test_people_of_partners_see_and_choose_their_own_colleagues_only(
    house: House,
) -> None:
    carrier: Browser = house.as_("carrier-member")

    page = carrier.get("/absence")
    chosen = carrier.fill(
        "/absence", days(0, 0), substitute=house.person("stock-head").id
    )

    assert "Carrier Head" in page.text
    assert "Stock Head" not in page.text
    assert chosen.status_code == 422


def test_for_people_of_the_house_partners_do_not_stand_in(house: House) -> None:
    page = house.as_("stock-head").get("/absence")

    assert "Frontline" in page.text
    assert "Carrier Head" not in page.text


def test_the_page_asks_for_a_sign_in(house: House) -> None:
    assert "/sign-in" in str(house.browser().get("/absence").url)
