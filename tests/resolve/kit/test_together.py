"""What is asked at the same moment is done at once, and each gets its own result."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from resolve.kit.errors import Unavailable
from resolve.kit.together import Together


class Gate:
    """Doubles numbers; its first batch waits until it is opened."""

    def __init__(self, refuses: type[Exception] | None = None) -> None:
        self.batches: list[list[int]] = []
        self.begun = threading.Event()
        self.open = threading.Event()
        self._refuses = refuses

    def double(self, numbers: Sequence[int]) -> list[int | Exception]:
        self.batches.append(list(numbers))
        self.begun.set()
        assert self.open.wait(10)
        if self._refuses and 3 in numbers:
            raise self._refuses("not 3")
        return [ValueError("odd") if n == 5 else 2 * n for n in numbers]


def outcome(together: Together[int, int], number: int) -> object:
    try:
        return together.do(number)
    except Exception as error:  # noqa: BLE001
        return repr(error)


def all_at_once(gate: Gate, numbers: range, most: int = 100) -> list[object]:
    together = Together(gate.double, most=most)
    with ThreadPoolExecutor(20) as pool:
        first = pool.submit(outcome, together, 0)
        assert gate.begun.wait(10)
        others = [pool.submit(outcome, together, number) for number in numbers]
        while len(together._waiting) < len(numbers):
            pass
        gate.open.set()
        return [first.result(10), *(one.result(10) for one in others)]


def test_what_waits_meanwhile_is_done_at_once() -> None:
    gate = Gate()
    assert all_at_once(gate, range(6, 10)) == [0, 12, 14, 16, 18]
    assert [sorted(batch) for batch in gate.batches] == [[0], [6, 7, 8, 9]]


def test_no_more_than_so_many_at_once() -> None:
    gate = Gate()
    assert all_at_once(gate, range(6, 11), most=2) == [0, 12, 14, 16, 18, 20]
    assert [len(batch) for batch in gate.batches] == [1, 2, 2, 1]


def test_an_exception_is_only_for_who_asked_for_it() -> None:
    found = all_at_once(Gate(), range(4, 7))
    assert found == [0, 8, "ValueError('odd')", 12]


def test_what_breaks_the_whole_is_done_one_by_one() -> None:
    gate = Gate(refuses=KeyError)
    assert all_at_once(gate, range(2, 5)) == [0, 4, "KeyError('not 3')", 8]
    assert [len(batch) for batch in gate.batches] == [1, 3, 1, 1, 1]


def test_nothing_is_tried_again_while_the_database_is_away() -> None:
    class Away(Unavailable):
        code = "away"

    gate = Gate(refuses=Away)
    found = all_at_once(gate, range(2, 5))
    assert [type(one) for one in found] == [int, str, str, str]
    assert len(gate.batches) == 2


@pytest.mark.parametrize("number", [1, 7])
def test_alone_it_is_done_at_once(number: int) -> None:
    gate = Gate()
    gate.open.set()
    assert Together(gate.double, most=5).do(number) == 2 * number
