"""`python -m resolve_flows [--drain]`: one worker, until it is told to stop.

SIGTERM and Ctrl-C let it finish its batch. Flows run in a thread of their own: in the
main thread Prefect would take SIGTERM for itself and break off the run.
"""

from __future__ import annotations

import signal
import sys
import threading

from resolve.kit.errors import ResolveError
from resolve.kit.logs import start_logging
from resolve.kit.settings import settings
from resolve.launcher.prefect_address import PrefectAddress, prefect_of
from resolve.migrations import require_newest
from resolve_flows import runtime


def main() -> int:
    """Work; give the exit code."""
    try:
        chosen = settings()
        start_logging(chosen.log_level)
        prefect = prefect_of(chosen)
        runtime.prepare(prefect, home=chosen.file("prefect", "worker"))
        require_newest(runtime.database())
    except ResolveError as error:
        sys.stderr.write(" ".join(str(error).split()) + "\n")
        return 1
    return _work(prefect, drain="--drain" in sys.argv[1:])


def _work(prefect: PrefectAddress, *, drain: bool) -> int:
    from resolve_flows.worker import Worker  # noqa: PLC0415  imports Prefect

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    ended: list[int] = []

    def work() -> None:
        Worker(prefect, stop, drain=drain).run()
        ended.append(0)

    thread = threading.Thread(target=work, name="worker")
    thread.start()
    while thread.is_alive():
        thread.join(0.2)
    return ended[0] if ended else 1


if __name__ == "__main__":
    sys.exit(main())
