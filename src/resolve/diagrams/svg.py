"""What a drawn SVG still needs for people: a title, a description, a language."""

from __future__ import annotations

import re

from resolve.diagrams.escape import clean, xml

_BEFORE = re.compile(r"^.*?(?=<svg )", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->\n?", re.DOTALL)
_NAMES = re.compile(r"<title>[^<]*</title>\n?")
_OPENING = re.compile(r"<svg ([^>]*)>", re.DOTALL)


def accessible(
    svg: str, *, title: str, description: str, language: str, linked: bool
) -> str:
    """Name and describe the picture, and take out the names of its nodes.

    An image hides what is inside it from a screen reader; with links it is a group.
    """
    drawn = _NAMES.sub("", _COMMENT.sub("", _BEFORE.sub("", svg, count=1)))
    role = "group" if linked else "img"
    head = (
        rf'<svg role="{role}" aria-labelledby="diagram-title" '
        rf'aria-describedby="diagram-desc" xml:lang="{language}" lang="{language}" '
        r"\1>"
    )
    opened = _OPENING.sub(head, drawn, count=1)
    end = opened.index(">") + 1
    words = (
        f'\n<title id="diagram-title">{xml(clean(title))}</title>'
        f'\n<desc id="diagram-desc">{xml(clean(description))}</desc>'
    )
    return opened[:end] + words + opened[end:]
