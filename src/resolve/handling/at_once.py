"""Mail that is carried now or not at all: letters with a one-time link.

A link's secret is stored nowhere: the letter is no message of the list, and what cannot
be carried now is asked for again by who needs it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog

from resolve.access.models import Person
from resolve.handling.letter_words import Words
from resolve.handling.letters import addressed
from resolve.handling.mail import carrier_of, mail_folder
from resolve.handling.recipients import Recipient
from resolve.kit.ids import new_id
from resolve.kit.language import Language, language
from resolve.kit.settings import Settings
from resolve.messages.carriers import Fate, Parcel

log = structlog.get_logger(__name__)


def mail_at_once(
    person: Person,
    words: Callable[[Language], Words],
    chosen: Settings,
    *,
    at: datetime,
) -> bool:
    """Mail words to a person, in their language; tell whether the letter went.

    Raises:
        Unavailable: the folder of mail cannot be written.
    """
    spoken = language(person.language or chosen.language)
    to = Recipient(person.name, person.email, spoken.code, box=person.login)
    parcel = Parcel(new_id(), addressed(to, words(spoken), spoken), at)
    (outcome,) = carrier_of(chosen, mail_folder(chosen)).carry([parcel])
    if outcome.fate != Fate.SENT:
        log.warning("a link could not be mailed", why=outcome.why)
    return outcome.fate == Fate.SENT
