"""The question of a task, made from facts in the reader's language (pure).

It asks what can change, shows why the step matters to the customer, and has no room
for who was at fault (M1, M4).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from resolve.chain.checks import allotted
from resolve.chain.model import (
    Concern,
    HandoverConcern,
    PromiseConcern,
    Step,
    ValueChain,
)
from resolve.chain.walk import Participant
from resolve.kit.language import Language


@dataclass(frozen=True, slots=True)
class StepFact:
    """A step of the task: title, time in words, what the customer has from it."""

    id: str
    title: str
    time: str
    gives: str


@dataclass(frozen=True, slots=True)
class Question:
    """All that a task tells its department, as texts in one language."""

    text: str
    promise: str
    steps: tuple[StepFact, ...]
    path: str
    neighbours: str
    customers: str


def question(
    chain: ValueChain,
    concern: Concern,
    to: Participant,
    *,
    customers: int,
    language: Language,
) -> Question:
    """Put the question to a department that takes part."""
    department = chain.departments[to.department].title.in_(language.code)
    about = concern_in_words(chain, concern, language)
    return Question(
        text=_text(concern, department, about, language),
        promise=_promised(chain, concern, language),
        steps=tuple(_step(chain.steps[id_], language) for id_ in to.steps),
        path=_path(chain, concern, to, language),
        neighbours=", ".join(
            _department(chain, id_, language) for id_ in to.neighbours
        ),
        customers=_customers(concern, customers, language),
    )


def concern_in_words(chain: ValueChain, concern: Concern, language: Language) -> str:
    """Say what a complaint is about: the promise, or the hand-over."""
    if isinstance(concern, PromiseConcern):
        promise = chain.promises[concern.promise]
        return promise.title.in_(language.code)
    source = _title(chain.steps[concern.source], language)
    target = _title(chain.steps[concern.target], language)
    return f"{source} → {target}"


def customer_in_words(chain: ValueChain, concern: Concern, language: Language) -> str:
    """Say who the customer is: of a hand-over, the department that receives it."""
    if isinstance(concern, PromiseConcern):
        return language.say("the customer")
    receiver = chain.steps[concern.target].department
    return language.say(
        "internal customer: {department}",
        department=_department(chain, receiver, language),
    )


def _customers(concern: Concern, n: int, language: Language) -> str:
    if isinstance(concern, HandoverConcern):
        return language.count(
            "It stands for {n} internal complaint.",
            "It stands for {n} internal complaints.",
            n,
        )
    return language.count(
        "It stands for {n} customer.", "It stands for {n} customers.", n
    )


def _text(concern: Concern, department: str, about: str, language: Language) -> str:
    if isinstance(concern, HandoverConcern):
        return language.say(
            "{department}: what can change here so that the hand-over “{about}” "
            "goes well next time?",
            department=department,
            about=about,
        )
    return language.say(
        "{department}: what can change here so that the promise “{about}” "
        "is kept for the customer next time?",
        department=department,
        about=about,
    )


def _promised(chain: ValueChain, concern: Concern, language: Language) -> str:
    if isinstance(concern, HandoverConcern):
        return _allotted(chain, concern, language)
    promise = chain.promises[concern.promise]
    if promise.within is None:
        return language.say("This promise is about how, not about how long.")
    on_the_way = allotted(chain, concern.touchpoint, concern.promise) or timedelta(0)
    return language.say(
        "Promised to the customer: {within}. Allotted along the chain: {allotted}.",
        within=language.duration(promise.within),
        allotted=language.duration(on_the_way),
    )


def _allotted(chain: ValueChain, concern: HandoverConcern, language: Language) -> str:
    ends = (concern.source, concern.target)
    edge = next(h for h in chain.handovers if (h.source, h.target) == ends)
    if edge.within is None:
        return ""
    return language.say(
        "Time that the map allots to this hand-over: {time}.",
        time=language.duration(edge.within),
    )


def _step(step: Step, language: Language) -> StepFact:
    time = (
        language.say("Time allotted: {time}.", time=language.duration(step.time))
        if step.time is not None
        else language.say("No time is allotted to this step yet.")
    )
    gives = step.gives.in_(language.code) or language.say(
        "The map does not say yet what the customer has from this step."
    )
    return StepFact(step.id, _title(step, language), time, gives)


def _path(
    chain: ValueChain, concern: Concern, to: Participant, language: Language
) -> str:
    titles = [_title(chain.steps[id_], language) for id_ in to.path]
    return " → ".join([*titles, customer_in_words(chain, concern, language)])


def _title(step: Step, language: Language) -> str:
    return step.title.in_(language.code)


def _department(chain: ValueChain, id_: str, language: Language) -> str:
    return chain.departments[id_].title.in_(language.code)
