"""Title and legend of a picture: every shade and mark in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from resolve.chain.model import Kind, PromiseConcern
from resolve.diagrams.cards import LARGE, NORMAL, Cards
from resolve.diagrams.colours import LIGHT, Theme
from resolve.diagrams.escape import label
from resolve.diagrams.scene import Scene, TaskState
from resolve.diagrams.spans import about as about_time
from resolve.diagrams.times import Times


@dataclass(frozen=True, slots=True)
class Key:
    """What a mark means; `mark` is its name, for a page that draws it beside."""

    mark: str
    text: str


@dataclass(frozen=True, slots=True)
class Legend:
    """Every shade and mark of a picture in words, for a page to show beside it.

    `shades` leads from the farthest to the nearest, each with what stands on it; none
    where the picture has no shades. `is_internal`: they lead to an internal customer.
    """

    distance: str
    shades: tuple[tuple[int, str], ...]
    keys: tuple[Key, ...]
    is_internal: bool = False


def legend_of(scene: Scene) -> Legend:
    """Give the legend of a picture."""
    say = Cards(scene, LIGHT, lanes=not scene.is_large)
    shades = () if scene.times is not None else tuple(_scale(scene, LIGHT))
    return Legend(_distance(scene, say), shades, keys(scene, say), scene.is_internal)


def heading(scene: Scene, say: Cards) -> str:
    """Give in one line what the picture is about."""
    if scene.compared is not None:
        before, after = scene.compared.before, scene.compared.after
        return say.say("compared", before=before, after=after)
    if scene.case is not None:
        about = "case" if scene.case.is_case else "promise"
        return say.say(about, concern=concern_in_words(scene, say))
    if scene.department is not None:
        department = say.department(scene.chain.departments[scene.department])
        return say.say("focus", department=department)
    return ""


def concern_in_words(scene: Scene, say: Cards) -> str:
    """Give the concern of the case in the reader's language."""
    if scene.case is None:
        return ""
    concern, chain, code = scene.case.concern, scene.chain, scene.language
    if isinstance(concern, PromiseConcern):
        touchpoint = chain.touchpoints[concern.touchpoint].title.in_(code)
        return f"{touchpoint} – {chain.promises[concern.promise].title.in_(code)}"
    return say.say(
        "handover_concern",
        source=chain.steps[concern.source].title.in_(code),
        target=chain.steps[concern.target].title.in_(code),
    )


def keys(scene: Scene, say: Cards) -> tuple[Key, ...]:
    """Give the meaning of each mark that this picture uses."""
    words = ["frame_key"] if say.lanes else []
    if scene.times is not None:
        frames = (Key(word, say.say(word)) for word in words)
        return (*frames, *_of_times(scene.times, say))
    kinds = {department.kind for department in scene.chain.departments.values()}
    if Kind.PARTNER in kinds:
        words.append("partner_key")
    if scene.case is not None:
        is_case = scene.case.is_case
        words += ["taking_part" if is_case else "keeping"]
        words += ["concern_key" if is_case else "promise_key"]
        used = {scene.task(step) for step in scene.lit}
        words += [f"{state}_key" for state in TaskState if state in used]
    elif scene.department is not None:
        words.append("path_key")
        if scene.starred:
            words.append("reached")
    words += [f"{mark}_key" for mark in scene.used_marks()]
    return tuple(Key(word, say.say(word)) for word in words)


def _of_times(times: Times, say: Cards) -> Iterator[Key]:
    for word in ("allotted_key", "usual_key", "promise_key"):
        yield Key(word, say.say(word))
    if times.longest_wait:
        widest = about_time(say.scene.language, times.longest_wait)
        yield Key("wait_key", say.say("wait_key", span=widest))
    if times.on_way or times.waits_on_way:
        yield Key("on_way_key", say.say("on_way_key"))
    if times.looks:
        before, after = times.looks
        yield Key("looks_key", say.say("looks_key", before=before, after=after))


def kept(scene: Scene, say: Cards) -> str:
    """Say how often the promise was kept, before and after if there are two looks."""
    said = scene.times.kept if scene.times else ()
    if len(said) > 1:
        return say.say("times_before_after", before=said[0], after=said[-1])
    return "".join(said)


def title_block(scene: Scene, cards: Cards) -> str:
    """Give the label of the whole picture: title, focus or case, legend."""
    theme, title = cards.theme, scene.chain.title.in_(scene.language)
    rows = [_row(f'<FONT POINT-SIZE="22"><B>{label(title)} </B></FONT>')]
    about = heading(scene, cards)
    if about:
        rows.append(_row(f'<FONT POINT-SIZE="16">{label(about)} </FONT>'))
    if scene.times is not None:
        rows += _kept(scene, cards)
    else:
        rows.append(_row(label(_distance(scene, cards))))
        rows.append(_row(_shades(scene, cards)))
    words = tuple(key.text for key in keys(scene, cards))
    if words:
        rows.append(_row(_marks(words)))
    return (
        f'<<FONT COLOR="{theme.text}" POINT-SIZE="{LARGE}"><TABLE BORDER="0" '
        f'CELLBORDER="0" CELLSPACING="0" CELLPADDING="3">{"".join(rows)}'
        "</TABLE></FONT>>"
    )


def _kept(scene: Scene, cards: Cards) -> Iterator[str]:
    """Say how often the promise is kept."""
    said = kept(scene, cards)
    if said:
        yield _row(f'<FONT POINT-SIZE="16">{label(said)} </FONT>')


def _marks(words: tuple[str, ...]) -> str:
    """Set the marks in two columns, so that the block stays low."""
    cells = [
        f'<TD ALIGN="LEFT" CELLPADDING="3">{label(word)}   </TD>' for word in words
    ]
    rows = ["".join(cells[at : at + 2]) for at in range(0, len(cells), 2)]
    return (
        '<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0">'
        f"{''.join(f'<TR>{row}</TR>' for row in rows)}</TABLE>"
    )


def _shades(scene: Scene, cards: Cards) -> str:
    """Give the scale of distances, from far to near, as the picture reads.

    A table in a table is stretched unless its size is fixed.
    """
    theme = cards.theme
    chips = [_chip(theme, theme.shade(n), text) for n, text in _scale(scene, theme)]
    if not scene.is_internal:
        chips.append(_chip(theme, theme.gold, "☺"))
    return (
        '<TABLE ALIGN="LEFT" BORDER="0" CELLBORDER="0" CELLSPACING="1" CELLPADDING="0"'
        f' FIXEDSIZE="TRUE" WIDTH="{len(chips) * 33 + 2}" HEIGHT="26">'
        f"<TR>{''.join(chips)}</TR></TABLE>"
    )


def _distance(scene: Scene, say: Cards) -> str:
    return say.say("distance_receiver" if scene.is_internal else "distance")


def _scale(scene: Scene, theme: Theme) -> Iterator[tuple[int, str]]:
    """Give each distance that has a shade of its own, and what stands on it."""
    farthest = max(scene.distances.values(), default=1)
    last = min(farthest, len(theme.shades))
    for n in range(last, 0, -1):
        yield n, f"{n}+" if n == last < farthest else f"{n}"


def _chip(theme: Theme, fill: str, text: str) -> str:
    ink = theme.text_on(fill)
    return (
        f'<TD BGCOLOR="{fill}" BORDER="1" COLOR="{theme.line}" WIDTH="32" HEIGHT="24" '
        f'FIXEDSIZE="TRUE"><FONT COLOR="{ink}" POINT-SIZE="{NORMAL}"><B>{text}</B>'
        "</FONT></TD>"
    )


def _row(content: str) -> str:
    return f'<TR><TD ALIGN="LEFT">{content}</TD></TR>'


def heading_text(scene: Scene) -> str:
    """Give the title of the picture: the chain, and the focus or case."""
    about = heading(scene, Cards(scene, LIGHT))
    title = scene.chain.title.in_(scene.language)
    return f"{title}. {about}" if about else title
