"""Other times written into the text of a map, everything else left as it stands.

Only the values of `time` and `within` are touched: comments, order, indentation and
quotation marks stay. What comes out is read again and compared, so that nothing else
can have changed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

import yaml

from resolve.chain.durations import duration_text
from resolve.chain.model import ValueChain
from resolve.chain.reader import load

Part = tuple[str, ...]
"""A step, `(step,)`, or a hand-over, `(from, to)`."""

Times = Mapping[Part, timedelta]

_LOADER: type = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_BLOCK = ("|", ">")


class NotRewritten(ValueError):
    """The text is written in a way in which a time cannot be exchanged."""


def with_times(chain: ValueChain, times: Times) -> ValueChain:
    """Give the chain with other times of these steps and hand-overs."""
    steps = {
        name: replace(step, time=times[name,]) if (name,) in times else step
        for name, step in chain.steps.items()
    }
    handovers = tuple(
        replace(one, within=times[one.source, one.target])
        if (one.source, one.target) in times
        else one
        for one in chain.handovers
    )
    return replace(chain, steps=steps, handovers=handovers)


def rewritten(source: str, times: Times) -> str:
    """Give the text of a map with these times, all of things that stand in it.

    Raises:
        InvalidMap: the text is no map.
        NotRewritten: a thing does not stand there, or cannot be written.
    """
    wanted = with_times(load(source), times)
    places = dict(_tables(source))
    if missing := times.keys() - places.keys():
        msg = f"not in the map: {sorted(missing)}"
        raise NotRewritten(msg)
    edits = [_edit(source, places[part], part, time) for part, time in times.items()]
    text = source
    for edit in sorted(edits, key=lambda one: one.start, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    if load(text) != wanted:
        msg = "the text would mean something else"
        raise NotRewritten(msg)
    return text


@dataclass(frozen=True, slots=True)
class _Edit:
    """What stands from `start` to `end` becomes `text`."""

    start: int
    end: int
    text: str


def _tables(source: str) -> Iterator[tuple[Part, yaml.MappingNode]]:
    """Give the table of every step and hand-over of a map that was read before."""
    top = yaml.compose(source, Loader=_LOADER)
    assert isinstance(top, yaml.MappingNode)  # noqa: S101  for the type checker
    for key, node in top.value:
        if key.value == "steps":
            for name, table in node.value:
                yield (_nfc(name.value),), table
        elif key.value == "handovers" and isinstance(node, yaml.SequenceNode):
            for table in node.value:
                ends = {one.value: _nfc(str(two.value)) for one, two in table.value}
                yield (ends["from"], ends["to"]), table


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _edit(source: str, table: yaml.MappingNode, part: Part, time: timedelta) -> _Edit:
    name, written = "time" if len(part) == 1 else "within", duration_text(time)
    for key, value in table.value:
        if key.value == name:
            return _exchanged(source, value, written)
    if table.flow_style:
        return _in_brackets(source, table, f"{name}: {written}")
    return _on_a_line(source, table, f"{name}: {written}")


def _exchanged(source: str, value: yaml.ScalarNode, written: str) -> _Edit:
    start, end = value.start_mark.index, value.end_mark.index
    if value.style in ("'", '"'):
        return _Edit(start, end, value.style + written + value.style)
    if value.style in _BLOCK:
        lines = source[start:end]
        return _Edit(start, end, written + lines[len(lines.rstrip()) :])
    if start == end:  # nothing is written after the colon, or there is none
        before = source[:start]
        colon = before.rstrip().endswith(":")
        gap = "" if before[-1:].isspace() else " "
        return _Edit(start, start, gap + written if colon else f": {written}")
    return _Edit(start, end, written)


def _in_brackets(source: str, table: yaml.MappingNode, entry: str) -> _Edit:
    """Write it behind what says whose it is, else where the table begins."""
    behind = 2 if entry.startswith("within") else 1
    keys = [key.start_mark.index for key, _ in table.value]
    last = table.value[-1][1]
    begin = table.start_mark.index + 1
    if len(keys) > behind and not source[: keys[behind]].rstrip().endswith("?"):
        return _Edit(keys[behind], keys[behind], f"{entry}, ")
    if len(keys) <= behind and last.start_mark.index < last.end_mark.index:
        end = last.end_mark.index
        return _Edit(end, end, f", {entry}")
    return _Edit(begin, begin, f"{entry}, ")


def _on_a_line(source: str, table: yaml.MappingNode, entry: str) -> _Edit:
    """Write it on a line of its own below one of the words that must be there."""
    indent = " " * table.start_mark.column
    for key, value in table.value:
        if key.value in ("department", "to") and value.style not in _BLOCK:
            at = source.find("\n", value.end_mark.index)
            if at < 0:
                return _Edit(len(source), len(source), f"\n{indent}{entry}")
            line_end = "\r\n" if source[at - 1 : at] == "\r" else "\n"
            return _Edit(at + 1, at + 1, f"{indent}{entry}{line_end}")
    at = table.start_mark.index
    return _Edit(at, at, f"{entry}\n{indent}")
