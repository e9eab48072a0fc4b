"""How much work something is, whatever machine it runs on."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def lines_run(work: Callable[[], object]) -> int:
    """Count the lines of Python that something runs, over and over ones too.

    Time says how busy a machine is; this is the same on every run, so that a test can
    say that ten times as much is about ten times the work.
    """
    run = 0

    def count(_frame: FrameType, event: str, _: Any) -> Any:
        nonlocal run
        run += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        work()
    finally:
        sys.settrace(before)
    return run
