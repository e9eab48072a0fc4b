"""What a complaint may be about, judged by its words (pure).

A place is a promise at a touchpoint of a map. It is suggested for words of its titles
and steps, for complaints placed there earlier that share words with this one, and for
what the sender named. Rare words weigh more than frequent ones; each suggestion says
which words it rests on. It only ever suggests: a person places.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from rapidfuzz import fuzz

from resolve.chain.model import Text, ValueChain
from resolve.complaints.words import Terms, forms, terms

_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ`][^\W\d_]+)*")
_SHORTEST = 3
_LEAST = 1.05  # one rare word of a step is not enough, one of a title is
_RAREST = 2.0
_IN_TITLE, _IN_STEP = 1.5, 0.5
_MOST_WORDS = 5
_NAMED = 4.0
_NEAR = 85
_NAMED_TITLE = 2
_COMMON_WORDS = """
the and that this with from have has had was were are not for but you your they them
their our its which what when who will would there been only after want wanted need
see seen say said home make made get got come came work rather one two day days week
что это как для при или они его ему мне нас вас вам мой был была было были так уже еще
только после когда который чтобы также нет все мы вы она они
хочу нужен нужно можно дома оказалось сказали один два день дня дней неделю
що це як або вони його йому мені мій був була було були так вже ще тільки після коли
який щоб також немає все ми ви вона
хочу потрібен потрібно можна вдома виявилося сказали один два день дня днів тиждень
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a complaint may be placed, and the words that stand for it."""

    map_id: str
    touchpoint: str
    promise: str
    words: Terms
    names: tuple[str, ...] = ()  # ids and titles, as a sender may name them

    @property
    def titles(self) -> Terms:
        return terms(self.names)


@dataclass(frozen=True, slots=True)
class Earlier:
    """A complaint placed earlier: where, and its words."""

    place: tuple[str, str, str]
    words: Terms


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A place, the complaint's words that speak for it, and like complaints."""

    place: Place
    words: tuple[str, ...] = ()
    like: int = 0  # complaints placed there earlier that share several words
    named: str = ""  # what the sender named it
    score: float = field(default=0.0, compare=False)


def places(chain: ValueChain) -> list[Place]:
    """Give every promise at every touchpoint of a map, with its words."""
    return [
        Place(
            chain.id,
            touchpoint.id,
            promise,
            _words_of(chain, touchpoint.id, promise),
            (touchpoint.id, *_said(touchpoint.title), promise,
             *_said(chain.promises[promise].title)),
        )
        for touchpoint in chain.touchpoints.values()
        for promise in touchpoint.promises
    ]  # fmt: skip


def _words_of(chain: ValueChain, touchpoint: str, promise: str) -> Terms:
    at = chain.touchpoints[touchpoint]
    texts = [*_said(at.title), *_said(chain.promises[promise].title)]
    for step in chain.steps.values():
        if promise in step.serves or step.id == at.step:
            texts += [*_said(step.title), *_said(step.gives)]
    return terms(texts) - _common()


@cache  # not when this is imported: the dictionaries of three languages take seconds
def _common() -> Terms:
    """Give the words that stand in every text and say nothing of what it is about."""
    return frozenset(form for word in _COMMON_WORDS.split() for form in forms(word))


def _said(text: Text) -> tuple[str, ...]:
    return tuple(text.by_language.values())


def suggest(
    text: str,
    known: Sequence[Place],
    earlier: Iterable[Earlier] = (),
    *,
    named: Iterable[str | None] = (),
    most: int = 3,
) -> list[Suggestion]:
    """Give the places that speak for themselves, the likeliest first; maybe none.

    `named` is what the sender called the touchpoint and the promise.
    """
    words = _own_words(text)
    weight = _weights(known)
    like = _like(words, earlier)
    called = [one for one in named if one]
    found = [_judged(place, words, weight, like, called) for place in known]
    likely = [one for one in found if one.score >= _LEAST]
    return sorted(likely, key=lambda one: -one.score)[:most]


def _judged(
    place: Place,
    words: Mapping[str, Terms],
    weight: Mapping[str, float],
    like: Mapping[tuple[str, str, str], int],
    called: Sequence[str],
) -> Suggestion:
    titles = place.titles
    told = {
        word: max(weight[form] for form in shared)
        * (_IN_TITLE if own & titles else _IN_STEP)
        for word, own in words.items()
        if (shared := own & place.words)
    }
    strongest = sorted(told, key=lambda word: -told[word])[:_MOST_WORDS]
    same = like.get((place.map_id, place.touchpoint, place.promise), 0)
    name = next((one for one in called if _is_named(one, place)), "")
    score = sum(told.values()) + 1.5 * math.sqrt(same) + (_NAMED if name else 0)
    shown = tuple(word for word in strongest if told[word] > 0)
    return Suggestion(place, shown, same, name, score)


def _own_words(text: str) -> dict[str, Terms]:
    found: dict[str, Terms] = {}
    seen: set[str] = set()
    for word in _WORD.findall(text):
        own = forms(word)
        if len(word) >= _SHORTEST and not own & _common() and not own & seen:
            found[word.lower()] = own
            seen |= own
    return found


def _weights(known: Sequence[Place]) -> Mapping[str, float]:
    """Give how much a word tells: nothing if it stands for every place."""
    counted = Counter(form for place in known for form in place.words)
    return {
        form: min(math.log((len(known) + 1) / n), _RAREST)
        if n < len(known) or n == 1
        else 0.0
        for form, n in counted.items()
    }


_SHARED = 2


def _like(
    words: Mapping[str, Terms], earlier: Iterable[Earlier]
) -> Counter[tuple[str, str, str]]:
    """Count the earlier complaints of each place that share enough words."""
    found: Counter[tuple[str, str, str]] = Counter()
    needed = min(_SHARED, max(1, len(words)))
    for one in earlier:
        if sum(bool(own & one.words) for own in words.values()) >= needed:
            found[one.place] += 1
    return found


def _is_named(called: str, place: Place) -> bool:
    return len(called) > _NAMED_TITLE and any(
        fuzz.ratio(called.lower(), name.lower()) >= _NEAR for name in place.names
    )
