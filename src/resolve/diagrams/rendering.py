"""From DOT to SVG, PNG or PDF, by Graphviz in a child process with a timeout.

A `dot` of the machine is used first, else the Graphviz inside pygraphviz. The layout
holds the GIL and cannot be interrupted; a process can.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from xml.sax.saxutils import escape

from resolve.kit.errors import Unavailable

FORMATS = ("svg", "png", "pdf", "dot")
TIMEOUT = 20.0
_HERE = Path(__file__).parent
_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{ours}</dir>
  <dir>/usr/share/fonts</dir>
  <dir>/usr/local/share/fonts</dir>
  <cachedir>/var/cache/fontconfig</cachedir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
"""


class CannotDraw(Unavailable):
    """There is no picture; the outline says the same in words."""

    code = "cannot_draw"


def laid_out(source: str, kind: str, *, timeout: float = TIMEOUT) -> bytes:
    """Let Graphviz draw this DOT as svg, png or pdf.

    Raises:
        CannotDraw: no Graphviz, it failed, or it took longer than `timeout` seconds.
    """
    with tempfile.TemporaryDirectory(prefix="resolve-fonts-") as folder:
        fonts = Path(folder, "fonts.conf")
        fonts.write_text(fonts_conf(), encoding="utf-8")
        return _child([str(fonts), kind, *graphviz_here()], source, timeout)


def fonts_conf() -> str:
    """Give the fontconfig file: our fonts, those of the machine for other scripts."""
    return _FONTS.format(ours=escape(str(_HERE / "fonts")))


def _child(arguments: list[str], source: str, timeout: float) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603  our own file, no shell
            [sys.executable, "-I", "-S", str(_HERE / "render_child.py"), *arguments],
            input=source.encode(),
            capture_output=True,
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise CannotDraw(
            f"The diagram was not ready within {timeout:g} seconds.",
            hint="Read the outline instead, or look at one department.",
        ) from None
    if done.returncode or not done.stdout:
        raise CannotDraw(
            "Graphviz could not draw the diagram.", hint="Read the outline instead."
        )
    return done.stdout


@cache
def graphviz_here() -> tuple[str, str]:
    """Find a `dot` on the path, else the folder in which pygraphviz is installed."""
    dot = shutil.which("dot")
    if dot:
        return dot, ""
    spec = find_spec("pygraphviz")
    if spec is None or spec.origin is None:
        raise CannotDraw(
            "There is no Graphviz on this machine.",
            hint="Install pygraphviz or Graphviz, or read the outline.",
        )
    return "", str(Path(spec.origin).parent.parent)
