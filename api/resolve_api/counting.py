"""Figures for Prometheus: how much is asked and waits, nothing of the business."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from resolve.kit.clock import now
from resolve.kit.database import Database, reading
from resolve.kit.errors import ResolveError
from resolve.outbox.queries import failed, waiting


class Counts:
    """The figures of one application."""

    def __init__(self, database: Database) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "resolve_http_requests",
            "Requests answered.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._registry.register(_Outbox(database))

    def count(self, method: str, route: str, status: int) -> None:
        known = method if method in _METHODS else "other"
        self._requests.labels(known, route, str(status)).inc()

    def text(self) -> bytes:
        """Write all figures as Prometheus reads them."""
        return generate_latest(self._registry)


_METHODS = frozenset(("GET", "HEAD", "OPTIONS", "POST", "PUT"))


class _Outbox(Collector):
    def __init__(self, database: Database) -> None:
        self._database = database

    def describe(self) -> Iterator[GaugeMetricFamily]:
        return iter(())

    def collect(self) -> Iterator[GaugeMetricFamily]:
        at = now()
        try:
            with reading(self._database) as session:
                count, since = waiting(session, at=at)
                in_vain = len(failed(session))
        except ResolveError:
            return
        yield GaugeMetricFamily(
            "resolve_outbox_waiting", "Events that may be handled now.", count
        )
        age = (at - since).total_seconds() if since else 0.0
        yield GaugeMetricFamily(
            "resolve_outbox_oldest_seconds", "How long the oldest of them waits.", age
        )
        yield GaugeMetricFamily(
            "resolve_outbox_failed", "Events that need a person.", in_vain
        )
