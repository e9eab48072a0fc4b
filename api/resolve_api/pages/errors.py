"""Pages instead of problems: for every address that is none of the API's."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import Response

from resolve.kit.errors import ResolveError
from resolve_api.addresses import is_page
from resolve_api.pages.said import SAID, said
from resolve_api.pages.showing import page
from resolve_api.pages.sign_in import send_to_sign_in
from resolve_api.pages.visits import SignInNeeded, Visit, visit_of
from resolve_api.problems import status_of

Handler = Callable[[Request, Exception], Response]


def or_page(handle: Handler) -> Callable[[Request, Exception], Awaitable[Response]]:
    """Make a handler that shows a page where a person looks, else a problem."""

    async def either(request: Request, error: Exception) -> Response:
        if not is_page(request.url.path):
            return handle(request, error)
        if isinstance(error, ResolveError):
            return await show_error(request, error)
        return await show_status(request, getattr(error, "status_code", 404))

    return either


async def show_error(request: Request, error: ResolveError) -> Response:
    """Show an error of ours as a page."""
    visit = await _visit(request)
    return trouble(visit, status_of(error), said(visit.language, error))


async def show_status(request: Request, status: int) -> Response:
    """Show what the router or the gate refused as a page."""
    visit = await _visit(request)
    codes = {404: "not_found", 405: "method_not_allowed", 413: "body_too_large"}
    code = codes.get(status, "internal_error" if status >= 500 else "not_found")  # noqa: PLR2004
    return trouble(visit, status, SAID[code](visit.language, ResolveError("")))


def trouble(visit: Visit, status: int, wrong: str) -> Response:
    """Say on a page of its own what is wrong and what to do."""
    return page(visit, "trouble.html", status=status, wrong=wrong)


async def ask_to_sign_in(_request: Request, error: Exception) -> Response:
    """Ask for the sign-in that a page needs."""
    if not isinstance(error, SignInNeeded):
        raise error
    return send_to_sign_in(error.visit)


async def _visit(request: Request) -> Visit:
    known = getattr(request.state, "visit", None)
    if isinstance(known, Visit):
        return known
    return await run_in_threadpool(visit_of, request, FormData())
