r"""Any text from outside, made harmless for DOT, for HTML-like labels and for links.

Graphviz replaces `\N` and its kin even inside HTML-like labels, so every backslash is
doubled; what XML cannot hold becomes a replacement character or a space.
"""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import urlsplit

from graphviz import escape

LONGEST_LINES = 60
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_IMPOSSIBLE = re.compile("[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def clean(text: str) -> str:
    """Give the text on one line, without characters that no XML document may hold."""
    line = _CONTROL.sub(" ", _IMPOSSIBLE.sub("�", text))
    return " ".join(part for part in line.split(" ") if part)


def xml(text: str) -> str:
    """Give the text as the content of an XML element."""
    return html.escape(text, quote=False)


@lru_cache(maxsize=5000)
def attribute(text: str) -> str:
    """Give the text as the value of a DOT attribute that shows it as it is."""
    return str(escape(html.escape(clean(text), quote=False)))


@lru_cache(maxsize=5000)
def label(text: str) -> str:
    """Give the text as a part of an HTML-like label."""
    return html.escape(clean(text)).replace("\\", "\\\\")


@lru_cache(maxsize=5000)
def wrapped(text: str, width: int) -> tuple[str, ...]:
    """Break a text into lines as parts of an HTML-like label, a very long one cut off.

    A long word gets half as much room again before it is broken.
    """
    words = clean(text)
    longest = max((len(word) for word in words.split()), default=0)
    room = max(width, min(longest, width * 3 // 2))
    lines = textwrap.wrap(words, room, break_on_hyphens=False)
    if len(lines) > LONGEST_LINES:
        lines = [*lines[: LONGEST_LINES - 1], lines[LONGEST_LINES - 1][:-1] + "…"]
    return tuple(label(line) for line in lines)


def joined(lines: Iterable[str], align: str = "LEFT") -> str:
    """Set lines under each other in an HTML-like label."""
    return "".join(f'{line}<BR ALIGN="{align}"/>' for line in lines)


def safe_link(address: str | None) -> str | None:
    """Give the address if it is relative or http(s), else None."""
    if not address or clean(address) != address:
        return None
    try:
        scheme = urlsplit(address).scheme
    except ValueError:
        return None
    if scheme.lower() not in ("", "http", "https"):
        return None
    return html.escape(address.replace(" ", "%20").replace("\\", "%5C"), quote=False)
