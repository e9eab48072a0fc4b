"""Everything that is in a picture, in words, for people who cannot see it."""

from __future__ import annotations

from collections.abc import Iterator

from resolve.chain.model import Handover, Step, Touchpoint
from resolve.chain.order import in_order
from resolve.diagrams.cards import Cards
from resolve.diagrams.colours import LIGHT
from resolve.diagrams.escape import clean
from resolve.diagrams.legend import heading, kept
from resolve.diagrams.scene import Scene
from resolve.diagrams.time_cards import handover_times, loop_in_words, spans_in_words
from resolve.kit.language import language as speak


def summary(scene: Scene) -> str:
    """Give in two sentences what the picture shows."""
    return " ".join(clean(line) for line in _summary(scene, Cards(scene, LIGHT)))


def in_words(scene: Scene) -> str:
    """Give the whole picture as lines of text, in chain order, the customer last."""
    words = Cards(scene, LIGHT)
    lines = list(_summary(scene, words))
    for number, name in enumerate(in_order(scene.chain), start=1):
        lines += ["", *_step(scene, words, number, scene.chain.steps[name])]
    lines += ["", words.say("customer")]
    for touchpoint in scene.chain.touchpoints.values():
        lines += _touchpoint(scene, words, touchpoint)
    return "\n".join(_kept(line) for line in lines) + "\n"


def _kept(line: str) -> str:
    """Clean a line, but leave its indent."""
    return line[: len(line) - len(line.lstrip(" "))] + clean(line)


def _summary(scene: Scene, words: Cards) -> Iterator[str]:
    yield words.say(
        "outline_intro",
        title=scene.chain.title.in_(scene.language),
        steps=words.say("steps", n=len(scene.chain.steps)),
        departments=words.say("departments", n=len(scene.chain.departments)),
    )
    about = heading(scene, words)
    if about:
        yield about + "."
    if scene.times is not None and kept(scene, words):
        yield kept(scene, words) + "."


def _step(scene: Scene, words: Cards, number: int, step: Step) -> Iterator[str]:
    department = scene.chain.departments[step.department]
    title = step.title.in_(scene.language)
    yield f"{number}. {title} – {words.department(department)}"
    yield "   " + "; ".join(_facts(scene, words, step))
    if step.gives:
        yield f"   {words.say('gives')}: {step.gives.in_(scene.language)}"
    if scene.case is None and scene.owns(step.id):
        yield "   " + words.say("way", way=_way(scene, words, step))
    for handover in scene.chain.handovers:
        if handover.source == step.id:
            yield "   " + _handover(scene, words, handover)
    for touchpoint in scene.chain.touchpoints.values():
        if touchpoint.step == step.id:
            here = touchpoint.title.in_(scene.language)
            yield "   " + words.say("meets", touchpoint=here)


def _facts(scene: Scene, words: Cards, step: Step) -> Iterator[str]:
    if scene.times is not None:
        yield from _times(scene, words, step)
    elif step.time is not None:
        span = speak(scene.language).duration(step.time)
        yield words.say("allotted", span=span)
    distance = scene.distances.get(step.id)
    far = "far_receiver" if scene.is_internal else "far_from"
    yield words.say(far, n="–" if distance is None else distance)
    mark = scene.step_mark(step.id)
    if mark is not None:
        yield words.say(mark)
    if scene.case is not None and step.id in scene.lit:
        yield words.say("takes_part" if scene.case.is_case else "keeps")
    elif scene.owns(step.id):
        yield words.say("own")
    state = scene.task(step.id)
    if state is not None:
        yield words.say(state)


def _times(scene: Scene, words: Cards, step: Step) -> Iterator[str]:
    times = scene.times
    if times is None:
        return
    yield from loop_in_words(scene, step.id)
    looks = times.steps.get(step.id, ())
    for name in ("allotted", "usual"):
        span = spans_in_words(scene, looks, name)
        if span:
            yield words.say(f"{name}_time", span=span)
    if times.is_mostly_on_way(step.id):
        yield words.say("on_way", n=round(times.on_way[step.id] * 100))


def _star(scene: Scene) -> str:
    if scene.case is None:
        return "reached"
    return "concern_key" if scene.case.is_case else "promise_key"


def _way(scene: Scene, words: Cards, step: Step) -> str:
    titles = [
        scene.chain.steps[passed].title.in_(scene.language)
        for passed in scene.way(step.id)
    ]
    return " → ".join([*titles, words.say("customer")])


def _handover(scene: Scene, words: Cards, handover: Handover) -> str:
    target = scene.chain.steps[handover.target].title.in_(scene.language)
    facts = [what.in_(scene.language) for what in handover.what]
    if scene.times is not None:
        facts += handover_times(scene, handover)
    elif handover.within is not None:
        span = speak(scene.language).duration(handover.within)
        facts.append(words.say("within", span=span))
    mark = scene.handover_mark(handover)
    if mark is not None:
        facts.append(words.say(mark))
    star = "★ " if scene.concerns(handover) else ""
    line = star + words.say("hands_over", to=target)
    return f"{line}: {'; '.join(facts)}" if facts else line


def _touchpoint(scene: Scene, words: Cards, touchpoint: Touchpoint) -> Iterator[str]:
    step = scene.chain.steps[touchpoint.step].title.in_(scene.language)
    mark = scene.touchpoint_mark(touchpoint.id)
    became = f" {words.say(mark)}" if mark is not None else ""
    yield f"   {touchpoint.title.in_(scene.language)} ({step}){became}"
    if touchpoint.promises:
        yield f"      {words.say('promises')}:"
    for name in touchpoint.promises:
        promise = scene.chain.promises[name]
        text = promise.title.in_(scene.language)
        if promise.within is not None:
            text += " · " + speak(scene.language).duration(promise.within)
        star = ""
        if (touchpoint.id, name) in scene.starred:
            star = words.say(_star(scene))
        yield f"      - {text}" + (f" [{star}]" if star else "")
