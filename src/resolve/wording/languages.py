"""Which of our languages a sentence is in: by its letters, where they tell."""

from __future__ import annotations

import re
from functools import lru_cache

from simplemma import is_known

LANGUAGES = ("en", "ru", "uk")

_LATIN = re.compile("[a-z]+")
_CYRILLIC = re.compile("[а-яіїєґё]+")
_UKRAINIAN = re.compile("[іїєґ'’ʼ`]")
_RUSSIAN = re.compile("[ыэъё]")


def of(pieces: list[str], otherwise: str) -> str:
    """Tell the language of a sentence; `otherwise` where its letters leave it open."""
    letters = " ".join(pieces).lower()
    if letters.isascii():
        return "en" if _LATIN.search(letters) else otherwise
    if _LATIN.search(letters):
        latin, cyrillic = (
            sum(map(len, some.findall(letters))) for some in (_LATIN, _CYRILLIC)
        )
        if latin > cyrillic:
            return "en"
    if not _CYRILLIC.search(letters):
        return otherwise
    return _cyrillic(letters) or _by_words(letters.split(), otherwise)


def _cyrillic(letters: str) -> str | None:
    ukrainian, russian = (len(some.findall(letters)) for some in (_UKRAINIAN, _RUSSIAN))
    if ukrainian == russian:
        return None
    return "uk" if ukrainian > russian else "ru"


def _by_words(words: list[str], otherwise: str) -> str:
    known = "".join(map(_knowing, words[:12]))
    ukrainian, russian = known.count("uk"), known.count("ru")
    if ukrainian == russian:
        return otherwise if otherwise in ("ru", "uk") else "ru"
    return "uk" if ukrainian > russian else "ru"


@lru_cache(maxsize=4096)
def _knowing(word: str) -> str:
    return " ".join(one for one in ("ru", "uk") if is_known(word, one))
