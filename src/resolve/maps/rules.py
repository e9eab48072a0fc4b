"""Texts of maps: the one to begin with, and two of them line by line (pure)."""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass

_AROUND = 2
_MOST = 600
_BLANK = """\
resolve: 1
id: {id}
title: {title}

# Who owns steps; `kind: partner` for another company.
departments:
  sales: {{title: Sales}}

# What the customer was told to expect; `within` if it has a time.
promises:
  on-time: {{title: Ready on the day promised, within: P5D}}

# What is done, in order; `gives` is what the customer has from it.
steps:
  take-order:
    department: sales
    title: Take the order
    time: PT4H
    gives: What the customer meant is what is written down
  deliver:
    department: sales
    title: Deliver
    time: P1D
    gives: It is there on the day promised

handovers:
  - {{from: take-order, to: deliver, what: Confirmed order, within: PT1H}}

# Where the customer meets us, and what is promised there.
touchpoints:
  delivery: {{title: At the door, step: deliver, promises: [on-time]}}
"""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text compared: `+` only in the later, `-` only in the earlier one.

    A sign `@` stands for lines left out, `…` for more than is shown.
    """

    sign: str
    text: str


def blank_map(identifier: str, title: str) -> str:
    """Give the text of a small whole map to begin with.

    >>> "id: repairs" in blank_map("repairs", "Repairs")
    True
    """
    plain = identifier.strip() or "new-map"
    return _BLANK.format(
        id=_quoted(plain), title=_quoted(" ".join(title.split()) or plain)
    )


def _quoted(text: str) -> str:
    """Write a text as YAML holds it; words without signs stay as they are."""
    if text[:1].isalnum() and all(sign.isalnum() or sign in " -_" for sign in text):
        return text
    return json.dumps(text, ensure_ascii=False)


def line_changes(before: str, after: str) -> list[Line]:
    """Give the lines that differ, each with two lines around."""
    found: list[Line] = []
    compared = difflib.unified_diff(
        before.splitlines(), after.splitlines(), lineterm="", n=_AROUND
    )
    for number, line in enumerate(compared):
        if number < 2:  # noqa: PLR2004  the names of the two files
            continue
        if len(found) == _MOST:
            found.append(Line("…", ""))
            break
        found.append(Line("@", "") if line.startswith("@@") else _line(line))
    return found[1:]


def _line(line: str) -> Line:
    return Line(line[0], line[1:])
