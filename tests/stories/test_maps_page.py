"""The map shown in the documentation is a map."""

from __future__ import annotations

from pathlib import Path

from resolve.chain.reader import read

PAGE = Path(__file__).resolve().parents[2] / "docs/maps.md"


def test_the_map_in_the_documentation_can_be_published_as_it_stands() -> None:
    text = PAGE.read_text(encoding="utf-8")
    shown = text.partition("```yaml\n")[2].partition("```")[0]
    reading = read(shown, name="docs/maps.md")
    assert reading.chain is not None
    assert reading.chain.id == "cakes"
    assert reading.findings == ()
