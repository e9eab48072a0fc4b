"""Take pictures of every page: `python -m docs.page_pictures [FOLDER]`.

Each page in three languages, narrow and wide, light and dark, of the company of the
demonstration; `index.html` in the folder shows all of them. With `--readme` the two
pictures of the README, in `docs/pictures/`.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Literal

from playwright.sync_api import Page, sync_playwright

from resolve.kit.database import open_database
from resolve.kit.language import LANGUAGES
from resolve.migrations import upgrade
from tests.pages.addresses import ADDRESSES, Address, Known
from tests.pages.company import known, speak, tell
from tests.pages.seats import FLAGS, Room, Seat, installed_browser
from tests.pages.serving import served

ROOT = Path(__file__).parent.parent
WIDTHS = (360, 1440)
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
_TALLEST = 9000
_LARGEST = 200_000


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture of the README: its name, who looks at what in a window of which size.

    `press` is the button pressed before it is taken.
    """

    name: str
    who: str
    path: str
    width: int
    height: int
    press: str = ""


README = (
    Shown("task", "{head_open}", "/tasks/{task_open}", 1200, 1000),
    Shown("map", "quality-manager", "/maps/{map}", 1500, 800, "The whole picture"),
)


def main() -> None:
    wanted = _arguments()
    with _company() as room:
        if wanted.readme:
            _readme(room, ROOT / "docs" / "pictures")
        else:
            wanted.folder.mkdir(parents=True, exist_ok=True)
            _all(room, wanted.folder, wanted.only)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("build/pictures"))
    parser.add_argument("--only", default="", help="pages whose route has this in it")
    parser.add_argument("--readme", action="store_true", help="the pictures of README")
    return parser.parse_args()


@contextmanager
def _company() -> Iterator[Room]:
    """Tell the demonstration in a folder of its own, serve it, open a browser."""
    browser = installed_browser()
    if browser is None:
        msg = "No browser. On Debian and Ubuntu: apt-get install chromium"
        raise SystemExit(msg)
    with ExitStack() as closing:
        folder = closing.enter_context(tempfile.TemporaryDirectory())
        database = open_database(f"sqlite:///{folder}/resolve.db")
        closing.callback(database.engine.dispose)
        upgrade(database)
        house = tell(database, Path(folder))
        site = closing.enter_context(served(house.app))
        playwright = closing.enter_context(sync_playwright())
        opened = playwright.chromium.launch(executable_path=browser, args=[*FLAGS])
        closing.callback(opened.close)
        yield Room(house, site, opened)


def _all(room: Room, folder: Path, only: str) -> None:
    addresses = [one for one in ADDRESSES if only in one.route]
    for language in LANGUAGES:
        speak(room.house, language)
        facts = known(room.house)
        for width in WIDTHS:
            for theme in THEMES:
                look = f"{language}.{width}.{theme}"
                _take(room, addresses, facts, folder=folder, look=look)
                print(f"{len(addresses)} pages: {look}", flush=True)
    names = [_name(one) for one in addresses]
    (folder / "index.html").write_text(_sheet(names), encoding="utf-8")
    print(folder / "index.html")


def _take(
    room: Room, addresses: Sequence[Address], facts: Known, *, folder: Path, look: str
) -> None:
    language, width, theme = look.split(".")
    seats: dict[str | None, Seat] = {}
    for address in addresses:
        login = address.login(facts)
        if login not in seats:
            seats[login] = room.seat(
                login,
                width=int(width),
                theme="dark" if theme == "dark" else "light",
                language=language,
            )
        seat = seats[login]
        seat.page.set_viewport_size({"width": int(width), "height": 900})
        page = _drawn(seat.open(address.example(facts)))
        high = min(_TALLEST, page.evaluate("document.documentElement.scrollHeight"))
        name = _name(address)
        page.screenshot(
            path=folder / f"{name}.{look}.png",
            full_page=True,
            clip={"x": 0, "y": 0, "width": int(width), "height": high},
        )
    for seat in seats.values():
        seat.context.close()


def _drawn(page: Page) -> Page:
    """Wait until the diagram of a page is drawn, if it shows one."""
    if page.locator(".diagram:not([hidden])").count():
        page.locator(".diagram:not([hidden]) svg").first.wait_for()
    return page


def _name(address: Address) -> str:
    place = ADDRESSES.index(address)
    plain = re.sub(r"[^a-z0-9]+", "-", (address.path or address.route).lower())
    return f"{place:02}-{plain.strip('-') or 'first'}"


def _sheet(names: Sequence[str]) -> str:
    """Give a page that shows all pictures, those of one page in a row."""
    looks = [f"{lang}.{w}.{t}" for w in WIDTHS for t in THEMES for lang in LANGUAGES]
    rows = "".join(
        f"<h2>{escape(name)}</h2><p>"
        + "".join(
            f'<a href="{name}.{look}.png" title="{look}">'
            f'<img src="{name}.{look}.png" loading="lazy" alt="{look}"></a>'
            for look in looks
        )
        for name in names
    )
    style = "img {width: 15rem; margin: .3rem; border: 1px solid; vertical-align: top}"
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Pages</title>'
        f"<style>{style}</style><h1>Pages</h1>{rows}"
    )


def _readme(room: Room, folder: Path) -> None:
    facts = known(room.house)
    speak(room.house, "en")
    for one in README:
        seat = room.seat(one.who.format_map(facts), width=one.width)
        seat.page.set_viewport_size({"width": one.width, "height": one.height})
        page = _drawn(seat.open(one.path.format_map(facts)))
        if one.press:
            page.get_by_role("button", name=one.press).click()
            page.mouse.move(0, 0)
        path = folder / f"{one.name}.png"
        page.screenshot(path=path)
        seat.context.close()
        size = path.stat().st_size
        print(f"{path}: {size:,} bytes")
        if size > _LARGEST:
            msg = f"{path} is larger than {_LARGEST:,} bytes"
            raise SystemExit(msg)


if __name__ == "__main__":
    main()
