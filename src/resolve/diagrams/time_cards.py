"""Times on the cards of a picture: a frame for the allotted, a bar for the usual."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from resolve.chain.model import Handover
from resolve.diagrams.colours import Theme
from resolve.diagrams.escape import joined, label, wrapped
from resolve.diagrams.labels import say
from resolve.diagrams.scene import Scene
from resolve.diagrams.spans import about
from resolve.diagrams.times import Times, Took, promises_by_step

LONGEST_BAR = 150
"""Points; the longest time of the picture."""

_SMALL, _WIDE, _MOST_PROMISES = 11, 26, 3
_THINNEST = 3


def time_rows(scene: Scene, theme: Theme, step: str, ink: str) -> Iterator[str]:
    """Give the rows of a step: allotted and usual, each in words and as a bar."""
    times = scene.times
    if times is None:
        return
    yield from (_words(text, ink) for text in loop_in_words(scene, step))
    if step not in times.with_:
        looks = times.steps.get(step, ())
        yield from _figure(scene, theme, looks, "allotted", ink)
        yield from _figure(scene, theme, looks, "usual", ink)
    if times.is_mostly_on_way(step):
        share = round(times.on_way[step] * 100)
        yield _words(say(scene.language, "on_way", n=share), ink)
    yield from _promises(scene, step, ink)


def loop_in_words(scene: Scene, step: str) -> Iterator[str]:
    """Say with which steps of a loop a time is counted together."""
    times = scene.times
    if times is None:
        return
    titles = {
        name: one.title.in_(scene.language) for name, one in scene.chain.steps.items()
    }
    if step in times.with_:
        yield say(scene.language, "counted_with", step=titles[times.with_[step]])
    others = [titles[one] for one in times.together_with(step)]
    if others:
        yield say(scene.language, "counts", steps=", ".join(others))


def handover_times(scene: Scene, handover: Handover) -> list[str]:
    """Say what is agreed for a hand-over, and how long is usually waited there."""
    times = scene.times
    ends = handover.source, handover.target
    looks = times.waits.get(ends, ()) if times else ()
    agreed = spans_in_words(scene, looks, "allotted")
    if not looks and handover.within is not None:
        agreed = about(scene.language, handover.within)
    waited = spans_in_words(scene, looks, "usual")
    said = (("within", agreed), ("waits", waited))
    return [say(scene.language, word, span=span) for word, span in said if span]


def wait_width(times: Times, ends: tuple[str, str]) -> float:
    """Give how wide an arrow is: by the usual wait, on one scale for all."""
    longest = times.longest_wait
    wait = times.last_wait(ends) or timedelta()
    return 1 + 8 * (wait / longest if longest else 0.0)


def spans_in_words(scene: Scene, looks: tuple[Took, ...], name: str) -> str:
    """Give a time in words; of two looks both, if they differ; '' if none is known."""
    spans = [getattr(look, name) for look in looks]
    if all(span is None for span in spans):
        return ""
    said = ["–" if span is None else about(scene.language, span) for span in spans]
    return " → ".join(dict.fromkeys(said))


def _figure(
    scene: Scene, theme: Theme, looks: tuple[Took, ...], name: str, ink: str
) -> Iterator[str]:
    spans = spans_in_words(scene, looks, name)
    if not spans:
        if name == "usual" and looks:
            yield _words(say(scene.language, "too_few"), ink)
        return
    yield _words(say(scene.language, f"{name}_time", span=spans), ink)
    longest = scene.times.longest if scene.times else timedelta()
    same = len({getattr(look, name) for look in looks}) == 1
    for number, look in enumerate(looks[-1:] if same else looks):
        span = getattr(look, name)
        if span is not None and longest:
            width = max(_THINNEST, round(span / longest * LONGEST_BAR))
            yield _bar(theme, name, width, before=not same and number == 0)


def _bar(theme: Theme, name: str, width: int, *, before: bool = False) -> str:
    """Give a row with a frame for an allotted time, a filled bar for a usual one."""
    look = f'STYLE="{"dotted" if before else "dashed"}" COLOR="{theme.text}"'
    if name == "usual":
        fill = theme.bar_before if before else theme.bar
        look = f'BGCOLOR="{fill}" COLOR="{theme.bar}"'
    # A table in a table is stretched unless its size is fixed.
    return (
        '<TR><TD COLSPAN="2" ALIGN="LEFT"><TABLE ALIGN="LEFT" BORDER="0" '
        f'CELLBORDER="0" CELLSPACING="0" CELLPADDING="0" FIXEDSIZE="TRUE" '
        f'WIDTH="{width + 1}" HEIGHT="9"><TR><TD BORDER="1" FIXEDSIZE="TRUE" '
        f'WIDTH="{width}" HEIGHT="8" {look}></TD></TR></TABLE></TD></TR>'
    )


def _promises(scene: Scene, step: str, ink: str) -> Iterator[str]:
    kept = scene.chain.kept.get("promises_by_step")
    if kept is None:
        kept = scene.chain.kept["promises_by_step"] = promises_by_step(scene.chain)
    for promise in kept[step][:_MOST_PROMISES]:
        title = scene.chain.promises[promise].title.in_(scene.language)
        starred = scene.times is not None and promise == scene.times.concern.promise
        yield _words(f"{'★' if starred else '•'} {title}", ink)


def _words(text: str, ink: str) -> str:
    lines = joined(wrapped(text, _WIDE)) or label(text)
    return (
        '<TR><TD COLSPAN="2" ALIGN="LEFT" BALIGN="LEFT">'
        f'<FONT COLOR="{ink}" POINT-SIZE="{_SMALL}">{lines}</FONT></TD></TR>'
    )
