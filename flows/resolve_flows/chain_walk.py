"""The flow from filed, or placed, to tasks handed out: walk, assign, tell."""

from __future__ import annotations

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run

from resolve.handling import walking
from resolve.kit import clock
from resolve.kit.database import reading, transaction
from resolve.outbox.service import Claimed
from resolve_flows.batch import Carried, do_all
from resolve_flows.runtime import database
from resolve_flows.telling import tell


@flow(name="walk-the-chain", persist_result=False, validate_parameters=False)
def walk_the_chain(token: str, event_ids: list[int]) -> None:
    """Hand out the tasks of the cases that these events are about."""
    walk_events(token, event_ids, run_id=str(flow_run.id))


def walk_events(token: str, event_ids: list[int], *, run_id: str) -> None:
    """Do the stages inside the present flow run."""

    def work(events: list[Claimed]) -> None:
        assign(walk(Carried(events)), token=token, run_id=run_id)

    do_all(token, event_ids, work)
    tell(len(event_ids))


@task(name="walk", cache_policy=NO_CACHE, persist_result=False)
def walk(events: Carried[list[Claimed]]) -> Carried[list[walking.Plan]]:
    """Find out who takes part; changes nothing."""
    with reading(database()) as session:
        return Carried(walking.plan(session, events.value))


@task(name="assign", cache_policy=NO_CACHE, persist_result=False)
def assign(plans: Carried[list[walking.Plan]], *, token: str, run_id: str) -> int:
    """Hand out what is missing and settle the events, in one transaction."""
    with transaction(database()) as session:
        return walking.assign(
            session, plans.value, token=token, run_id=run_id, at=clock.now()
        )
