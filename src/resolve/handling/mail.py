"""Mailing what waits: to each in their language, when they want it, each once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlmodel import Session, col, select

from resolve.departments.queries import calendar
from resolve.handling.digests import digests
from resolve.handling.letters import Told, letters
from resolve.handling.recipients import addressees, recipients
from resolve.kit.database import Database, reading, transaction
from resolve.kit.language import language
from resolve.kit.settings import Settings, settings
from resolve.messages import deliveries
from resolve.messages.carriers import Carrier, Fate, Folder, Outcome, Parcel
from resolve.messages.mail import Letter
from resolve.messages.models import Delivery, Message
from resolve.messages.smtp import MailServer, Tls


@dataclass(frozen=True, slots=True)
class _Taken:
    """Letters to be carried now, and how much was looked at."""

    letters: Sequence[Delivery]
    looked_at: int


def send_waiting(database: Database, folder: Path, *, at: datetime, most: int) -> int:
    """Mail what waits; give how much was looked at, of messages or of letters.

    Letters go to the mail server if there is one, else into the folder. Those to
    customers without a known e-mail are not made: they are only in the list.

    Raises:
        Unavailable: the folder cannot be written; the mail waits.
    """
    carrier = carrier_of(settings(), folder)
    taken = _take(database, carrier, at=at, most=most)
    if not taken.letters:
        return taken.looked_at
    with reading(database) as session:
        written = _write(session, taken.letters, at=at)
    _carry(database, carrier, taken.letters, written, at=at)
    return taken.looked_at


def carrier_of(chosen: Settings, folder: Path) -> Carrier:
    """Give what carries letters as the settings say."""
    if chosen.smtp_host is None:
        return Folder(folder)
    return MailServer(
        chosen.smtp_host,
        chosen.smtp_port,
        chosen.smtp_user,
        chosen.smtp_password,
        Tls(chosen.smtp_tls),
        chosen.smtp_from,
    )


def mail_folder(chosen: Settings) -> Path:
    """Give the folder of mail."""
    return chosen.home.absolute() / "mail"


def _take(database: Database, carrier: Carrier, *, at: datetime, most: int) -> _Taken:
    with transaction(database) as session:
        new = deliveries.not_given_to_the_mail(session, most=most)
        if new:
            on_duty = settings().quality_manager
            to = addressees(session, new, on_duty=on_duty, at=at)
            deliveries.address(session, new, to, at=at)
        zone = calendar(session).calendar.tz
        chosen, looked_at = deliveries.take(
            session, at=at, takes=carrier.takes, zone=zone, most=most
        )
    return _Taken(chosen, max(len(new), looked_at))


def _write(
    session: Session, taken: Sequence[Delivery], *, at: datetime
) -> dict[str, Parcel]:
    """Write these letters, by id; those that have nothing to tell are left out."""
    house = language(settings().language)
    to = recipients(session, taken, language=house.code)
    ids = {one.message_id for one in taken if one.message_id}
    rows = session.exec(select(Message).where(col(Message.id).in_(ids)))
    messages = {row.id: row for row in rows}
    told = [
        Told(one.id, messages[one.message_id], to[one.id])
        for one in taken
        if one.message_id
    ]
    gathered = [one for one in taken if one.message_id is None]
    written: dict[str, Letter] = letters(session, told, house=house)
    written |= digests(session, gathered, to, at=at)
    return {
        one.id: Parcel(one.file, written[one.id], _moment(one, messages))
        for one in taken
        if one.id in written
    }


def _moment(one: Delivery, messages: dict[str, Message]) -> datetime:
    return messages[one.message_id].at if one.message_id else one.created_at


def _carry(
    database: Database,
    carrier: Carrier,
    taken: Sequence[Delivery],
    written: dict[str, Parcel],
    *,
    at: datetime,
) -> None:
    ids = {parcel.name: id_ for id_, parcel in written.items()}
    fates = {id_: Outcome(parcel, Fate.NOT_TRIED) for id_, parcel in written.items()}
    try:
        for outcome in carrier.carry(written.values()):
            fates[ids[outcome.parcel.name]] = outcome
    finally:
        with transaction(database) as session:
            deliveries.settle(session, fates.items(), at=at)
            silent = [one.id for one in taken if one.id not in written]
            deliveries.drop(session, silent, at=at)
