"""Sending letters by a mail server; what it cannot take now is tried again later.

A letter is sent at least once and has the same Message-ID each time: a server that lost
its connection after taking one is given it again.
"""

from __future__ import annotations

import re
import ssl
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from smtplib import (
    SMTP,
    SMTP_SSL,
    SMTPDataError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
)

from pydantic import SecretStr

from resolve.messages.carriers import Fate, Outcome, Parcel
from resolve.messages.mail import SENDER, as_mail

PERMANENT = 500
_AN_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"]+@[^\s<>()\[\],;\"]+")
_LONGEST_REASON = 300
_REST = 60.0
_AWAY: dict[tuple[str, int | None], tuple[float, str]] = {}
"""Servers that could not be reached: until when they are left alone, and why."""


class Tls(StrEnum):
    """How the way to the mail server is protected."""

    STARTTLS = (
        "starttls"  # it begins in the open and is made secret before the password
    )
    TLS = "tls"  # secret from the beginning
    NONE = "none"


_PORTS = {Tls.STARTTLS: 587, Tls.TLS: 465, Tls.NONE: 25}


@dataclass(frozen=True, slots=True)
class MailServer:
    """Carries letters to a mail server, a batch in one connection."""

    host: str
    port: int | None = None
    user: str | None = None
    password: SecretStr | None = None
    tls: Tls = Tls.STARTTLS
    sender: str = SENDER
    trusted: ssl.SSLContext | None = field(default=None, repr=False)
    patience: float = 20.0
    takes: timedelta = timedelta(minutes=5)

    def carry(self, parcels: Iterable[Parcel]) -> Iterator[Outcome]:
        """Send them one by one; a server that cannot be reached lets all wait.

        Who waited for it in vain does not do so again for a minute: cases come first.
        """
        until = time.monotonic() + 3 * self.patience
        post: SMTP | None = None
        broken = self._away()
        try:
            for one in parcels:
                if one.letter.goes_to is None:
                    yield Outcome(one, Fate.NO_ADDRESS)
                elif broken or time.monotonic() > until:
                    yield Outcome(one, Fate.WAITS if broken else Fate.NOT_TRIED, broken)
                else:
                    try:
                        post = post or self._connected()
                        outcome = self._send(post, one)
                    except (OSError, SMTPException) as why:
                        broken = _reason(why)
                        if post is None:
                            _AWAY[self.host, self.port] = (_rested(), broken)
                        outcome = Outcome(one, Fate.WAITS, broken)
                    yield outcome
        finally:
            _leave(post)

    def _away(self) -> str:
        """Say why it could not be reached a moment ago, if it could not."""
        until, why = _AWAY.get((self.host, self.port), (0.0, ""))
        return why if time.monotonic() < until else ""

    def _connected(self) -> SMTP:
        context = self.trusted or ssl.create_default_context()
        port = self.port or _PORTS[self.tls]
        if self.tls == Tls.TLS:
            post: SMTP = SMTP_SSL(
                self.host, port, timeout=self.patience, context=context
            )
        else:
            post = SMTP(self.host, port, timeout=self.patience)
        try:
            if self.tls == Tls.STARTTLS:
                post.starttls(context=context)
            if self.user:
                secret = self.password.get_secret_value() if self.password else ""
                post.login(self.user, secret)
        except (OSError, SMTPException):
            post.close()
            raise
        return post

    def _send(self, post: SMTP, one: Parcel) -> Outcome:
        """Send one; what concerns only this letter does not hold up the others."""
        mail = as_mail(one.letter, one.name, one.at, sender=self.sender)
        try:
            post.send_message(mail, self.sender, [one.letter.goes_to or ""])
        except SMTPRecipientsRefused as why:
            ((code, text),) = why.recipients.values()
            return _refused(one, code, text)
        except SMTPDataError as why:
            return _refused(one, why.smtp_code, why.smtp_error)
        return Outcome(one, Fate.SENT)


def _rested() -> float:
    return time.monotonic() + _REST


def _refused(one: Parcel, code: int, text: bytes | str) -> Outcome:
    fate = Fate.REFUSED if code >= PERMANENT else Fate.WAITS
    return Outcome(one, fate, _said(code, text))


def _reason(why: Exception) -> str:
    if isinstance(why, SMTPResponseException):
        return _said(why.smtp_code, why.smtp_error)
    return _short(f"{type(why).__name__}: {why}")


def _said(code: int, text: bytes | str) -> str:
    plain = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return _short(f"{code} {plain}")


def _short(text: str) -> str:
    """Keep what helps an administrator; no address of anybody is kept with it."""
    plain = " ".join(_AN_ADDRESS.sub("…", text).replace("\0", "").split())
    return plain[:_LONGEST_REASON]


def _leave(post: SMTP | None) -> None:
    if post is not None:
        with suppress(OSError, SMTPException):
            post.quit()
