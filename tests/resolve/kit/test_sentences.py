"""Sentences of the interface, whatever fact they end with."""

from __future__ import annotations

from datetime import timedelta

import pytest

from resolve.diagrams.spans import about
from resolve.kit.language import language
from resolve.solutions.in_words import value_in_words
from resolve.solutions.judging import Measure
from resolve_api.pages.timing import span_of

SAID = (
    "The customer was promised {promised}. Give every step a part that it can keep; "
    "what you save changes nothing before it is agreed."
)


@pytest.mark.parametrize("code", ["en", "ru", "uk"])
@pytest.mark.parametrize("time", [timedelta(days=5), timedelta(hours=5)])
def test_a_sentence_ends_with_one_full_stop(code: str, time: timedelta) -> None:
    it = language(code)
    said = it.say(SAID, promised=it.duration(time))
    assert it.duration(time) in said
    assert ".." not in said


def test_what_somebody_wrote_is_never_changed() -> None:
    it = language("en")
    assert it.say("{text}", text="I waited...") == "I waited..."
    assert it.say("They said: {text}.", text="Too late..") == "They said: Too late.."


@pytest.mark.parametrize(("seconds", "said"), [
    (40.4, "40 seconds"),
    (330.2, "5 minutes 30 seconds"),
    (1817, "30 minutes"),
    (5 * 3600 + 59, "5 hours 1 minute"),
    (86_400 + 4 * 3600 + 1700, "1 day 4 hours"),
])  # fmt: skip
def test_a_measured_time_is_said_alike_on_pages_in_pictures_and_in_verdicts(
    seconds: float, said: str
) -> None:
    time, it = timedelta(seconds=seconds), language("en")
    assert value_in_words(Measure.STEP, seconds, it) == said
    assert about("en", time).replace("\N{NO-BREAK SPACE}", " ") == said
    assert span_of(it, seconds) == said
