"""Signing in with a real browser, and what goes wrong there."""

from __future__ import annotations

from playwright.sync_api import expect

from resolve.access import signing_in
from resolve.access.signing_in import Purpose
from resolve.kit.clock import now
from resolve.kit.database import transaction
from tests.api.pages.conftest import House
from tests.pages.conftest import Seats
from tests.pages.seats import Seat
from tests.people import PASSWORD


def test_a_wrong_password_is_said_and_the_wait_grows(house: House, seat: Seats) -> None:
    house.password("stock-head")
    somebody = seat()
    page = somebody.open("/sign-in?next=/account")

    # Each wait is twice as long, so that even a slow browser meets one.
    for _ in range(12):
        _sign_in(somebody, "stock-head", "not the password")
        if "Too many tries" in page.get_by_role("alert").inner_text():
            break

    expect(page.get_by_role("alert")).to_contain_text("Too many tries. Please wait")
    expect(page.get_by_label("Login or e-mail")).to_have_value("stock-head")
    for _ in range(30):
        page.wait_for_timeout(1000)
        _sign_in(somebody, "stock-head", PASSWORD)
        if not page.get_by_role("alert").count():
            break
    expect(page.get_by_role("heading", level=1)).to_have_text("Stock Head")


def test_a_link_signs_in_one_browser_once(house: House, seat: Seats) -> None:
    with transaction(house.database) as session:
        secret = signing_in.new_link(
            session, "frontline", Purpose.SIGN_IN, who="admin", at=now()
        )
    first, second = seat(), seat()
    for one in (first, second):
        one.open(f"/link/{secret}")

    first.send("Sign in")
    second.send("Sign in")

    first.open("/account")
    expect(first.page.get_by_role("heading", level=1)).to_have_text("Frontline")
    expect(second.page.get_by_role("main")).to_contain_text("used already or is too")


def test_what_was_typed_survives_a_sign_in_that_ended_meanwhile(
    house: House, seat: Seats
) -> None:
    house.password("frontline")
    somebody = seat("frontline")
    page = somebody.open("/account")
    typed = 'Anna "Ann" O\'Line <b>&</b>'
    page.get_by_label("Your name").fill(typed)
    house.as_("frontline").fill("/sign-out")

    somebody.send("Save")
    expect(page.get_by_role("alert")).to_contain_text("What you typed is kept")
    _sign_in(somebody, "frontline", PASSWORD)
    somebody.send("Send it")

    expect(page.get_by_role("status")).to_have_text("Saved.")
    expect(page.get_by_label("Your name")).to_have_value(typed)


def _sign_in(seat: Seat, login: str, password: str) -> None:
    seat.page.get_by_label("Login or e-mail").fill(login)
    seat.page.get_by_label("Password").fill(password)
    seat.send("Sign in")
