"""Doors that take files, and who may come through the one that is open to everybody.

How often an address may complain is counted in memory, so per process: a house that
serves from several processes lets in as many times more.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from ipaddress import ip_address, ip_network
from math import ceil
from typing import Annotated

from fastapi import Depends, Request
from limits import RateLimitItemPerHour
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from resolve.attachments.rules import Limits
from resolve.kit.clock import now
from resolve.kit.settings import Settings
from resolve_api.gate import LARGEST_BODY
from resolve_api.pages.origins import guard_origin
from resolve_api.problems import TooManyRequests

WITH_FILES = ("/file", "/complain")
WITH_A_LOG = {"/maps/drafts/from-log": 21_000_000}
_MOST_FILES = 100
_MOST_FIELDS = 200
_ONE_HOUSE = 64  # bits of an IPv6 address; the rest is free to whoever has it


def limits_of(settings: Settings) -> Limits:
    """Give how many files a form takes, and how large."""
    return Limits(settings.files, settings.file_size)


def larger_bodies(settings: Settings) -> Mapping[str, int]:
    """Give the addresses of forms with files, and what they take at most."""
    limits = limits_of(settings)
    complaints = LARGEST_BODY + limits.most * limits.largest
    return dict.fromkeys(WITH_FILES, complaints) | WITH_A_LOG


class Doorkeeper:
    """Counts what each address sends in an hour; 0: nobody is counted."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._item = RateLimitItemPerHour(limit or 1)
        self._counted = FixedWindowRateLimiter(MemoryStorage())

    def seconds_to_wait(self, address: str) -> int:
        """Count one more; 0: come in, else after how many seconds to come again."""
        who = _house_of(address)
        if not self._limit or self._counted.hit(self._item, who):
            return 0
        reset, _ = self._counted.get_window_stats(self._item, who)
        return max(1, ceil(reset - now().timestamp()))


def _house_of(address: str) -> str:
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if known.version == 4:  # noqa: PLR2004  it is called so
        return address
    return str(ip_network((known, _ONE_HOUSE), strict=False))


async def with_files(request: Request) -> AsyncIterator[None]:
    """Read a form that may hold files, which go to the disk as they come, and go again.

    A dependency that stands before the one of the visitor, who finds the form read.
    """
    guard_origin(request)
    try:
        await _read(request)
        yield
    finally:
        await request.close()


async def counted(request: Request) -> AsyncIterator[int]:
    """Read a form of the public, and give for how many seconds it has to wait.

    Raises:
        TooManyRequests: it has to, and is so large that it is not even read.
    """
    guard_origin(request)
    wait = _seconds_to_wait(request)
    try:
        await _read(request)
        yield wait
    finally:
        await request.close()


WithFiles = Annotated[None, Depends(with_files)]
Counted = Annotated[int, Depends(counted)]


async def _read(request: Request) -> None:
    await request.form(
        max_files=_MOST_FILES, max_fields=_MOST_FIELDS, max_part_size=LARGEST_BODY
    )


def _seconds_to_wait(request: Request) -> int:
    keeper: Doorkeeper = request.app.state.doorkeeper
    wait = keeper.seconds_to_wait(request.client.host if request.client else "")
    length = request.headers.get("content-length", "")
    small = length.isdigit() and int(length) <= LARGEST_BODY
    if wait and not small:
        raise too_many(wait)
    return wait


def too_many(seconds: int) -> TooManyRequests:
    """Make the error for somebody who has to wait."""
    return TooManyRequests(
        "Too many complaints came from this address.",
        hint=f"Go on in {seconds} seconds.",
        headers={"Retry-After": str(seconds)},
        seconds=seconds,
    )
