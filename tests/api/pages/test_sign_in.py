"""Signing in and out: who may, what the browser keeps, what nobody learns."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from argon2 import Parameters, PasswordHasher, extract_parameters
from httpx2 import Response

from resolve.access import signing_in
from resolve.access.people import end_person
from resolve.access.signing_in import Purpose
from resolve.kit.clock import now
from resolve.kit.database import transaction
from resolve_api.pages.visits import COOKIE
from tests.api.pages.conftest import Browser, House, fields, words
from tests.people import PASSWORD

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
WRONG = "none of my four words"


def test_login_and_password_lead_to_where_one_was_going(house: House) -> None:
    browser = house.browser()
    house.password("stock-head")

    asked = browser.get("/account")
    answer = _sign_in(browser, "stock-head", next=asked.url.params["next"])

    assert (asked.url.path, answer.url.path) == ("/sign-in", "/account")
    assert "Stock Head" in answer.text


def test_an_email_names_a_person_as_the_login_does(house: House) -> None:
    house.password("frontline")
    browser = house.browser()

    _sign_in(browser, "Frontline@Company.example")

    assert browser.get("/account").url.path == "/account"


@pytest.mark.parametrize("login", ["nobody", "stock-head", "sales-head"])
def test_the_same_is_said_to_whoever_does_not_fit(house: House, login: str) -> None:
    """`stock-head` has a password, `sales-head` has none yet, `nobody` is not here."""
    house.password("stock-head")

    answer = _sign_in(house.browser(), login, WRONG)

    assert answer.status_code == 401
    assert "Login and password do not fit." in words(answer.text)
    assert COOKIE not in answer.cookies


def test_an_unknown_login_is_refused_no_faster_than_a_known_one(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What takes the time is done for both, and at the same cost."""
    house.password("stock-head")
    browser = house.browser()
    costs: list[Parameters] = []
    verify = PasswordHasher.verify

    def counted(hasher: PasswordHasher, known: str, password: str) -> bool:
        costs.append(extract_parameters(known))
        return verify(hasher, known, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    for login in ("stock-head", "nobody"):
        assert _sign_in(browser, login, WRONG).status_code == 401

    known, unknown = costs
    assert known == unknown


def test_each_failure_after_the_fifth_doubles_the_wait(house: House) -> None:
    house.password("stock-head")
    browser = house.browser()
    waits: list[int] = []
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(8):
            while _sign_in(browser, "stock-head", WRONG).status_code == 429:
                waits[-1] += 1
                clock.shift(1)
            waits.append(0)

    assert waits == [0, 0, 0, 0, 1, 2, 4, 0]


def test_who_has_to_wait_is_told_how_long_and_may_then_sign_in(house: House) -> None:
    house.password("stock-head")
    browser = house.browser()
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(5):
            _sign_in(browser, "stock-head", WRONG)
        too_soon = _sign_in(browser, "stock-head")
        clock.shift(timedelta(seconds=2))
        later = _sign_in(browser, "stock-head", next="/account")

    assert too_soon.status_code == 429
    assert "Please wait" in words(too_soon.text)
    assert later.url.path == "/account"


def test_the_cookie_is_for_our_pages_only_and_for_no_script(house: House) -> None:
    house.password("stock-head")

    kept = _cookie(house.browser(), "http://testserver")

    assert {"httponly", "samesite=lax", "path=/"} <= kept
    assert not any(part.startswith("domain") for part in kept)


def test_over_tls_the_cookie_travels_over_tls_only(house: House) -> None:
    house.password("stock-head")

    assert "secure" in _cookie(house.browser(), "https://testserver")
    assert "secure" not in _cookie(house.browser(), "http://testserver")


def test_the_secret_of_a_browser_is_made_anew_at_each_sign_in(house: House) -> None:
    """A secret that somebody planted, or knew from before, opens nothing."""
    house.password("stock-head")
    browser = house.browser()
    seen = {"planted"}
    browser.cookies.set(COOKIE, "planted", domain="testserver.local", path="/")
    for _ in range(2):
        _sign_in(browser, "stock-head")
        seen.add(browser.cookies[COOKIE])

    before = house.browser()
    assert len(seen) == 3
    for secret in seen - {browser.cookies[COOKIE]}:
        before.cookies.set(COOKIE, secret)
        assert before.get("/account").url.path == "/sign-in"
    assert browser.get("/account").url.path == "/account"


def test_who_signs_out_is_out_at_once_also_with_the_old_cookie(house: House) -> None:
    head = house.as_("stock-head")
    secret = head.cookies[COOKIE]

    assert head.fill("/sign-out").url.path == "/sign-in"

    head.cookies.set(COOKIE, secret)
    assert head.get("/account").url.path == "/sign-in"


def test_who_leaves_the_company_is_out_at_once(house: House) -> None:
    head = house.as_("stock-head")
    with transaction(house.database) as session:
        end_person(session, house.person("stock-head").id, who="admin", at=now())

    assert head.get("/account").url.path == "/sign-in"


def test_a_sign_in_that_nobody_uses_ends(house: House) -> None:
    head = house.as_("stock-head")
    with time_machine.travel(now() + timedelta(days=31)):
        # The cookie went, too; a copy of it opens nothing either.
        assert head.get("/account").url.path == "/sign-in"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example",
        "https:evil.example",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "\t//evil.example",
        "javascript:alert(1)",
        "evil.example",
        "",
    ],
)
def test_nobody_is_sent_to_another_site(house: House, elsewhere: str) -> None:
    house.password("stock-head")
    browser = house.browser()
    browser.follow_redirects = False

    for answer in (
        _sign_in(browser, "stock-head", next=elsewhere),
        browser.fill("/look", language="uk", next=elsewhere),
    ):
        assert answer.status_code == 303
        assert answer.headers["location"] == "/"
    form = browser.get("/sign-in", params={"next": elsewhere}).text
    assert 'name="next" value="/"' in form


def test_a_link_signs_in_once(house: House) -> None:
    secret = _link(house, Purpose.SIGN_IN)
    first, second = house.browser(), house.browser()

    looked_at = first.get(f"/link/{secret}")  # as a scanner of mail does
    first.fill(f"/link/{secret}")
    again = second.fill(f"/link/{secret}")

    assert looked_at.status_code == 200
    assert first.get("/account").url.path == "/account"
    assert again.status_code in (404, 410)
    assert "used already or is too old" in words(again.text)
    assert second.get("/account").url.path == "/sign-in"


def test_a_new_link_ends_the_one_before_and_age_ends_it_too(house: House) -> None:
    old, new = _link(house, Purpose.SIGN_IN), _link(house, Purpose.SIGN_IN)

    assert house.browser().fill(f"/link/{old}").status_code != 200
    with time_machine.travel(now() + timedelta(days=4)):
        assert house.browser().fill(f"/link/{new}").status_code != 200


def test_a_link_for_a_password_sets_one_and_ends_every_other_sign_in(
    house: House,
) -> None:
    before = house.as_("stock-head")
    secret = _link(house, Purpose.PASSWORD)
    browser = house.browser()

    short = browser.fill(f"/link/{secret}", password="short")  # noqa: S106
    browser.fill(f"/link/{secret}", password=PASSWORD)

    assert short.status_code == 422
    assert browser.get("/account").url.path == "/account"
    assert before.get("/account").url.path == "/sign-in"
    assert _sign_in(house.browser(), "stock-head", next="/account").status_code == 200


def test_the_address_of_a_link_is_told_to_nobody(house: House) -> None:
    page = house.browser().get(f"/link/{_link(house, Purpose.SIGN_IN)}")

    assert page.headers["referrer-policy"] == "no-referrer"
    assert "no-store" in page.headers["cache-control"]


def test_what_was_typed_survives_a_sign_in_that_ended_meanwhile(house: House) -> None:
    house.password("frontline")
    browser = house.as_("frontline")
    browser.fill("/sign-out")
    typed = {"name": 'Анна "Ann" <b>Frontline</b> &', "theme": "dark", "email": ""}

    asked = browser.fill("/account", typed)
    signed = browser.fill("/sign-in", fields(asked) | _login("frontline"))
    saved = browser.fill("/account", fields(signed))

    assert asked.status_code == 401
    assert "What you typed is kept" in words(asked.text)
    assert signed.status_code == 200
    assert saved.status_code == 200, words(saved.text)
    person = house.person("frontline")
    assert (person.name, person.theme) == (typed["name"], "dark")


def test_a_wrong_password_does_not_lose_what_was_typed(house: House) -> None:
    house.password("frontline")
    browser = house.browser()

    asked = browser.fill("/account", name="Somebody new", theme="auto")
    wrong = browser.fill("/sign-in", fields(asked) | _login("frontline", WRONG))
    signed = browser.fill("/sign-in", fields(wrong) | _login("frontline"))

    assert wrong.status_code == 401
    assert fields(signed)["name"] == ["Somebody new"]


def _login(login: str, password: str = PASSWORD) -> dict[str, str]:
    return {"login": login, "password": password}


def _sign_in(
    browser: Browser, login: str, password: str = PASSWORD, **more: str
) -> Response:
    return browser.fill("/sign-in", {**_login(login, password), **more})


def _cookie(browser: Browser, site: str) -> set[str]:
    """Give the attributes of the cookie that a sign-in sets."""
    answer = browser.post(
        f"{site}/sign-in", data=_login("stock-head"), follow_redirects=False
    )
    assert answer.status_code == 303
    kept = answer.headers["set-cookie"]
    assert kept.startswith(f"{COOKIE}=")
    return {part.strip().lower() for part in kept.split(";")}


def _link(house: House, purpose: Purpose) -> str:
    with transaction(house.database) as session:
        return signing_in.new_link(
            session, "stock-head", purpose, who="admin", at=now()
        )
