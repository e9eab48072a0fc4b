"""Sentences of the interface, whatever fact they end with."""

from __future__ import annotations

from datetime import timedelta

import pytest

from resolve.kit.language import language

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
