"""From a scene to DOT: left to right, ending in the customer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import graphviz

from resolve.chain.comparison import Mark
from resolve.chain.model import Department, Handover, Kind, Step, Touchpoint
from resolve.chain.order import backward, in_order, runs
from resolve.diagrams.cards import Cards
from resolve.diagrams.colours import DARK, LIGHT, Theme
from resolve.diagrams.escape import attribute, joined, label, safe_link, wrapped
from resolve.diagrams.legend import title_block
from resolve.diagrams.scene import Scene
from resolve.diagrams.time_cards import wait_width

Link = Callable[[str, str], str | None]
"""Gives the address behind a ("step" | "department" | "touchpoint", id), or None."""

FONT = "DejaVu Sans,Verdana,sans-serif"
THEMES = {"light": LIGHT, "dark": DARK}


def digraph(
    scene: Scene,
    *,
    theme: str = "light",
    link: Link | None = None,
    legend: bool = True,
) -> Any:  # noqa: ANN401  graphviz has no types
    """Give the picture of a scene as a `graphviz.Digraph`.

    What stands out is of the class `lit`, what became otherwise of the class `changed`.
    """
    large = scene.is_large
    cards = Cards(scene, THEMES.get(theme, LIGHT), lanes=not large)
    picture = _Picture(scene, cards, link or _no_link, _graph(cards, large=large))
    if large:
        for step in in_order(scene.chain):
            picture.step(picture.graph, scene.chain.steps[step])
    else:
        for number, run in enumerate(runs(scene.chain)):
            picture.lane(number, run)
    picture.handovers()
    picture.customer()
    if legend:
        picture.graph.attr(label=title_block(scene, cards))
    return picture.graph


def _no_link(_kind: str, _id: str) -> None:
    return None


def _graph(cards: Cards, *, large: bool) -> Any:  # noqa: ANN401  graphviz has no types
    theme = cards.theme
    graph = graphviz.Digraph(name="chain")
    graph.attr("graph", rankdir="LR", newrank="true", bgcolor=theme.page, pad="0.3")
    graph.attr("graph", fontname=FONT, fontcolor=theme.text, labelloc="t")
    graph.attr("graph", labeljust="l", nodesep="0.2", ranksep="0.15")
    if large:
        graph.attr("graph", splines="line", nslimit="2", nslimit1="2", mclimit="0.3")
    graph.attr("node", fontname=FONT, shape="box", style="rounded,filled")
    graph.attr("node", margin="0.08,0.06", height="0.3")
    graph.attr("node", color=theme.line)
    graph.attr("edge", fontname=FONT, arrowsize="0.7", color=theme.line)
    return graph


@dataclass(frozen=True, slots=True)
class _Picture:
    scene: Scene
    cards: Cards
    link: Link
    graph: Any

    @property
    def theme(self) -> Theme:
        return self.cards.theme

    def lane(self, number: int, run: tuple[str, ...]) -> None:
        """Frame the steps that one department does one after the other."""
        steps = [self.scene.chain.steps[step] for step in run]
        department = self.scene.chain.departments[steps[0].department]
        with self.graph.subgraph(name=f"cluster {number}") as lane:
            lane.attr(**self._lane(department))
            for step in steps:
                self.step(lane, step)

    def _lane(self, department: Department) -> dict[str, str]:
        name = label(self.cards.department(department))
        partner = department.kind is Kind.PARTNER
        focus = department.id == self.scene.department
        look = {
            "label": f'<<FONT POINT-SIZE="14"><B>{name}</B></FONT>>',
            "style": "rounded,filled,dashed" if partner else "rounded,filled",
            "fillcolor": self.theme.lane,
            "color": self.theme.lane_line,
            "penwidth": "1",
            "margin": "7",
        }
        if partner:
            look |= {"color": self.theme.line, "penwidth": "1.5"}
        if focus:
            look |= {"color": self.theme.strong, "penwidth": "2.5"}
        return look | self._address("department", department.id, name)

    def step(self, into: Any, step: Step) -> None:  # noqa: ANN401  graphviz has no types
        partner = self.scene.chain.departments[step.department].kind is Kind.PARTNER
        title = step.title.in_(self.scene.language)
        gives = step.gives.in_(self.scene.language)
        look = {}
        if self.scene.dims and self.scene.shows(step.id):
            look = {"color": self.theme.strong, "penwidth": "2"}
        if self.scene.times is not None:
            look = self._timed(on_way=self.scene.times.is_mostly_on_way(step.id))
        if partner and not self.cards.lanes:
            look["style"] = "rounded,filled,dashed"
        mark = self.scene.step_mark(step.id)
        look |= self._node_mark(mark)
        lit = self.scene.dims and step.id in self.scene.lit
        look |= _classes(lit=lit, changed=mark is not None)
        into.node(
            _node("step", step.id),
            label=self.cards.step(step),
            id=attribute(f"step-{step.id}"),
            fillcolor=self.cards.fill(step.id),
            **look,
            **self._address("step", step.id, f"{title}: {gives}" if gives else title),
        )

    def _node_mark(self, mark: Mark | None) -> dict[str, str]:
        """Give the line of a card by what became of it, where chains are compared."""
        if mark is Mark.ADDED:
            return {"color": self.theme.strong, "penwidth": "4"}
        if mark is Mark.REMOVED:
            return {"style": "rounded,filled,dotted", "penwidth": "2"}
        if mark is Mark.CHANGED:
            return {"color": self.theme.strong, "peripheries": "2"}
        return {}

    def _edge_mark(self, mark: Mark | None) -> dict[str, str]:
        if mark is Mark.REMOVED:
            return {"style": "dotted", "penwidth": "2"}
        if mark is Mark.ADDED:
            return {"color": self.theme.strong, "penwidth": "4"}
        return {} if mark is None else {"color": self.theme.strong, "penwidth": "2"}

    def _address(self, kind: str, name: str, tooltip: str) -> dict[str, str]:
        address = safe_link(self.link(kind, name))
        found = {"tooltip": attribute(tooltip)}
        return found if address is None else found | {"URL": address}

    def handovers(self) -> None:
        back = backward(self.scene.chain)
        for handover in self.scene.chain.handovers:
            self._handover(handover, back=(handover.source, handover.target) in back)

    def _handover(self, handover: Handover, *, back: bool) -> None:
        """Draw an arrow; one that closes a loop points back and moves no step."""
        ends = _node("step", handover.source), _node("step", handover.target)
        look = {"dir": "back", "constraint": "false"} if back else {}
        if self.scene.emphasises(handover):
            look |= {"color": self.theme.strong, "penwidth": "3"}
        if self.scene.times is not None:
            look |= self._waited(handover)
        mark = self.scene.handover_mark(handover)
        look |= self._edge_mark(mark)
        look |= _classes(lit=self.scene.concerns(handover), changed=mark is not None)
        look["id"] = attribute(f"handover-{handover.source}--{handover.target}")
        text = self.cards.handover(handover)
        self.graph.edge(*(ends[::-1] if back else ends), label=text or None, **look)

    def _timed(self, *, on_way: bool) -> dict[str, str]:
        return {"color": self.theme.strong, "penwidth": "4"} if on_way else {}

    def _waited(self, handover: Handover) -> dict[str, str]:
        """Give an arrow its width by the usual wait, its shade by the longest way."""
        times = self.scene.times
        if times is None:
            return {}
        ends = handover.source, handover.target
        strong = times.is_wait_mostly_on_way(ends)
        colour = self.theme.strong if strong else self.theme.line
        return {"color": colour, "penwidth": f"{wait_width(times, ends):.2f}"}

    def customer(self) -> None:
        """Draw the touchpoints with their promises, then the customer."""
        touchpoints = self.scene.chain.touchpoints.values()
        with self.graph.subgraph(name="touchpoints") as column:
            column.attr(rank="same")
            for touchpoint in touchpoints:
                self._touchpoint(column, touchpoint)
        for touchpoint in touchpoints:
            self._to_customer(touchpoint)
        self.graph.node(
            "customer",
            id="customer",
            label='<<FONT POINT-SIZE="34">☺</FONT><BR/><FONT POINT-SIZE="16"><B>'
            f"{joined(wrapped(self.cards.say('customer'), 8), 'CENTER')}</B></FONT>>",
            shape="circle",
            style="filled",
            fillcolor=self.theme.gold,
            color=self.theme.gold_line,
            fontcolor="#10202e",
            penwidth="2",
            margin="0.05",
            tooltip=attribute(self.cards.say("customer")),
        )

    def _to_customer(self, touchpoint: Touchpoint) -> None:
        """Draw the last part of the way, thick where it belongs to what stands out."""
        node, step = _node("touchpoint", touchpoint.id), _node("step", touchpoint.step)
        starred = touchpoint.id in {place for place, _promise in self.scene.starred}
        strong = starred and (self.scene.case or touchpoint.step in self.scene.lit)
        look = {
            "color": self.theme.gold_line,
            "penwidth": "4" if strong else "1.5",
        }
        self.graph.edge(step, node, **look)
        self.graph.edge(node, "customer", **look)

    def _touchpoint(self, into: Any, touchpoint: Touchpoint) -> None:  # noqa: ANN401  graphviz has no types
        mark = self.scene.touchpoint_mark(touchpoint.id)
        starred = touchpoint.id in {place for place, _promise in self.scene.starred}
        look = {"color": self.theme.gold_line, "penwidth": "1.5"}
        look |= self._node_mark(mark) | _classes(lit=starred, changed=mark is not None)
        title = touchpoint.title.in_(self.scene.language)
        into.node(
            _node("touchpoint", touchpoint.id),
            id=attribute(f"touchpoint-{touchpoint.id}"),
            label=self.cards.touchpoint(touchpoint),
            fillcolor=self.theme.pale,
            **self._address("touchpoint", touchpoint.id, title),
            **look,
        )


def _classes(*, lit: bool, changed: bool) -> dict[str, str]:
    """Name what a page brings into sight first."""
    names = [name for name, is_so in (("lit", lit), ("changed", changed)) if is_so]
    return {"class": " ".join(names)} if names else {}


def _node(kind: str, name: str) -> str:
    """Name a node; a colon would be read as a port."""
    return attribute(f"{kind} {name}".replace(":", "："))
