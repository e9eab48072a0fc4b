"""Draw all maps, to be looked at: `python docs/pictures.py [FOLDER]`.

In three languages, light and dark: each map as a whole, with one department in focus,
and in one case. With `--readme` the pictures of the README, in `docs/pictures/`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from resolve.chain.model import PromiseConcern, ValueChain
from resolve.chain.reader import load
from resolve.chain.walk import walk
from resolve.diagrams import CannotDraw, CaseState, TaskState, outline, render
from resolve.kit.language import LANGUAGES

ROOT = Path(__file__).parent.parent
MAPS = ROOT / "process_maps"
FOCUS = {
    "order-to-delivery": "stock",
    "installation-and-repair": "spare-parts",
    "company-sectors": "data-processing",
}
README = {"order-to-delivery": None, "order-to-delivery-stock": "stock"}


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture to draw, and the name of its file."""

    name: str
    chain: ValueChain
    department: str | None = None
    case: CaseState | None = None


def main() -> None:
    wanted = _arguments()
    if wanted.readme:
        _readme(ROOT / "docs" / "pictures")
        return
    wanted.folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(MAPS.glob("*.yaml")):
        if wanted.only in path.stem:
            for picture in _pictures(load(path.read_bytes(), name=path.name)):
                _draw(wanted.folder, picture, wanted.format)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("build/pictures"))
    parser.add_argument("--format", default="png", choices=("png", "svg", "pdf"))
    parser.add_argument("--only", default="", help="maps whose name has this in it")
    parser.add_argument("--readme", action="store_true", help="the pictures of README")
    return parser.parse_args()


def _pictures(chain: ValueChain) -> Iterator[Picture]:
    yield Picture(chain.id, chain)
    focus = FOCUS.get(chain.id, next(iter(chain.departments)))
    yield Picture(f"{chain.id}-{focus}", chain, department=focus)
    yield Picture(f"{chain.id}-case", chain, case=_case(chain))


def _case(chain: ValueChain) -> CaseState:
    """Imagine a case about the first promise, its tasks in every state."""
    touchpoint = next(t for t in chain.touchpoints.values() if t.promises)
    found = walk(chain, PromiseConcern(touchpoint.id, touchpoint.promises[0]))
    states = cycle((TaskState.OPEN, TaskState.ANSWERED, TaskState.WITHDRAWN))
    sectors = (sector.department for sector in found.participants)
    return CaseState(found, dict(zip(sectors, states, strict=False)))


def _draw(folder: Path, picture: Picture, kind: str) -> None:
    for language in LANGUAGES:
        for theme in ("light", "dark"):
            path = folder / f"{picture.name}.{language}.{theme}.{kind}"
            path.write_bytes(
                render(
                    picture.chain,
                    format=kind,
                    timeout=60,
                    language=language,
                    department=picture.department,
                    case=picture.case,
                    theme=theme,
                )
            )
            print(path)
        words = outline(
            picture.chain,
            language=language,
            department=picture.department,
            case=picture.case,
        )
        words_path = folder / f"{picture.name}.{language}.txt"
        words_path.write_text(words, encoding="utf-8")


def _readme(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    chain = load((MAPS / "order-to-delivery.yaml").read_bytes())
    for name, department in README.items():
        svg = render(chain, format="svg", department=department)
        (folder / f"{name}.svg").write_bytes(svg)


if __name__ == "__main__":
    try:
        main()
    except CannotDraw as problem:
        raise SystemExit(str(problem)) from None
