"""Where complaints are filed: those that come at the same moment in one commit.

Each is answered only after that commit, so what was answered 201 exists for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from resolve.access.models import KeptAnswer
from resolve.access.replays import Repeatable, keep, kept
from resolve.analytics.shapes import clock_shape
from resolve.clocks.models import ClockKind
from resolve.clocks.queries import clocks_of
from resolve.complaints.errors import AlreadyFiled
from resolve.complaints.filing import Filed, Filing, House, file_all
from resolve.kit.clock import now
from resolve.kit.database import Database, transaction
from resolve.kit.errors import ResolveError
from resolve.kit.settings import Settings
from resolve.kit.together import Together
from resolve_api.problems import to_json
from resolve_api.seen import links
from resolve_api.tracked import tracking_url

_MOST = 50


@dataclass(frozen=True, slots=True)
class Slip:
    """A complaint handed in: by whom, and the request if it may be sent again."""

    filing: Filing
    who: str
    request: Repeatable | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer to a slip; `replayed`: it was given before."""

    location: str | None
    body: bytes
    replayed: bool = False


class Desk:
    """Files slips; ask one desk per process."""

    def __init__(self, database: Database, house: House, settings: Settings) -> None:
        self._database = database
        self._house = house
        self._settings = settings
        self._together: Together[Slip, Receipt] = Together(self._file_all, most=_MOST)

    def file(self, slip: Slip) -> Receipt:
        """File a complaint and give the answer, once it is committed.

        Raises:
            AlreadyFiled: with the address of the first one.
            KeyReused, StillRunning: of the Idempotency-Key.
            NothingSaid, Invalid: as for `complaints.filing.file`.
        """
        return self._together.do(slip)

    def _file_all(self, slips: Sequence[Slip]) -> list[Receipt | Exception]:
        outcomes: dict[int, Receipt | Exception] = {}
        with transaction(self._database) as session:
            at = now()
            for n, slip in enumerate(slips):
                known = _known(session, slip)
                if known is not None:
                    outcomes[n] = known
            for who in sorted({slip.who for slip in slips}):  # one order of locking
                theirs = [
                    n
                    for n, slip in enumerate(slips)
                    if slip.who == who and n not in outcomes
                ]
                outcomes |= self._file(session, who, slips, theirs, at)
        return [outcomes[n] for n in range(len(slips))]

    def _file(
        self,
        session: Session,
        who: str,
        slips: Sequence[Slip],
        theirs: Sequence[int],
        at: datetime,
    ) -> dict[int, Receipt | Exception]:
        filings = [slips[n].filing for n in theirs]
        became = file_all(session, filings, house=self._house, who=who, at=at)
        clocks = _clocks(session, became)
        outcomes: dict[int, Receipt | Exception] = {}
        for n, filed in zip(theirs, became, strict=True):
            if isinstance(filed, ResolveError):
                outcomes[n] = _refused(filed)
                continue
            clock = clocks[filed.complaint_id]
            outcomes[n] = receipt = _receipt(filed, clock, self._settings)
            _keep(session, slips[n].request, receipt, at)
        return outcomes


class _TryAlone(Exception):
    """The same complaint came twice at once: the second needs the first committed."""


def _known(session: Session, slip: Slip) -> Receipt | Exception | None:
    if slip.request is None:
        return None
    try:
        found: KeptAnswer | None = kept(session, slip.request)
    except ResolveError as refused:
        return refused
    if found is None:
        return None
    return Receipt(found.location, found.body.encode(), replayed=True)


def _clocks(
    session: Session, became: Sequence[Filed | ResolveError]
) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {
        filed.complaint_id: [] for filed in became if isinstance(filed, Filed)
    }
    for clock in clocks_of(session, ClockKind.ANSWER, list(found)):
        found[clock.subject_id].append(clock_shape(clock))
    return found


def _refused(error: ResolveError) -> ResolveError:
    if isinstance(error, AlreadyFiled):
        if "existing" not in error.extra:
            raise _TryAlone
        location = f"/api/v1/complaints/{error.extra['existing']}"
        error.extra |= {"existing": location, "headers": {"Location": location}}
    return error


def _receipt(filed: Filed, clocks: list[dict[str, Any]], settings: Settings) -> Receipt:
    shape = {
        "id": filed.complaint_id,
        "number": filed.number,
        "case": filed.case_id,
        "status": filed.status,
        "tracking_url": tracking_url(settings, filed.token),
        "warnings": [{"pointer": w.pointer, "code": w.code} for w in filed.warnings],
        "links": links(filed.complaint_id, filed.case_id),
        "clocks": clocks,
    }
    return Receipt(f"/api/v1/complaints/{filed.complaint_id}", to_json(shape))


def _keep(
    session: Session, request: Repeatable | None, receipt: Receipt, at: datetime
) -> None:
    if request is not None:
        body = receipt.body.decode()
        keep(session, request, status=201, location=receipt.location, body=body, at=at)
