"""Events and findings of the journal in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from resolve.analytics.replayed import Difference
from resolve.departments.queries import DEFAULT_ID
from resolve.journal.verify import Problem, Trouble
from resolve.kit.language import Language
from resolve.outbox.models import Topic

_BETWEEN = re.compile("[-_]+")
_DATABASE = ("OperationalError", "InterfaceError", "InternalError", "DatabaseError")
_CONTRADICTS = ("IntegrityError", "NoResultFound", "MultipleResultsFound")


def hours_in_words(it: Language, calendar: str) -> str:
    """Name working hours as people would: “On the road” for `on-the-road`."""
    if calendar == DEFAULT_ID:
        return it.say("those of the company")
    name = _BETWEEN.sub(" ", calendar).strip() or calendar
    return name[:1].upper() + name[1:]


def topic_in_words(it: Language, topic: str) -> str:
    """Say what the engine was to do when this happened."""
    known = {
        Topic.FILED: it.say(
            "A complaint was filed: the departments on its way were to get their tasks."
        ),
        Topic.PLACED: it.say(
            "A case was placed: the departments on its way were to get their tasks."
        ),
        Topic.ANSWERED: it.say(
            "A department answered: if all answers are in, the facilitator was to be "
            "asked for the review."
        ),
        Topic.DUE: it.say("A deadline passed: the facilitator was to be told."),
        Topic.MOVED: it.say("A case moved on: those concerned were to be told."),
    }
    other = it.say("Something happened that this version does not know: {topic}.",
                   topic=topic)  # fmt: skip
    return known[Topic(topic)] if topic in known else other


def why_in_words(it: Language, error: str) -> str:
    """Say why it failed, by the kind of the error."""
    kind = error.partition(":")[0]
    if kind in _DATABASE:
        return it.say("The database could not be used. Try again when it works.")
    if kind in _CONTRADICTS:
        return it.say(
            "What it needs is not in the database, or stands there twice. Trying again "
            "helps only once that is mended."
        )
    return it.say(
        "The program met something that it was not made for. Try again after an "
        "upgrade; tell its makers the line below."
    )


@dataclass(frozen=True, slots=True)
class Placed:
    """Says where in the journal something stands."""

    language: Language
    numbers: Mapping[str, str]

    def __call__(self, chain: str, seq: int | None = None) -> str:
        """Name a chain, and an entry of it."""
        place = self._chain(chain)
        if seq is None:
            return place
        return self.language.say("{place}, entry {n}", place=place, n=seq)

    def _chain(self, chain: str) -> str:
        kind, _, of = chain.partition(":")
        if kind == "case":
            return self._case(of)
        if kind == "map":
            return self.language.say("Map {map}", map=of)
        return self.language.say("Acts of the house (people, keys, departments)")

    def _case(self, case: str) -> str:
        name = self.numbers.get(case, case)
        return self.language.say("Case of {number}", number=name)

    def difference(self, one: Difference) -> str:
        """Say which stored state is not the one that the journal leads to."""
        it = self.language
        nothing = it.say("nothing")
        return it.say(
            "{place}: {thing} is stored as {stored}, but the journal leads to "
            "{journal}.",
            place=self._case(one.case),
            thing=self._thing(one.thing),
            stored=one.stored or nothing,
            journal=one.journal or nothing,
        )

    def _thing(self, thing: str) -> str:
        it, kind = self.language, thing.partition(":")[0]
        return {
            "case": it.say("the case"),
            "complaint": it.say("a complaint"),
            "task": it.say("a task"),
            "request": it.say("a request to a neighbour"),
            "agreement": it.say("an agreed change"),
        }.get(kind, kind)


def in_words(one: Problem, place: Placed) -> str:
    """Say what is wrong with the journal, and where."""
    it = place.language
    where = place(one.chain, one.seq)
    match one.trouble:
        case Trouble.ALTERED:
            return it.say("{place}: altered after it was written.", place=where)
        case Trouble.REORDERED:
            return it.say("{place}: does not follow the one before it.", place=where)
        case Trouble.MISSING:
            return it.say("{place}: missing.", place=where)
        case Trouble.CHAIN_MISSING:
            return it.say(
                "{place}: all of it is missing since seal {n}.", place=where, n=one.seal
            )
        case Trouble.SEAL_BROKEN:
            return it.say(
                "Seal {n} does not match its key, its entries or the seal before it.",
                n=one.seal,
            )
