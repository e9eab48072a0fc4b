"""How often a key may ask: counted in memory, per process."""

from __future__ import annotations

from math import ceil

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from resolve.kit.clock import now
from resolve_api.problems import TooManyRequests

Headers = tuple[tuple[bytes, bytes], ...]


class Rates:
    """So many requests per key and minute; 0: no limit."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._item = RateLimitItemPerMinute(limit or 1)
        self._counted = FixedWindowRateLimiter(MemoryStorage())

    def hit(self, key: str) -> Headers:
        """Count a request and give the headers that tell how many are left.

        Raises:
            TooManyRequests: none is left in this minute.
        """
        if not self._limit:
            return ()
        taken = self._counted.hit(self._item, key)
        reset, remaining = self._counted.get_window_stats(self._item, key)
        left = max(1, ceil(reset - now().timestamp()))
        headers = {
            "RateLimit-Policy": f'"minute";q={self._limit};w=60',
            "RateLimit": f'"minute";r={remaining};t={left}',
        }
        if not taken:
            raise TooManyRequests(
                f"More than {self._limit} requests in a minute.",
                hint=f"Go on in {left} seconds.",
                headers={"Retry-After": str(left), **headers},
            )
        return tuple((n.lower().encode(), v.encode()) for n, v in headers.items())
