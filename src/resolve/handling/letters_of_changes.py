"""What the messages of changes in place say: they work, they do not yet, unknown."""

from __future__ import annotations

from resolve.access.people import names_of
from resolve.departments.queries import calendar
from resolve.handling.letter_words import ToldBy, Words, Writer, changed, listed
from resolve.messages.models import MessageKind
from resolve.solutions.errors import UnknownSolution
from resolve.solutions.in_words import verdict_in_words
from resolve.solutions.models import Solution
from resolve.solutions.queries import solution
from resolve.solutions.thanks import contributors


def _proven(writer: Writer) -> Words | None:
    say, found = writer.spoken.say, _found(writer)
    if found is None:
        return None
    said = (
        say("In the case of complaint {number}, the orders show that this works:",
            number=writer.number),
        *writer.written_by_others(changed(writer)),
        *_verdict(writer, found),
        listed(say("Thank you to everybody who contributed:"), thanked(writer, found)),
        say("Every customer after this one has something from it."),
    )  # fmt: skip
    subject = say("It works, thank you: {number}", number=writer.number)
    return Words(subject, said, (writer.to_case(),))


def thanked(writer: Writer, of: Solution) -> list[str]:
    """Give those who contributed by name, in the order of the alphabet."""
    who = contributors(writer.session, [of])[of.id]
    names = dict(names_of(writer.session, who))
    departments = {
        one: writer.title(one.partition(":")[2])
        for one in who
        if one.startswith("department:")
    }
    known = {
        one: writer.name_as_written(one) for one in who if not one.startswith("person:")
    }
    return sorted((known | departments | names).values(), key=str.casefold)


def _not_proven(writer: Writer) -> Words | None:
    say, found = writer.spoken.say, _found(writer)
    if found is None:
        return None
    said = (
        say("In the case of complaint {number}, this is in place, but the orders do "
            "not show yet that it helps the customer:", number=writer.number),
        *writer.written_by_others(changed(writer)),
        *_verdict(writer, found),
        say("That is worth knowing. The joint review looks at it again: agree on "
            "something else, prove it longer, or give it up with the reason."),
    )  # fmt: skip
    subject = say("Back in the joint review: {number}", number=writer.number)
    return Words(subject, said, (writer.to_case(),))


def _too_few(writer: Writer) -> Words | None:
    say, found = writer.spoken.say, _found(writer)
    if found is None:
        return None
    said = (
        say("In the case of complaint {number}, the time to prove a change is over:",
            number=writer.number),
        *writer.written_by_others(changed(writer)),
        *_verdict(writer, found),
        say("It is looked at again whenever new orders come in. You can also prove it "
            "longer, or give it up with the reason."),
    )  # fmt: skip
    subject = say("Too few orders to say: {number}", number=writer.number)
    return Words(subject, said, (writer.to_case(),))


def _found(writer: Writer) -> Solution | None:
    try:
        return solution(writer.session, str(writer.message.facts.get("agreement")))
    except UnknownSolution:
        return None


def _verdict(writer: Writer, of: Solution) -> tuple[str, ...]:
    if not of.verdict:
        return ()
    zone = writer.to.zone or calendar(writer.session).calendar.tz
    return (" ".join(verdict_in_words(of.verdict, writer.spoken, zone)),)


CHANGE_WORDS: ToldBy = {
    MessageKind.PROVEN: _proven,
    MessageKind.NOT_PROVEN: _not_proven,
    MessageKind.TOO_FEW: _too_few,
}
