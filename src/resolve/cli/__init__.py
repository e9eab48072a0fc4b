"""The command line: `resolve`, acting as the local administrator.

Exit codes: 0 done, 1 refused or partly rejected, 2 usage.
"""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper

from resolve.kit.errors import ResolveError

_INTERRUPTED = 130


def main() -> None:
    """Run one command; what people can mend is one sentence on standard error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _run()
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our output has gone; the interpreter must not flush into it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    except KeyboardInterrupt:
        code = _INTERRUPTED
    sys.exit(code)


def _run() -> int:
    from resolve.cli.app import app  # noqa: PLC0415  Ctrl-C while loading is quiet too

    try:
        app(prog_name="resolve")
    except ResolveError as error:
        sys.stderr.write(" ".join(str(error).split()) + "\n")
        return 1
    except UnicodeEncodeError:
        sys.stderr.write("A word of this command holds a broken character.\n")
        return 2
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0
