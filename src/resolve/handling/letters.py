"""Messages as letters: in words, in the reader's language and by their clock.

Letters to departments and people of the house hold no word of the customer and nothing
that tells who it is; those to partners leave out what others wrote, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session

from resolve.complaints import tracking
from resolve.handling.letter_facts import LetterFacts, letter_facts
from resolve.handling.letter_words import WORDS, Asked, ToldBy, Words, Writer, listed
from resolve.handling.letters_of_changes import CHANGE_WORDS
from resolve.handling.letters_of_reviews import REVIEW_WORDS
from resolve.handling.recipients import Recipient
from resolve.kit.language import LANGUAGES, Language, language
from resolve.kit.settings import settings
from resolve.messages.mail import Letter, is_address
from resolve.messages.models import Message, MessageKind


@dataclass(frozen=True, slots=True)
class Told:
    """A message and one of those whom it is told; `id` is the letter's."""

    id: str
    message: Message
    to: Recipient


def letters(
    session: Session, told: Sequence[Told], *, house: Language
) -> dict[str, Letter]:
    """Put messages into letters, by the letters' ids.

    Left out are those to customers without a known e-mail, and those whose subject is
    gone. `house` is the language where a customer's is none of ours.
    """
    facts = letter_facts(session, [one.message for one in told])
    inside = [one for one in told if one.message.kind != MessageKind.ANSWER]
    written = {
        one.id: addressed(one.to, words, language(one.to.language))
        for one, words in _in_words(session, inside, facts)
    }
    for one in told:
        if one.message.kind == MessageKind.ANSWER:
            letter = _to_customer(one.message, facts, house)
            written |= {one.id: letter} if letter else {}
    return written


def in_words(session: Session, told: Sequence[Told]) -> Sequence[tuple[Told, Words]]:
    """Put messages to people of the house and of partners into words."""
    facts = letter_facts(session, [one.message for one in told])
    return list(_in_words(session, told, facts))


def _in_words(
    session: Session, told: Sequence[Told], facts: LetterFacts
) -> Iterator[tuple[Told, Words]]:
    asked: Asked = {}
    for one in told:
        spoken = language(one.to.language)
        writer = Writer(session, one.message, facts, one.to, spoken, asked)
        words = _TOLD[MessageKind(one.message.kind)](writer)
        if words is not None:
            yield one, words


_TOLD: ToldBy = {**WORDS, **REVIEW_WORDS, **CHANGE_WORDS}


def addressed(to: Recipient, words: Words, spoken: Language) -> Letter:
    """Make a letter of words."""
    if to.stands_in_for:
        why = spoken.say(
            "You get this letter because you stand in for {name}.",
            name=" ".join(to.stands_in_for.split()),
        )
        words = replace(words, paragraphs=(why, *words.paragraphs))
    body = as_text(words, to.name, spoken)
    return Letter(to.name, to.address, spoken.code, words.subject, body, to.box)


# ---------------------------------------------------------------------- to the customer


def _to_customer(
    message: Message, facts: LetterFacts, house: Language
) -> Letter | None:
    """Write to the customer in the complaint's language, if it is one of ours."""
    complaint = facts.complaints.get(str(message.facts.get("complaint")))
    customer = (complaint.customer if complaint else None) or {}
    address = str(customer.get("email") or "").strip()
    if complaint is None or not complaint.answer or not is_address(address):
        return None
    code = (complaint.language or "").lower().replace("_", "-").partition("-")[0]
    spoken = language(code) if code in LANGUAGES else house
    say, name = spoken.say, str(customer.get("name") or "")
    said = (
        say("Thank you for telling us what happened. This is our answer:"),
        complaint.answer,
        say("What we do for you: {remedy}", remedy=complaint.remedy)
        if complaint.remedy
        else "",
        say("If this does not put it right for you, please tell us what would."),
    )
    subject = say("Our answer to your complaint {number}", number=complaint.number)
    token = tracking.token(complaint)
    reply = say("Here you accept the answer, or tell us what is still missing:")
    ways = ((reply, f"/track/{token}"),) if token else ()
    body = as_text(Words(subject, said, ways), name, spoken)
    return Letter(name, address, spoken.code, subject, body)


# ---------------------------------------------------------------------- how it looks


def as_text(words: Words, name: str, spoken: Language) -> str:
    """Give the text of a letter."""
    greeting = (
        spoken.say("Good day, {name}!", name=" ".join(name.split()))
        if name
        else spoken.say("Good day!")
    )
    ways = (listed(title, [settings().link(path)]) for title, path in words.ways)
    parts = [greeting, *words.paragraphs, *ways]
    return "\n\n".join(part for part in parts if part) + "\n"
