"""What every request passes, as one pure ASGI middleware.

Sizes, methods and characters that no route should ever see are refused here; HEAD and
OPTIONS are answered for every address; unexpected errors are logged and told without
a word about our insides.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from traceback import format_exc

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from resolve.kit.errors import TooLarge
from resolve_api.addresses import is_page
from resolve_api.problems import problem, problem_of

LARGEST_BODY = 1_000_000
_FIRST_REFUSAL = 400
_ALWAYS = ((b"x-content-type-options", b"nosniff"), (b"cache-control", b"no-store"))

log = structlog.get_logger("resolve.api")


class BodyTooLarge(TooLarge):
    code = "body_too_large"


@dataclass(frozen=True, slots=True)
class Addresses:
    """All addresses with the methods that each takes."""

    fixed: Mapping[str, frozenset[str]]
    patterns: tuple[tuple[re.Pattern[str], frozenset[str]], ...]

    def methods(self, path: str) -> frozenset[str]:
        """Give every method that any route takes at this address."""
        if path in self.fixed:
            return self.fixed[path]
        found: set[str] = set()
        for pattern, methods in self.patterns:
            if pattern.fullmatch(path):
                found |= methods
        return frozenset(found)


def addresses(routes: Iterable[tuple[str, Iterable[str]]]) -> Addresses:
    """Collect addresses from (path with {parameters}, methods)."""
    fixed: dict[str, set[str]] = {}
    for path, methods in routes:
        taken = {*methods, "OPTIONS"}
        fixed.setdefault(path, set()).update(
            taken | {"HEAD"} if "GET" in taken else taken
        )
    plain = {p: frozenset(m) for p, m in fixed.items() if "{" not in p}
    patterns = tuple(
        (re.compile(re.sub(r"\{[^}]*\}", "[^/]+", re.escape(p).replace(r"\{", "{")
                           .replace(r"\}", "}"))), frozenset(m))
        for p, m in fixed.items() if "{" in p
    )  # fmt: skip
    return Addresses(plain, patterns)


class Gate:
    """The middleware; `count` is told method, route and status of every answer.

    `larger` are the addresses that take more than others, forms with files, and how
    much.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        known: Addresses,
        count: Callable[[str, str, int], None],
        as_page: Callable[[Request, int], Awaitable[Response]],
        larger: Mapping[str, int],
    ) -> None:
        self._app = app
        self._known = known
        self._count = count
        self._as_page = as_page
        self._larger = larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        passage = _Passage(scope, receive, send, self._largest(scope))
        refused = self._refusal(scope)
        try:
            if refused is not None:
                await self._told(refused, scope, receive, passage)
            else:
                if scope["method"] == "HEAD":
                    scope["method"] = "GET"
                await self._app(scope, passage.receive, passage.send)
        except BodyTooLarge as error:
            await self._told(problem_of(error), scope, receive, passage)
        except Exception:
            # As plain text: values of variables may be a customer's words.
            log.error("request failed", method=passage.method, trace=format_exc())  # noqa: TRY400
            if passage.status:
                raise
            await self._told(_internal(), scope, receive, passage)
        finally:
            route = scope.get("route")
            self._count(
                passage.method, getattr(route, "path", "none"), passage.status or 500
            )

    async def _told(
        self, refused: Response, scope: Scope, receive: Receive, passage: _Passage
    ) -> None:
        """Tell what is refused: people on a page, clients as a problem."""
        if is_page(scope["path"]) and refused.status_code >= _FIRST_REFUSAL:
            refused = await self._page(refused, scope)
        await refused(scope, receive, passage.send)

    async def _page(self, refused: Response, scope: Scope) -> Response:
        try:
            return await self._as_page(Request(scope), refused.status_code)
        except Exception:  # noqa: BLE001  tells and goes on
            # The page of an error may fail for the same reason: a database away.
            log.error("no page for an error", trace=format_exc())  # noqa: TRY400
            return refused

    def _refusal(self, scope: Scope) -> Response | None:
        path, method = scope["path"], scope["method"]
        if "\0" in path:
            return problem(404, "not_found", "There is nothing at this address.")
        if b"%00" in scope["query_string"]:
            detail = "A parameter holds a NUL, which nothing here can hold."
            return problem(400, "bad_parameter", detail)
        largest = self._largest(scope)
        if _length(scope) > largest:
            return problem_of(_too_large(largest))
        return self._not_allowed(path, method)

    def _largest(self, scope: Scope) -> int:
        return self._larger.get(scope["path"], LARGEST_BODY)

    def _not_allowed(self, path: str, method: str) -> Response | None:
        methods = self._known.methods(path)
        if not methods:
            return None
        allow = {"Allow": ", ".join(sorted(methods))}
        if method == "OPTIONS":
            return Response(status_code=204, headers=allow)
        if method in methods:
            return None
        return problem(
            405,
            "method_not_allowed",
            f"{method} is not possible here.",
            headers=allow,
            hint=f"Possible are: {allow['Allow']}.",
        )


def _length(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0


def _too_large(largest: int) -> BodyTooLarge:
    return BodyTooLarge(
        f"The body is larger than {largest // 1_000_000} MB.",
        hint="Send several smaller requests.",
        headers={"Connection": "close"},
    )


def _internal() -> Response:
    return problem(
        500,
        "internal_error",
        "Something went wrong on our side; nothing was changed.",
        hint="Try again; if it stays so, tell the administrator the time of it.",
    )


class _Passage:
    """One request on its way: counts what comes, adds headers to what goes."""

    def __init__(
        self, scope: Scope, receive: Receive, send: Send, largest: int
    ) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        self._largest = largest
        self.method: str = scope["method"]
        self.status = 0
        self._received = 0

    async def receive(self) -> Message:
        message = await self._receive()
        self._received += len(message.get("body", b""))
        if self._received > self._largest:
            raise _too_large(self._largest)
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [*message["headers"], *self._more(message["headers"])]
        elif self.method == "HEAD" and message["type"] == "http.response.body":
            message = {"type": "http.response.body", "body": b""}
        await self._send(message)

    def _more(
        self, present: Iterable[tuple[bytes, bytes]]
    ) -> list[tuple[bytes, bytes]]:
        names = {name for name, _ in present}
        limits = self._scope.get("state", {}).get("rate_headers", ())
        return [*(h for h in _ALWAYS if h[0] not in names), *limits]
