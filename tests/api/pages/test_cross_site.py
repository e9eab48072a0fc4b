"""Forms of other sites change nothing."""

from __future__ import annotations

import pytest

from tests.api.pages.conftest import House


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_another_site_sends_is_refused(house: House, site: str) -> None:
    head = house.as_("stock-head")

    answer = head.post(
        "/account", data={"name": "Somebody"}, headers={"Sec-Fetch-Site": site}
    )

    assert answer.status_code == 403
    assert house.person("stock-head").name == "Stock Head"


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://testserver.evil.example",
        "http://testserver:81",
        "null",
    ],
)
def test_a_form_of_another_origin_is_refused(house: House, origin: str) -> None:
    answer = house.as_("stock-head").post(
        "/account", data={"name": "Somebody"}, headers={"Origin": origin}
    )

    assert answer.status_code == 403
    assert house.person("stock-head").name == "Stock Head"


def test_a_form_of_ours_is_taken(house: House) -> None:
    head = house.as_("stock-head")

    for own in ({"Origin": "http://testserver"}, {"Sec-Fetch-Site": "same-origin"}):
        name = f"Sent with {next(iter(own))}"
        form = {"name": name, "theme": "auto"}
        answer = head.post("/account", data=form, headers=own)
        assert answer.status_code == 200, answer.text
        assert house.person("stock-head").name == name


def test_what_browsers_say_of_the_site_counts_more_than_the_origin(
    house: House,
) -> None:
    answer = house.as_("stock-head").post(
        "/account",
        data={"name": "Somebody"},
        headers={"Origin": "http://testserver", "Sec-Fetch-Site": "cross-site"},
    )

    assert answer.status_code == 403


def test_another_site_cannot_sign_anybody_in_or_out(house: House) -> None:
    login = {"login": "stock-head", "password": house.password("stock-head")}
    foreign = {"Sec-Fetch-Site": "cross-site"}
    browser = house.browser()

    assert browser.post("/sign-in", data=login, headers=foreign).status_code == 403
    assert browser.get("/account").url.path == "/sign-in"
    head = house.as_("stock-head")
    assert head.post("/sign-out", headers=foreign).status_code == 403
    assert head.get("/account").url.path == "/account"
