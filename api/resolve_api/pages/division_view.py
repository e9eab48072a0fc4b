"""The division of a promised time in words and as a picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlmodel import Session

from resolve.access.people import names_of
from resolve.analytics.time_division import Look, known, look
from resolve.cases.models import Case
from resolve.chain.allotment import loops_of
from resolve.chain.dividing import Became, Difference
from resolve.chain.rewriting import Part, Times
from resolve.chain.simulating import Effect, WhatIf
from resolve.chain.spans import span_text
from resolve.chain.timing import FEWEST, Share
from resolve.departments.models import DepartmentRecord
from resolve.departments.queries import by_id
from resolve.kit.clock import now
from resolve.kit.language import Language, as_read
from resolve.reviews.division_errors import NothingToDivide
from resolve.reviews.models import DivisionStatus
from resolve_api.dividing import tried
from resolve_api.pages.case_words import called, title_of
from resolve_api.pages.division_form import SHRINKING, Form, name_of
from resolve_api.pages.loop_waits import inside_loops
from resolve_api.pages.visits import Visit

Facts = dict[str, Any]
_WIDTH = 1000
_CLEARLY = 0.005
_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class View:
    """Puts a division into words of the reader's language."""

    visit: Visit
    found: Look
    register: Mapping[str, DepartmentRecord]
    names: Mapping[str, str]

    @property
    def it(self) -> Language:
        return self.visit.language

    # ------------------------------------------------------------------- the parts

    def rows(self, form: Form) -> list[Facts]:
        """Give the parts in the order of the chain, with what stands in the fields."""
        return [
            self._row(number, part, form) for number, part in enumerate(self._parts)
        ]

    @property
    def _parts(self) -> tuple[Part, ...]:
        """Give the parts that count: not the hand-overs inside of a loop.

        The steps of a loop stand one below the other, what leads into it before them.
        """
        of, place = self.found.of, loops_of(self.found.of.chain).place
        shown = [part for part in of.parts if not of.inside_loop(part)]
        by_place: dict[int, list[Part]] = {}
        for part in shown:
            by_place.setdefault(place[part[-1]], []).append(part)
        return tuple(
            part
            for here in by_place.values()
            for part in sorted(here, key=lambda part: len(part) == 1)
        )

    def _loop(self, part: Part) -> tuple[Part, ...]:
        """Give the steps whose times are added up with those of this one, in order."""
        place = loops_of(self.found.of.chain).place
        if len(part) > 1:
            return (part,)
        here = place[part[0]]
        steps = (one for one in self._parts if len(one) == 1)
        return tuple(one for one in steps if place[one[0]] == here)

    def _row(self, number: int, part: Part, form: Form) -> Facts:
        of, loop = self.found.of, self._loop(part)
        known = (self.found.past.actual.get(one) for one in loop)
        actual = next((one for one in known if one), None)
        together = actual is not None and len(loop) > 1
        step = of.chain.steps[part[-1]]
        return {
            "number": number,
            "name": name_of(part),
            "is_wait": len(part) > 1,
            "title": self.title(part),
            "department": title_of(step.department, self.register, self.it),
            "now": self.exact(of.now[part]),
            "middle": self.short(actual.middle) if actual else "",
            "nine": self.short(actual.nine_of_ten) if actual else "",
            "orders": actual.orders if actual else 0,
            "together": together,
            "rows": len(loop) if together else 1,
            "first": self.title(loop[0]) if together and part != loop[0] else "",
            "typed": form.typed.get(part, ""),
            "began": form.began.get(part, ""),
            "wrong": form.wrong.get(part, ""),
            "theirs": form.theirs.get(part, ""),
            "changed": part in form.times,
        }

    def inside_loops(self) -> str:
        """Say which waits are not divided; "": all that there are, are."""
        of, actual = self.found.of, self.found.past.actual
        at = {part[0]: place for place, part in enumerate(of.parts) if len(part) == 1}
        inside = sorted(
            (part for part in of.parts if of.inside_loop(part)),
            key=lambda part: [at[step] for step in part],
        )
        return inside_loops(
            self.it,
            (
                (
                    self.title(one),
                    self.short(took.middle),
                    self.short(took.nine_of_ten),
                )
                if (took := actual.get(one))
                else (self.title(one), "", "")
                for one in inside
            ),
        )

    def title(self, part: Part) -> str:
        """Name a step, or a wait by its two steps."""
        steps = self.found.of.chain.steps
        titles = (steps[one].title.in_(self.it.code) for one in part)
        return " → ".join(titles)

    def exact(self, time: timedelta | None) -> str:
        return "" if time is None else span_text(time, self.it.code)

    def short(self, time: timedelta | None) -> str:
        return "" if time is None else span_text(as_read(time), self.it.code)

    # ---------------------------------------------------------------------- the sum

    def sums(self, times: Times) -> Facts:
        """Give the sum against the promise, in words and as a bar 1,000 wide."""
        of = self.found.of
        total, promised = of.total(times), of.promised
        whole = max(total, promised, timedelta(seconds=1))
        above = total > promised
        rest = span_text(abs(promised - total), self.it.code)
        said = self.it.say("just so")
        if above:
            said = self.it.say("{time} more than promised", time=rest)
        elif total < promised:
            said = self.it.say("{time} left", time=rest)
        return {
            "total": span_text(total, self.it.code),
            "promised": span_text(promised, self.it.code),
            "promised_in_words": self.it.duration(promised),
            "said": said,
            "above": above,
            "width": round(min(total, promised) / whole * _WIDTH),
            "over": round(max(total - promised, timedelta()) / whole * _WIDTH),
            "mark": round(promised / whole * _WIDTH),
        }

    # ------------------------------------------------------------------- the effect

    def effect(self, times: Times, what_if: WhatIf) -> Facts:
        """Say what times would do, or that too few orders are known to say."""
        effect = tried(self.found, times, what_if)
        past = self.found.past
        if effect is None:
            within = span_text(self.found.of.promised, self.it.code)
            return {
                "known": False,
                "text": self.it.count(
                    "Too few orders to say what it would do: {n} order is known that "
                    "began at least {within} ago, {fewest} are needed. Time can be "
                    "divided and agreed all the same.",
                    "Too few orders to say what it would do: {n} orders are known that "
                    "began at least {within} ago, {fewest} are needed. Time can be "
                    "divided and agreed all the same.",
                    past.sample.orders,
                    within=within,
                    fewest=FEWEST,
                ),
            }
        changed = bool(times) or what_if != WhatIf()
        return {
            "known": True,
            "changed": changed,
            "text": self._in_time(effect, changed=changed),
            "more": list(self._more(effect, changed=changed)),
            "bars": [self._bar(self.it.say("now"), effect.before)]
            + ([self._bar(self.it.say("then"), effect.after)] if changed else []),
            "critical": list(self._critical(effect)) if changed else [],
            "orders": self.it.number(effect.orders),
            "sampled": past.known if past.is_sample else 0,
            "left_out": effect.orders < past.known
            and self.it.duration(self.found.of.promised),
            "as_of": past.as_of,
        }

    def _in_time(self, effect: Effect, *, changed: bool) -> str:
        now = self.of_hundred(effect.before.value, effect)
        if not changed:
            return self.it.say("Of 100 orders {now} keep the promise now.", now=now)
        facts = {
            "now": now,
            "then": self.of_hundred(effect.after.value, effect),
            "low": self.of_hundred(effect.after.low, effect),
            "high": self.of_hundred(effect.after.high, effect),
        }
        if effect.is_clear:
            return self.it.say(
                "Of 100 orders {now} keep the promise now; then about {then} would "
                "(between {low} and {high}).",
                **facts,
            )
        return self.it.say(
            "Of 100 orders {now} keep the promise now, and about as many would then: "
            "no clear difference.",
            **facts,
        )

    def _more(self, effect: Effect, *, changed: bool) -> Iterator[str]:
        yield self._kept(effect, changed=changed)
        rising = max(effect.critical, key=lambda one: one.after - one.before)
        if rising.after - rising.before >= _CLEARLY:
            yield self.it.say(
                "{step} then decides more often when the customer has it: in {then} of "
                "100 orders instead of {now}.",
                step=self.title((rising.step,)),
                now=self.of_hundred(rising.before, effect),
                then=self.of_hundred(rising.after, effect),
            )

    def _kept(self, effect: Effect, *, changed: bool) -> str:
        if max(effect.keeps) < _CLEARLY:
            return self.it.say("In almost no order does every step keep its part.")
        now, then = (self.it.number(round(one * _HUNDRED)) for one in effect.keeps)
        if not changed:
            return self.it.say(
                "In {now} of 100 orders every step keeps its part.", now=now
            )
        return self.it.say(
            "In {now} of 100 orders every step keeps its part now; then in {then}.",
            now=now,
            then=then,
        )

    def _critical(self, effect: Effect) -> Iterator[Facts]:
        if not any(abs(one.after - one.before) >= _CLEARLY for one in effect.critical):
            return
        for one in effect.critical:
            yield {
                "step": self.title((one.step,)),
                "before": self.of_hundred(one.before, effect),
                "after": self.of_hundred(one.after, effect),
            }

    def of_hundred(self, share: float, effect: Effect) -> str:
        """Write a share as so many of 100, finer where whole ones would hide it."""
        fine = effect.is_clear and abs(effect.difference) < 1 / _HUNDRED
        return self.it.number(round(share * _HUNDRED, 1 if fine else None))

    def _bar(self, label: str, share: Share) -> Facts:
        low, high = (round(one * _WIDTH) for one in (share.low, share.high))
        return {
            "label": label,
            "width": round(share.value * _WIDTH),
            "low": low,
            "span": max(high - low, 2),
            "value": self.it.number(round(share.value * _HUNDRED)),
        }

    # --------------------------------------------------------------- what else is said

    def choices(self) -> Facts:
        """Give what may be supposed: steps, waits, neighbours, shares."""
        nothing = [("", self.it.say("as it is"))]
        steps = [one for one in self._parts if len(one) == 1]
        known = set(self.found.past.sample.handovers)
        waits = [one for one in self._parts if len(one) > 1 and one in known]
        return {
            "steps": nothing + [(name_of(one), self.title(one)) for one in steps],
            "waits": nothing + [(name_of(one), self.title(one)) for one in waits],
            "shares": [
                (str(one), self.it.say("by {share} %", share=one)) for one in SHRINKING
            ],
        }

    def differences(self, changes: tuple[Difference, ...]) -> list[str]:
        return [self._difference(one) for one in changes]

    def _difference(self, one: Difference) -> str:
        named = " → ".join(self._known(step) for step in one.part)
        before, after = self.exact(one.before), self.exact(one.after)
        if one.became is Became.CHANGED:
            none = self.it.say("no time")
            return self.it.say(
                "{part}: {before} became {after}.",
                part=named,
                before=before or none,
                after=after or none,
            )
        return {
            Became.GONE: self.it.say("{part} is not there any more.", part=named),
            Became.NOT_ON_WALK: self.it.say(
                "{part} does not lie on the way to this promise any more.", part=named
            ),
            Became.NO_PROMISE: self.it.say(
                "The promise has no time there any more, or is not made."
            ),
            Became.ABOVE_PROMISE: self.it.say(
                "With what else was changed it takes {time}, more than promised.",
                time=after,
            ),
        }[one.became]

    def _known(self, step: str) -> str:
        found = self.found.of.chain.steps.get(step)
        return found.title.in_(self.it.code) if found else step

    def saved(self) -> Facts:
        """Say who saved it last, and when."""
        division = self.found.division
        if division is None:
            return {}
        who = called(division.saved_by, self.names, self.register, self.it)
        return {"who": who, "at": division.saved_at}


def view_of(session: Session, visit: Visit, found: Look) -> View:
    """Know the names that are needed."""
    chain = found.of.chain
    saved_by = [found.division.saved_by] if found.division else []
    return View(
        visit, found, by_id(session, chain.departments), names_of(session, saved_by)
    )


def summary(session: Session, visit: Visit, case: Case) -> Facts | None:
    """Give the facts of `division/summary.html`; None: there is no time to divide."""
    try:
        found = known(visit.database, look(session, case), at=now())
    except NothingToDivide:
        return None
    view = view_of(session, visit, found)
    of, times = found.of, found.times
    division = found.division
    return {
        "case": case.id,
        "id": division.id if division else None,
        "agreed": division is not None and division.status == DivisionStatus.AGREED,
        "version": division.agreed_version if division else None,
        "map": of.chain.id,
        "ballot": found.ballot,
        "changed": [
            {
                "title": view.title(part),
                "before": view.exact(of.now[part]) or visit.language.say("no time"),
                "after": view.exact(time),
            }
            for part, time in of.changes(times).items()
        ],
        "sums": view.sums(times),
        "effect": view.effect(times, WhatIf()),
        "differences": view.differences(found.changes),
        "saved": view.saved(),
    }
