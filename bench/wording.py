"""`python -m bench.wording`: what wording is noticed rightly, and how fast.

Sentences are labelled in `tests/resolve/wording/build` (the rules were made with them)
and `tests/resolve/wording/measure` (kept aside): kind, plain or hard, sentence.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from math import sqrt
from pathlib import Path
from statistics import median

from simplemma import Lemmatizer, simple_tokenizer

from bench.ground import Ground
from bench.repetitions import in_turn, milliseconds, seconds
from bench.row import Line, Reach, Row, compared
from resolve.wording import Kind, look
from resolve.wording.languages import LANGUAGES
from resolve.wording.rules import remembered

LABELLED = Path(__file__).parents[1] / "tests/resolve/wording"
HALVES = ("build", "measure")
REACH = Reach(5)
_Z = 1.96  # of the 95 % interval


@dataclass(frozen=True, slots=True)
class Labelled:
    """A sentence; `kind` is none where nothing should be noticed."""

    kind: str
    how: str
    text: str


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, with the interval of Wilson."""

    hits: int
    of: int

    @property
    def value(self) -> float:
        """The share itself; of nothing it is 1."""
        return self.hits / self.of if self.of else 1.0

    def interval(self) -> tuple[float, float]:
        """Give the 95 % interval (E. B. Wilson, 1927)."""
        if not self.of:
            return 0.0, 1.0
        square = _Z**2 / self.of
        middle = self.value + square / 2
        spread = _Z * sqrt(
            self.value * (1 - self.value) / self.of + square / (4 * self.of)
        )
        return (middle - spread) / (1 + square), (middle + spread) / (1 + square)

    def __str__(self) -> str:
        low, high = self.interval()
        return f"{self.value:.2f} ({low:.2f}-{high:.2f}, {self.hits}/{self.of})"


def labelled(half: str, language: str) -> tuple[Labelled, ...]:
    """Read the sentences of a half in a language; none where there is no file."""
    path = LABELLED / half / f"{language}.tsv"
    if not path.exists():
        return ()
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return tuple(Labelled(*row[:3]) for row in rows if row[0] != "kind")


def found_kinds(sentence: Labelled, language: str) -> frozenset[str]:
    """Give the kinds noticed in a sentence."""
    return frozenset(one.kind for one in look(sentence.text, language).findings)


def precision_and_recall(half: str, language: str) -> tuple[Share, Share]:
    """Measure 'noticed or not'."""
    hits = noticed = meant = 0
    for sentence in labelled(half, language):
        found = bool(found_kinds(sentence, language))
        noticed += found
        meant += sentence.kind != "none"
        hits += found and sentence.kind != "none"
    return Share(hits, noticed), Share(hits, meant)


def of_kind(half: str, language: str, kind: Kind) -> tuple[Share, Share]:
    """Measure one kind: it, not another one, was noticed."""
    hits = noticed = meant = 0
    for sentence in labelled(half, language):
        found = kind in found_kinds(sentence, language)
        noticed += found
        meant += sentence.kind == kind
        hits += found and sentence.kind == kind
    return Share(hits, noticed), Share(hits, meant)


def table(half: str) -> Iterator[str]:
    """Write precision and recall per language and kind as a Markdown table."""
    yield f"| {half} | precision | recall |"
    yield "| --- | --- | --- |"
    for language in LANGUAGES:
        precision, recall = precision_and_recall(half, language)
        yield f"| {language}: noticed or not | {precision} | {recall} |"
    for language, kind in product(LANGUAGES, Kind):
        precision, recall = of_kind(half, language, kind)
        yield f"| {language}: {kind} | {precision} | {recall} |"


def measure(ground: Ground) -> Iterator[Line]:
    """Time a look at every labelled sentence against lemmatizing the same text.

    What simplemma takes where somebody else has cut the text into words is told too.
    """
    del ground
    for language in LANGUAGES:
        texts = [one.text for half in HALVES for one in labelled(half, language)]
        words = [word for text in texts for word in simple_tokenizer(text)]
        look(" ".join(texts[:3]), language)
        ours, theirs = in_turn(
            partial(_look, texts, language),
            partial(_lemmatize_texts, texts, language),
            times=15,
        )
        cut = median(
            seconds(partial(_lemmatize_words, words, language)) for _ in range(9)
        )
        yield compared(
            "wording",
            f"look at {len(texts)} sentences, {language}",
            measured=(ours, milliseconds(ours)),
            against=(
                theirs,
                f"simplemma {milliseconds(theirs)}; words ready {milliseconds(cut)}",
            ),
            reach=REACH,
            figures={"words": len(words), "words ready": cut},
        )


ROW = Row("wording", measure)


def _look(texts: Sequence[str], language: str) -> None:
    remembered(language).clear()
    for text in texts:
        look(text, language)


def _lemmatize_texts(texts: Sequence[str], language: str) -> None:
    lemmatizer = Lemmatizer()
    for text in texts:
        for _ in lemmatizer.get_lemmas_in_text(text, language):
            pass


def _lemmatize_words(words: Sequence[str], language: str) -> None:
    lemmatizer = Lemmatizer()
    for word in words:
        lemmatizer.lemmatize(word, language)


def main() -> None:
    """Print the measurement of each half that is there."""
    for half in HALVES:
        if labelled(half, LANGUAGES[0]):
            print("\n".join(table(half)), end="\n\n")


if __name__ == "__main__":
    main()
