"""The overview of the administration: is everything well, and what to do first."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter
from starlette.responses import Response

from resolve.access.table import Right
from resolve.kit.clock import now
from resolve.kit.database import reading
from resolve_api.pages.admin_first import standing, todos
from resolve_api.pages.admin_frame import Administrator, admin_page
from resolve_api.pages.admin_health import health
from resolve_api.pages.showing import DONE
from resolve_api.probes import Probes

router = APIRouter(prefix="/admin")
_STARTED = now()
_STARTS_WITHIN = timedelta(minutes=1)

DONE["first_start"] = lambda it: it.say(
    "Welcome. You are the administrator; here is what to do first."
)


@router.get("")
def overview(visit: Administrator) -> Response:
    """Say in words how everything stands."""
    app, settings = visit.request.app, visit.shop.settings
    probes: Probes = app.state.probes
    with reading(visit.database) as session:
        so_far = standing(session, settings)
        found = health(session, at=now()) if visit.may(Right.RUN) else None
    return admin_page(
        visit,
        "overview.html",
        health=found,
        starting=now() - _STARTED < _STARTS_WITHIN,
        filing=probes.database.get(),
        prefect=probes.prefect.get(),
        so_far=so_far,
        todos=todos(visit.language, so_far, settings),
        version=app.version,
        sqlite=visit.database.is_sqlite,
        home=str(settings.home.absolute()),
        smtp=settings.smtp_host,
    )
