"""Parameters that several routes share."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query

_ID = "0199aa00-0000-7000-8000-000000000001"

Limit = Annotated[
    int, Query(ge=1, le=100, description="Rows of a page.", examples=[20])
]
Cursor = Annotated[
    str | None,
    Query(
        min_length=1,
        max_length=1000,
        description="The next_cursor of the page before, with the same filters.",
        json_schema_extra={"pattern": "^[A-Za-z0-9_=-]+$"},
    ),
]
Id = Annotated[str, Path(min_length=1, max_length=100, examples=[_ID])]
MapId = Annotated[
    str, Path(min_length=1, max_length=100, examples=["order-to-delivery"])
]
DepartmentId = Annotated[str, Path(min_length=1, max_length=100, examples=["packing"])]
Filter = Annotated[str | None, Query(min_length=1, max_length=200)]
Version = Annotated[
    int | None, Query(ge=1, le=1_000_000, description="By default the newest.")
]
