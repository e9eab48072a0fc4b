"""The pages of a case: the same for all who take part."""

from __future__ import annotations

from tests.api.pages.conftest import House


def test_everybody_on_the_case_sees_the_same(house: House) -> None:
    case = house.filed("It came three days late.").case_id
    for login in ("quality-manager", "stock-head", "stock-member", "carrier-head", "frontline"):
        answer = house.as_(login).get(f"/cases/{case}")
        assert answer.status_code == 200, answer.text[:3000]
        assert "It came three days late." in answer.text
