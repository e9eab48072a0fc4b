"""Every page is looked at: none is added that no browser opens."""

from __future__ import annotations

from docs.access import page_doors
from tests.pages.addresses import ADDRESSES, NO_PAGES


def test_every_page_is_among_those_that_are_looked_at() -> None:
    there = {door.path for door in page_doors() if door.method == "GET"}
    looked_at = {address.route for address in ADDRESSES}

    missing = sorted(there - looked_at - set(NO_PAGES))
    assert not missing, f"tests/pages/addresses.py lacks {missing}"
    assert not sorted((looked_at | set(NO_PAGES)) - there)
