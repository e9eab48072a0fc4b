"""Mailing a one-time link to somebody who forgot their password."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from resolve.access.forgotten import LASTS, Reset, reset
from resolve.handling.at_once import mail_at_once
from resolve.handling.letter_words import Words
from resolve.kit.database import Database, transaction
from resolve.kit.language import Language
from resolve.kit.settings import Settings


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
    return mail_at_once(made.person, partial(_words, made), chosen, at=at)


def _words(made: Reset, spoken: Language) -> Words:
    say = spoken.say
    said = (
        say("Somebody, probably you, asked for a new password for {login}.",
            login=made.person.login),
        say("If it was not you, there is nothing to do: your password stays as it is."),
    )  # fmt: skip
    way = say(
        "Choose a new password here, once, within {time}:", time=spoken.duration(LASTS)
    )
    return Words(
        say("A new password for Resolve"), said, ((way, f"/link/{made.secret}"),)
    )
