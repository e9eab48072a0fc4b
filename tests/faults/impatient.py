"""`python impatient.py SECONDS MODULE [ARGUMENTS]`: a process of ours that waits less.

It is the process itself; only the wait for a turn to write is not half a minute.
"""

from __future__ import annotations

import runpy
import sys

from resolve.kit import database


def main() -> None:
    seconds, module = float(sys.argv[1]), sys.argv[2]
    database._WAIT_SECONDS = seconds
    (database.open_database.__kwdefaults__ or {})["wait"] = seconds
    sys.argv = sys.argv[2:]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
