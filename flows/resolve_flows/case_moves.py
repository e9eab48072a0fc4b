"""The flow after an answer, a due clock or a withdrawal: is everything in?"""

from __future__ import annotations

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run

from resolve.handling import moving
from resolve.kit import clock
from resolve.kit.database import transaction
from resolve.outbox.service import Claimed
from resolve_flows.batch import Carried, do_all
from resolve_flows.runtime import database
from resolve_flows.telling import tell


@flow(name="move-cases", persist_result=False, validate_parameters=False)
def move_cases(token: str, event_ids: list[int]) -> None:
    """Ask the facilitators of the cases in which everything is in."""
    move_events(token, event_ids, run_id=str(flow_run.id))


def move_events(token: str, event_ids: list[int], *, run_id: str) -> None:
    """Do the stages inside the present flow run."""

    def work(events: list[Claimed]) -> None:
        move(Carried(events), token=token, run_id=run_id)

    do_all(token, event_ids, work)
    tell(len(event_ids))


@task(name="move", cache_policy=NO_CACHE, persist_result=False)
def move(events: Carried[list[Claimed]], *, token: str, run_id: str) -> int:
    """Ask, once a round, and settle the events, in one transaction."""
    with transaction(database()) as session:
        return moving.move(
            session, events.value, token=token, run_id=run_id, at=clock.now()
        )
