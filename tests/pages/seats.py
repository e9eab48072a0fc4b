"""Somebody in front of a browser: what they see, and what went wrong unseen."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Request,
    Response,
    Route,
)

from resolve_api.pages.visits import COOKIE
from tests.api.pages.conftest import House
from tests.pages.serving import Site

PATIENCE = 15_000
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--font-render-hinting=none",
)  # fmt: skip
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

_NETWORK = ("http", "https", "ws", "wss")
_STATUS = "Failed to load resource: the server responded with a status of"
_SAID_BESIDE_THE_FIELD = (409, 412, 422)
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def installed_browser() -> str | None:
    """Give the browser of this machine, or the one that RESOLVE_TEST_BROWSER names."""
    named = os.environ.get("RESOLVE_TEST_BROWSER")
    return named or next(filter(None, map(shutil.which, _NAMES)), None)


@dataclass
class Seat:
    """One person's browser: its page, and everything it complained about."""

    context: BrowserContext
    page: Page
    site: Site
    status: int = 0
    problems: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Open an address of ours and give the page."""
        answer = self.page.goto(f"{self.site.address}{path}", wait_until="load")
        self.status = answer.status if answer else 0
        return self.page

    @property
    def path(self) -> str:
        """Give the address that is open, without its question."""
        return urlsplit(self.page.url).path

    @property
    def question(self) -> str:
        return urlsplit(self.page.url).query

    def send(self, button: str) -> None:
        """Press the button of this name and wait for the next page."""
        with self.page.expect_navigation(wait_until="load"):
            self.page.get_by_role("button", name=button, exact=True).first.click()

    def watch(self) -> None:
        """Note whatever a page of ours must not do."""
        self.page.on("pageerror", self._page_error)
        self.page.on("console", self._console)
        self.page.on("response", self._response)
        self.context.route(self._is_foreign, self._foreign)

    def _page_error(self, error: Error) -> None:
        self.problems.append(f"{self.page.url}: a script failed: {error}")

    def _console(self, message: ConsoleMessage) -> None:
        # Statuses are looked at below, where it is known what was asked for.
        if message.type == "error" and not message.text.startswith(_STATUS):
            self.problems.append(f"{self.page.url}: {message.text}")

    def _response(self, answer: Response) -> None:
        asked = answer.request
        refused = answer.status >= 400 and answer.status not in _SAID_BESIDE_THE_FIELD
        crashed = answer.status >= 500
        if crashed or (refused and not asked.is_navigation_request()):
            self.problems.append(f"{asked.method} {asked.url}: {answer.status}")

    def _is_foreign(self, url: str) -> bool:
        parts = urlsplit(url)
        return (
            parts.scheme in ("http", "https", "ws") and parts.netloc != self.site.host
        )

    def _foreign(self, route: Route, request: Request) -> None:
        self.problems.append(f"{self.page.url} asks for {request.url}")
        route.abort()

    # ------------------------------------------------------ what is wrong with a page

    def barriers(self) -> list[str]:
        """Give what axe finds on the page as it is now."""
        options = {"runOnly": {"type": "tag", "values": _RULES}}
        found = Axe().run(self.page, options={**options, "resultTypes": ["violations"]})
        return [
            f"{one['id']}: {', '.join(map(str, node['target']))}: {node['html'][:160]}"
            for one in found.response["violations"]
            for node in one["nodes"]
        ]

    def oddities(self) -> list[str]:
        """Give what is missing on the page, or sticks out of it."""
        found = self.page.evaluate(_LOOK)
        return [f"{self.path}{'?' if self.question else ''}{self.question}: {one}"
                for one in found]  # fmt: skip


@dataclass
class Room:
    """A browser in which several people are, each on their own."""

    house: House
    site: Site
    browser: Browser
    taken: list[Seat] = field(default_factory=list)

    def seat(
        self,
        login: str | None = None,
        *,
        width: int = 1440,
        theme: Literal["light", "dark"] = "light",
        scripts: bool = True,
        language: str = "en",
    ) -> Seat:
        """Give a browser of its own, in which this person is signed in, if any.

        `language` is what the browser asks for; people have a language of their own.
        """
        context = self.browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=theme,
            java_script_enabled=scripts,
            locale=language,
            service_workers="block",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        made = Seat(context, context.new_page(), self.site)
        made.watch()
        if login:
            secret = self.house.as_(login).cookies[COOKIE]
            kept = {"name": COOKIE, "value": secret, "url": self.site.address}
            context.add_cookies([kept])  # type: ignore[list-item]
        self.taken.append(made)
        return made

    def close(self) -> None:
        """Close every seat; nothing may have gone wrong at any of them."""
        for one in self.taken:
            one.context.close()
        problems = [problem for one in self.taken for problem in one.problems]
        assert not problems, "\n".join(problems)


_LOOK = """() => {
  const found = [];
  const headings = document.querySelectorAll("h1");
  if (headings.length !== 1) found.push(`${headings.length} h1`);
  if (!document.title.replace("· Resolve", "").trim()) found.push("no title");
  if (!document.documentElement.lang) found.push("no lang");
  if (document.querySelectorAll("main").length !== 1) found.push("not one main");
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) {
    const wide = [...document.querySelectorAll("body *")].filter((one) => {
      const box = one.getBoundingClientRect();
      if (box.right <= width + 1 || !box.width) return false;
      for (let up = one.parentElement; up; up = up.parentElement)
        if (getComputedStyle(up).overflowX !== "visible" && up !== document.body)
          return false;
      return true;
    });
    const names = wide.slice(0, 4).map((one) => `${one.tagName}.${one.className}`);
    found.push(`wider than the window: ${names.join(", ")}`);
  }
  const inline = document.querySelectorAll("[style], style, script:not([src])");
  const ours = [...inline].filter((one) => !one.closest("svg"));
  const start = (one) => one.outerHTML.slice(0, 90);
  if (ours.length) found.push(`inline style or script: ${start(ours[0])}`);
  const nameless = [...document.querySelectorAll("input, select, textarea")].filter(
    (one) => one.type !== "hidden" && !one.hidden && !one.labels?.length &&
      !one.getAttribute("aria-label") && !one.getAttribute("aria-labelledby"));
  if (nameless.length) found.push(`no label: ${start(nameless[0])}`);
  return found;
}"""
