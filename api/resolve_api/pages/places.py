"""Where a complaint can belong: touchpoints and their promises, to choose from.

A choice is written `map/touchpoint/promise`; what is not known yet is left empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup
from rapidfuzz import fuzz
from rapidfuzz.utils import default_process
from sqlmodel import Session

from resolve import diagrams
from resolve.chain.distance import nearest_touchpoints
from resolve.chain.model import Text, Touchpoint, ValueChain
from resolve.kit.kept import Kept
from resolve.maps import queries as maps

_NEAR = 72
_PICTURES: Kept[bytes] = Kept(60)


@dataclass(frozen=True, slots=True)
class Choice:
    """A promise at a touchpoint; without an id: something else at this place."""

    value: str
    title: str


@dataclass(frozen=True, slots=True)
class Place:
    """A touchpoint of a map as people of a language read it."""

    id: str
    title: str
    step: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class MapPlaces:
    """The touchpoints of one published map, in file order."""

    id: str
    version: int
    title: str
    places: tuple[Place, ...]


def all_places(session: Session, language: str) -> list[MapPlaces]:
    """Give the touchpoints of every published map."""
    return [
        _of_map(maps.chain_of(session, map_id, version), version, language)
        for map_id, version in maps.newest_published(session).items()
    ]


def _of_map(chain: ValueChain, version: int, language: str) -> MapPlaces:
    places = tuple(
        _place(chain, touchpoint, language) for touchpoint in chain.touchpoints.values()
    )
    return MapPlaces(chain.id, version, _said(chain.title, chain.id, language), places)


def _place(chain: ValueChain, of: Touchpoint, language: str) -> Place:
    choices = tuple(
        Choice(
            f"{chain.id}/{of.id}/{promise}",
            _said(chain.promises[promise].title, promise, language),
        )
        for promise in of.promises
    )
    step = chain.steps[of.step]
    return Place(
        place_id(chain.id, of.id),
        _said(of.title, of.id, language),
        _said(step.title, step.id, language),
        (*choices, Choice(f"{chain.id}/{of.id}/", "")),
    )


def lines(known: Sequence[MapPlaces], chosen: str) -> list[tuple[str, list[Choice]]]:
    """Give the places as somebody outside of the house reads them: each line once.

    Where maps share a line, it names none of them: whoever places the complaint finds
    out which one it is. What is `chosen` stays what it is.
    """
    found: dict[str, dict[str, Choice]] = {}
    for place in (place for of in known for place in of.places):
        here = found.setdefault(place.title, {})
        for choice in place.choices:
            seen = here.get(choice.title)
            if seen is None or choice.value == chosen:
                here[choice.title] = choice
            elif seen.value != chosen:
                _, _, where = seen.value.partition("/")
                here[choice.title] = Choice(f"/{where}", choice.title)
    return [(title, _else_last(here)) for title, here in found.items()]


def _else_last(here: Mapping[str, Choice]) -> list[Choice]:
    return sorted(here.values(), key=lambda one: not one.title)


def place_id(map_id: str, touchpoint: str) -> str:
    """Name the part of a page that holds the choices of a touchpoint."""
    return f"at-{map_id}-{touchpoint}"


def _said(text: Text, name: str, language: str) -> str:
    return text.in_(language) or name


def parts_of(value: str) -> tuple[str | None, str | None, str | None]:
    """Give map, touchpoint and promise of a choice; None where none is named.

    >>> parts_of("order/door/"), parts_of("")
    (('order', 'door', None), (None, None, None))
    """
    found = [part or None for part in value.split("/")[:3]]
    map_id, touchpoint, promise = [*found, None, None, None][:3]
    return map_id, touchpoint, promise


def choice_named(
    known: Sequence[MapPlaces], map_id: str, touchpoint: str, promise: str
) -> str:
    """Give the choice that an address names; empty if there is no such place.

    A touchpoint without its map is looked for in all of them.
    """
    for of in known:
        for place in of.places:
            values = [choice.value for choice in place.choices]
            other = values[-1]
            fits = other.split("/")[1] == touchpoint and map_id in ("", of.id)
            if fits:
                wanted = f"{other}{promise}"
                only = values[0] if len(values) == 2 else other  # noqa: PLR2004  a promise
                return wanted if wanted in values else only
    return ""


# ------------------------------------------------------------------------------ search


def matching(
    session: Session, known: Sequence[MapPlaces], sought: str
) -> list[MapPlaces]:
    """Keep the places that the words lead to, in any language, the nearest first.

    A step leads to the touchpoint that is the fewest hand-overs away.
    """
    words = default_process(sought)
    if not words:
        return list(known)
    found = []
    for of in known:
        chain = maps.chain_of(session, of.id, of.version)
        near = _likeness(chain, words)
        kept = [place for place in of.places if near.get(place.id, 0) >= _NEAR]
        kept.sort(key=lambda place: -near[place.id])
        if kept:
            best = near[kept[0].id]
            found.append((-best, MapPlaces(of.id, of.version, of.title, tuple(kept))))
    return [one for _, one in sorted(found, key=lambda pair: pair[0])]


def _likeness(chain: ValueChain, words: str) -> Mapping[str, float]:
    near: dict[str, float] = {}
    for touchpoint, texts in _texts(chain):
        name = place_id(chain.id, touchpoint)
        for text in texts:
            for title in text.by_language.values():
                score = fuzz.WRatio(words, default_process(title))
                near[name] = max(near.get(name, 0.0), score)
    return near


def _texts(chain: ValueChain) -> Iterator[tuple[str, list[Text]]]:
    for touchpoint in chain.touchpoints.values():
        promises = [chain.promises[one].title for one in touchpoint.promises]
        yield touchpoint.id, [touchpoint.title, *promises]
    leads = nearest_touchpoints(chain)
    for step in chain.steps.values():
        if step.id in leads:
            yield leads[step.id], [step.title]


# ----------------------------------------------------------------------------- picture


def picture(session: Session, of: MapPlaces, *, language: str, theme: str) -> Markup:
    """Draw a map whose steps and touchpoints lead to their choices on the same page.

    It has no legend: people choose on it, and a list beside says the same.

    Raises:
        CannotDraw: there is no picture now; the list says the same.
    """
    chain = maps.chain_of(session, of.id, of.version)
    dark = "dark" if theme == "dark" else "light"

    def drawn() -> bytes:
        leads = nearest_touchpoints(chain)

        def link(kind: str, name: str) -> str | None:
            touchpoint = name if kind == "touchpoint" else None
            if kind == "step":
                touchpoint = leads.get(name)
            return f"#{place_id(chain.id, touchpoint)}" if touchpoint else None

        return diagrams.render(
            chain, language=language, theme=dark, link=link, with_legend=False
        )

    key = (of.id, of.version, language, dark)
    # Every text in it was made harmless when it was drawn.
    return Markup(_PICTURES.get(key, drawn).decode())  # noqa: S704
