"""What is voted on in a joint review, as its page shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from resolve.access.table import Right
from resolve.cases.models import CaseStatus
from resolve.kit.language import Language
from resolve.reviews.models import (
    Ballot,
    BallotKind,
    BallotStatus,
    MetBy,
    Objection,
    ObjectionStatus,
    Position,
    Vote,
)
from resolve.reviews.rules import Count, Standing, standing
from resolve.tasks.models import Task
from resolve_api.pages.case_words import Reading
from resolve_api.pages.review_silence import unheard

Facts = dict[str, Any]
IN_REVIEW = (CaseStatus.REVIEW, CaseStatus.IMPROVING)
ICONS = {
    Position.AGREE: "✓",
    Position.AGREE_WITH_NOTE: "✎",
    Position.NOT_YET: "…",
    Position.CUSTOMER_WOULD_NOT: "❝",
}


@dataclass(frozen=True, slots=True)
class Review:
    """Somebody looking at a joint review: whose votes count, and whose they give.

    `asked` are the departments whose vote counts, nearest to the customer first;
    `mine` those of them for which who looks may vote.
    """

    it: Reading
    asked: tuple[str, ...]
    mine: frozenset[str]

    @property
    def handles(self) -> bool:
        return self.it.visit.may(Right.HANDLE)

    @property
    def is_open(self) -> bool:
        return self.it.sheet.case.status in IN_REVIEW

    # --------------------------------------------------------------- what is voted on

    def ballot(self, one: Ballot) -> Facts:
        """Show a ballot: what is voted on, the votes, and what may be done."""
        it, count = self.it, self.count(one)
        stands = standing(count, at=it.at)
        voted = {vote.department_id: vote for vote in self.votes(one)}
        return {
            "id": one.id,
            "open": one.status == BallotStatus.OPEN,
            "name": self.name(one),
            "wording": it.text(one.wording) or self.proposed(one),
            "proposed": self.proposed(one) if one.wording else "",
            "customer_says": it.text(one.customer_says),
            "owner": it.owner(one.owner) if one.owner else "",
            "owner_id": one.owner or "",
            "due": it.day(one.due) if one.due else "",
            "due_day": one.due.isoformat() if one.due else "",
            "until": one.until,
            "until_local": _local(one.until, it),
            "over": one.until <= it.at,
            "put_by": it.called(one.put_by),
            "put_at": one.put_at,
            "stands": stands,
            "said": self._stands_in_words(one, count, stands),
            "not_agreeing": [
                self._not_agreeing(name, one) for name in count.not_agreeing
            ],
            "votes": [
                self._vote(name, voted.get(name), one) for name in self._shown(one)
            ],
            "mine": self._mine(one, voted),
            "by_mouth": self._by_mouth(voted),
            "objections": [self.objection(found) for found in self._objections(one)],
            "ended": self._ending(one),
            "division_id": one.division_id or "",
            "place": self._place(one),
            "division": one.kind == BallotKind.DIVISION,
            "reason": it.text(one.reason),
            "silent": unheard(it, one, self.asked, voted),
        }

    def _place(self, one: Ballot) -> str:
        """Name the step that the proposal changes, as it is chosen in a form."""
        answer = self.it.sheet.answers.get(one.task_id or "")
        proposals = ((answer.content or {}) if answer else {}).get("proposals", ())
        steps = [p["step"] for p in proposals if p["number"] == one.proposal]
        return f"step:{steps[0]}" if steps else ""

    def count(self, one: Ballot) -> Count:
        """Count what was said to a ballot."""
        return Count(
            one.status,
            self.asked,
            {vote.department_id: vote.position for vote in self.votes(one)},
            sum(
                found.status == ObjectionStatus.OPEN for found in self._objections(one)
            ),
            one.until,
        )

    def name(self, one: Ballot) -> str:
        """Name what is voted on."""
        if one.kind == BallotKind.DIVISION:
            return self.it.language.say("The promised time divided anew")
        task = self._task(one.task_id)
        return self.it.language.say(
            "Proposal {number} of {department}",
            number=one.proposal,
            department=self.it.department(task.department_id) if task else "",
        )

    def proposed(self, one: Ballot) -> str:
        """Give what the department proposed, in its own words."""
        answer = self.it.sheet.answers.get(one.task_id or "")
        content = (answer.content or {}) if answer else {}
        changes = [
            found["change"]
            for found in content.get("proposals", ())
            if found["number"] == one.proposal
        ]
        return self.it.text(changes[0] if changes else None)

    def newest_on(self, task_id: str, number: int) -> Ballot | None:
        """Give the last ballot about a proposal."""
        found = [
            one
            for one in self.it.sheet.ballots
            if (one.task_id, one.proposal) == (task_id, number)
        ]
        return found[-1] if found else None

    def on_division(self) -> Ballot | None:
        """Give the last ballot about the division of time of this round."""
        found = [
            one
            for one in self.it.sheet.ballots
            if one.kind == BallotKind.DIVISION and one.round == self.it.sheet.case.round
        ]
        return found[-1] if found else None

    def _shown(self, one: Ballot) -> Sequence[str]:
        """Give whose votes are shown: of those asked now, and of who voted then."""
        voted = [vote.department_id for vote in self.votes(one)]
        asked = self.asked if one.status == BallotStatus.OPEN else ()
        in_order = [name for name in self.asked if name in voted or name in asked]
        return list(dict.fromkeys([*in_order, *voted]))

    def votes(self, one: Ballot) -> list[Vote]:
        return [vote for vote in self.it.sheet.votes if vote.ballot_id == one.id]

    def _vote(self, department: str, one: Vote | None, ballot: Ballot) -> Facts:
        it = self.it
        position = Position(one.position) if one else None
        text = it.text(one.text) if one else ""
        met = ""
        if position is Position.CUSTOMER_WOULD_NOT:
            said = self._objected(department, ballot)
            text = it.text(said.text) if said else ""
            met = self._met_in_short(said)
        return {
            "department": it.department(department),
            "icon": ICONS[position] if position else "○",
            "word": in_words(position, it.language),
            "text": text,
            "met": met,
            "by_mouth": bool(one and one.by_word_of_mouth),
            "given": one is not None,
            "mine": department in it.visit.client.departments,
        }

    def _objected(self, department: str, ballot: Ballot) -> Objection | None:
        """Give the last objection that a department's vote on a ballot raised."""
        said = [
            found
            for found in self._objections(ballot)
            if found.department_id == department and found.ballot_id == ballot.id
        ]
        return said[-1] if said else None

    def _not_agreeing(self, department: str, ballot: Ballot) -> str:
        """Name who has not agreed, with what met its objection for the customer."""
        named = self.it.department(department)
        met = self._met_in_short(self._objected(department, ballot))
        return f"{named} ({met})" if met else named

    def _met_in_short(self, one: Objection | None) -> str:
        """Say beside a vote by what its objection was met; empty while it is not."""
        say = self.it.language.say
        match one.met_by if one else None:
            case MetBy.CHANGE:
                return say("met: the solution was changed")
            case MetBy.CUSTOMER:
                return say("met: the customer was asked and said yes")
            case MetBy.MANAGER if one:
                return say(
                    "met: {name} gave the reason: {reason}",
                    name=self.it.text(one.met_name) or "–",
                    reason=self.it.text(one.met_text) or "–",
                )
        return ""

    def _mine(self, one: Ballot, voted: Mapping[str, Vote]) -> list[Facts]:
        """Give the departments for which who looks votes, with what they said."""
        if one.status != BallotStatus.OPEN or not self.is_open:
            return []
        found = []
        for name in self.asked:
            if name not in self.mine:
                continue
            shown = self._vote(name, voted.get(name), one)
            position = voted[name].position if name in voted else ""
            found.append({"id": name, "position": position} | shown)
        return found

    def _by_mouth(self, voted: Mapping[str, Vote]) -> list[tuple[str, str]]:
        """Give the departments whose vote the facilitator may enter."""
        if not self.handles:
            return []
        return [
            (name, self.it.department(name))
            for name in self.asked
            if name not in self.it.visit.client.departments
            and (name not in voted or voted[name].by_word_of_mouth)
        ]

    def _stands_in_words(self, one: Ballot, count: Count, stands: Standing) -> str:
        say = self.it.language.say
        until = self.it.visit.moment(one.until)
        awaited = [self.it.department(name) for name in count.silent]
        match stands:
            case Standing.OBJECTION:
                return say(
                    "First this is met: somebody says that the customer would not "
                    "accept it. It is not decided over."
                )
            case Standing.AGREED_BY_ALL:
                return say("Everybody agrees; the facilitator can decide now.")
            case Standing.AWAITED if awaited:
                return say(
                    "Votes are welcome until {until}; not yet given by: {departments}.",
                    until=until,
                    departments=", ".join(awaited),
                )
            case Standing.AWAITED:
                return say(
                    "All have voted; what is still needed can be talked over until "
                    "{until}.",
                    until=until,
                )
            case Standing.MANDATE:
                return say(
                    "The time for votes ended {until}. The facilitator talks with "
                    "those who have not agreed, gives more time, or decides by mandate "
                    "with a reason.",
                    until=until,
                )
        return ""

    def _ending(self, one: Ballot) -> str:
        """Say how a ballot ended; empty while it is open."""
        say = self.it.language.say
        at = self.it.visit.moment(one.decided_at) if one.decided_at else ""
        who = self.it.called(one.decided_by) if one.decided_by else ""
        match BallotStatus(one.status):
            case BallotStatus.AGREED if one.by_mandate:
                return say("Decided by mandate on {at} by {who}.", at=at, who=who)
            case BallotStatus.AGREED:
                return say("Agreed by everybody on {at}.", at=at)
            case BallotStatus.CHANGED:
                return say("Changed on {at}; the votes began anew.", at=at)
            case BallotStatus.DROPPED:
                return say("Left on {at}.", at=at)
        return ""

    # ----------------------------------------------------------------- the objections

    def objections(self) -> list[Facts]:
        """Show every objection, in the order raised."""
        return [self.objection(one) for one in self.it.sheet.objections]

    def objection(self, one: Objection) -> Facts:
        """Show an objection, and by what it was met."""
        it = self.it
        ballot = next(b for b in it.sheet.ballots if b.id == one.ballot_id)
        ended = ballot.status in (BallotStatus.AGREED, BallotStatus.CHANGED)
        is_open = one.status == ObjectionStatus.OPEN and not ended
        own = one.who == it.visit.who and one.department_id is None
        return {
            "id": one.id,
            "ballot": ballot.id,
            "about": self.name(ballot),
            "wording": it.text(ballot.wording) or self.proposed(ballot),
            "who": it.department(one.department_id)
            if one.department_id
            else it.called(one.who),
            "text": it.text(one.text),
            "at": one.at,
            "open": is_open,
            "taken_back": one.status == ObjectionStatus.TAKEN_BACK,
            "met": self._met(one),
            "met_text": it.text(one.met_text),
            "may_take_back": is_open and own,
            "may_meet": is_open and self.handles,
            "voted_on": ballot.status == BallotStatus.OPEN,
        }

    def _met(self, one: Objection) -> str:
        """Say by what an objection was met; empty while it is not."""
        say = self.it.language.say
        at = self.it.visit.moment(one.met_at) if one.met_at else ""
        match one.met_by:
            case MetBy.CHANGE:
                return say("Met by a changed solution, put to the vote on {at}.", at=at)
            case MetBy.CUSTOMER:
                return say("Met by the customer's own yes, noted on {at}:", at=at)
            case MetBy.MANAGER:
                return say(
                    "Met by a written reason of {name}, {at}:",
                    name=self.it.text(one.met_name) or "–",
                    at=at,
                )
        return ""

    def _objections(self, one: Ballot) -> list[Objection]:
        """Give the objections to what a ballot is about, also of ballots before it.

        Those that a change met belong to the ballot that it changed.
        """
        same = {
            other.id
            for other in self.it.sheet.ballots
            if other.id == one.id
            or (
                other.kind == one.kind
                and (other.task_id, other.proposal, other.division_id)
                == (one.task_id, one.proposal, one.division_id)
            )
        }
        return [
            found
            for found in self.it.sheet.objections
            if found.ballot_id == one.id
            or (found.ballot_id in same and found.status == ObjectionStatus.OPEN)
        ]

    def _task(self, task_id: str | None) -> Task | None:
        return next((one for one in self.it.sheet.tasks if one.id == task_id), None)


def in_words(position: Position | None, it: Language) -> str:
    """Say what a department says to a ballot."""
    return {
        None: it.say("has not voted yet"),
        Position.AGREE: it.say("agrees"),
        Position.AGREE_WITH_NOTE: it.say("agrees, with a note"),
        Position.NOT_YET: it.say("not yet, needs"),
        Position.CUSTOMER_WOULD_NOT: it.say("the customer would not accept it"),
    }[position]


def choices(it: Language) -> list[tuple[str, str, str]]:
    """Give what can be said to a ballot: value, icon, and words in the first person."""
    return [
        (str(Position.AGREE), ICONS[Position.AGREE],
         it.say("We agree (a note may be added)")),
        (str(Position.NOT_YET), ICONS[Position.NOT_YET],
         it.say("Not yet: first we need …")),
        (str(Position.CUSTOMER_WOULD_NOT), ICONS[Position.CUSTOMER_WOULD_NOT],
         it.say("The customer would not accept this, because …")),
    ]  # fmt: skip


def _local(at: datetime, it: Reading) -> str:
    """Give a moment as a field for day and time holds it."""
    return at.astimezone(it.visit.zone).strftime("%Y-%m-%dT%H:%M")
