"""Letters as mail, whole and safe to send."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

HOST = "localhost"
SENDER = f"resolve@{HOST}"

_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*"
)
_LONGEST_ADDRESS = 254
_LONGEST_LINE = 200


@dataclass(frozen=True, slots=True)
class Letter:
    """A message in words: to a name, at an address if one is known.

    `box` names the mailbox here of a person; without it the name may be an address.
    """

    name: str
    address: str | None
    language: str
    subject: str
    body: str
    box: str = ""

    @property
    def goes_to(self) -> str | None:
        """Give the address that a mail server can take it to, if there is one."""
        known = (self.address, None if self.box else self.name)
        return next((one for one in known if one and is_address(one)), None)


def as_mail(
    letter: Letter, id_: str, at: datetime, *, sender: str = SENDER
) -> EmailMessage:
    """Make the mail; nothing in a name or a subject can add a line to its head."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address("Resolve", addr_spec=sender)
    mail["To"] = _recipient(letter)
    mail["Subject"] = one_line(letter.subject)
    mail["Date"] = at
    mail["Message-ID"] = f"<{id_}@resolve.{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.body, cte="base64")
    mail["Content-Language"] = letter.language
    return mail


def one_line(text: str) -> str:
    """Give a text on one line, without signs that are no signs, and not too long."""
    line = " ".join("".join(" " if _breaks(sign) else sign for sign in text).split())
    return line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}…"


def is_address(text: str) -> bool:
    """Tell whether a mail can be addressed to this."""
    return len(text) <= _LONGEST_ADDRESS and _ADDRESS.fullmatch(text) is not None


def _recipient(letter: Letter) -> Address:
    known = letter.goes_to
    if known is None:
        box = _box(letter.box or letter.name)
        return Address(one_line(letter.name), box, HOST)
    return Address(
        "" if known == letter.name else one_line(letter.name), addr_spec=known
    )


def _box(name: str) -> str:
    """Make a local part of a name, for whom no address is known."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain.lower()))[:60] or "person"


def _breaks(sign: str) -> bool:
    return unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp")
