"""The proposals of a joint review, and what who looks does next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from resolve.reviews.models import Ballot, BallotStatus
from resolve.reviews.rules import AGREEING, Standing, standing
from resolve.tasks.models import Task
from resolve_api.pages.case_words import request_state, solution_state
from resolve_api.pages.review_ballots import Facts, Review


def proposals(review: Review) -> list[Facts]:
    """Show what each department answered, nearest to the customer first."""
    return [
        _answered(review, task)
        for task in review.it.sheet.present_tasks
        if task.id in review.it.sheet.answers
    ]


def _answered(review: Review, task: Task) -> Facts:
    it = review.it
    content = it.sheet.answers[task.id].content or {}
    return {
        "id": task.id,
        "department": it.department(task.department_id),
        "observed": it.text(content.get("observed")),
        "proposals": [
            _proposal(review, task, one) for one in content.get("proposals", ())
        ],
        "requests": [
            {
                "to": it.department(one.department_id),
                "what": it.text(one.what),
                "state": request_state(one.status, it.language),
                "reply": it.text(one.reply),
            }
            for one in it.sheet.requests
            if one.task_id == task.id
        ],
    }


def _proposal(review: Review, task: Task, one: Mapping[str, Any]) -> Facts:
    it, number = review.it, one["number"]
    agreed = [
        found
        for found in it.sheet.solutions
        if (found.task_id, found.proposal) == (task.id, number)
    ]
    ballot = review.newest_on(task.id, number)
    voted_on = ballot is not None and ballot.status == BallotStatus.OPEN
    return {
        "key": f"{task.id}:{number}",
        "number": number,
        "change": it.text(one["change"]),
        "step": it.step(one["step"]),
        "effect": it.text(one.get("effect")),
        "agreed": solution_state(agreed[0].status, it.language) if agreed else "",
        "ballot": review.ballot(ballot) if ballot else None,
        "may_put": review.handles and review.is_open and not (agreed or voted_on),
    }


def next_for_me(review: Review) -> Iterator[tuple[str, str]]:
    """Say what who looks can do now, and where on the page: the nearest first."""
    open_ones = [b for b in review.it.sheet.ballots if b.status == BallotStatus.OPEN]
    yield from _to_vote(review, open_ones)
    if review.handles:
        yield from _to_facilitate(review, open_ones)


def _to_vote(review: Review, ballots: Sequence[Ballot]) -> Iterator[tuple[str, str]]:
    say = review.it.language.say
    for one in ballots:
        voted = {vote.department_id: vote.position for vote in review.votes(one)}
        until = review.it.visit.moment(one.until)
        for name in review.asked:
            if name not in review.mine or voted.get(name) in AGREEING:
                continue
            named = {"what": review.name(one), "department": review.it.department(name)}
            if name not in voted:
                text = say("Vote for {department} by {until}: {what}",
                           until=until, **named)  # fmt: skip
                yield text, f"ballot-{one.id}"


def _to_facilitate(
    review: Review, ballots: Sequence[Ballot]
) -> Iterator[tuple[str, str]]:
    say = review.it.language.say
    for one in ballots:
        what, place = review.name(one), f"ballot-{one.id}"
        match standing(review.count(one), at=review.it.at):
            case Standing.AGREED_BY_ALL:
                yield say("Decide, everybody agrees: {what}", what=what), place
            case Standing.MANDATE:
                yield (
                    say("The time for votes is over, look what is still needed: "
                        "{what}", what=what),
                    place,
                )  # fmt: skip
            case Standing.OBJECTION:
                yield (
                    say("Meet what was said for the customer: {what}", what=what),
                    "objections",
                )
    waiting = [
        one
        for task in review.it.sheet.present_tasks
        if task.id in review.it.sheet.answers
        for one in (review.it.sheet.answers[task.id].content or {}).get("proposals", ())
        if review.newest_on(task.id, one["number"]) is None
    ]
    if review.is_open and waiting and not review.it.sheet.solutions:
        yield (
            review.it.language.count(
                "Put it to the vote once you have looked at it together: {n} proposal",
                "Put them to the vote once you have looked at them together: {n} "
                "proposals",
                len(waiting),
            ),
            "proposals",
        )
