"""What departments of the company agreed on of what they hand over to each other."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session

from resolve.chain.durations import duration
from resolve.demo.company import past, read
from resolve.demo.people import acting_head
from resolve.handovers.queries import versions
from resolve.handovers.service import Wording, agree, propose


def tell_standards(session: Session, *, now: datetime) -> None:
    """Let the departments propose and agree; twice is once."""
    before = past(now)
    for spec in read("standards.yaml"):
        source, target = spec["between"]
        if versions(session, spec["map"], source, target):
            continue
        by = spec["proposed"]["by"]
        made = propose(
            session, spec["map"], (source, target), _wording(spec), department=by,
            who=acting_head(session, by), at=before.moment(spec["proposed"]["at"]),
        )  # fmt: skip
        if "agreed" in spec:
            by = spec["agreed"]["by"]
            agree(
                session, made.id, department=by, who=acting_head(session, by),
                at=before.moment(spec["agreed"]["at"]),
            )  # fmt: skip


def _wording(spec: dict[str, Any]) -> Wording:
    return Wording(
        spec["what"],
        spec["state"],
        spec["by_when"],
        duration(spec["within"]),
        spec["accepted"],
    )
