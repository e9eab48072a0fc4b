"""Files of complaints: only to save, and only for who may see the complaint."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import Response

from resolve.attachments import queries
from resolve.complaints.errors import UnknownComplaint
from resolve.kit.database import reading
from resolve_api.pages.said import SAID
from resolve_api.pages.visits import Reader
from resolve_api.seen import partner, the_complaint

router = APIRouter(prefix="/attachments")

SAID["unknown_attachment"] = lambda it, _: it.say(
    "There is no such file, or it is not among those that you may see."
)
# Even a browser that shows it instead of saving it runs nothing and asks nobody.
_STRICT = "default-src 'none'; sandbox"


@router.get("/{attachment}")
def save(visit: Reader, attachment: str) -> Response:
    """Give a file to save; partners see none: it may show who the customer is."""
    with reading(visit.database) as session:
        found = queries.attachment(session, attachment)
        if partner(visit.client) is not None:
            raise queries.unknown(attachment)
        try:
            the_complaint(session, visit.client, found.complaint_id)
        except UnknownComplaint:
            raise queries.unknown(attachment) from None
        content = queries.content(session, found)
    name = quote(found.name or "file", safe="")
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
        "Content-Security-Policy": _STRICT,
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return Response(content, 200, headers, media_type=found.media_type)
