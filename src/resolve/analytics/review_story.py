"""What happened in a joint review, in words, from the journal of its case (pure)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from resolve.reviews.models import MetBy, Position

if TYPE_CHECKING:
    from resolve.analytics.case_story import Teller

_Data = Mapping[str, Any]


def _put(it: Teller, data: _Data, who: str) -> str:
    until = it.language.moment(datetime.fromisoformat(data["until"]), it.zone)
    return it.language.say(
        "{who} put to the vote until {until}: {what}.",
        who=who,
        until=until,
        what=_what(it, data),
    )


def _changed(it: Teller, data: _Data, who: str) -> str:
    return it.language.say(
        "{who} put a changed solution to the vote: {what}. The votes begin anew.",
        who=who,
        what=_what(it, data),
    )


def _voted(it: Teller, data: _Data, _who: str) -> str:
    named = {
        "department": it.department(str(data.get("department"))),
        "what": _what(it, data),
    }
    say = it.language.say
    said: dict[str, str] = {
        Position.AGREE: say("{department} agrees: {what}.", **named),
        Position.AGREE_WITH_NOTE: say("{department} agrees with a note: {what}.",
                                      **named),
        Position.NOT_YET: say("{department} needs something first: {what}.", **named),
    }  # fmt: skip
    return said.get(str(data.get("position")), "")


def _objected(it: Teller, data: _Data, who: str) -> str:
    department = data.get("department")
    return it.language.say(
        "{who} says that the customer would not accept it: {what}.",
        who=it.department(str(department)) if department else who,
        what=_what(it, data),
    )


def _met(it: Teller, data: _Data, _who: str) -> str:
    what = _what(it, data)
    if data.get("by") == MetBy.CUSTOMER:
        return it.language.say(
            "The customer was asked and said yes: {what}.", what=what
        )
    return it.language.say(
        "A manager gave a written reason why the customer is asked to accept it: "
        "{what}.",
        what=what,
    )


def _taken_back(it: Teller, data: _Data, who: str) -> str:
    return it.language.say(
        "{who} took an objection for the customer back: {what}.",
        who=who,
        what=_what(it, data),
    )


def _extended(it: Teller, data: _Data, _who: str) -> str:
    until = it.language.moment(datetime.fromisoformat(data["until"]), it.zone)
    return it.language.say(
        "Votes are welcome until {until}: {what}.", until=until, what=_what(it, data)
    )


def _dropped(it: Teller, data: _Data, who: str) -> str:
    return it.language.say(
        "{who} left what was put to the vote, with the reason: {what}.",
        who=who,
        what=_what(it, data),
    )


def _decided(it: Teller, data: _Data, who: str) -> str:
    what = _what(it, data)
    if data.get("by_mandate"):
        return it.language.say(
            "{who} decided by mandate, with the reason: {what}.", who=who, what=what
        )
    return it.language.say("Everybody agreed: {what}.", what=what)


def _asked_once_more(it: Teller, _: _Data, who: str) -> str:
    return it.language.say(
        "{who} asked the departments once more, with the reason.", who=who
    )


def votes_ended(it: Teller, data: _Data) -> str:
    """Tell that the time for votes ended."""
    return it.language.say(
        "The time set for votes ended: {what}.", what=_what(it, data)
    )


def _what(it: Teller, data: _Data) -> str:
    """Name what is voted on: a proposal by its number, or the division of time."""
    ballot = it.ballots.get(str(data.get("ballot")))
    task = data.get("task") or (ballot and ballot.task_id)
    number = data.get("proposal") or (ballot and ballot.proposal)
    if not task:
        return it.language.say("the division of the promised time")
    return it.language.say(
        "proposal {number} of {department}",
        number=number,
        department=it.of_task({"task": task}),
    )


def _divided(it: Teller, _: _Data, who: str) -> str:
    return it.language.say("{who} began to divide the promised time anew.", who=who)


def _division_left(it: Teller, _: _Data, who: str) -> str:
    return it.language.say("{who} left that division of the promised time.", who=who)


def _division_agreed(it: Teller, data: _Data, _who: str) -> str:
    return it.language.say(
        "The promised time is divided anew, in version {version} of the map.",
        version=data.get("version"),
    )


SENTENCES: Mapping[str, Callable[[Teller, _Data, str], str]] = {
    "division_begun": _divided,
    "division_left": _division_left,
    "division_agreed": _division_agreed,
    "put_to_vote": _put,
    "ballot_changed": _changed,
    "voted": _voted,
    "objected": _objected,
    "objection_met": _met,
    "objection_taken_back": _taken_back,
    "ballot_extended": _extended,
    "ballot_dropped": _dropped,
    "decided": _decided,
    "asked_once_more": _asked_once_more,
}
