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
    speaks: str | None = None
    """Which language it speaks, whatever the browser asks for; None: that."""

    def example(self, known: Known) -> str:
        """Give an address that leads to something."""
        return (self.path or self.route).format_map(known)

    def language(self, known: Known, asked: str) -> str:
        """Give the language in which it speaks to a browser that asks for another."""
        return self.speaks.format_map(known) if self.speaks else asked

    def login(self, known: Known) -> str | None:
        """Give who looks at it; None: somebody who is not signed in."""
        return self.who and self.who.format_map(known)


ADDRESSES = (
    Address("/sign-in"),
    Address("/link/{secret}", None, "/link/{link}"),
    Address("/link/{secret}", None, "/link/{link_password}"),
    Address("/account", "frontline"),
    Address("/account/mail", "{head_open}"),
    Address("/forgot"),
    Address("/forgot/sent"),
    # The day of a department
    Address("/inbox", "{head_open}"),
    Address("/inbox", "quality-manager"),
    Address("/tasks/{task}", "{head_open}", "/tasks/{task_open}"),
    Address("/tasks/{task}", "{head_answered}", "/tasks/{task_answered}"),
    Address("/tasks/{task}", "quality-manager", "/tasks/{task_open}"),
    Address("/tasks/together", "{head_open}", "/tasks/together?task={task_open}"),
    Address("/requests", "{head_open}"),
    Address("/handovers", "{head_open}"),
    Address("/handovers", "quality-manager"),
    Address(
        "/handovers/{map_id}/{source}/{target}",
        "thomas",
        "/handovers/order-to-delivery/pick/pack",
    ),
    Address(
        "/handovers/{map_id}/{source}/{target}",
        "natalia",
        "/handovers/order-to-delivery/check-parcel/load",
    ),
    Address("/cases/{case}", "quality-manager", "/cases/{case_internal}"),
    Address("/absence", "elena"),
    Address("/absence", "oksana"),
    Address("/absence/{absence}", "elena"),
    Address("/last-touch", "{head_open}"),
    Address("/last-touch/{department_id}/words", "thomas", "/last-touch/stock/words"),
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
    Address("/cases/{case}/review", "quality-manager", "/cases/{case_review}/review"),
    Address("/cases/{case}/review", "{head_open}", "/cases/{case_improving}/review"),
    Address("/cases/{case}/review", "{partner}", "/cases/{case_partner}/review"),
    Address("/cases/{case}/times", "quality-manager"),
    Address(
        "/cases/{case}/division", "quality-manager", "/cases/{case_review}/division"
    ),
    Address(
        "/cases/{case}/division", "{head_open}", "/cases/{case_improving}/division"
    ),
    # The board
    Address("/board", "quality-manager"),
    Address("/board/cases", "quality-manager"),
    Address("/board/work", "quality-manager"),
    Address("/board/place", "quality-manager"),
    Address("/board/waiting/{what}", "quality-manager", "/board/waiting/answer"),
    Address("/board/waiting/{what}", "quality-manager", "/board/waiting/review"),
    Address("/board/monitoring", "quality-manager"),
    Address("/search", "quality-manager"),
    Address("/search", "{head_open}", "/search?q=delivery"),
    # Filing, and the customer's side
    Address("/file", "frontline"),
    Address("/file", "frontline", "/file?picture={map}"),
    Address("/file/done/{complaint}", "frontline", "/file/done/{complaint_received}"),
    Address("/complain"),
    Address("/how-to-complain"),
    Address("/track/{token}", None, "/track/{token_received}", "{speech_received}"),
    Address("/track/{token}", None, "/track/{token_answered}", "{speech_answered}"),
    Address("/track/{token}", None, "/track/{token_closed}", "{speech_closed}"),
    # Maps
    Address("/maps", "quality-manager"),
    Address("/maps", "{head_open}"),
    Address("/maps/{map_id}", "quality-manager", "/maps/{map}"),
    Address("/maps/{map_id}", "{head_open}", "/maps/{map}?version=1"),
    Address("/maps/{map_id}/timing", "quality-manager", "/maps/{map}/timing"),
    Address("/maps/{map_id}/timing", "{head_open}", "/maps/{map}/timing?period=last-3"),
    Address("/maps/{map_id}/waits", "quality-manager", "/maps/{map}/waits"),
    Address(
        "/maps/{map_id}/timing/picture",
        "quality-manager",
        "/maps/{map}/timing/picture",
    ),
    Address("/maps/{map_id}/compare", "quality-manager", "/maps/{map}/compare"),
    Address("/maps/drafts/from-log", "quality-manager"),
    Address("/maps/drafts/{draft_id}", "quality-manager", "/maps/drafts/{draft}"),
    Address(
        "/maps/drafts/{draft_id}/publish",
        "quality-manager",
        "/maps/drafts/{draft}/publish",
    ),
    # Administration
    Address("/mail", "administrator"),
    Address("/mail/{name}", "administrator", "/mail/{letter}"),
    Address("/admin", "administrator"),
    Address("/admin/people", "administrator"),
    Address("/admin/people/new", "administrator"),
    Address("/admin/people/{person}", "administrator"),
    Address("/admin/departments", "administrator"),
    Address(
        "/admin/departments/{department}", "administrator", "/admin/departments/stock"
    ),
    Address("/admin/calendars", "administrator"),
    Address("/admin/calendars/{calendar}", "administrator", "/admin/calendars/default"),
    Address("/admin/keys", "administrator"),
    Address("/admin/events", "administrator"),
    Address("/admin/journal", "administrator"),
)

NO_PAGES = {
    "/cases/{case}/review/{rest:path}": "leads back to the review",
    "/": "leads on",
    "/first-start": "there is a first time only once",
    "/live": "a stream",
    "/tasks/{task}/{act}": "leads back to the task",
    "/requests/{request}/reply": "leads back to the requests",
    "/pictures/cases/{case}.{kind}": "a picture",
    "/pictures/maps/{map_id}.{kind}": "a picture",
    "/pictures/maps/{map_id}/compared.{kind}": "a picture",
    "/pictures/maps/{map_id}/times.{kind}": "a picture",
    "/maps/{map_id}.yaml": "a file to be saved",
    "/maps/{map_id}/waits.csv": "a file to be saved",
    "/attachments/{attachment}": "a file to be saved",
    "/board/cases.csv": "a table to be saved",
    "/board/work.csv": "a table to be saved",
    "/board/monitoring.csv": "a table to be saved",
    "/search.csv": "a table to be saved",
    "/file/places": "a part of a page",
    "/file/picture": "a part of a page",
}
"""What is asked for by browsers and is no page, with the reason."""
