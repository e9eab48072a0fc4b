"""Health, readiness and figures: without key, without business data."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from resolve_api import answers
from resolve_api.counting import Counts
from resolve_api.probes import Probes
from resolve_api.replies import reply

router = APIRouter(tags=["running it"])

_READY = {"ready": True, "database": "ok", "prefect": "up"}


@router.get(
    "/health",
    summary="Whether the process answers",
    responses={
        200: {
            "model": answers.Health,
            "description": "It does.",
            "content": {"application/json": {"example": {"status": "ok"}}},
        }
    },
)
def health() -> Response:
    return reply({"status": "ok"})


@router.get(
    "/ready",
    summary="Whether complaints can be filed",
    responses={
        200: {
            "model": answers.Readiness,
            "description": "They can.",
            "content": {"application/json": {"example": _READY}},
        },
        503: {
            "model": answers.Readiness,
            "description": "They cannot; `database` says why.",
        },
    },
)
def ready(request: Request) -> Response:
    probes: Probes = request.app.state.probes
    database = probes.database.get()
    is_ready = database == "ok"
    shape = {"ready": is_ready, "database": database, "prefect": probes.prefect.get()}
    return reply(shape, 200 if is_ready else 503)


@router.get(
    "/metrics",
    summary="Figures for Prometheus",
    responses={
        200: {
            "description": "Text of version 0.0.4.",
            "content": {"text/plain": {"schema": {"type": "string"}}},
        }
    },
)
def metrics(request: Request) -> Response:
    counts: Counts = request.app.state.counts
    return Response(counts.text(), media_type="text/plain; version=0.0.4")
