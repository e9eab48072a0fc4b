"""Whether a word is a known name written in the other script (pure).

Words of both scripts are folded to one spelling in which the usual transliterations of
Ukrainian and Russian agree: Гриценко, Hrytsenko, Gritsenko and Hricenko are `hriTenko`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

_CYRILLIC = re.compile("[а-яёєіїґ]", re.IGNORECASE)
_LATIN = re.compile("[a-z]", re.IGNORECASE)
_PART = re.compile(r"[^\W\d_]+")
_SOUNDS = "a b v h h d e e e Z z i i i i k l m n o p r s t u f h T C S S - i - e iu ia"
_TO_FOLDED = str.maketrans(
    dict(zip("абвгґдеёєжзиіїйклмнопрстуфхцчшщъыьэюя", _SOUNDS.split(), strict=True))
)
_LATIN_SOUNDS = (
    ("shch|sch|shh|sh", "S"), ("tch|ch|cz", "C"), ("zgh", "zh"), ("zh", "Z"),
    ("tz|ts|c(?=[eiy])", "T"), ("kh|gh|g", "h"), ("ck|[cq]", "k"), ("ph", "f"),
    ("x", "ks"), ("w", "v"), ("[yj]", "i"), ("oo", "u"), ("ee", "i"),
)  # fmt: skip
_LATIN_SOUND = re.compile("|".join(f"({sound})" for sound, _ in _LATIN_SOUNDS))
_ENDINGS = (
    "a", "u", "i", "e", "o", "oi", "ei", "ou", "eu", "om", "em", "im", "am", "ah",
    "ovi", "evi", "oho", "omu", "eho", "emu", "ih", "imi", "ami",
)  # fmt: skip
_VOWELS = "aeiou"
_SHORTEST_STEM = 2
_SHORT = 3
_RARELY_A_WORD = 6
_FLEETING = re.compile(r"^(.{3,})[eoi]([^aeiou])$")
_ORDINARY = """
    info mail email post mailbox inbox office sales sale support admin administrator
    contact contacts hello shop store service services order orders team client
    clients customer customers complaint complaints noreply reply billing account
    accounts home work company firm family test user name names marketing manager
    director secretary bank market online help feedback news press webmaster payment
    payments delivery warehouse stock logistics transport carrier courier dealer
    partner group trade trading export import finance legal hotel cafe house garden
    studio school private personal public official general main real best good love
    super happy zakaz pochta magazin dostavka sklad buhgalter zamovlennya prodazh
    poshta the and for not but you all can may her was one our out day get has him his
    how man new now old any see two way who did its let put say she too use son ten
    bad an in no on so do to he me we us is it am be by go if my of or up as at yes
    are that this they here with from will when том там сам нам вам дай ли до на но он
    она они оно мы вы ты не ни за из от об по мне так как где кто что это тот та те то
    да нет им их его её ее вон тут сама само вот був була мав має ми ви він вона вони
    воно ні що це цей ця ті але або як де хто для при під над без про ще вже раз дом
    день дня мир мил вил ким ним чем тем нами вами бил
"""
ORDINARY = frozenset(_ORDINARY.split())
"""Words that are not taken for a name in the other script, or in an e-mail."""


@dataclass(frozen=True, slots=True)
class Spellings:
    """Folded names: whole, and the stems that endings are put to."""

    whole: frozenset[str]
    stems: frozenset[str]


def spellings(names: Iterable[str]) -> tuple[Spellings, Spellings]:
    """Fold names: those written in Latin letters, those in Cyrillic ones."""
    latin, cyrillic = set[str](), set[str]()
    for name in names:
        (cyrillic if _CYRILLIC.search(name) else latin).update(_folded(name))
    return _with_stems(latin), _with_stems(cyrillic)


def is_other_spelling(word: str, known: tuple[Spellings, Spellings]) -> bool:
    """Tell whether a word is a known name in the other script.

    Short words, and short ones with an ending, must be written as names are.

    >>> known = spellings(["Гриценко"])
    >>> [is_other_spelling(it, known) for it in ("Hrytsenka", "gritsenko", "greatly")]
    [True, True, False]
    """
    latin, cyrillic = known
    names = latin if _CYRILLIC.search(word) else cyrillic
    if not names.whole or word.lower() in ORDINARY:
        return False
    is_name_like = word[:1].isupper()
    spelt = {one for it in _folded(word) for one in (it, it.removesuffix("s"))}
    if spelt & names.whole and (len(word) > _SHORT or is_name_like):
        return True
    if not is_name_like and len(word) < _RARELY_A_WORD:
        return False
    return any(_has_ending(one, names.stems) for one in spelt)


def _has_ending(folded: str, stems: frozenset[str]) -> bool:
    return any(
        folded.endswith(ending) and folded.removesuffix(ending) in stems
        for ending in _ENDINGS
    )


def names_in_email(email: str) -> tuple[str, ...]:
    """Give the parts before the @ that can be somebody's name.

    >>> names_in_email("oksana.hrytsenko85@example.com"), names_in_email("info@x.org")
    (('oksana', 'hrytsenko'), ())
    """
    local, at, _ = email.lower().partition("@")
    parts = _PART.findall(unicodedata.normalize("NFC", local)) if at else []
    return tuple(one for one in parts if len(one) > _SHORT and one not in ORDINARY)


@lru_cache(maxsize=20_000)
def _folded(word: str) -> tuple[str, ...]:
    """Give the one spelling of a word; two where ё is read as е and as o."""
    lower = word.lower()
    if _CYRILLIC.search(lower):
        plain = lower.translate(_TO_FOLDED)
        wide = lower.replace("ё", "о").translate(_TO_FOLDED)
        return tuple(dict.fromkeys((_smooth(plain), _smooth(wide))))
    if not _LATIN.search(lower):
        return ()
    plain = "".join(
        sign for sign in unicodedata.normalize("NFKD", lower) if sign.isalpha()
    )
    sounds = _LATIN_SOUND.sub(
        lambda it: _LATIN_SOUNDS[(it.lastindex or 1) - 1][1], plain
    )
    return (_smooth(sounds),)


def _smooth(sounds: str) -> str:
    """Leave out what transliterations do not agree on: glides and doubled letters."""
    letters = "".join(sign for sign in sounds if sign.isalpha())
    single = re.sub(r"(.)\1+", r"\1", letters)
    return re.sub(r"i+(?=[aeou])", "", single).replace("ander", "andr")


def _with_stems(folded: set[str]) -> Spellings:
    folded = {one for one in folded if len(one) > 1}
    stems = {stem for one in folded for stem in _stems(one)}
    return Spellings(frozenset(folded), frozenset(stems))


def _stems(folded: str) -> Iterable[str]:
    stem = folded.rstrip(_VOWELS)
    yield stem if len(stem) >= _SHORTEST_STEM else folded
    fleeting = _FLEETING.match(folded)
    if fleeting:
        # Павел, Павла; Федір, Федора
        yield fleeting[1] + fleeting[2]
        yield f"{fleeting[1]}o{fleeting[2]}"
