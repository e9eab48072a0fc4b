"""HTML-like labels of the things in a picture: steps, hand-overs, touchpoints."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from resolve.chain.comparison import Mark
from resolve.chain.model import Department, Handover, Kind, Step, Touchpoint
from resolve.diagrams.colours import Theme
from resolve.diagrams.escape import joined, label, wrapped
from resolve.diagrams.labels import say
from resolve.diagrams.scene import Scene
from resolve.diagrams.spans import in_words
from resolve.diagrams.time_cards import handover_times, time_rows

NARROW, MIDDLE, WIDE = 13, 22, 32
"""Characters on a line of a step, of a touchpoint, of what the customer has from it."""
SMALL, NORMAL, LARGE = 11, 12, 15
"""Sizes in points."""
_GAP = '<FONT POINT-SIZE="4"> <BR/></FONT>'
"""Keeps the last line of a hand-over's label off its arrow."""


@dataclass(frozen=True, slots=True)
class Cards:
    """Makes the labels of one picture; `lanes`: departments are framed and named."""

    scene: Scene
    theme: Theme
    lanes: bool = True

    def say(self, word: str, **facts: object) -> str:
        return say(self.scene.language, word, **facts)

    def department(self, department: Department) -> str:
        """Whose it is, with the word partner where it is one."""
        name = department.title.in_(self.scene.language)
        if department.kind is Kind.PARTNER:
            return f"{name} ({self.say('partner')})"
        return name

    def fill(self, step: str) -> str:
        """Give the shade of a step: by its distance, if it does not step back."""
        removed = self.scene.step_mark(step) is Mark.REMOVED
        if removed or self.scene.times or not self.scene.shows(step):
            return self.theme.paper
        return self.theme.shade(self.scene.distances.get(step))

    def step(self, step: Step) -> str:
        """What is done, how far from the customer, how long, and what it gives."""
        ink = self._ink(step.id)
        distance = self.scene.distances.get(step.id)
        title = wrapped(step.title.in_(self.scene.language), NARROW)
        mark = self.scene.step_mark(step.id)
        rows = [_row(_font(_bold(title), ink, LARGE), _number(distance, ink))]
        if not self.lanes:
            department = self.department(self.scene.chain.departments[step.department])
            text = joined(wrapped(department, MIDDLE))
            rows.insert(0, _row(_font(text, ink, SMALL)))
        if self.scene.times is not None:
            rows += time_rows(self.scene, self.theme, step.id, ink)
        elif step.time is not None:
            time = joined([label(self._span(step.time))])
            rows.append(_row(_font(time, ink, SMALL)))
        rows += self._gives(step) + self._task(step) + self._mark(mark)
        return _table(rows)

    def _ink(self, step: str) -> str:
        fill = self.fill(step)
        if fill != self.theme.paper:
            return self.theme.text_on(fill)
        timed = self.scene.times is not None and self.scene.shows(step)
        return self.theme.text if timed else self.theme.quiet

    def _mark(self, mark: Mark | None) -> list[str]:
        """What became of a thing, where chains are compared."""
        if mark is None:
            return []
        text = _bold([label(self.say(mark))])
        return [self._panel(_font(text, self.theme.text, NORMAL))]

    def _gives(self, step: Step) -> list[str]:
        """What the customer has from it, on a step of the department in focus."""
        if not self.scene.owns(step.id) or not step.gives:
            return []
        head = _font(_bold(wrapped(self.say("gives"), WIDE)), self.theme.text, SMALL)
        text = joined(wrapped(step.gives.in_(self.scene.language), WIDE))
        return [self._panel(head + _font(text, self.theme.text, NORMAL))]

    def _task(self, step: Step) -> list[str]:
        state = self.scene.task(step.id)
        if state is None:
            return []
        text = _bold([label(self.say(state))])
        return [self._panel(_font(text, self.theme.text, NORMAL))]

    def _panel(self, content: str) -> str:
        return (
            '<TR><TD COLSPAN="2" ALIGN="LEFT" BALIGN="LEFT" CELLPADDING="5" '
            f'STYLE="rounded" BGCOLOR="{self.theme.pale}">{content}</TD></TR>'
        )

    def touchpoint(self, touchpoint: Touchpoint) -> str:
        """Where the customer meets the chain, and what is promised there."""
        theme = self.theme
        title = wrapped(touchpoint.title.in_(self.scene.language), MIDDLE)
        rows = [_row(_font(_bold(title), theme.text, LARGE))]
        if touchpoint.promises:
            head = joined([label(self.say("promises"))])
            rows.append(_row(_font(head, theme.text, SMALL)))
        rows += [self._promise(touchpoint.id, name) for name in touchpoint.promises]
        rows += self._mark(self.scene.touchpoint_mark(touchpoint.id))
        return _table(rows)

    def _promise(self, touchpoint: str, name: str) -> str:
        promise = self.scene.chain.promises[name]
        starred = (touchpoint, name) in self.scene.starred
        text = f"{'★' if starred else '•'} {promise.title.in_(self.scene.language)}"
        lines = wrapped(text, WIDE)
        if promise.within is not None:
            lines = self._timed(text, promise.within)
        quiet = self.scene.dims and not starred
        ink = self.theme.quiet if quiet else self.theme.text
        return _row(_font(_bold(lines) if starred else joined(lines), ink, NORMAL))

    def _timed(self, text: str, within: timedelta) -> tuple[str, ...]:
        """Put the time behind a dot on the last line, or on a line of its own."""
        lines = wrapped(text, WIDE)
        beside = wrapped(f"{text} ·\N{NO-BREAK SPACE}{self._span(within)}", WIDE)
        if len(beside) == len(lines):
            return beside
        time = self.say("within", span=self._span(within))
        return (*lines, *wrapped(time, WIDE))

    def handover(self, handover: Handover) -> str:
        """What is handed over, and within which time."""
        star = "★ " if self.scene.concerns(handover) else ""
        sign = star or ("· " if len(handover.what) > 1 else "")
        texts = [sign + what.in_(self.scene.language) for what in handover.what]
        lines = [line for text in texts for line in wrapped(text, NARROW)]
        if self.scene.times is not None:
            for time in handover_times(self.scene, handover):
                lines += wrapped(time, MIDDLE)
        elif handover.within is not None:
            time = self.say("within", span=self._span(handover.within))
            lines += wrapped(time, MIDDLE)
        mark = self.scene.handover_mark(handover)
        if mark is not None:
            lines.append(label(self.say(mark)))
        if not lines:
            return f"<{star}>" if star else ""
        shown = not self.scene.dims or self.scene.emphasises(handover)
        ink = self.theme.text if shown else self.theme.quiet
        return f"<{_font(joined(lines, 'CENTER'), ink, SMALL)}{_GAP}>"

    def _span(self, span: timedelta) -> str:
        return in_words(self.scene.language, span)


def _table(rows: list[str]) -> str:
    return (
        '<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="1">'
        f"{''.join(rows)}</TABLE>>"
    )


def _row(content: str, beside: str = "") -> str:
    span = "" if beside else ' COLSPAN="2"'
    return f'<TR><TD{span} ALIGN="LEFT" BALIGN="LEFT">{content}</TD>{beside}</TR>'


def _number(distance: int | None, ink: str) -> str:
    if distance is None:
        return ""
    number = _font(f"<B>{distance}</B>", ink, NORMAL)
    return f'<TD ALIGN="RIGHT" VALIGN="TOP" WIDTH="18">{number}</TD>'


def _font(content: str, colour: str, size: int) -> str:
    return f'<FONT COLOR="{colour}" POINT-SIZE="{size}">{content}</FONT>'


def _bold(lines: list[str] | tuple[str, ...]) -> str:
    return f"<B>{joined(lines)}</B>"
