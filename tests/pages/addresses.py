"""Every page there is, and as whom it is looked at.

A page is added here with its route; `tests/house/test_pages.py` keeps this whole.
What stands in braces in `path` and `who` is given by `tests/pages/company.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Known = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Address:
    """A page to be looked at: its route, who looks, and an example of it."""

    route: str
    who: str | None = None
    path: str = ""

    def example(self, known: Known) -> str:
        """Give an address that leads to something."""
        return (self.path or self.route).format_map(known)

    def login(self, known: Known) -> str | None:
        """Give who looks at it; None: somebody who is not signed in."""
        return self.who and self.who.format_map(known)


ADDRESSES = (
    Address("/sign-in"),
    Address("/link/{secret}", None, "/link/{link}"),
    Address("/link/{secret}", None, "/link/{link_password}"),
    Address("/account", "frontline"),
)

NO_PAGES = {
    "/": "leads on",
    "/first-start": "there is a first time only once",
    "/live": "a stream",
}
"""What is asked for by browsers and is no page, with the reason."""
