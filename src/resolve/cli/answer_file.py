"""An answer in a file, in the form in which the API takes it."""

from __future__ import annotations

import sys
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from resolve.kit.errors import Invalid, NotFound
from resolve.tasks.answers import Answering, Need, Proposal


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Need(_Strict):
    department: str
    what: str


class _Proposal(_Strict):
    change: str
    step: str
    effect: str | None = None
    need: _Need | None = None


class _Observation(_Strict):
    observed: str


class _Answer(_Strict):
    proposals: list[_Proposal] | None = None
    nothing_to_change: _Observation | None = None
    minutes: int | None = None


def answer_in(file: Path, *, minutes: int | None) -> Answering:
    """Read an answer; `-` is standard input, `minutes` outweighs those in the file.

    Raises:
        NotFound: the file cannot be read.
        Invalid: it does not hold an answer.
    """
    try:
        read = _Answer.model_validate_json(_content(file))
    except ValidationError as error:
        first = error.errors()[0]
        place = "/" + "/".join(str(part) for part in first["loc"])
        raise Invalid(
            f"{file} holds no answer: {place}: {first['msg']}.",
            hint='Write {"proposals": [{"change": "...", "step": "..."}]}.',
        ) from None
    observed = read.nothing_to_change
    return Answering(
        tuple(_proposal(one) for one in read.proposals or ()),
        observed.observed if observed else None,
        minutes if minutes is not None else read.minutes,
    )


def _content(file: Path) -> bytes:
    if str(file) == "-":
        return sys.stdin.buffer.read()
    try:
        return file.read_bytes()
    except OSError as error:
        raise NotFound(
            f"{file} cannot be read: {error.strerror}.",
            hint="Give the path of a JSON file.",
        ) from error


def _proposal(one: _Proposal) -> Proposal:
    need = Need(one.need.department, one.need.what) if one.need else None
    return Proposal(one.change, one.step, one.effect, need)
