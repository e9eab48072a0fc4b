"""The labelled sentences: how much is noticed rightly, in each language."""

from __future__ import annotations

import pytest

from bench.wording import labelled, precision_and_recall
from resolve.wording.languages import LANGUAGES

LEAST = {"build": (0.98, 0.97), "measure": (0.90, 0.75)}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("half", LEAST)
def test_what_is_noticed_is_right_and_most_is_noticed(half: str, language: str) -> None:
    if not labelled(half, language):
        pytest.skip("this half is kept elsewhere")

    precision, recall = precision_and_recall(half, language)

    least = LEAST[half]
    assert (precision.value >= least[0], recall.value >= least[1]) == (True, True)
