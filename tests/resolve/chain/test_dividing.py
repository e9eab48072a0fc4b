"""Dividing a promised time: what may change, suggestions, effects, the map's text."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resolve.chain import timing
from resolve.chain.dividing import (
    Became,
    Divided,
    Finding,
    Wrong,
    differences,
    divided,
    findings,
    times_as_json,
    times_from_json,
)
from resolve.chain.durations import BadDuration
from resolve.chain.model import (
    HandoverConcern,
    PromiseConcern,
    ValueChain,
)
from resolve.chain.reader import load
from resolve.chain.rewriting import NotRewritten, Part, rewritten, with_times
from resolve.chain.sampled import Parts, Sample, sample
from resolve.chain.simulating import NotInARow, WhatIf, simulate
from resolve.chain.spans import NegativeSpan, span, span_text
from resolve.chain.suggesting import By, parts_of, suggestion
from resolve.chain.timing import Numbers, Way
from resolve.chain.way_of import handovers_of, way_of

ORDER = (Path(__file__).parent / "order.yaml").read_text(encoding="utf-8")
ON_TIME = PromiseConcern("door", "on-time")
T, P = "t", "p"
HOUR = timedelta(hours=1)


def line(steps: int, within: str = "P5D") -> str:
    """Write a map of so many steps in a row."""
    return branching(pairwise(range(steps)), steps, within)


def branching(edges: object, steps: int, within: str = "P5D") -> str:
    """Write a map with these hand-overs; the last step is the customer's."""
    rows = "".join(f"  s{n}: {{department: a, gives: x}}\n" for n in range(steps))
    ways = "".join(f"  - {{from: s{a}, to: s{b}}}\n" for a, b in edges)  # type: ignore[attr-defined]
    return (
        f"resolve: 1\nid: m\ndepartments: {{a: {{}}}}\n"
        f"promises: {{{P}: {{within: {within}}}}}\nsteps:\n{rows}"
        + (f"handovers:\n{ways}" if ways else "")
        + f"touchpoints: {{{T}: {{step: s{steps - 1}, promises: [{P}]}}}}\n"
    )


def the(text: str, concern: PromiseConcern | None = None) -> Divided:
    """Give what a map's promise is divided among."""
    found = divided(load(text), concern or PromiseConcern(T, P))
    assert found is not None
    return found


def taken(of: Divided, work: Numbers, wait: Numbers | None = None) -> Sample:
    """Give orders that took these times, all of them done long ago."""
    way = way_of(of.chain, of.concern)
    handovers = handovers_of(of.chain, way)
    waits = np.zeros((len(work), len(handovers))) if wait is None else wait
    return sample(
        way,
        handovers,
        began=np.zeros(len(work)),
        work=work,
        wait=waits,
        totals=timing.finish(way, work, waits)[:, -1],
        within=of.promised.total_seconds(),
        as_of=1e12,
    )


def exponential(orders: int, steps: int, mean: float = 1.0) -> Numbers:
    """Give times of orders: exponential, by their quantiles, shuffled by step."""
    shares = (np.arange(orders) + 0.5) / orders
    rng = np.random.default_rng(7)
    times = -mean * np.log1p(-shares)
    return np.stack([rng.permutation(times) for _ in range(steps)], axis=1)


# ------------------------------------------------------------------- what may change


def test_the_parts_are_the_steps_and_hand_overs_of_the_walk_in_chain_order() -> None:
    of = the(ORDER, ON_TIME)

    assert of.parts[:5] == (
        ("take-order",), ("take-order", "pick"), ("pick",), ("pick", "pack"),
        ("check", "pack"),
    )  # fmt: skip
    assert ("bill",) not in of.parts
    assert of.promised == timedelta(days=5)


def test_the_sum_is_the_allotted_time_of_the_map() -> None:
    of = the(ORDER, ON_TIME)

    assert of.total() == timedelta(hours=59)
    assert of.total({("pick",): 10 * HOUR}) == timedelta(hours=61)
    # Inside the loop of packing and checking hand-overs count nothing.
    assert of.inside_loop(("check", "pack"))
    assert of.total({("check", "pack"): 10 * HOUR}) == of.total()


def test_what_cannot_be_divided_so_is_said_by_part() -> None:
    of = the(ORDER, ON_TIME)

    assert findings(of, {("pick",): -HOUR}) == (Finding(Wrong.NEGATIVE, ("pick",)),)
    assert findings(of, {("bill",): HOUR}) == (
        Finding(Wrong.STEP_NOT_ON_WALK, ("bill",)),
    )
    assert findings(of, {("pick", "load"): HOUR}) == (
        Finding(Wrong.HANDOVER_NOT_ON_WALK, ("pick", "load")),
    )
    assert findings(of, {("pick",): timedelta(days=20_000)}) == (
        Finding(Wrong.TOO_LONG, ("pick",)),
    )
    assert findings(of, {("pick",): timedelta(days=4)}) == (
        Finding(Wrong.ABOVE_PROMISE),
    )
    assert findings(of, {("pick",): HOUR}) == ()


def test_without_a_promised_time_there_is_nothing_to_divide() -> None:
    chain = load(ORDER)

    assert divided(chain, PromiseConcern("door", "intact")) is None
    assert divided(chain, HandoverConcern("pick", "pack", late=True)) is None


def test_only_what_differs_from_the_map_is_a_change() -> None:
    of = the(ORDER, ON_TIME)

    changed = of.changes({("pick",): 8 * HOUR, ("load",): 3 * HOUR})

    assert changed == {("load",): 3 * HOUR}
    assert times_from_json(times_as_json(changed)) == changed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PT4H", 4 * HOUR),
        ("p1dt4h", 28 * HOUR),
        ("4 h", 4 * HOUR),
        ("4h", 4 * HOUR),
        ("2 d", 48 * HOUR),
        ("1 d 4 h", 28 * HOUR),
        ("1 day, 4 hours", 28 * HOUR),
        ("1,5 ч", 1.5 * HOUR),
        ("2 дня 3 часа", 51 * HOUR),
        ("1 д 4 ч 30 мин.", 28.5 * HOUR),
        ("2 доби 5 год", 53 * HOUR),
        ("1 тиж", 168 * HOUR),
        ("30 хв", HOUR / 2),
        ("0", timedelta()),
    ],
)
def test_people_type_times_as_they_say_them(text: str, expected: timedelta) -> None:
    assert span(text) == expected


@pytest.mark.parametrize("text", ["4", "h", "4 x", "1 h 2 h", "", "1 d and 4 h", "P1M"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(BadDuration):
        span(text)


@pytest.mark.parametrize("text", ["-4 h", "\N{MINUS SIGN}1 d", "-PT1H"])
def test_a_negative_time_is_told_apart(text: str) -> None:
    with pytest.raises(NegativeSpan):
        span(text)


@given(st.integers(0, 10_000 * 86_400), st.sampled_from(["en", "ru", "uk"]))
def test_what_a_field_shows_is_read_back(seconds: int, language: str) -> None:
    length = timedelta(seconds=seconds)

    assert span(span_text(length, language)) == length


# --------------------------------------------------------------------- suggestions


def test_three_exponential_steps_get_equal_budgets() -> None:
    """Published: percentile 95 of the sum is 6.2958, the parts 2.0986 at .8774."""
    second = 100_000  # so that rounding to what people say is fine enough
    of = the(line(3, f"PT{round(6.2958 * second)}S"))
    orders = taken(of, exponential(20_000, 3, second))

    parts = suggestion(of, orders, By.DIFFICULTY)
    same = suggestion(of, orders, By.VARIANCE)

    assert parts is not None
    assert same is not None
    for found in (parts, same):
        days = [time.total_seconds() / second for time in found.times.values()]
        assert days == pytest.approx([2.0986] * 3, abs=0.04)
        assert of.total(found.times) == of.promised
    assert parts.share == pytest.approx(0.8774, abs=0.0005)
    in_time = timing.on_time(orders.totals, 6.2958 * second)
    assert in_time is not None
    assert in_time.value == pytest.approx(0.95, abs=0.005)


@settings(max_examples=30)
@given(st.integers(1, 6), st.integers(1, 40), st.sampled_from(By), st.integers(0, 9))
def test_in_a_row_a_suggestion_adds_up_to_the_promise(
    steps: int, hours: int, by: By, seed: int
) -> None:
    of = the(line(steps, f"PT{hours}H"))
    rng = np.random.default_rng(seed)
    work = rng.gamma(2, 3600, (40, steps))
    wait = rng.exponential(600, (40, steps - 1))

    found = suggestion(of, taken(of, work, wait), by)

    assert found is not None
    assert not found.branches
    assert of.total(found.times) == of.promised
    assert min(found.times.values()) >= timedelta()


def test_in_a_row_suggestions_are_those_of_the_formulas() -> None:
    of = the(line(3, "PT1000000S"))
    rng = np.random.default_rng(1)
    work = rng.gamma(2, 100_000, (500, 3))
    orders = taken(of, work)

    by_variance = suggestion(of, orders, By.VARIANCE)
    by_difficulty = suggestion(of, orders, By.DIFFICULTY)

    assert by_variance is not None
    assert by_difficulty is not None
    expected, share = timing.by_difficulty(work, 1_000_000.0)
    assert _seconds(by_difficulty.times) == pytest.approx(list(expected), abs=3600)
    assert by_difficulty.share == pytest.approx(share)
    assert _seconds(by_variance.times) == pytest.approx(
        list(timing.by_variance(work, 1_000_000.0)), abs=3600
    )


@pytest.mark.parametrize("by", list(By))
def test_with_branches_no_way_takes_longer_than_the_promise(by: By) -> None:
    of = the(branching([(0, 1), (0, 2), (1, 3), (2, 3)], 4, "PT40H"))
    rng = np.random.default_rng(1)
    work = rng.gamma(2, 10_000, (300, 4)) * np.array([1, 3, 0.5, 1])

    found = suggestion(of, taken(of, work), by)

    assert found is not None
    assert found.branches
    assert of.total(found.times) == of.promised


def test_a_step_of_which_nothing_is_known_keeps_its_time() -> None:
    text = line(3, "PT40H").replace("s1: {", "s1: {time: PT7H, ")
    of = the(text)
    work = np.random.default_rng(1).gamma(2, 10_000, (60, 3))
    work[:, 1] = 0

    found = suggestion(of, taken(of, work), By.VARIANCE)

    assert found is not None
    assert ("s1",) not in found.times
    assert of.total(found.times) == of.promised


def test_a_loop_is_divided_among_its_steps() -> None:
    of = the(ORDER, ON_TIME)
    way = way_of(of.chain, ON_TIME)
    work = np.random.default_rng(2).gamma(2, 10_000, (60, len(way.steps)))

    found = suggestion(of, taken(of, work), By.DIFFICULTY)

    assert found is not None
    packing, checking = found.times["pack",], found.times["check",]
    assert packing / checking == pytest.approx(2, rel=0.1)  # as the map has it
    assert of.total(found.times) == of.promised


def test_without_a_reserve_the_usual_times_are_shortened_in_proportion() -> None:
    """A step that runs against the others must not get what they lose."""
    of = the(line(3, within="PT48H"))
    rng = np.random.default_rng(7)
    long = 86_400 * rng.exponential(4.0, size=500)
    against = 3_600 * (30 - 20 * long / long.max())
    found = suggestion(
        of, taken(of, np.stack([against, long, long], axis=1)), By.VARIANCE
    )

    assert found is not None
    means = [against.mean(), long.mean(), long.mean()]
    assert _seconds(found.times)[:3] == pytest.approx(
        [mean / sum(means) * 48 * 3600 for mean in means], abs=3600
    )


def test_times_that_never_vary_share_the_reserve_evenly() -> None:
    of = the(line(2, "PT10H"))
    work = np.full((30, 2), 3600.0)

    found = suggestion(of, taken(of, work), By.VARIANCE)

    assert found is not None
    assert found.times == {("s0",): 5 * HOUR, ("s1",): 5 * HOUR}


@pytest.mark.parametrize("by", list(By))
def test_short_work_keeps_a_time_within_a_promise_of_weeks(by: By) -> None:
    of = the(line(4, "P21D"))
    minutes = np.array([6.0, 31.0, 0.5, 25_000.0])
    work = np.random.default_rng(3).gamma(9, minutes * 60 / 9, (200, 4))
    wait = np.random.default_rng(4).exponential(20, (200, 3))

    found = suggestion(of, taken(of, work, wait), by)

    assert found is not None
    short = [found.times["s0",], found.times["s1",]]
    assert all(time > timedelta() for time in (*short, found.times["s2",]))
    assert short[0] % timedelta(minutes=1) == timedelta()
    assert short[1] % timedelta(minutes=5) == timedelta()
    assert of.total(found.times) == of.promised


def test_too_few_orders_suggest_nothing() -> None:
    of = the(line(2))
    assert suggestion(of, taken(of, np.ones((19, 2))), By.VARIANCE) is None


def _seconds(times: object) -> list[float]:
    return [time.total_seconds() for time in times.values()]  # type: ignore[attr-defined]


# ------------------------------------------------------------------------ the effect


def parts(*work: float, wait: int) -> Parts:
    return Parts(work, (np.inf,) * wait)


def test_no_change_makes_no_difference_at_all() -> None:
    of = the(line(3, "PT10S"))
    orders = taken(of, exponential(500, 3, 3.0))
    now = parts_of(of, orders, {})

    effect = simulate(orders, now, now, WhatIf())

    assert effect is not None
    assert (effect.difference, effect.low, effect.high) == (0.0, 0.0, 0.0)
    assert effect.before == effect.after
    assert effect.keeps[0] == effect.keeps[1]
    assert not effect.is_clear


@settings(max_examples=30)
@given(st.integers(0, 50), st.floats(0, 1), st.integers(0, 2))
def test_what_takes_less_never_makes_orders_late(
    seed: int, share: float, step: int
) -> None:
    of = the(line(3, "PT6S"))
    work = np.random.default_rng(seed).exponential(2, (60, 3))
    orders = taken(of, work)
    now = parts_of(of, orders, {})

    effect = simulate(orders, now, now, WhatIf(shrink={f"s{step}": share}))

    assert effect is not None
    assert effect.difference >= 0
    assert effect.low <= effect.difference <= effect.high


def test_a_shorter_part_is_a_target_and_a_longer_one_slows_nobody() -> None:
    of = the(line(1, "PT5S"))
    orders = taken(of, np.array([[4.0], [6.0], [8.0], [10.0]] * 10))

    shorter = simulate(orders, parts(6, wait=0), parts(4, wait=0))
    longer = simulate(orders, parts(4, wait=0), parts(9, wait=0))

    assert shorter is not None
    assert longer is not None
    # 6 comes halfway down to 4, which is in time; 8 comes to 6, which is not.
    assert (shorter.before.value, shorter.after.value) == (0.25, 0.5)
    assert longer.difference == 0
    assert shorter.keeps == (0.5, 0.25)
    assert longer.keeps == (0.25, 0.75)


def test_the_whole_interval_is_above_nothing_where_much_gets_better() -> None:
    of = the(line(2, "PT5S"))
    orders = taken(of, exponential(2000, 2, 3.0))
    now = parts_of(of, orders, {})

    effect = simulate(orders, now, now, WhatIf(shrink={"s0": 1.0, "s1": 1.0}))

    assert effect is not None
    assert effect.is_clear
    assert effect.low > 0.05
    assert effect.before.low < effect.before.value < effect.before.high


def test_a_wait_that_goes_away_is_taken_from_every_order() -> None:
    of = the(line(2, "PT5S"))
    work = np.full((40, 2), 2.0)
    orders = taken(of, work, np.full((40, 1), 2.0))
    now = parts_of(of, orders, {})

    effect = simulate(orders, now, now, WhatIf(no_wait=frozenset({("s0", "s1")})))

    assert effect is not None
    assert (effect.before.value, effect.after.value) == (0.0, 1.0)


def test_two_steps_side_by_side_take_as_long_as_the_longer_one() -> None:
    of = the(line(3, "PT8S"))
    work = np.tile([1.0, 5.0, 4.0], (40, 1))
    orders = taken(of, work)
    now = parts_of(of, orders, {})

    effect = simulate(orders, now, now, WhatIf(side_by_side=(("s1", "s2"),)))

    assert effect is not None
    assert (effect.before.value, effect.after.value) == (0.0, 1.0)  # 10 s, then 6 s
    assert [one.after for one in effect.critical] == [1.0, 1.0, 0.0]


def test_what_follows_two_side_by_side_waits_for_both() -> None:
    of = the(line(4, "PT8S"))
    work = np.tile([1.0, 5.0, 2.0, 1.0], (40, 1))
    orders = taken(of, work)
    now = parts_of(of, orders, {})

    effect = simulate(orders, now, now, WhatIf(side_by_side=(("s2", "s1"),)))

    assert effect is not None
    assert effect.after.value == 1.0  # 1 + 5 + 1
    assert [one.after for one in effect.critical] == [1.0, 1.0, 0.0, 1.0]


def test_only_neighbours_run_side_by_side() -> None:
    of = the(line(3))
    orders = taken(of, np.ones((30, 3)))
    now = parts_of(of, orders, {})

    with pytest.raises(NotInARow):
        simulate(orders, now, now, WhatIf(side_by_side=(("s0", "s2"),)))


def test_ways_and_longest_ways_are_those_of_timing() -> None:
    of = the(branching([(0, 1), (0, 2), (1, 3), (2, 3), (0, 3)], 4))
    rng = np.random.default_rng(3)
    work, wait = rng.exponential(1, (200, 4)), rng.exponential(1, (200, 5))
    way = way_of(of.chain, of.concern)

    orders = taken(of, work, wait)

    assert np.array_equal(
        np.stack(orders.ended, axis=1), timing.finish(way, work, wait)
    )
    assert list(orders.critical) == list(timing.critical(way, work, wait))


def test_an_order_that_is_still_open_after_the_promised_time_is_late() -> None:
    way = Way(("s",), ((),), ((),), (("s",),))
    took = np.array([[1.0], [1.0], [1.0], [1.0]])

    found = sample(
        way, (), began=np.array([0.0, 0.0, 95.0, 95.0]), work=took,
        wait=np.zeros((4, 0)), totals=np.array([1.0, np.nan, 1.0, np.nan]), within=10,
        as_of=100,
    )  # fmt: skip

    # Those that began less than the promised time ago are left out, quick ones too.
    assert list(found.totals) == [1.0, np.inf]


def test_too_few_orders_say_nothing() -> None:
    of = the(line(2))
    orders = taken(of, np.ones((19, 2)))
    now = parts_of(of, orders, {})

    assert simulate(orders, now, now) is None


# ------------------------------------------------------------- the text of the map


def test_only_the_times_change_and_comments_stay() -> None:
    text = ORDER.replace("    time: PT8H", "    time: PT8H   # two people, mornings")
    times: dict[Part, timedelta] = {
        ("pick",): 6 * HOUR,
        ("pick", "pack"): 3 * HOUR,
        ("pack", "check"): HOUR / 2,
    }

    new = rewritten(text, times)

    assert load(new) == with_times(load(text), times)
    changed = [
        (one, other)
        for one, other in zip(text.splitlines(), new.splitlines(), strict=True)
        if one != other
    ]
    assert changed == [
        ("    time: PT8H   # two people, mornings",
         "    time: PT6H   # two people, mornings"),
        ("  - {from: pick, to: pack, what: Articles, within: PT1H}",
         "  - {from: pick, to: pack, what: Articles, within: PT3H}"),
        ("  - {from: pack, to: check, what: Closed parcel}",
         "  - {from: pack, to: check, within: PT30M, what: Closed parcel}"),
    ]  # fmt: skip


UNUSUAL = """\
# карта \U0001f600
resolve: 1
id: x
departments: {a: {}}
steps:
  один:
    department: a # who
    # why
    time: "PT1H"   # note \U0001f600
  two: {department: a, time: , serves: []}
  three: {"department":"a"}
  four:
    time:
    department: a
  five:
    ? department
    : a
  six: {time, department: a}
  seven:
    department: a
    time: |-
      PT1H
    serves: []
handovers:
- from: один
  to: two
- to: three
  from: two
  within: ~
- {from: three, to: four}
- {from: four, to: five}
- {from: five, to: six}
- {from: six, to: seven}
touchpoints: {t: {step: seven}}"""
_UNUSUAL: dict[Part, timedelta] = {
    (step,): (n + 2) * HOUR
    for n, step in enumerate(["один", "two", "three", "four", "five", "six", "seven"])
} | {
    ("один", "two"): HOUR,
    ("two", "three"): HOUR,
    ("three", "four"): HOUR,
}


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_however_a_map_is_written_its_times_can_be_exchanged(line_end: str) -> None:
    text = UNUSUAL.replace("\n", line_end)

    new = rewritten(text, _UNUSUAL)

    assert load(new) == with_times(load(text), _UNUSUAL)
    assert re.findall("#.*", new) == re.findall("#.*", text)
    if line_end == "\r\n":
        assert "\n" not in new.replace("\r\n", "")


SHIPPED = sorted((Path(__file__).parents[3] / "process_maps").glob("*.yaml"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
@settings(max_examples=8)
@given(data=st.data())
def test_old_and_new_differ_in_the_times_alone(path: Path, data: st.DataObject) -> None:
    text = path.read_text(encoding="utf-8")
    chain = load(text)
    known: list[Part] = [(step,) for step in chain.steps]
    known += [(one.source, one.target) for one in chain.handovers]
    chosen = data.draw(st.lists(st.sampled_from(known), unique=True, max_size=6))
    lengths = st.integers(0, 10_000 * 86_400).map(lambda s: timedelta(seconds=s))
    times = {part: data.draw(lengths) for part in chosen}

    new = rewritten(text, times)

    assert load(new) == with_times(chain, times)
    assert re.findall(r"#.*", new) == re.findall(r"#.*", text)


def test_a_thing_that_the_map_lacks_is_not_written() -> None:
    with pytest.raises(NotRewritten):
        rewritten(ORDER, {("fly",): HOUR})


# ------------------------------------------------------------ when the map has gone on


def test_the_same_time_changed_twice_is_said() -> None:
    base = load(ORDER)
    newest = with_times(base, {("pick",): 5 * HOUR})

    found = differences(base, newest, ON_TIME, {("pick",): 6 * HOUR})

    assert [(one.part, one.became) for one in found] == [(("pick",), Became.CHANGED)]
    assert (found[0].before, found[0].after) == (8 * HOUR, 5 * HOUR)
    # What was changed to the same is wanted anyway, and other steps do not matter.
    assert differences(base, newest, ON_TIME, {("pick",): 5 * HOUR}) == ()
    assert differences(base, newest, ON_TIME, {("load",): 5 * HOUR}) == ()


def test_what_is_gone_or_not_on_the_way_any_more_is_said() -> None:
    base = load(ORDER)
    shorter = ORDER.replace("within: P5D}", "within: P5D, since: pick}")

    found = differences(base, load(shorter), ON_TIME, {("take-order",): HOUR})

    assert [one.became for one in found] == [Became.NOT_ON_WALK]
    gone = _without(base, "take-order", "pick")
    times: dict[Part, timedelta] = {("take-order", "pick"): HOUR}
    assert [one.became for one in differences(base, gone, ON_TIME, times)] == [
        Became.GONE
    ]
    for text in (ORDER.replace(", within: P5D", ""), ORDER.replace("on-time", "soon")):
        lost = differences(base, load(text), ON_TIME, {("pick",): HOUR})
        assert [one.became for one in lost] == [Became.NO_PROMISE]


def _without(chain: ValueChain, source: str, target: str) -> ValueChain:
    kept = (h for h in chain.handovers if (h.source, h.target) != (source, target))
    return replace(chain, handovers=tuple(kept))


def test_what_only_together_is_too_much_is_said() -> None:
    base = load(ORDER)
    newest = with_times(base, {("deliver",): timedelta(days=3)})

    found = differences(base, newest, ON_TIME, {("pick",): timedelta(days=1)})

    assert [one.became for one in found] == [Became.ABOVE_PROMISE]


@settings(max_examples=60)
@given(st.data())
def test_only_what_changes_is_reckoned_and_the_end_is_the_same(
    data: st.DataObject,
) -> None:
    """Against all orders laid along the whole way anew."""
    steps = data.draw(st.integers(2, 6))
    before = [
        data.draw(st.sets(st.integers(0, n - 1), min_size=1)) for n in range(1, steps)
    ]
    edges = [(one, n) for n, ones in enumerate(before, 1) for one in sorted(ones)]
    inner = {one for one, _ in edges}
    edges += [(n, steps) for n in range(steps) if n not in inner]
    of = the(branching(edges, steps + 1, "PT6S"))
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    way = way_of(of.chain, of.concern)
    handovers = handovers_of(of.chain, way)
    work = rng.exponential(1, (40, steps + 1))
    wait = rng.exponential(0.3, (40, len(handovers)))
    step = data.draw(st.integers(0, steps))
    gone = data.draw(st.frozensets(st.sampled_from(handovers)))
    orders = taken(of, work, wait)
    now = parts_of(of, orders, {})

    effect = simulate(orders, now, now, WhatIf({way.steps[step]: 0.5}, gone))

    new_work, new_wait = work.copy(), wait.copy()
    middle = np.median(work[:, step])
    new_work[:, step] -= np.maximum(work[:, step] - middle, 0) / 2
    new_wait[:, [handovers.index(one) for one in gone]] = 0
    ended = timing.finish(way, new_work, new_wait)[:, -1]
    assert effect is not None
    assert effect.after.value == (ended <= 6).mean()
    assert [one.after for one in effect.critical] == pytest.approx(
        list(timing.critical(way, new_work, new_wait)), abs=0.03
    )


def _edges(data: st.DataObject, steps: int) -> list[tuple[int, int]]:
    """Draw hand-overs forward, so that every way ends at the last step."""
    found: list[tuple[int, int]] = []
    for target in range(1, steps):
        sources = data.draw(st.sets(st.integers(0, target - 1), min_size=1))
        found += [(source, target) for source in sorted(sources)]
    inner = {source for source, _ in found}
    return found + [(one, steps) for one in range(steps) if one not in inner]
