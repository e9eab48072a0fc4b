"""The password is forgotten: a link by mail; the answer is the same for every name."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import structlog
from fastapi import APIRouter
from starlette.responses import Response

from resolve.access.errors import TooManyTries
from resolve.access.forgotten import LASTS, count_asking
from resolve.handling.forgotten import mail_a_link
from resolve.kit.clock import now
from resolve.kit.database import Database, transaction
from resolve.kit.settings import Settings
from resolve_api.pages.said import said
from resolve_api.pages.showing import page
from resolve_api.pages.sign_in import address
from resolve_api.pages.visits import Visit, Visitor

router = APIRouter(prefix="/forgot")
log = structlog.get_logger("resolve.pages")

# Besides the request, so that the time it takes tells nothing.
_BESIDES = ThreadPoolExecutor(max_workers=1, thread_name_prefix="forgotten")
_LONGEST_NAME = 254


@router.get("")
def ask(visit: Visitor) -> Response:
    """Ask for whom."""
    return _form(visit)


@router.post("")
def send(visit: Visitor) -> Response:
    """Send a link, if there is somebody of this name who has an e-mail."""
    name, at = visit.text("login")[:_LONGEST_NAME], now()
    try:
        with transaction(visit.database) as session:
            count_asking(session, name, address(visit), at=at)
    except TooManyTries as why:
        return _form(visit, said(visit.language, why))
    _BESIDES.submit(_mail, visit.database, visit.shop.settings, name, at)
    return visit.go("/forgot/sent")


@router.get("/sent")
def sent(visit: Visitor) -> Response:
    """Say what happens next."""
    return page(visit, "mail/forgot_sent.html", lasts=LASTS)


def _form(visit: Visit, wrong: str = "") -> Response:
    return page(
        visit,
        "mail/forgot.html",
        status=429 if wrong else 200,
        wrong=wrong,
        login=visit.text("login"),
    )


def _mail(database: Database, chosen: Settings, name: str, at: datetime) -> None:
    try:
        mail_a_link(database, chosen, name, at=at)
    except Exception as why:  # noqa: BLE001  nobody waits for it; it is asked for again
        log.warning("a link could not be mailed", why=str(why)[:300])
