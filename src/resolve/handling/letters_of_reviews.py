"""What the messages of joint reviews say: votes, objections, decisions."""

from __future__ import annotations

from resolve.handling.letter_words import WORDS, ToldBy, Way, Words, Writer
from resolve.messages.models import MessageKind
from resolve.reviews.models import Ballot, BallotKind, MetBy, Objection


def _vote(writer: Writer) -> Words | None:
    say, ballot = writer.spoken.say, _ballot(writer)
    if ballot is None:
        return None
    department = str(writer.message.facts.get("department"))
    said = (
        say("In the joint review of complaint {number}, this is put to the vote:",
            number=writer.number),
        *_what(writer, ballot),
        say("Your vote is welcome until {until}: agree, agree with a note, say what "
            "you need first, or say why the customer would not accept it.",
            until=writer.moment(ballot.until, department)),
        say("Nobody is outvoted where the customer would not accept it."),
    )  # fmt: skip
    subject = say("Your vote is asked: {number}", number=writer.number)
    return Words(subject, said, (_to_review(writer),))


def _objection(writer: Writer) -> Words | None:
    say, found = writer.spoken.say, _objected(writer)
    if found is None:
        return None
    said = (
        say("In the joint review of complaint {number} somebody says that the customer "
            "would not accept what is put to the vote, because:", number=writer.number),
        *writer.written_by_others(found.text),
        say("It is not decided over. It is met by a changed solution, by the "
            "customer's own yes, or by a manager's written reason."),
    )  # fmt: skip
    subject = say("The customer would not accept it: {number}", number=writer.number)
    return Words(subject, said, (_to_review(writer),))


def _met(writer: Writer) -> Words | None:
    say, found = writer.spoken.say, _objected(writer)
    if found is None:
        return None
    if found.met_by == MetBy.CUSTOMER:
        by = say("The customer was asked and said yes:")
    else:
        by = say("{name} gives this reason, for everybody to see:",
                 name=writer.name_as_written(found.met_name or "–"))  # fmt: skip
    said = (
        say("You said in the review of complaint {number} that the customer would not "
            "accept this. It is met now.", number=writer.number),
        by,
        *writer.written_by_others(found.met_text),
        say("Please look at it again and vote."),
    )  # fmt: skip
    subject = say("What you said for the customer is met: {number}",
                  number=writer.number)  # fmt: skip
    return Words(subject, said, (_to_review(writer),))


def _all_voted(writer: Writer) -> Words | None:
    say, ballot = writer.spoken.say, _ballot(writer)
    if ballot is None:
        return None
    said = (
        say("In the joint review of complaint {number} everybody agrees to this:",
            number=writer.number),
        *_what(writer, ballot),
        say("You can decide now; who sees to it and by when is asked there."),
    )  # fmt: skip
    subject = say("Everybody agrees: {number}", number=writer.number)
    return Words(subject, said, (_to_review(writer),))


def _decided(writer: Writer) -> Words | None:
    say, ballot = writer.spoken.say, _ballot(writer)
    if ballot is None:
        return None
    said = (
        say("The joint review of complaint {number} agreed on this:",
            number=writer.number),
        *_what(writer, ballot),
        say("It was decided by mandate; the reason stands in the review.")
        if ballot.by_mandate
        else "",
        say("Thank you for your part in it."),
    )  # fmt: skip
    subject = say("The review agreed: {number}", number=writer.number)
    return Words(subject, said, (_to_review(writer),))


def _past_due(writer: Writer) -> Words | None:
    if "ballot" not in writer.message.facts:
        return WORDS[MessageKind.PAST_DUE](writer)
    say, ballot = writer.spoken.say, _ballot(writer)
    if ballot is None:
        return None
    said = (
        say("The time for votes in the review of complaint {number} ended on {until}:",
            number=writer.number, until=writer.moment(ballot.until, None)),
        *_what(writer, ballot),
        say("Talk with those who need something first, give more time, change it, or "
            "decide by mandate with a reason that everybody sees. What the customer "
            "would not accept is never decided over."),
    )  # fmt: skip
    subject = say("The time for votes is over: {number}", number=writer.number)
    return Words(subject, said, (_to_review(writer),))


def _ballot(writer: Writer) -> Ballot | None:
    return writer.facts.ballots.get(str(writer.message.facts.get("ballot")))


def _objected(writer: Writer) -> Objection | None:
    return writer.facts.objections.get(str(writer.message.facts.get("objection")))


def _what(writer: Writer, ballot: Ballot) -> tuple[str, ...]:
    """Give what is voted on, in the words of the review or of the proposal."""
    if ballot.kind == BallotKind.DIVISION:
        return (
            writer.spoken.say("The promised time is divided anew among the steps."),
        )
    if ballot.wording:
        return writer.written_by_others(ballot.wording)
    answer = writer.facts.answers.get(ballot.task_id or "")
    proposals = ((answer.content or {}) if answer else {}).get("proposals", ())
    changes = [one["change"] for one in proposals if one["number"] == ballot.proposal]
    return writer.written_by_others(changes[0] if changes else None)


def _to_review(writer: Writer) -> Way:
    path = f"/cases/{writer.message.case_id}/review"
    return writer.spoken.say("Open the joint review:"), path


REVIEW_WORDS: ToldBy = {
    MessageKind.VOTE: _vote,
    MessageKind.OBJECTION: _objection,
    MessageKind.OBJECTION_MET: _met,
    MessageKind.ALL_VOTED: _all_voted,
    MessageKind.DECIDED: _decided,
    MessageKind.PAST_DUE: _past_due,
}
