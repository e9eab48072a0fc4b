"""Dividing a promised time in a real browser: the sum follows what is typed."""

from __future__ import annotations

from playwright.sync_api import expect

from resolve.kit.clock import now
from resolve.kit.database import transaction
from resolve.reviews.service import open_review
from tests.api.pages.conftest import House
from tests.pages.conftest import Seats
from tests.pages.test_writing_an_answer import _LONG, _task

_LOADING = "New time: Load and set out"


def _case(house: House) -> str:
    """Give a case in its review."""
    case_id = _task(house).case_id
    house.answered(case_id)
    with transaction(house.database) as session:
        open_review(session, case_id, who="person:quality-manager", at=now())
    return case_id


def test_the_sum_follows_while_somebody_types(house: House, seat: Seats) -> None:
    case_id, carrier = _case(house), seat("carrier-member", width=360)
    page = carrier.open(f"/cases/{case_id}/division")
    total = page.locator("#sum")
    field = page.get_by_label(_LOADING, exact=True)
    expect(total).to_contain_text("3 d 13 h 30 min of 5 d promised")
    expect(total).to_be_in_viewport()

    field.fill("8 h")

    expect(total).to_contain_text("3 d 15 h 30 min of 5 d promised", timeout=_LONG)
    expect(field).to_have_value("8 h")
    field.fill("3 d")
    expect(total).to_contain_text("more than promised", timeout=_LONG)
    field.fill("soon")
    expect(total).to_contain_text("1 time cannot be read", timeout=_LONG)


def test_saved_by_keys_and_there_for_everybody(house: House, seat: Seats) -> None:
    case_id, carrier = _case(house), seat("carrier-member")
    page = carrier.open(f"/cases/{case_id}/division")
    page.get_by_label(_LOADING, exact=True).fill("8 h")

    page.get_by_role("button", name="Save", exact=True).focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("status").first).to_contain_text("Saved.", timeout=_LONG)
    other = seat("stock-member").open(f"/cases/{case_id}/division")
    expect(other.get_by_label(_LOADING, exact=True)).to_have_value("8 h")
