"""What a change did, as people say it."""

from __future__ import annotations

import pytest

from resolve.kit.language import language
from resolve.solutions.in_words import change_in_words
from resolve.solutions.judging import Measure


@pytest.mark.parametrize(("change", "said"), [
    (-0.25, "25\N{NO-BREAK SPACE}% shorter"),
    (-1.02, "100\N{NO-BREAK SPACE}% shorter"),
    (1.02, "102\N{NO-BREAK SPACE}% longer"),
    (0.0001, "no change"),
])  # fmt: skip
def test_no_time_becomes_shorter_than_by_all_of_it(change: float, said: str) -> None:
    """An interval of a mean may reach there; nobody would believe it."""
    assert change_in_words(Measure.WAIT, change, language("en")) == said
