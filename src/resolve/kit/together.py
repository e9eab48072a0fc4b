"""Doing at once what is asked at the same moment, so that one commit serves all."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from resolve.kit.errors import Unavailable

A = TypeVar("A")
R = TypeVar("R")


class _Asked(Generic[A, R]):
    """Something asked for, and what came of it."""

    __slots__ = ("outcome", "what")

    def __init__(self, what: A) -> None:
        self.what = what
        self.outcome: list[R | Exception] = []


class Together(Generic[A, R]):
    """Lets one caller at a time do all that waits; the others find their result.

    `do_all` gives a result or an exception for each, in order. If it raises, each is
    done by itself, so that nobody suffers from what somebody else asked for.
    """

    def __init__(
        self, do_all: Callable[[Sequence[A]], Sequence[R | Exception]], *, most: int
    ) -> None:
        self._do_all = do_all
        self._most = most
        self._waiting: deque[_Asked[A, R]] = deque()
        self._turn = threading.Lock()

    def do(self, what: A) -> R:
        """Have it done; raises what came of it if that is an exception."""
        asked: _Asked[A, R] = _Asked(what)
        self._waiting.append(asked)
        with self._turn:
            while not asked.outcome:
                self._do([self._waiting.popleft() for _ in range(self._ready())])
        outcome = asked.outcome[0]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def _ready(self) -> int:
        return min(self._most, len(self._waiting))

    def _do(self, batch: Sequence[_Asked[A, R]]) -> None:
        try:
            outcomes = self._do_all([one.what for one in batch])
        except Exception as error:  # noqa: BLE001  each caller gets its own
            if len(batch) > 1 and not isinstance(error, Unavailable):
                for one in batch:
                    self._do([one])
                return
            outcomes = [error] * len(batch)
        for one, outcome in zip(batch, outcomes, strict=True):
            one.outcome.append(outcome)
