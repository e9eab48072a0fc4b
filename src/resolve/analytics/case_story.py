"""What happened in a case so far, in words, from its journal (pure).

Told is what people did and what was asked; nothing is said of who was how fast.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from resolve.analytics.review_story import SENTENCES as REVIEW_SENTENCES
from resolve.analytics.review_story import votes_ended
from resolve.analytics.story_of_changes import OF_CHANGES
from resolve.journal.models import JournalEntry
from resolve.kit.language import Language
from resolve.reviews.models import Ballot
from resolve.solutions.models import Solution
from resolve.tasks.models import AnswerKind, RequestStatus, Task


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence of the story."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Teller:
    """What the sentences need: names, and what entries speak of by id.

    `called` names who did something, `department` gives its title, `concern` says what
    the case is about.
    """

    language: Language
    zone: ZoneInfo
    called: Callable[[str], str]
    department: Callable[[str], str]
    tasks: Mapping[str, Task]
    solutions: Mapping[str, Solution]
    numbers: Mapping[str, str]
    ballots: Mapping[str, Ballot] = field(default_factory=dict)
    internal: Mapping[str, str] = field(default_factory=dict)  # whose, by complaint

    def story(self, entries: Sequence[JournalEntry]) -> list[Told]:
        """Tell these entries; those that are told elsewhere are left out."""
        told: list[Told] = []
        for filed, group in groupby(entries, lambda one: one.what == "filed"):
            run = list(group)
            told += [self._filed(run)] if filed else self._each(run)
        return told

    def _each(self, entries: Sequence[JournalEntry]) -> Iterator[Told]:
        ended: datetime | None = None
        for entry in entries:
            if _ends_answers(entry):
                if ended is not None and entry.at - ended < _SAME_MOMENT:
                    continue
                ended = entry.at
            tell = _SENTENCES.get(entry.what) or REVIEW_SENTENCES.get(entry.what)
            text = tell(self, entry.data, self.called(entry.who)) if tell else ""
            if text:
                yield Told(entry.at, text[0].upper() + text[1:])

    def _filed(self, run: Sequence[JournalEntry]) -> Told:
        first, last = run[0].data.get("number", ""), run[-1].data.get("number", "")
        if len(run) == 1:
            of = self.internal.get(str(run[0].data.get("complaint")))
            said = (
                self.language.say(
                    "{department} raised an internal complaint: {number}.",
                    department=self.department(of),
                    number=first,
                )
                if of
                else self.language.say("A customer complained: {number}.", number=first)
            )
            return Told(run[0].at, said)
        text = self.language.count(
            "{n} customer complained: {first} to {last}.",
            "{n} customers complained: {first} to {last}.",
            len(run),
            first=first,
            last=last,
        )
        return Told(run[-1].at, text)

    def of_task(self, data: Mapping[str, Any]) -> str:
        """Name the department of the task that an entry speaks of."""
        task = self.tasks.get(str(data.get("task")))
        given = data.get("department") if task is None else task.department_id
        return self.department(str(given)) if given else ""

    def of_agreement(self, data: Mapping[str, Any]) -> tuple[int, str]:
        """Give the number of the proposal agreed on, and whose it is."""
        agreed = self.solutions.get(str(data.get("agreement")))
        if agreed is None:
            return 0, ""
        return agreed.proposal, self.of_task({"task": agreed.task_id})

    def raised_by(self, data: Mapping[str, Any]) -> str:
        """Name the department that raised the complaint of an entry; else nothing."""
        of = self.internal.get(str(data.get("complaint")))
        return self.department(of) if of else ""

    def number(self, data: Mapping[str, Any]) -> str:
        return self.numbers.get(str(data.get("complaint")), "")

    def day(self, text: str) -> str:
        """Write a day of the calendar, whatever the reader's zone."""
        noon = datetime.combine(date.fromisoformat(text), _NOON, self.zone)
        return self.language.day(noon, self.zone)


_NOON = datetime.min.time().replace(hour=12)
_SAME_MOMENT = timedelta(hours=1)
_Data = Mapping[str, Any]


def _ends_answers(entry: JournalEntry) -> bool:
    """Tell whether the time of an answer ended; whose answer it was is not told."""
    return entry.what == "past_due" and "task" in entry.data


def _placed(it: Teller, _: _Data, who: str) -> str:
    return it.language.say("{who} said what the case is about.", who=who)


def _placed_anew(it: Teller, _: _Data, who: str) -> str:
    return it.language.say("{who} said anew what the case is about.", who=who)


def _to_be_placed(it: Teller, _: _Data, _who: str) -> str:
    return it.language.say("Somebody has to say anew what the case is about.")


def _assigned(it: Teller, data: _Data, _who: str) -> str:
    asked = ", ".join(it.department(one) for one in data.get("tasks", {}))
    return it.language.say("Asked what can change: {departments}.", departments=asked)


def _answered(it: Teller, data: _Data, who: str) -> str:
    named = {"department": it.of_task(data), "who": who}
    if data.get("by_word_of_mouth"):
        return it.language.say(
            "{department} answered by word of mouth; {who} wrote it down.", **named
        )
    if data.get("kind") == AnswerKind.PROPOSALS:
        return it.language.say("{department} proposed what can change.", **named)
    return it.language.say("{department} told what it observed.", **named)


def _answer_changed(it: Teller, data: _Data, _who: str) -> str:
    return it.language.say(
        "{department} changed its answer.", department=it.of_task(data)
    )


def _extended(it: Teller, data: _Data, _who: str) -> str:
    due = it.language.moment(datetime.fromisoformat(data["due"]), it.zone)
    return it.language.say(
        "{department} has time until {due}.", department=it.of_task(data), due=due
    )


def _passed_on(it: Teller, data: _Data, _who: str) -> str:
    return it.language.say(
        "The task of {department} went to a colleague.", department=it.of_task(data)
    )


def _returned(it: Teller, data: _Data, _who: str) -> str:
    return it.language.say(
        "{department} handed its task back, with the reason.",
        department=it.of_task(data),
    )


def _asked_again(it: Teller, data: _Data, who: str) -> str:
    return it.language.say(
        "{who} asked {department} again.", who=who, department=it.of_task(data)
    )


def _withdrawn(it: Teller, data: _Data, _who: str) -> str:
    return it.language.say(
        "An answer of {department} is not awaited any more.",
        department=it.of_task(data),
    )


def _requested(it: Teller, data: _Data, _who: str) -> str:
    return it.language.say(
        "{from_department} asked {department} for what it needs.",
        from_department=it.of_task({"task": data.get("task")}),
        department=it.department(str(data.get("department"))),
    )


def _replied(it: Teller, data: _Data, _who: str) -> str:
    accepted = RequestStatus.ACCEPTED in data.get("states", {}).values()
    asking = it.of_task(data)
    if accepted:
        return it.language.say(
            "What {department} asked for was agreed to.", department=asking
        )
    return it.language.say(
        "To what {department} asked for, something else was proposed.",
        department=asking,
    )


def _all_in(it: Teller, _: _Data, _who: str) -> str:
    return it.language.say(
        "All answers were in, or their time was over: the joint review could begin."
    )


def _past_due(it: Teller, data: _Data, _who: str) -> str:
    if "complaint" in data:
        return it.language.say(
            "The time promised for the answer to complaint {number} ended.",
            number=it.number(data),
        )
    if "ballot" in data:
        return votes_ended(it, data)
    return it.language.say(
        "The time set for answers ended; answers are still welcome until the review."
    )


def _review(it: Teller, _: _Data, who: str) -> str:
    return it.language.say("{who} opened the joint review.", who=who)


def _agreed(it: Teller, data: _Data, _who: str) -> str:
    return it.language.say(
        "The review agreed on proposal {number} of {department}, in place by {day}.",
        number=data.get("proposal"),
        department=it.of_task(data),
        day=it.day(data["due"]),
    )


def _customer_answered(it: Teller, data: _Data, who: str) -> str:
    if of := it.raised_by(data):
        return it.language.say(
            "{who} answered {department}: complaint {number}.",
            who=who,
            department=of,
            number=it.number(data),
        )
    return it.language.say(
        "{who} answered the customer of complaint {number}.",
        who=who,
        number=it.number(data),
    )


def _not_accepted(it: Teller, data: _Data, _who: str) -> str:
    if of := it.raised_by(data):
        return it.language.say(
            "{department} did not accept the answer to complaint {number}.",
            department=of,
            number=it.number(data),
        )
    return it.language.say(
        "The customer of complaint {number} did not accept the answer.",
        number=it.number(data),
    )


def _complaint_closed(it: Teller, data: _Data, _who: str) -> str:
    return it.language.say(
        "Complaint {number} was closed: {ending}.",
        number=it.number(data),
        ending=ending_in_words(
            it.language, str(data.get("as")), internal=bool(it.raised_by(data))
        ),
    )


def _closed(it: Teller, _: _Data, who: str) -> str:
    return it.language.say("{who} closed the case.", who=who)


def _failed(it: Teller, _: _Data, _who: str) -> str:
    return it.language.say(
        "Something could not be done by itself; the administrator was told."
    )


def _retried(it: Teller, _: _Data, who: str) -> str:
    return it.language.say("{who} let it be tried again.", who=who)


def _set_aside(it: Teller, _: _Data, who: str) -> str:
    return it.language.say("{who} set it aside, with the reason.", who=who)


def _hidden(it: Teller, _: _Data, who: str) -> str:
    return it.language.say("{who} marked words that tell who the customer is.", who=who)


_SENTENCES: Mapping[str, Callable[[Teller, _Data, str], str]] = {
    "placed": _placed,
    "placed_anew": _placed_anew,
    "returned_to_be_placed": _to_be_placed,
    "nobody_takes_part": _to_be_placed,
    "assigned": _assigned,
    "answered": _answered,
    "answer_changed": _answer_changed,
    "task_extended": _extended,
    "task_passed_on": _passed_on,
    "task_returned": _returned,
    "task_asked_again": _asked_again,
    "task_withdrawn": _withdrawn,
    "requested": _requested,
    "request_replied": _replied,
    "all_in": _all_in,
    "past_due": _past_due,
    "review_opened": _review,
    "agreed": _agreed,
    "complaint_answered": _customer_answered,
    "complaint_not_accepted": _not_accepted,
    "complaint_closed": _complaint_closed,
    "closed": _closed,
    "event_failed": _failed,
    "event_retried": _retried,
    "event_set_aside": _set_aside,
    "words_hidden": _hidden,
    **OF_CHANGES,
}


def ending_in_words(
    language: Language, closed_as: str, *, internal: bool = False
) -> str:
    """Say how the customer's side ended; `internal`: the customer is a department."""
    by_department = {
        "accepted": language.say("the department accepted the answer"),
        "silent": language.say("the department did not reply"),
        "withdrawn": language.say("the department withdrew it"),
    }
    if internal and closed_as in by_department:
        return by_department[closed_as]
    return {
        "accepted": language.say("the customer accepted the answer"),
        "silent": language.say("the customer did not reply"),
        "withdrawn": language.say("the customer withdrew it"),
        "outside": language.say("it is outside of what we can handle"),
        "settled_at_once": language.say("settled at once"),
    }.get(closed_as, closed_as)
