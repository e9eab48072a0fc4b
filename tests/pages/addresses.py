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
    # The day of a department
    Address("/inbox", "{head_open}"),
    Address("/inbox", "quality-manager"),
    Address("/tasks/{task}", "{head_open}", "/tasks/{task_open}"),
    Address("/tasks/{task}", "{head_answered}", "/tasks/{task_answered}"),
    Address("/tasks/{task}", "quality-manager", "/tasks/{task_open}"),
    Address("/tasks/together", "{head_open}", "/tasks/together?task={task_open}"),
    Address("/requests", "{head_open}"),
    # Cases
    Address("/cases", "quality-manager"),
    Address("/cases", "{partner}"),
    Address("/cases/{case}", "quality-manager", "/cases/{case}"),
    Address("/cases/{case}", "{partner}", "/cases/{case_partner}"),
    Address("/cases/{case}", "quality-manager", "/cases/{case_to_place}"),
    Address("/cases/{case}", "quality-manager", "/cases/{case_review}"),
    Address("/cases/{case}", "quality-manager", "/cases/{case_improving}"),
    Address("/cases/{case}", "quality-manager", "/cases/{case_closed}"),
    Address("/cases/{case}", "{head_open}", "/cases/{case_improving}"),
    Address("/cases/{case}/complaints", "quality-manager"),
    Address(
        "/cases/{case}/complaints/{complaint}",
        "quality-manager",
        "/cases/{complaint_answered_case}/complaints/{complaint_answered}",
    ),
    Address("/cases/{case}/story", "quality-manager"),
    Address("/cases/{case}/talk", "quality-manager"),
)

NO_PAGES = {
    "/": "leads on",
    "/first-start": "there is a first time only once",
    "/live": "a stream",
    "/tasks/{task}/{act}": "leads back to the task",
    "/requests/{request}/reply": "leads back to the requests",
    "/pictures/cases/{case}.{kind}": "a picture",
}
"""What is asked for by browsers and is no page, with the reason."""
