"""The application, put together."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from functools import cache, partial
from importlib.metadata import PackageNotFoundError, version

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException

from resolve.complaints.filing import House
from resolve.kit.database import Database
from resolve.kit.errors import ResolveError
from resolve.kit.settings import Settings
from resolve.migrations import require_newest
from resolve_api import documentation, problems
from resolve_api.counting import Counts
from resolve_api.dependencies import KnownKeys, Shop
from resolve_api.desk import Desk
from resolve_api.gate import Gate, addresses
from resolve_api.pages import add_pages
from resolve_api.pages.compressed import Compressed
from resolve_api.pages.doors import Doorkeeper, larger_bodies
from resolve_api.pages.errors import ask_to_sign_in, or_page, show_status
from resolve_api.pages.live import add_live
from resolve_api.pages.visits import SignInNeeded
from resolve_api.probes import probes
from resolve_api.rates import Rates
from resolve_api.routes import (
    agreements,
    ballots,
    cases,
    complaints,
    departments,
    division,
    events,
    handovers,
    health,
    maps,
    requests,
    step_times,
    talk,
    tasks,
    timing,
    waits,
    wording,
)

PREFIX = "/api/v1"
_ROUTERS = (
    *(complaints, cases, division, ballots, talk, agreements, tasks, requests),
    *(maps, departments, events, step_times, timing, waits, wording, handovers),
)
_ABOUT = (
    "Complaints are filed here and walk the value chain; every department on the way "
    "is asked what it can change. Errors are RFC 9457 problems with a stable `code`."
)


def build(database: Database, settings: Settings) -> FastAPI:
    """Put the application together on an upgraded database.

    Raises:
        NotUpgraded: the database has another form.
    """
    require_newest(database)
    app = FastAPI(
        title="Resolve",
        version=_version(),
        description=_ABOUT,
        openapi_url=documentation.OPENAPI,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        routes=list(_everything().routes),
        lifespan=partial(_closing, database),
    )
    app.state.shop = Shop(
        database, settings, KnownKeys(database), Rates(settings.rate_limit)
    )
    house = House(settings.quality_manager, settings.answer_within)
    app.state.desk = Desk(database, house, settings)
    app.state.doorkeeper = Doorkeeper(settings.public_rate)
    app.state.counts = Counts(database)
    app.state.probes = probes(database, settings)
    app.add_exception_handler(ResolveError, or_page(problems.handle_resolve_error))
    app.add_exception_handler(
        RequestValidationError, or_page(problems.handle_parameters)
    )
    app.add_exception_handler(HTTPException, or_page(problems.handle_http))
    app.add_exception_handler(SignInNeeded, ask_to_sign_in)
    add_live(app, database)
    app.openapi = partial(documentation.describe, app)  # type: ignore[method-assign]
    known = addresses(_methods(app))
    app.add_middleware(Compressed)
    app.add_middleware(
        Gate,
        known=known,
        count=app.state.counts.count,
        as_page=show_status,
        larger=larger_bodies(settings),
    )
    return app


@cache
def _everything() -> APIRouter:
    """Put all addresses together, once: they know neither application nor database."""
    router = APIRouter()
    for module in _ROUTERS:
        router.include_router(module.router, prefix=PREFIX)
    router.include_router(health.router, prefix=PREFIX)
    router.include_router(health.router, include_in_schema=False)
    add_pages(router)
    documentation.serve_documentation(router)
    return router


@asynccontextmanager
async def _closing(database: Database, app: FastAPI) -> AsyncIterator[None]:
    yield
    app.state.poller.stop()
    database.engine.dispose()


def _methods(app: FastAPI) -> Iterable[tuple[str, Iterable[str]]]:
    for route in iter_route_contexts(app.routes):
        if route.path and route.methods:
            yield route.path, route.methods


def _version() -> str:
    try:
        return version("resolve-complaints")
    except PackageNotFoundError:
        return "0"
