"""What the pages of a map show: its steps in order, who takes part, what each gives."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from resolve.chain.distance import distances_of, gatekeepers, nearest_touchpoints
from resolve.chain.model import Handover, Kind, Promise, Step, Text, ValueChain
from resolve.chain.order import in_order
from resolve.chain.walk import Walk, walk
from resolve.kit.language import Language
from resolve.maps.models import Map, MapStatus
from resolve_api.pages.map_pictures import WHOLE, View


@dataclass(frozen=True, slots=True)
class Card:
    """A map in the gallery."""

    id: str
    title: str
    version: int
    at: datetime
    who: str
    retired: bool
    steps: int
    departments: int
    promises: list[str]
    mine: list[str]
    picture: str


@dataclass(frozen=True, slots=True)
class Passed:
    """A hand-over as the list shows it, seen from one of its ends."""

    step: str
    title: str
    what: list[str]
    within: timedelta | None


@dataclass(frozen=True, slots=True)
class Row:
    """A step as the list shows it."""

    id: str
    title: str
    department: str
    owner: str
    is_partner: bool
    gives: str
    time: timedelta | None
    distance: int | None
    where: str
    gatekeeper: str
    passes: list[Passed]
    receives: list[Passed]
    meets: list[str]
    serves: list[str]
    is_mine: bool
    takes_part: bool
    way: str


@dataclass(frozen=True, slots=True)
class Sector:
    """Somebody who takes part in keeping a promise."""

    department: str
    name: str
    is_partner: bool
    is_mine: bool
    distance: int
    where: str
    steps: list[str]
    way: list[str]


@dataclass(frozen=True)
class Shown:
    """A chain for one reader: `mine` are their departments, `view` how they look."""

    chain: ValueChain
    it: Language
    mine: Collection[str] = ()
    view: View = WHOLE

    def say(self, text: Text) -> str:
        return text.in_(self.it.code)

    @cached_property
    def title(self) -> str:
        return self.say(self.chain.title)

    @cached_property
    def walk(self) -> Walk | None:
        """Give who takes part in the promise looked at.

        Raises:
            UnknownTouchpoint, UnknownPromise, PromiseNotHere: as named.
        """
        concern = self.view.concern
        return walk(self.chain, concern) if concern else None

    def department(self, name: str) -> str:
        known = self.chain.departments.get(name)
        return self.say(known.title) if known else name

    def touchpoint(self, name: str | None) -> str:
        known = self.chain.touchpoints.get(name or "")
        return self.say(known.title) if known else ""

    def departments(self) -> list[tuple[str, str]]:
        """Give departments with their names, by name."""
        found = [(one, self.department(one)) for one in self.chain.departments]
        return sorted(found, key=lambda one: one[1].casefold())

    def my_departments(self) -> list[tuple[str, str]]:
        return [one for one in self.departments() if one[0] in self.mine]

    def promise(self, promise: Promise) -> str:
        """Give a promise in words, with its time if it has one."""
        text = self.say(promise.title)
        if promise.within is None:
            return text
        return f"{text} · {self.it.duration(promise.within)}"

    def promises(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Give touchpoints with the promises made there, as choices of a form."""
        return [
            (
                self.say(touchpoint.title),
                [
                    (f"{touchpoint.id}/{one}", self.promise(self.chain.promises[one]))
                    for one in touchpoint.promises
                ],
            )
            for touchpoint in self.chain.touchpoints.values()
        ]

    def sectors(self) -> list[Sector]:
        """Give who takes part in the promise, the nearest first."""
        taking_part = self.walk.participants if self.walk else ()
        return [
            Sector(
                department=one.department,
                name=self.department(one.department),
                is_partner=one.kind is Kind.PARTNER,
                is_mine=one.department in self.mine,
                distance=one.distance,
                where=self.touchpoint(self.view.touchpoint),
                steps=[self.step(step) for step in one.steps],
                way=[self.step(step) for step in one.path],
            )
            for one in taking_part
        ]

    def step(self, name: str) -> str:
        return self.say(self.chain.steps[name].title)

    def rows(self) -> list[Row]:
        """Give every step in the order of the chain, the customer last."""
        return [self._row(self.chain.steps[one]) for one in in_order(self.chain)]

    def my_rows(self) -> list[Row]:
        return [row for row in self.rows() if row.is_mine]

    def _row(self, step: Step) -> Row:
        department = self.chain.departments[step.department]
        keeper = self._keepers[step.id]
        return Row(
            id=step.id,
            title=self.say(step.title),
            department=step.department,
            owner=self.say(department.title),
            is_partner=department.kind is Kind.PARTNER,
            gives=self.say(step.gives),
            time=step.time,
            distance=self._distances[step.id],
            where=self.touchpoint(self._places.get(step.id)),
            gatekeeper=self.step(keeper) if keeper else "",
            passes=[self._passed(one, one.target) for one in self._from(step.id)],
            receives=[self._passed(one, one.source) for one in self._to(step.id)],
            meets=self._meets(step.id),
            serves=[self.say(self.chain.promises[one].title) for one in step.serves],
            is_mine=step.department in self.mine,
            takes_part=step.id in self._taking_part,
            way=" → ".join(self._way(step.id)),
        )

    def _passed(self, handover: Handover, other: str) -> Passed:
        what = [self.say(one) for one in handover.what]
        return Passed(other, self.step(other), what, handover.within)

    def _from(self, step: str) -> Iterator[Handover]:
        return (one for one in self.chain.handovers if one.source == step)

    def _to(self, step: str) -> Iterator[Handover]:
        return (one for one in self.chain.handovers if one.target == step)

    def _meets(self, step: str) -> list[str]:
        every = self.chain.touchpoints.values()
        return [self.say(one.title) for one in every if one.step == step]

    def _way(self, step: str) -> Iterator[str]:
        """Name the steps from this one on to the customer."""
        yield self.step(step)
        while (far := self._distances[step]) and far > 1:
            nearer = {one.target for one in self._from(step)}
            step = next(
                one
                for one in self.chain.steps
                if one in nearer and self._distances[one] == far - 1
            )
            yield self.step(step)

    @cached_property
    def _distances(self) -> Mapping[str, int | None]:
        """Give how far each step is from where the promise looked at is made."""
        return distances_of(self.chain, self._promised_at)

    @cached_property
    def _places(self) -> Mapping[str, str]:
        return nearest_touchpoints(self.chain, self._promised_at)

    @property
    def _promised_at(self) -> str | None:
        return self.view.touchpoint if self.view.concern else None

    @cached_property
    def _keepers(self) -> Mapping[str, str | None]:
        return gatekeepers(self.chain)

    @cached_property
    def _taking_part(self) -> frozenset[str]:
        taking_part = self.walk.participants if self.walk else ()
        return frozenset(step for one in taking_part for step in one.steps)

    def nearest(self, department: str) -> tuple[str, int, str] | None:
        """Give a department's step nearest to the customer, how far, and to where."""
        found = [
            (far, step.id)
            for step in self.chain.steps.values()
            if step.department == department and (far := self._distances[step.id])
        ]
        if not found:
            return None
        far, step_id = min(found, key=lambda one: one[0])
        return self.step(step_id), far, self.touchpoint(self._places[step_id])


def card(shown: Shown, entry: Map, at: datetime, who: str, picture: str) -> Card:
    """Give a map as the gallery shows it."""
    chain = shown.chain
    return Card(
        id=entry.id,
        title=shown.title,
        version=entry.newest,
        at=at,
        who=who,
        retired=entry.status == MapStatus.RETIRED,
        steps=len(chain.steps),
        departments=len(chain.departments),
        promises=[shown.say(one.title) for one in chain.promises.values()],
        mine=[name for _, name in shown.my_departments()],
        picture=picture,
    )


def fits(chain: ValueChain, words: str) -> bool:
    """Tell whether all these words stand in titles of a map, in any language."""
    wanted = words.casefold().split()
    if not wanted:
        return True
    text = _text_of(chain)
    return all(word in text for word in wanted)


def _text_of(chain: ValueChain) -> str:
    text: str | None = chain.kept.get("words")
    if text is None:
        texts = [chain.title, *(one.title for one in chain.departments.values())]
        texts += [one.title for one in chain.steps.values()]
        texts += [one.title for one in chain.promises.values()]
        texts += [one.title for one in chain.touchpoints.values()]
        said = (one.by_language.values() for one in texts)
        text = "\n".join([chain.id, *(word for every in said for word in every)])
        text = chain.kept["words"] = text.casefold()
    return text
