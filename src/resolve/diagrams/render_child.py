"""The child process that lays a diagram out: DOT on its input, a picture on its output.

Started as a file, so that nothing of Resolve is imported. Arguments: the fontconfig
file, the format, the `dot` of the machine (or "") and where pygraphviz is installed.
"""

import os
import sys


def main(fonts: str, kind: str, dot: str, site: str) -> int:
    os.putenv("FONTCONFIG_FILE", fonts)
    if dot:
        os.execv(dot, [dot, f"-T{kind}"])  # noqa: S606  a program found by the parent
    sys.path.insert(0, site)
    from pygraphviz import graphviz as gv  # noqa: PLC0415  only without a `dot`

    context = gv.gvContextWithBuiltins()
    graph = gv.agread(sys.stdin, None)
    if graph is None or gv.gvLayout(context, graph, b"dot"):
        return 1
    failed, picture = gv.gvRenderData(context, graph, kind.encode())
    if failed:
        return 1
    sys.stdout.buffer.write(picture)
    sys.stdout.buffer.flush()
    # The process ends here; giving its memory back piece by piece would only take time.
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
