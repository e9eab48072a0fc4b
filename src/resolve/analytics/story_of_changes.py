"""What became of agreed changes, as sentences of the story of a case (pure)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from resolve.analytics.case_story import Teller

_Data = Mapping[str, Any]


def _in_place(it: Teller, data: _Data, _who: str) -> str:
    number, department = it.of_agreement(data)
    return it.language.say(
        "Proposal {number} of {department} is in place.",
        number=number,
        department=department,
    )


def _aimed(it: Teller, data: _Data, who: str) -> str:
    number, department = it.of_agreement(data)
    return it.language.say(
        "{who} said what proposal {number} of {department} is to change.",
        who=who,
        number=number,
        department=department,
    )


def _proving_over(it: Teller, data: _Data, _who: str) -> str:
    number, department = it.of_agreement(data)
    return it.language.say(
        "The time to prove proposal {number} of {department} was over.",
        number=number,
        department=department,
    )


def _too_few(it: Teller, data: _Data, _who: str) -> str:
    number, department = it.of_agreement(data)
    return it.language.say(
        "There were too few orders to say whether proposal {number} of {department} "
        "works.",
        number=number,
        department=department,
    )


def _proven(it: Teller, data: _Data, _who: str) -> str:
    number, department = it.of_agreement(data)
    return it.language.say(
        "The orders showed that proposal {number} of {department} works. Everybody who "
        "contributed was thanked.",
        number=number,
        department=department,
    )


def _not_proven(it: Teller, data: _Data, _who: str) -> str:
    number, department = it.of_agreement(data)
    return it.language.say(
        "The orders did not show that proposal {number} of {department} works: back to "
        "the joint review.",
        number=number,
        department=department,
    )


def _proving_longer(it: Teller, data: _Data, _who: str) -> str:
    number, department = it.of_agreement(data)
    return it.language.say(
        "Proposal {number} of {department} gets more time to be proven.",
        number=number,
        department=department,
    )


def _given_up(it: Teller, data: _Data, _who: str) -> str:
    number, department = it.of_agreement(data)
    return it.language.say(
        "Proposal {number} of {department} was given up, with the reason.",
        number=number,
        department=department,
    )


OF_CHANGES: Mapping[str, Callable[[Teller, _Data, str], str]] = {
    "aimed": _aimed,
    "in_place": _in_place,
    "proving_over": _proving_over,
    "too_few_to_say": _too_few,
    "proven": _proven,
    "not_proven": _not_proven,
    "proving_longer": _proving_longer,
    "given_up": _given_up,
}
