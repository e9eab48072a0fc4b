"""Pictures of anything, anywhere: odd texts, no fonts, no time, very many steps."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from resolve.chain.model import (
    Department,
    Handover,
    Promise,
    Step,
    Text,
    Touchpoint,
    ValueChain,
)
from resolve.diagrams import CannotDraw, outline, render, rendering
from resolve.diagrams.escape import clean, safe_link

SVG = "{http://www.w3.org/2000/svg}"


def plain(text: str) -> Text:
    return Text({"": text})


def saying(*texts: str) -> ValueChain:
    """Make a chain that shows each text as a step's title, hand-over and gift."""
    steps = {
        f"s{n}": Step(f"s{n}", "one", plain(text), gives=plain(text))
        for n, text in enumerate(texts)
    }
    names = list(steps)
    edges = zip(names, names[1:], texts, strict=False)
    return ValueChain(
        id="odd",
        title=plain(texts[0]),
        departments={"one": Department("one", plain(texts[0]))},
        steps=steps,
        touchpoints={"t": Touchpoint("t", plain(texts[0]), names[-1], ("p",))},
        promises={"p": Promise("p", plain(texts[0]))},
        handovers=tuple(Handover(a, b, (plain(text),)) for a, b, text in edges),
    )


def shown(svg: bytes) -> str:
    """Give all text of an SVG without white space: lines are broken to fit."""
    root = ET.fromstring(svg)  # noqa: S314  our own
    return squeezed("".join(t for e in root.iter(f"{SVG}text") for t in e.itertext()))


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_every_naughty_string_stays_the_text_it_is(data: Path) -> None:
    file = data / "complaints" / "naughty_strings.json"
    naughty = [t for t in json.loads(file.read_text("utf-8")) if clean(t)]
    for start in range(0, len(naughty), 50):
        some = naughty[start : start + 50]
        chain = saying(*some)
        svg = render(chain, department="one", timeout=60)
        drawn, words = shown(svg), squeezed(outline(chain))
        for text in some:
            assert squeezed(clean(text)) in drawn
            assert squeezed(clean(text)) in words
        assert b"<script" not in svg.lower()


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        r"\N \G \L \E \\N \l \r \n end\\",
        "&lt;b&gt; &amp;amp; &#60;",
        "\"'><img src=x onerror=alert(1)>",
        "]]> --> <!-- <![CDATA[",
        "nul \x00 bell \x07 escape \x1b[31m line\u2028 end",
        "half \ud800 pair \ufffe",
        "<<TABLE></TABLE>>",
        "${x} {{x}} %s",
        "مرحبا \u202e abc",
    ],
)
def test_markup_and_escapes_are_text(text: str) -> None:
    svg = render(saying(text, "other"), department="one")
    assert squeezed(clean(text)) in shown(svg)
    assert b"<script" not in svg
    assert b"<img" not in svg


@hypothesis_settings(max_examples=25)
@given(st.text(min_size=1))
def test_any_text_can_be_drawn_and_read_again(text: str) -> None:
    assert squeezed(clean(text)) in shown(render(saying(text, "other")))
    assert squeezed(clean(text)) in squeezed(outline(saying(text, "other")))


def test_ids_with_colons_and_quotes_do_not_become_ports_or_markup() -> None:
    odd = 'a:b"<c>\\N'
    chain = ValueChain(
        id="odd",
        title=plain("odd"),
        departments={odd: Department(odd, plain("D"))},
        steps={odd: Step(odd, odd, plain("S"))},
        touchpoints={odd: Touchpoint(odd, plain("T"), odd, (odd,))},
        promises={odd: Promise(odd, plain("P"))},
    )
    svg = ET.fromstring(render(chain))  # noqa: S314  our own
    assert len([e for e in svg.iter() if e.get("class") == "node"]) == 3


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        " JavaScript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "http://[broken",
    ],
)
def test_links_other_than_web_addresses_are_left_out(address: str) -> None:
    svg = render(saying("x"), link=lambda _kind, _name: address)
    assert b"href" not in svg.replace(b"xmlns:xlink", b"")


def test_relative_and_web_addresses_are_links() -> None:
    assert safe_link("/maps/a?b=1&c=2") == "/maps/a?b=1&amp;c=2"
    assert safe_link("https://example.org/") == "https://example.org/"
    assert safe_link(None) is None


def test_too_little_time_is_said_and_leaves_the_outline() -> None:
    chain = saying(*(f"step {n}" for n in range(200)))
    with pytest.raises(CannotDraw, match="outline"):
        render(chain, timeout=0.001)
    assert "step 199" in outline(chain)


def test_what_graphviz_cannot_read_is_said() -> None:
    with pytest.raises(CannotDraw, match="could not draw"):
        rendering.laid_out("digraph {", "svg")


def test_a_dot_of_the_machine_is_used_first_and_with_our_fonts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dot = tmp_path / "dot"
    dot.write_text('#!/bin/sh\ncat "$FONTCONFIG_FILE"; echo "$1"; cat >/dev/null\n')
    dot.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    rendering.graphviz_here.cache_clear()
    try:
        said = rendering.laid_out("digraph {}", "pdf").decode()
    finally:
        rendering.graphviz_here.cache_clear()
    assert "diagrams/fonts</dir>" in said
    assert said.endswith("-Tpdf\n")


def test_cyrillic_is_drawn_on_a_machine_without_fonts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chain = saying("Доставка до двери", "Дзвінок із їжаком")
    machine = render(chain, format="pdf")
    bare = re.sub(r"  <dir>/usr.*\n", "", rendering.fonts_conf())
    monkeypatch.setattr(rendering, "fonts_conf", lambda: bare)
    assert b"DejaVuSans" in render(chain, format="pdf")
    assert len(machine) == pytest.approx(len(render(chain, format="pdf")), rel=0.2)
    alone = render(chain, format="png")
    monkeypatch.setattr(rendering, "fonts_conf", lambda: bare.replace("/fonts<", "/x<"))
    assert render(chain, format="png") != alone


def test_our_fonts_have_what_three_languages_and_the_marks_need() -> None:
    folder = Path(rendering.__file__).parent / "fonts"
    needed = "АЯаяЁёІіЇїЄєҐґ№«»–—…“”’→★•○✓☺·"
    for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"):
        held = _characters((folder / name).read_bytes())
        assert [c for c in needed if ord(c) not in held] == []
    assert "Bitstream" in (folder / "LICENSE.txt").read_text("utf-8")


def _characters(font: bytes) -> set[int]:
    """Read the characters of a TrueType font from its `cmap` table, format 4."""

    def number(at: int, size: int = 2) -> int:
        return int.from_bytes(font[at : at + size], "big")

    tables = {
        font[at : at + 4]: number(at + 8, 4)
        for at in range(12, 12 + 16 * number(4), 16)
    }
    cmap = tables[b"cmap"]
    subtables = [cmap + number(cmap + 8 + 8 * n, 4) for n in range(number(cmap + 2))]
    found: set[int] = set()
    for at in (table for table in subtables if number(table) == 4):
        half = number(at + 6)
        for n in range(0, half, 2):
            last, first = number(at + 14 + n), number(at + 16 + half + n)
            found.update(range(first, last + 1))
    return found


def test_a_chain_of_many_hundred_steps_is_drawn_or_refused_in_time() -> None:
    chain = saying(*(f"step number {n}" for n in range(1500)))
    try:
        assert render(chain, timeout=30).startswith(b"<svg")
    except CannotDraw:
        assert "step number 1499" in outline(chain)


def test_the_child_imports_nothing_of_ours() -> None:
    child = Path(rendering.__file__).with_name("render_child.py")
    code = (
        "import runpy, sys; runpy.run_path(sys.argv[1]);"
        "print([m for m in sys.modules if m.startswith(('resolve', 'pydantic'))])"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", code, str(child)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
