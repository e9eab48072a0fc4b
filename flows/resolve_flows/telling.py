"""The stage that mails what is new."""

from __future__ import annotations

import structlog
from prefect import task
from prefect.cache_policies import NO_CACHE

from resolve.handling.mail import mail_folder, send_waiting
from resolve.kit import clock
from resolve.kit.settings import settings
from resolve_flows.runtime import database

MAIL_AT_ONCE = 50
_SMALL = 3

log = structlog.get_logger(__name__)


def tell(events: int) -> None:
    """Mail at once after a small batch; after a large one upkeep does it by and by."""
    if events <= _SMALL:
        tell_now()


@task(name="tell", cache_policy=NO_CACHE, persist_result=False)
def tell_now() -> int:
    """Mail what is new; what cannot be mailed now waits, upkeep tries again."""
    try:
        return send_mail()
    except Exception as why:  # noqa: BLE001  the tasks are handed out all the same
        log.warning("mail has to wait", why=str(why))
        return 0


def send_mail() -> int:
    """Mail what waits; give how much was looked at."""
    folder = mail_folder(settings())
    return send_waiting(database(), folder, at=clock.now(), most=MAIL_AT_ONCE)
