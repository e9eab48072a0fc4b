"""Mailing somebody who was taken in a one-time link, to choose their password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from resolve.access.models import Person
from resolve.access.signing_in import LINK_LASTS
from resolve.handling.at_once import mail_at_once
from resolve.handling.letter_words import Words
from resolve.kit.language import Language
from resolve.kit.settings import Settings


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link for somebody, made a moment ago."""

    person: Person
    secret: str


def mail_invitation(made: Invitation, chosen: Settings, *, at: datetime) -> bool:
    """Mail a link to a person who has an e-mail; tell whether it went.

    Raises:
        Unavailable: the folder of mail cannot be written.
    """
    return mail_at_once(made.person, partial(_words, made), chosen, at=at)


def _words(made: Invitation, spoken: Language) -> Words:
    say = spoken.say
    said = (
        say("You work with Resolve from now on. Your login is {login}.",
            login=made.person.login),
        say("Complaints of customers are solved there together, without a culprit."),
    )  # fmt: skip
    time = spoken.duration(LINK_LASTS)
    way = say("Choose your password here, once, within {time}:", time=time)
    return Words(say("Your way into Resolve"), said, ((way, f"/link/{made.secret}"),))
