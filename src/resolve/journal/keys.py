"""The key of the seals, which lies outside the database."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from resolve.kit.errors import Invalid, Unavailable
from resolve.kit.settings import Settings

_BYTES = 32


class KeyUnreadable(Unavailable):
    """The file of the key is there, but cannot be read or written."""

    code = "seal_key_unreadable"


def seal_key(settings: Settings) -> bytes:
    """Give the key that is set, else the one in `seal.key`, made when it is missing.

    Raises:
        KeyUnreadable: the file cannot be read or made.
        Invalid: it holds no key.
    """
    if settings.seal_key is not None:
        return settings.seal_key.get_secret_value().encode()
    file = settings.file("seal.key")
    try:
        if not file.exists():
            _make(file)
        text = file.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as why:
        raise KeyUnreadable(
            f"The key of the seals, {file}, cannot be used: {why}.",
            hint="Let this user read it, or set RESOLVE_SEAL_KEY.",
        ) from why
    if not text:
        raise Invalid(
            f"The key of the seals, {file}, is empty.",
            hint="Put back the file that the seals were made with.",
        )
    return text.encode()


def _make(file: Path) -> None:
    """Make a key as a whole file; of two processes that do, one wins for both."""
    made = file.with_name(f"{file.name}.{os.getpid()}")
    made.touch(mode=0o600)
    made.write_text(secrets.token_hex(_BYTES) + "\n", "ascii")
    try:
        with suppress(FileExistsError):
            file.hardlink_to(made)
    finally:
        made.unlink()
