"""The customer's private link: who holds its token sees how the complaint stands.

A token is the complaint's id and an HMAC of the word "tracking" under the complaint's
salt; nothing more is stored, and erasing the salt ends the link.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from uuid import UUID

from sqlmodel import Session

from resolve.complaints.errors import UnknownComplaint
from resolve.complaints.models import Complaint

_ID = 16
_MARK = 16
_LENGTH = 43


def token(complaint: Complaint) -> str | None:
    """Give the token of a complaint's link; None once its texts were erased."""
    return token_of(complaint.id, complaint.salt) if complaint.salt else None


def token_of(complaint_id: str, salt: str) -> str:
    """Give the token for this id and salt: 256 bits, safe in an address."""
    raw = UUID(complaint_id).bytes
    return base64.urlsafe_b64encode(raw + _mark(raw, salt)).rstrip(b"=").decode()


def find(session: Session, token: str) -> Complaint:
    """Give the complaint that the token is for.

    Raises:
        UnknownComplaint: it is for none; a wrong guess tells nothing more.
    """
    raw = _raw(token)
    found = session.get(Complaint, str(UUID(bytes=raw[:_ID]))) if raw else None
    # Compared in any case, so that a guess takes as long whether the id is one or not.
    salt = (found.salt if found else None) or ""
    fits = hmac.compare_digest(_mark(raw[:_ID], salt), raw[_ID:])
    if found is None or not salt or not fits:
        raise UnknownComplaint(
            "There is no complaint under this link.",
            hint="Look whether the whole link was copied.",
        )
    return found


def _mark(raw: bytes, salt: str) -> bytes:
    return hmac.digest(salt.encode(), b"tracking" + raw, hashlib.sha256)[:_MARK]


def _raw(token: str) -> bytes:
    if len(token) != _LENGTH or not token.isascii():
        return b""
    try:
        raw = base64.b64decode(token + "=", altchars=b"-_", validate=True)
    except binascii.Error:
        return b""
    return raw if len(raw) == _ID + _MARK else b""
