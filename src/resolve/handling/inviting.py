"""Mailing somebody who was taken in a one-time link, to choose their password.

The link's secret is stored nowhere: the letter is carried at once, or not at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog

from resolve.access.models import Person
from resolve.access.signing_in import LINK_LASTS
from resolve.handling.letter_words import Words
from resolve.handling.letters import addressed
from resolve.handling.mail import carrier_of, mail_folder
from resolve.handling.recipients import Recipient
from resolve.kit.ids import new_id
from resolve.kit.language import language
from resolve.kit.settings import Settings
from resolve.messages.carriers import Fate, Parcel
from resolve.messages.mail import Letter

log = structlog.get_logger(__name__)


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
    parcel = Parcel(new_id(), _letter(made, chosen), at)
    (outcome,) = carrier_of(chosen, mail_folder(chosen)).carry([parcel])
    if outcome.fate != Fate.SENT:
        log.warning("a link could not be mailed", why=outcome.why)
    return outcome.fate == Fate.SENT


def _letter(made: Invitation, chosen: Settings) -> Letter:
    person = made.person
    spoken = language(person.language or chosen.language)
    say = spoken.say
    said = (
        say("You work with Resolve from now on. Your login is {login}.",
            login=person.login),
        say("Complaints of customers are solved there together, without a culprit."),
    )  # fmt: skip
    time = spoken.duration(LINK_LASTS)
    way = say("Choose your password here, once, within {time}:", time=time)
    words = Words(say("Your way into Resolve"), said, ((way, f"/link/{made.secret}"),))
    to = Recipient(person.name, person.email, spoken.code, box=person.login)
    return addressed(to, words, spoken)
