"""`python -m resolve.launcher.tied PID COMMAND...`: a command that dies with PID.

Where the system can do it (Linux), the process is killed when its parent is gone,
however that ended, and then becomes the command. Elsewhere it only becomes it.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Tie this process to its parent, then become the command."""
    parent, command = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before we were tied
        sys.exit(1)
    os.execv(command[0], command)  # noqa: S606  what the launcher gave


if __name__ == "__main__":
    main()
