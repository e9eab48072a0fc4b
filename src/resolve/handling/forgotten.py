"""Mailing a one-time link to somebody who forgot their password.

The link's secret is stored nowhere: the letter is no message of the list but carried at
once, and what cannot be carried now is asked for again by who needs it.
"""

from __future__ import annotations

from datetime import datetime

import structlog

from resolve.access.forgotten import LASTS, Reset, reset
from resolve.handling.letter_words import Words
from resolve.handling.letters import addressed
from resolve.handling.mail import carrier_of, mail_folder
from resolve.handling.recipients import Recipient
from resolve.kit.database import Database, transaction
from resolve.kit.ids import new_id
from resolve.kit.language import language
from resolve.kit.settings import Settings
from resolve.messages.carriers import Fate, Parcel
from resolve.messages.mail import Letter

log = structlog.get_logger(__name__)


def mail_a_link(
    database: Database, chosen: Settings, name: str, *, at: datetime
) -> bool:
    """Mail a link to the person of this name who has an e-mail; tell whether it went.

    Raises:
        Unavailable: the folder of mail cannot be written.
    """
    with transaction(database) as session:
        made = reset(session, name, at=at)
    if made is None:
        return False
    parcel = Parcel(new_id(), _letter(made, chosen), at)
    (outcome,) = carrier_of(chosen, mail_folder(chosen)).carry([parcel])
    if outcome.fate != Fate.SENT:
        log.warning("a link could not be mailed", why=outcome.why)
    return outcome.fate == Fate.SENT


def _letter(made: Reset, chosen: Settings) -> Letter:
    person = made.person
    spoken = language(person.language or chosen.language)
    say = spoken.say
    said = (
        say("Somebody, probably you, asked for a new password for {login}.",
            login=person.login),
        say("If it was not you, there is nothing to do: your password stays as it is."),
    )  # fmt: skip
    way = say(
        "Choose a new password here, once, within {time}:", time=spoken.duration(LASTS)
    )
    words = Words(
        say("A new password for Resolve"), said, ((way, f"/link/{made.secret}"),)
    )
    to = Recipient(person.name, person.email, spoken.code, box=person.login)
    return addressed(to, words, spoken)
