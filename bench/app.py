"""`python -m bench.app`: the API with one more route, to compare filing with.

The route has no key; it validates the same model and commits one row.
"""

from __future__ import annotations

import uvicorn
from fastapi import FastAPI
from sqlalchemy import Column, DateTime, MetaData, String, Table, insert

from resolve.kit.clock import now
from resolve.kit.database import ID, Database, transaction
from resolve.kit.ids import new_id
from resolve.kit.settings import settings
from resolve_api.bodies import FilingBody
from resolve_api.main import create_app

BARE = "/bench/rows"
ROW = Table(
    "bench_row",
    MetaData(),
    Column("id", ID, primary_key=True),
    Column("at", DateTime(timezone=True)),
    Column("text", String),
)


def with_bare_route() -> FastAPI:
    """Give the application of the product and the bare route."""
    app = create_app()
    database: Database = app.state.shop.database
    ROW.create(database.engine, checkfirst=True)

    @app.post(BARE, status_code=201)
    def row(body: FilingBody) -> dict[str, str]:
        made = new_id()
        with transaction(database) as session:
            values = {"id": made, "at": now(), "text": body.text}
            session.connection().execute(insert(ROW).values(values))
        return {"id": made}

    return app


if __name__ == "__main__":
    uvicorn.run(
        with_bare_route(),
        host=settings().host,
        port=settings().port,
        http="httptools",
        loop="auto",
        access_log=False,
        log_level="warning",
        server_header=False,
    )
