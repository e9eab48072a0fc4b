"""Behind a proxy on the same machine that ends TLS: what the browser is told."""

from __future__ import annotations

import httpx
import pytest

from tests.api.pages.conftest import House
from tests.pages.serving import served
from tests.people import PASSWORD


@pytest.mark.parametrize(("scheme", "secure"), [("https", True), ("http", False)])
def test_the_cookie_is_secure_when_the_proxy_says_that_it_ends_tls(
    house: House, scheme: str, *, secure: bool
) -> None:
    house.password("frontline")
    sent = {"X-Forwarded-Proto": scheme, "X-Forwarded-For": "203.0.113.7"}
    with served(house.app) as site:
        answer = httpx.post(
            f"{site.address}/sign-in",
            data={"login": "frontline", "password": PASSWORD},
            headers=sent,
        )

    assert answer.status_code == 303
    kept = answer.headers["set-cookie"].lower()
    assert ("secure" in kept) is secure
    assert "httponly" in kept
    assert answer.headers["location"].startswith("/")
