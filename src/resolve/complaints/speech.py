"""Which language a complaint is written in."""

from __future__ import annotations

import re
from functools import cache

from py3langid.langid import (  # type: ignore[import-untyped]
    MODEL_FILE,
    LanguageIdentifier,
)

from resolve.kit.language import LANGUAGES

_SURE = 0.8
_LOOKED_AT = 2000
_SHORTEST = 10
_ONLY_IN = {"uk": "іїєґІЇЄҐ", "ru": "ыэъёЫЭЪЁ"}
_CYRILLIC = re.compile("[А-яЁёІіЇїЄєҐґ]")
_MANY = 25  # letters among which Ukrainian is never without one of its own


def recognised(text: str) -> str | None:
    """Give the language of ours that the words are in; None if it cannot be told.

    >>> recognised("Де моє замовлення?"), recognised("ok")
    ('uk', None)
    """
    words = text[:_LOOKED_AT]
    letters = {
        code: sum(words.count(sign) for sign in only) for code, only in _ONLY_IN.items()
    }
    told = sorted(letters, key=lambda code: letters[code])
    if letters[told[-1]] > letters[told[0]]:
        return told[-1]
    if len(words.strip()) < _SHORTEST:
        return None
    if len(_CYRILLIC.findall(words)) >= _MANY:
        return "ru"
    code, sure = _identifier().classify(words)
    return str(code) if sure >= _SURE else None


@cache
def _identifier() -> LanguageIdentifier:
    made = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    made.set_languages(list(LANGUAGES))
    return made
