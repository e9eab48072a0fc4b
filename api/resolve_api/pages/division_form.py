"""What people type when they divide a promised time: times, and what is supposed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from resolve.analytics.time_division import Look
from resolve.chain.dividing import Divided, findings
from resolve.chain.durations import BadDuration
from resolve.chain.rewriting import Part, Times
from resolve.chain.simulating import WhatIf
from resolve.chain.spans import NegativeSpan, span, span_text
from resolve.kit.language import Language
from resolve_api.pages.visits import Visit

SHRINKING = (25, 50, 75)


def name_of(part: Part) -> str:
    """Give the name of a part's field; ids hold no colon."""
    return ":".join(("t", *part))


@dataclass(frozen=True, slots=True)
class Form:
    """What stands in the fields: by part what is typed, and what is wrong with it.

    `times` are those that could be read; `began` is what stood there when the page was
    made, `theirs` what somebody else saved since and who typed wanted otherwise.
    """

    typed: Mapping[Part, str]
    times: Times
    wrong: Mapping[Part, str] = field(default_factory=dict)
    began: Mapping[Part, str] = field(default_factory=dict)
    theirs: Mapping[Part, str] = field(default_factory=dict)
    supposed: Mapping[str, str] = field(default_factory=dict)
    what_if: WhatIf = field(default_factory=WhatIf)


def of_times(found: Look, times: Times, it: Language) -> Form:
    """Fill the fields with these times, and with the map's where they say nothing."""
    typed = _texts(found.of, times, it)
    return Form(typed, dict(times), began=_texts(found.of, found.times, it))


def _texts(of: Divided, times: Times, it: Language) -> dict[Part, str]:
    known = {part: times.get(part, of.now[part]) for part in of.parts}
    return {
        part: "" if time is None else span_text(time, it.code)
        for part, time in known.items()
    }


def read(visit: Visit, found: Look) -> Form:
    """Read what was typed; a field that was left empty is as in the map."""
    of = found.of
    fields = [part for part in of.parts if not of.inside_loop(part)]
    typed = {part: visit.text(name_of(part)).strip() for part in fields}
    # What has no field is kept as it is.
    times = {part: time for part, time in found.times.items() if part not in typed}
    wrong: dict[Part, str] = {}
    for part, text in typed.items():
        try:
            if text:
                times[part] = span(text)
        except BadDuration as why:
            wrong[part] = _why_not(why, visit.language)
    for one in findings(of, times):
        if one.part in typed:
            wrong[one.part] = visit.language.say("This is too long.")
            times.pop(one.part, None)
    supposed = {name: visit.text(name) for name in _SUPPOSED}
    return Form(
        typed=typed,
        times=of.changes(times),
        wrong=wrong,
        began={part: visit.text(f"was:{name_of(part)}") for part in of.parts},
        supposed=supposed,
        what_if=_what_if(found, supposed),
    )


def _why_not(why: BadDuration, it: Language) -> str:
    if isinstance(why, NegativeSpan) or "negative" in str(why):
        return it.say("Less than nothing cannot be allotted.")
    if "longer" in str(why):
        return it.say("This is too long.")
    return it.say("Write for example 4 h, 1 d 4 h or 30 min.")


_SUPPOSED = ("shrink", "shrink_by", "no_wait", "beside")


def _what_if(found: Look, supposed: Mapping[str, str]) -> WhatIf:
    """Read what is chosen of what is offered; anything else supposes nothing."""
    parts = {name_of(part): part for part in found.of.parts}
    waits = frozenset(found.past.sample.handovers)
    step = parts.get(supposed["shrink"], ())
    shrinking = {str(one): one / 100 for one in SHRINKING}
    by = shrinking.get(supposed["shrink_by"], shrinking["50"])
    wait = _pair(parts.get(supposed["no_wait"], ()))
    beside = _pair(parts.get(supposed["beside"], ()))
    return WhatIf(
        shrink={step[0]: by} if len(step) == 1 else {},
        no_wait=waits.intersection([wait] if wait else []),
        side_by_side=(beside,) if beside in waits and beside is not None else (),
    )


def _pair(part: Part) -> tuple[str, str] | None:
    return (part[0], part[1]) if len(part) > 1 else None


def merged(mine: Form, found: Look, it: Language) -> Form:
    """Put what somebody else saved beside what was typed; nothing is lost.

    Where only they changed something, it is taken over; where both did, what was typed
    stays in the field, and theirs is shown beside it.
    """
    saved = _texts(found.of, found.times, it)
    typed: dict[Part, str] = {}
    theirs: dict[Part, str] = {}
    for part, now in saved.items():
        own, began = mine.typed.get(part, ""), mine.began.get(part, "")
        typed[part] = now if own == began else own
        if own not in (began, now) and now != began:
            theirs[part] = now or it.say("no time")
    times = dict(_readable(typed))
    return Form(
        typed=typed,
        times=found.of.changes(times),
        wrong={part: why for part, why in mine.wrong.items() if part in typed},
        began=saved,
        theirs=theirs,
        supposed=mine.supposed,
        what_if=mine.what_if,
    )


def _readable(typed: Mapping[Part, str]) -> Mapping[Part, timedelta]:
    found: dict[Part, timedelta] = {}
    for part, text in typed.items():
        try:
            if text:
                found[part] = span(text)
        except BadDuration:
            continue
    return found
