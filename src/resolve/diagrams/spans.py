"""Durations as a picture says them."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache

from resolve.kit.language import as_read
from resolve.kit.language import language as speak


@lru_cache(maxsize=1000)
def in_words(language: str, span: timedelta) -> str:
    """Give a duration in words that stay together; a picture repeats few of them."""
    return speak(language).duration(span).replace(" ", "\N{NO-BREAK SPACE}")


def about(language: str, span: timedelta) -> str:
    """Give a measured time as exactly as people read it.

    >>> about("en", timedelta(days=3, hours=7, minutes=21)).split()
    ['3', 'days', '7', 'hours']
    """
    return in_words(language, as_read(span))
