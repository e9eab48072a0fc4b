"""A name from outside as one that any system can show and store (pure)."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 120
_UNUSABLE = re.compile(r'[<>:"|?*]')
_LONGEST_EXTENSION = 10


def clean(name: str) -> str:
    """Give the last part of a path without signs that deceive or do harm.

    Control characters and those that turn the direction of reading are left out, what
    file systems do not take becomes `_`, a long name is cut in front of its extension.

    >>> clean("../../etc/x.png"), clean("a\u202egnp.txt"), clean("..")
    ('x.png', 'agnp.txt', '')
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    seen = (" " if sign.isspace() else sign for sign in last)
    plain = "".join(one for one in seen if unicodedata.category(one)[0] != "C")
    words = " ".join(_UNUSABLE.sub("_", plain).split()).strip(". ")
    stem, extension = split(words)
    return stem[: LONGEST - len(extension)].rstrip(". ") + extension


def split(name: str) -> tuple[str, str]:
    """Divide a clean name into what comes before its extension, and that with its dot.

    >>> split("a.b.PNG"), split("letter")
    (('a.b', '.PNG'), ('letter', ''))
    """
    stem, dot, extension = name.rpartition(".")
    known = extension.isalnum() and len(extension) <= _LONGEST_EXTENSION
    return (stem, dot + extension) if stem and known else (name, "")
