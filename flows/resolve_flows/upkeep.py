"""The flow of what runs from time to time, a task for each duty that is due."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import structlog
from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from resolve.handling import upkeep as handling
from resolve.handling.duties import Duty, duties, rare_duties
from resolve.handling.indexing import index_some
from resolve.handling.proving import judge_all_due
from resolve.handling.timekeeping import remake_old
from resolve.journal.keys import seal_key
from resolve.kit import clock
from resolve.kit.database import reading, transaction
from resolve.kit.errors import Unavailable
from resolve.kit.settings import settings
from resolve_flows.batch import reason
from resolve_flows.claims import anything_to_handle
from resolve_flows.runtime import database
from resolve_flows.telling import MAIL_AT_ONCE, send_mail

_MAIL_SECONDS = 5.0
_INDEX_SECONDS = 1.0

log = structlog.get_logger(__name__)


@flow(name="upkeep", persist_result=False, validate_parameters=False)
def upkeep(of: list[str] | None = None) -> None:
    """Do these duties, else all that are due."""
    do_due(None if of is None else [Duty(name) for name in of])


class DutyFailed(Exception):
    """A duty could not be done; the others were."""


def do_due(found: Sequence[Duty] | None = None) -> None:
    """Do these duties inside the present flow run, else all that are due.

    Raises:
        DutyFailed: one of them failed by itself.
        Unavailable: the database is away for a while.
    """
    failed = []
    for duty in due(rare=True) if found is None else found:
        try:
            DO[duty]()
        except Unavailable:
            raise
        except Exception as error:
            log.exception("a duty failed", duty=str(duty))
            failed.append(f"{duty}: {reason(error)}")
    if failed:
        raise DutyFailed("; ".join(failed))


def due(*, rare: bool) -> list[Duty]:
    """Say what is to be done now."""
    at = clock.now()
    with reading(database()) as session:
        found = duties(session, at=at)
        if rare:
            found += rare_duties(session, at=at, keep=handling.KEEP)
    return found


@task(name="fire-clocks", cache_policy=NO_CACHE, persist_result=False)
def fire() -> int:
    """Let the clocks that are due fire."""
    return handling.fire_all_due(database(), at=clock.now())


@task(name="judge-changes", cache_policy=NO_CACHE, persist_result=False)
def judge() -> int:
    """Look at the changes in place of which the orders may say something new."""
    return judge_all_due(database(), at=clock.now())


@task(name="mail", cache_policy=NO_CACHE, persist_result=False)
def mail() -> int:
    """Put the mail that waits into its folder, as long as no case waits for us."""
    until = time.monotonic() + _MAIL_SECONDS
    total = 0
    while time.monotonic() < until:
        sent = send_mail()
        total += sent
        if sent < MAIL_AT_ONCE or anything_to_handle():
            break
    return total


@task(name="index", cache_policy=NO_CACHE, persist_result=False)
def index() -> None:
    """Take what is new into the search, as long as no case waits for us."""
    until = time.monotonic() + _INDEX_SECONDS
    while index_some(database()) and time.monotonic() < until:
        if anything_to_handle():
            break


@task(name="seal-journal", cache_policy=NO_CACHE, persist_result=False)
def seal() -> int | None:
    """Seal what happened since the last seal."""
    key = seal_key(settings())
    return handling.seal_journal(database(), key=key, at=clock.now())


@task(name="put-back", cache_policy=NO_CACHE, persist_result=False)
def put_back() -> int:
    """Put every case that stands still back on the road."""
    return handling.put_back_all(database(), at=clock.now())


@task(name="forget", cache_policy=NO_CACHE, persist_result=False)
def forget() -> int:
    """Remove what was kept long enough."""
    with transaction(database()) as session:
        return handling.forget_old(session, at=clock.now())


@task(name="remake-times", cache_policy=NO_CACHE, persist_result=False)
def remake_times() -> int:
    """Find out anew about promises whose orders have new step times."""
    return remake_old(database(), at=clock.now())


DO: dict[Duty, Callable[[], object]] = {
    Duty.FIRE: fire,
    Duty.JUDGE: judge,
    Duty.MAIL: mail,
    Duty.INDEX: index,
    Duty.SEAL: seal,
    Duty.PUT_BACK: put_back,
    Duty.FORGET: forget,
    Duty.TIMES: remake_times,
}
