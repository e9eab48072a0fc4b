"""Value chains as pictures: left to right, ending in the customer.

`draw` gives the DOT, `render` an SVG, PNG or PDF of it, `outline` the same in words,
for people who cannot see it and for when `render` raises `CannotDraw`.
"""

from __future__ import annotations

from typing import Any, Unpack

from resolve.chain.model import ValueChain
from resolve.diagrams.drawing import Link, digraph
from resolve.diagrams.legend import Key, Legend, heading_text, legend_of
from resolve.diagrams.rendering import FORMATS, TIMEOUT, CannotDraw, laid_out
from resolve.diagrams.scene import (
    CaseState,
    Compared,
    TaskState,
    UnknownDepartment,
    View,
    see,
)
from resolve.diagrams.svg import accessible
from resolve.diagrams.times import Times, Took
from resolve.diagrams.words import in_words, summary
from resolve.kit.errors import BadRequest

__all__ = [
    "FORMATS",
    "CannotDraw",
    "CaseState",
    "Compared",
    "Key",
    "Legend",
    "Link",
    "TaskState",
    "Times",
    "Took",
    "UnknownDepartment",
    "UnknownFormat",
    "View",
    "draw",
    "legend",
    "outline",
    "render",
]


class UnknownFormat(BadRequest):
    code = "unknown_format"


def draw(
    chain: ValueChain,
    *,
    theme: str = "light",
    link: Link | None = None,
    **view: Unpack[View],
) -> Any:  # noqa: ANN401  graphviz has no types
    """Give the `graphviz.Digraph` of a chain, of one department's view, or of a case.

    `theme` is light or dark; `link(kind, id)` gives the address behind a step,
    department or touchpoint: relative or http(s), others are left out.

    Raises:
        UnknownDepartment: the department in focus is not in the chain.
    """
    return digraph(see(chain, **view), theme=theme, link=link)


def render(
    chain: ValueChain,
    *,
    format: str = "svg",  # noqa: A002  what people call it
    timeout: float = TIMEOUT,
    theme: str = "light",
    link: Link | None = None,
    with_legend: bool = True,
    **view: Unpack[View],
) -> bytes:
    """Draw a chain as svg, png, pdf or dot; see `draw` for the rest.

    `with_legend`: False where a page has title and `legend` beside the picture.

    Raises:
        UnknownFormat: none of the four.
        UnknownDepartment: the department in focus is not in the chain.
        CannotDraw: Graphviz is missing, failed, or needs more than `timeout` seconds.
    """
    if format not in FORMATS:
        raise UnknownFormat(
            f"There is no picture format {format}.",
            hint=f"There are {', '.join(FORMATS)}.",
        )
    seen = see(chain, **view)
    dot = digraph(seen, theme=theme, link=link, legend=with_legend).source
    if format == "dot":
        return str(dot).encode()
    picture = laid_out(dot, format, timeout=timeout)
    if format != "svg":
        return picture
    named = accessible(
        picture.decode(),
        title=heading_text(seen),
        description=summary(seen),
        language=seen.language,
        linked=link is not None,
    )
    return named.encode()


def outline(chain: ValueChain, **view: Unpack[View]) -> str:
    """Give everything that is in the picture as lines of text, the customer last.

    Raises:
        UnknownDepartment: the department in focus is not in the chain.
    """
    return in_words(see(chain, **view))


def legend(chain: ValueChain, **view: Unpack[View]) -> Legend:
    """Give every shade and mark of the picture in words.

    Raises:
        UnknownDepartment: the department in focus is not in the chain.
    """
    return legend_of(see(chain, **view))
