"""What the two forms of filing have in common: fields, files, and sending them once."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from resolve.attachments.errors import FileRefused
from resolve.attachments.rules import Checked, check, guard_number
from resolve.complaints.errors import AlreadyFiled, NothingSaid
from resolve.complaints.filing import Filing, House
from resolve.complaints.models import Severity
from resolve.complaints.speech import recognised
from resolve.complaints.with_files import file_with
from resolve.kit.clock import now
from resolve.kit.database import transaction
from resolve.kit.errors import Invalid
from resolve.kit.language import LANGUAGES
from resolve.kit.texts import LONGEST, storable
from resolve.messages.mail import is_address
from resolve_api.pages.doors import limits_of
from resolve_api.pages.places import parts_of
from resolve_api.pages.said import SAID, said
from resolve_api.pages.visits import Visit

LENGTHS: Mapping[str, int] = {
    "text": LONGEST,
    "desired_outcome": LONGEST,
    "remedy": LONGEST,
    "where": 400,
    "order": 200,
    "name": 200,
    "email": 254,
    "phone": 50,
}
"""The texts of the forms with the most characters that each takes."""

_KEY = re.compile("[0-9a-f]{32}")

SAID["text_missing"] = lambda it, _: it.say("Write in a few words what happened.")
SAID["file_empty"] = lambda it, why: it.say(
    "There is nothing in the file {name}.", name=why.extra.get("name", "")
)
SAID["file_too_large"] = lambda it, why: it.say(
    "The file {name} is larger than {n} MB. Make it smaller, or send a part of it.",
    name=why.extra.get("name", ""),
    n=it.number(why.extra.get("megabytes", 0)),
)
SAID["file_kind_refused"] = lambda it, why: it.say(
    "The file {name} is of a kind that cannot be taken. Pictures, films, PDF, plain "
    "text and documents of Word, Excel or OpenDocument can.",
    name=why.extra.get("name", ""),
)
SAID["file_not_what_it_says"] = lambda it, why: it.say(
    "The file {name} holds something else than its name says. Save it as what it is "
    "and choose it again.",
    name=why.extra.get("name", ""),
)
SAID["too_many_files"] = lambda it, why: it.count(
    "Only {n} file can be sent.",
    "At most {n} files can be sent.",
    int(why.extra.get("most", 0)),
)


@dataclass(slots=True)
class Handed:
    """What was typed into a form, what of it is wrong, and its files."""

    filing: Filing
    wrong: dict[str, str] = field(default_factory=dict)
    wrong_files: list[str] = field(default_factory=list)
    files: list[Checked] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        return not self.wrong and not self.wrong_files


def new_key() -> str:
    """Make the key by which a form that is sent twice is known as one."""
    return secrets.token_hex(16)


def key_of(visit: Visit) -> str:
    """Give the key of the form that was sent, a new one if it has none of ours."""
    key = visit.text("key")
    return key if _KEY.fullmatch(key) else new_key()


def handed_in(visit: Visit, *, source: str, settled: bool = False) -> Handed:
    """Read a form of filing; nothing is written."""
    wrong = _wrong_texts(visit)
    occurred_at = _day(visit, wrong)
    map_id, touchpoint, promise = parts_of(visit.text("where"))
    filing = Filing(
        text=visit.text("text").strip(),
        source=source,
        map=map_id,
        touchpoint=touchpoint,
        promise=promise,
        language=_language(visit),
        reference=_reference(key_of(visit)),
        order=_text(visit, "order"),
        occurred_at=occurred_at,
        desired_outcome=_text(visit, "desired_outcome"),
        severity=_severity(visit),
        safety=bool(visit.text("safety")),
        customer=_customer(visit),
        settled_at_once=settled,
        remedy=_text(visit, "remedy") if settled else None,
    )
    handed = Handed(filing, wrong)
    _read_files(visit, handed)
    return handed


def _reference(key: str) -> str:
    """Give what is stored of a key: who reads it cannot send the form again."""
    return hashlib.sha256(f"form {key}".encode()).hexdigest()[:32]


def _text(visit: Visit, name: str) -> str | None:
    return visit.text(name).strip() or None


def _wrong_texts(visit: Visit) -> dict[str, str]:
    it, wrong = visit.language, {}
    if not visit.text("text").strip():
        wrong["text"] = said(it, NothingSaid(""))
    email = visit.text("email").strip()
    if email and not is_address(email):
        wrong["email"] = it.say("This is not an e-mail address, such as ann@mail.com.")
    for name, longest in LENGTHS.items():
        typed = visit.text(name)
        if len(typed) > longest:
            wrong[name] = it.say(
                "This is too long: {n} characters can be taken.", n=it.number(longest)
            )
        elif not _can_be_stored(typed):
            wrong[name] = it.say(
                "There is a character in it that cannot be stored. Please type it anew."
            )
    return wrong


def _can_be_stored(text: str) -> bool:
    try:
        storable(text)
    except Invalid:
        return False
    return True


def _day(visit: Visit, wrong: dict[str, str]) -> datetime | None:
    """Read the day on which it happened: its beginning where the visitor is."""
    typed = visit.text("occurred").strip()
    if not typed:
        return None
    try:
        at = datetime.fromisoformat(typed[:10]).replace(tzinfo=visit.zone)
        known = at.astimezone(UTC)
    except (ValueError, OverflowError):
        wrong["occurred"] = visit.language.say("Give a day, such as 2026-11-21.")
        return None
    if known > now() + timedelta(days=1):
        wrong["occurred"] = visit.language.say("This day is still to come.")
        return None
    return known


def _language(visit: Visit) -> str:
    chosen = visit.text("language")
    if chosen in LANGUAGES:
        return chosen
    return recognised(visit.text("text")) or visit.language.code


def _severity(visit: Visit) -> str | None:
    given = visit.text("severity")
    return given if given in set(Severity) else None


def _customer(visit: Visit) -> dict[str, str] | None:
    fields = ("name", "email", "phone")
    known = {name: visit.text(name).strip() for name in fields}
    return {name: value for name, value in known.items() if value} or None


def _read_files(visit: Visit, handed: Handed) -> None:
    limits = limits_of(visit.shop.settings)
    sent = visit.files("files")
    try:
        guard_number(sent, limits)
    except FileRefused as why:
        handed.wrong_files.append(said(visit.language, why))
        return
    for one in sent:
        try:
            # One byte more than is taken tells that it is too large.
            content = one.file.read(limits.largest + 1)
            handed.files.append(check(one.filename or "", content, limits))
        except FileRefused as why:
            handed.wrong_files.append(said(visit.language, why))


def file_once(visit: Visit, handed: Handed, *, who: str) -> str:
    """File what was handed in and give its id; sent twice, that of the first time.

    Raises:
        ResolveError: as for `complaints.filing.file`.
    """
    house = house_of(visit)
    try:
        with transaction(visit.database) as session:
            filed = file_with(
                session, handed.filing, handed.files, house=house, who=who, at=now()
            )
            return filed.complaint_id
    except AlreadyFiled as why:
        return str(why.extra["existing"])


def house_of(visit: Visit) -> House:
    """Give what the house decided of new complaints."""
    settings = visit.shop.settings
    return House(settings.quality_manager, settings.answer_within)
