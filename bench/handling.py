"""`python -m bench.handling`: a worker that works when it is told to, line by line.

`drain` handles all that waits, `bare N` runs N flows that do nothing; each answers with
the seconds it took.
"""

from __future__ import annotations

import sys
import threading
from time import perf_counter

from resolve.kit.settings import settings
from resolve.launcher.prefect_address import prefect_of
from resolve_flows import runtime


def main() -> None:
    """Work until the input ends."""
    known = settings()
    prefect = prefect_of(known)
    runtime.prepare(prefect, home=known.file("prefect", "worker"))
    from prefect import flow  # noqa: PLC0415  after `prepare`

    from resolve_flows.worker import Worker  # noqa: PLC0415

    @flow(name="bare", persist_result=False, validate_parameters=False)
    def bare(number: int) -> None:
        """Do nothing, for one complaint."""

    worker = Worker(prefect, threading.Event(), drain=True)
    with runtime.connected():
        bare(0)
        print("ready", flush=True)
        for line in sys.stdin:
            what, *many = line.split()
            start = perf_counter()
            if what == "drain":
                while worker.turn():
                    pass
            else:
                for number in range(int(many[0])):
                    bare(number)
            print(perf_counter() - start, flush=True)


if __name__ == "__main__":
    # Not in the main thread, where Prefect would take SIGTERM for itself.
    thread = threading.Thread(target=main, daemon=True)
    thread.start()
    thread.join()
