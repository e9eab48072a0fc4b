"""Who calls, with what: keys, limits, bodies and preconditions."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from time import monotonic
from typing import Annotated, Any, NoReturn, TypeVar

from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError
from starlette.concurrency import run_in_threadpool

from resolve.access.errors import KeyMissing, ScopeMissing
from resolve.access.service import Client, key_of
from resolve.access.table import Right, scopes_with
from resolve.departments.clients import client_of_key
from resolve.kit.database import Database, reading
from resolve.kit.errors import BadRequest, Invalid
from resolve.kit.language import LANGUAGES, Language, language
from resolve.kit.settings import Settings
from resolve.kit.texts import storable
from resolve_api.bodies import Nothing
from resolve_api.problems import MalformedBody, PreconditionRequired, WrongMediaType
from resolve_api.rates import Rates

B = TypeVar("B", bound=BaseModel)
_KEPT_SECONDS = 1.0
_MOST_KEPT = 10_000
LARGEST = 1_000_000
_FORM = re.compile(r"\[.*\]$")
_MATCH = re.compile(r'"(\d{1,9})"', re.ASCII)


class KnownKeys:
    """Keys looked up within the last second, so that most requests ask nobody."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: dict[bytes, tuple[float, Client]] = {}

    def kept(self, secret: str) -> Client | None:
        """Give the client if it was looked up a moment ago."""
        until, client = self._kept.get(_digest(secret), (0.0, None))
        return client if until > monotonic() else None

    def look_up(self, secret: str) -> Client:
        """Ask the database.

        Raises:
            KeyUnknown: there is no such key, or it was revoked.
        """
        with reading(self._database) as session:
            client = client_of_key(session, key_of(session, secret))
        if len(self._kept) >= _MOST_KEPT:
            self._kept.clear()
        self._kept[_digest(secret)] = (monotonic() + _KEPT_SECONDS, client)
        return client


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


@dataclass(frozen=True, slots=True)
class Shop:
    """What one application works with."""

    database: Database
    settings: Settings
    keys: KnownKeys
    rates: Rates


@dataclass(frozen=True, slots=True)
class Call:
    """A request of a known client, as routes see it."""

    client: Client
    shop: Shop
    request: Request
    raw: bytes

    @property
    def database(self) -> Database:
        return self.shop.database

    @property
    def who(self) -> str:
        return self.client.who

    @property
    def path(self) -> str:
        return str(self.request.url.path)

    @property
    def language(self) -> Language:
        """The first language of Accept-Language that we speak, else the house's."""
        wanted = self.request.headers.get("accept-language", "")
        for one in by_weight(wanted):
            if one[:2] in LANGUAGES:
                return language(one[:2])
        return language(self.shop.settings.language)

    def body(self, model: type[B]) -> B:
        """Read the body as JSON of this form.

        Raises:
            WrongMediaType: it does not call itself JSON.
            MalformedBody: it is not JSON, or holds a member twice.
            Invalid: a member is unknown, missing or of the wrong form.
        """
        self.of_type("application/json")
        return parse(self.raw, model)

    def no_body(self) -> None:
        """Take no body, or an empty object."""
        if self.raw.strip():
            self.body(Nothing)

    def of_type(self, *taken: str) -> None:
        """Refuse a body of another media type."""
        given = self.request.headers.get("content-type", "")
        plain = given.partition(";")[0].strip().lower()
        if plain not in taken:
            raise WrongMediaType(
                f"A body of type {plain or 'none'!r} is not taken here.",
                hint=f"Send Content-Type: {taken[0]}.",
            )

    def expected(self, header: str = "if-match") -> frozenset[int] | None:
        """Give the revisions named in If-Match; None: any, or no such header.

        Raises:
            BadRequest: the header is garbage.
        """
        given = self.request.headers.get(header)
        if given is None or given.strip() == "*":
            return None
        marks = [mark.strip() for mark in given.split(",")]
        return frozenset(int(m[1]) for m in map(_MATCH.fullmatch, marks) if m)

    def must_name_version(self) -> None:
        """Insist on If-Match.

        Raises:
            PreconditionRequired: it is missing.
        """
        if "if-match" not in self.request.headers:
            raise PreconditionRequired(
                "Say which version this change is made on.",
                hint="Send If-Match with the ETag that you read.",
            )


def revision(expected: frozenset[int] | None, present: int) -> int:
    """Give the revision a change is made on; one that never is, if it is stale."""
    return present if expected is None or present in expected else -1


def by_weight(header: str) -> list[str]:
    """Give the names of an Accept header in lower case, the most wanted first."""
    ranked = []
    for place, part in enumerate(header.lower().split(",")[:20]):
        name, _, weight = part.partition(";q=")
        try:
            ranked.append((-float(weight or 1), place, name.strip()))
        except ValueError:
            continue
    return [name for _, _, name in sorted(ranked)]


def needs(*rights: Right) -> Callable[[Request], Coroutine[Any, Any, Call]]:
    """Make the dependency that lets in clients with one of these rights.

    It is `async` because only there can a body be read, and because a thread for each
    dependency would cost more than the answer from the kept keys.
    """

    async def call(request: Request) -> Call:
        shop: Shop = request.app.state.shop
        secret = _secret(request)
        client = shop.keys.kept(secret)
        if client is None:
            client = await run_in_threadpool(shop.keys.look_up, secret)
        request.state.rate_headers = shop.rates.hit(client.who)
        if client.rights.isdisjoint(rights):
            raise ScopeMissing(
                "This key may not do this; it lacks "
                f"{' or '.join(scopes_with(rights))}.",
                hint="Ask the administrator for a key with this scope.",
            )
        return Call(client, shop, request, await request.body())

    return call


def _secret(request: Request) -> str:
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise KeyMissing(
            "A key is needed here.", hint="Send the header Authorization: Bearer KEY."
        )
    return secret.strip()


Files = Annotated[Call, Depends(needs(Right.FILE))]
Feeds = Annotated[Call, Depends(needs(Right.FEED))]
Reads = Annotated[Call, Depends(needs(Right.READ))]
ReadsOwn = Annotated[Call, Depends(needs(Right.READ, Right.READ_OWN))]
Acts = Annotated[Call, Depends(needs(Right.ANSWER, Right.HANDLE))]
AnswersCustomers = Annotated[
    Call, Depends(needs(Right.ANSWER, Right.HANDLE, Right.ANSWER_CUSTOMER))
]
Talks = Annotated[Call, Depends(needs(Right.TALK))]
Publishes = Annotated[Call, Depends(needs(Right.MAPS))]
Administers = Annotated[Call, Depends(needs(Right.REGISTER))]


def parse(raw: bytes, model: type[B]) -> B:
    """Read JSON strictly: UTF-8, no member twice, no NaN, nothing unknown.

    Raises:
        MalformedBody, Invalid: as said at `Call.body`.
    """
    try:
        value = json.loads(
            raw.decode(), object_pairs_hook=_once, parse_constant=_no_constant
        )
    except UnicodeDecodeError as error:
        raise MalformedBody(
            f"The body is not UTF-8: byte {error.start} does not fit.",
            hint="Send JSON in UTF-8.",
        ) from None
    except RecursionError:
        raise MalformedBody("The JSON is nested too deeply.") from None
    except ValueError as error:
        raise MalformedBody(
            f"The body cannot be read as JSON: {error}.", hint="Send one JSON object."
        ) from None
    if b"u0000" in raw:
        _without_nul(value, "")
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        _refuse(error)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member stands in it twice")
    return found


def _without_nul(value: object, pointer: str) -> None:
    if isinstance(value, str):
        storable(value, pointer=pointer, longest=LARGEST)
    elif isinstance(value, dict):
        for name, one in value.items():
            _without_nul(one, f"{pointer}/{name}")
    elif isinstance(value, list):
        for place, one in enumerate(value):
            _without_nul(one, f"{pointer}/{place}")


def _no_constant(name: str) -> NoReturn:
    msg = f"{name} is no JSON"
    raise ValueError(msg)


def _refuse(error: ValidationError) -> NoReturn:
    found = [
        {"pointer": _pointer(one["loc"]), "detail": _said(one)}
        for one in error.errors(include_url=False, include_input=False)
    ]
    first = found[0]
    raise Invalid(
        f"{first['pointer'] or 'The body'}: {first['detail']}.",
        hint="The documentation at /api/docs shows what is taken.",
        errors=found,
    )


def _pointer(loc: tuple[int | str, ...]) -> str:
    # What pydantic calls the forms of a union is no part of the body.
    named = (str(one) for one in loc if not _FORM.search(str(one)))
    parts = (one.replace("~", "~0").replace("/", "~1") for one in named)
    return "".join(f"/{one}" for one in parts)


def _said(one: Any) -> str:  # noqa: ANN401  pydantic's
    if one["type"] == "extra_forbidden":
        return "this member is not known here"
    return str(one["msg"]).removeprefix("Value error, ")


class BadFilter(BadRequest):
    """A filter with a value that nothing ever has."""

    code = "bad_filter"
