"""The two colour schemes: one hue of blue by distance, gold for the customer.

Blue and gold are told apart by nearly everybody; no red anywhere, and nothing is said
by colour alone: every card carries its distance as a number.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

AA = 4.5
"""Least contrast of text, WCAG 2.2, 1.4.3."""


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours of a picture; `shades` from nearest to the customer to farthest."""

    page: str
    text: str
    quiet: str
    line: str
    strong: str
    paper: str
    lane: str
    lane_line: str
    shades: tuple[str, ...]
    gold: str
    pale: str
    gold_line: str

    def shade(self, distance: int | None) -> str:
        """Give the fill for a distance; those beyond the last shade share it."""
        if distance is None:
            return self.paper
        return self.shades[min(distance, len(self.shades)) - 1]

    @property
    def bar(self) -> str:
        """Give the colour of a time that it takes; the same for everybody."""
        return self.shades[2]

    @property
    def bar_before(self) -> str:
        """Give the colour of the time that it took before."""
        return self.shades[4]

    def text_on(self, fill: str) -> str:
        """Give the better readable of the two text colours on this fill."""
        return max(_INKS, key=lambda ink: contrast(ink, fill))


_INKS = ("#ffffff", "#10202e")

LIGHT = Theme(
    page="#ffffff",
    text="#10202e",
    quiet="#56636f",
    line="#7b8894",
    strong="#0a2f57",
    paper="#ffffff",
    lane="#f5f7f9",
    lane_line="#d3dae1",
    shades=("#08306b", "#0f549d", "#2f74b5", "#8dbfe5", "#bddaf0", "#e3eef8"),
    gold="#ffcf5c",
    pale="#fff6df",
    gold_line="#8a6500",
)
DARK = Theme(
    page="#11161c",
    text="#eef3f8",
    quiet="#a9b6c2",
    line="#8794a1",
    strong="#ffffff",
    paper="#1a222b",
    lane="#171e26",
    lane_line="#35414d",
    shades=("#e4f1ff", "#b4d8fb", "#86bff2", "#2a6aa8", "#214e7c", "#1b3955"),
    gold="#ffcf5c",
    pale="#33290f",
    gold_line="#e6b94a",
)


@lru_cache(maxsize=200)
def contrast(one: str, other: str) -> float:
    """Give the contrast of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    if channel <= 0.04045:  # noqa: PLR2004  sRGB
        return channel / 12.92
    return float(((channel + 0.055) / 1.055) ** 2.4)
