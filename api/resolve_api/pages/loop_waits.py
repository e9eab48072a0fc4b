"""Waits inside a loop, of which no row of times along the chain can speak."""

from __future__ import annotations

from collections.abc import Iterable

from resolve.kit.language import Language


def inside_loops(it: Language, waits: Iterable[tuple[str, str, str]]) -> str:
    """Say which waits lie inside a loop, and how long they were; "": none does.

    Each is its name, and its middle and nine of ten in words, "" where too few are
    known.
    """
    told = [
        it.say(
            "{wait} (in an order all together: half at most {half}, nine of ten at "
            "most {nine})",
            wait=wait,
            half=half,
            nine=nine,
        )
        if half
        else wait
        for wait, half, nine in waits
    ]
    if not told:
        return ""
    return it.say(
        "Waits inside a loop have no row and are not divided, because nobody knows "
        "beforehand how often an order goes round: {waits}.",
        waits="; ".join(told),
    )
