"""What a text from outside must be before it is stored."""

from __future__ import annotations

import re
import secrets

from resolve.kit.errors import Invalid

LONGEST = 20_000
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(text: str, *, pointer: str = "", longest: int = LONGEST) -> str:
    """Give the text back unchanged if every database can hold it.

    Raises:
        Invalid: a NUL or half a surrogate pair, or more than `longest` characters.
    """
    found = _UNSTORABLE.search(text)
    if found:
        raise Invalid(
            f"The text holds a character that cannot be stored, at {found.start()}.",
            hint="Remove the NUL or broken character and send it again.",
            pointer=pointer,
        )
    if len(text) > longest:
        raise Invalid(
            f"The text has {len(text)} characters, {longest} are taken at most.",
            hint="Shorten it, or attach it as a file.",
            pointer=pointer,
        )
    return text


def new_salt() -> str:
    """Make the salt of an erasable text's digest."""
    return secrets.token_hex(16)
