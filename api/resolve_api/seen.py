"""What of a case a client may see, and how: partners see no customer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from sqlmodel import Session

from resolve.access.service import Client
from resolve.access.table import Right
from resolve.analytics import lists, shapes
from resolve.cases import queries as cases
from resolve.cases.models import Case
from resolve.complaints import queries as complaints
from resolve.complaints.identities import identities
from resolve.complaints.masking import Identity, masked
from resolve.complaints.models import Complaint
from resolve.kit.errors import Forbidden
from resolve.kit.language import Language
from resolve.solutions.models import Solution
from resolve.tasks import queries as tasks
from resolve.tasks.errors import NotYours
from resolve.tasks.models import Task

Shape = dict[str, Any]


class QualityManagerOnly(Forbidden):
    """The act belongs to the quality manager, the key to a department."""

    code = "quality_manager_only"


def partner(client: Client) -> frozenset[str] | None:
    """Give the departments whose cases are all that this client may see."""
    return client.departments if client.is_partner else None


def must_be_quality_manager(client: Client) -> None:
    """Refuse who does not handle cases: a department's key, most people.

    Raises:
        QualityManagerOnly: it is not theirs to do.
    """
    if Right.HANDLE not in client.rights:
        raise QualityManagerOnly(
            "This is for the quality manager to do.",
            hint="Ask the quality manager; a key for it belongs to no department.",
        )


def must_answer_customers(client: Client) -> None:
    """Refuse who neither handles cases nor answers customers.

    Raises:
        QualityManagerOnly: it is not theirs to do.
    """
    if Right.ANSWER_CUSTOMER not in client.rights:
        must_be_quality_manager(client)


def must_act_for(client: Client, department: str) -> None:
    """Refuse who acts for other departments only.

    Raises:
        NotYours: it belongs to another one.
    """
    if Right.HANDLE not in client.rights and department not in client.departments:
        theirs = ", ".join(sorted(client.departments)) or "none"
        raise NotYours(
            f"This belongs to {department}; you act for {theirs}.",
            hint="Ask the department itself, or the quality manager.",
        )


def the_case(session: Session, client: Client, case_id: str) -> Case:
    """Give a case that this client may see.

    Raises:
        UnknownCase: there is none, or it does not concern the partner.
    """
    found = cases.case(session, case_id)
    if not _may_see(session, client, found.id):
        raise cases.unknown(case_id)
    return found


def the_task(session: Session, client: Client, task_id: str) -> Task:
    """Give a task of a case that this client may see.

    Raises:
        UnknownTask: there is none, or its case does not concern the partner.
    """
    found = tasks.task(session, task_id)
    if not _may_see(session, client, found.case_id):
        raise tasks.unknown(task_id)
    return found


def the_complaint(session: Session, client: Client, name: str) -> Complaint:
    """Give a complaint that this client filed, or may read.

    Raises:
        UnknownComplaint: there is none, or it is not this client's to see.
    """
    found = complaints.complaint(session, name)
    its_own = Right.READ_OWN in client.rights and found.filed_by == client.who
    readable = Right.READ in client.rights and _may_see(session, client, found.case_id)
    if not (its_own or readable):
        raise complaints.unknown(name)
    return found


def holds_link(client: Client, complaint: Complaint) -> bool:
    """Tell whether a client may have a customer's private link, to hand it over.

    Whoever holds it speaks for the customer, so not everybody who may read does.
    """
    answers = not client.rights.isdisjoint((Right.ANSWER_CUSTOMER, Right.HANDLE))
    return complaint.filed_by == client.who or (answers and partner(client) is None)


def _may_see(session: Session, client: Client, case_id: str) -> bool:
    only = partner(client)
    return only is None or lists.takes_part(session, case_id, only)


def show_complaints(
    session: Session, client: Client, rows: Sequence[Complaint]
) -> list[Shape]:
    """Show complaints as this client may see them."""
    shown = shapes.complaints(session, rows)
    for shape in shown:
        shape["links"] = links(shape["id"], shape["case"])
    if partner(client) is None:
        return shown
    known = identities(session, [row.case_id for row in rows])
    return [_without_customer(shape, known[shape["case"]]) for shape in shown]


def links(complaint_id: str, case_id: str) -> dict[str, str]:
    """Give the addresses that belong to a complaint."""
    return {
        "self": f"/api/v1/complaints/{complaint_id}",
        "case": f"/api/v1/cases/{case_id}",
    }


def show_tasks(
    session: Session, client: Client, rows: Sequence[Task], language: Language
) -> list[Shape]:
    """Show tasks as this client may see them."""
    shown = shapes.tasks(session, rows, language)
    if partner(client) is None:
        return shown
    known = identities(session, [row.case_id for row in rows])
    return [
        shape
        | {
            "answer": _mask(shape["answer"], known[shape["case"]]),
            "requests": _mask(shape["requests"], known[shape["case"]]),
        }
        for shape in shown
    ]


def show_words(session: Session, client: Client, shape: Shape, case_id: str) -> Shape:
    """Show what people of a case wrote, an answer or a request, as this client may."""
    if partner(client) is None:
        return shape
    masked_shape: Shape = _mask(shape, identities(session, [case_id])[case_id])
    return masked_shape


def show_cases(session: Session, client: Client, rows: Sequence[Case]) -> list[Shape]:
    """Show cases as this client may see them: who sees to a change may be typed."""
    shown = shapes.cases(session, rows)
    if partner(client) is None:
        return shown
    text = shown_texts(session, client, [row.id for row in rows])
    for shape in shown:
        shape["agreements"] = [
            one | {"owner": text[shape["id"]](one["owner"])}
            for one in shape["agreements"]
        ]
    return shown


def show_agreement(session: Session, client: Client, of: Solution) -> Shape:
    """Show an agreement as this client may see it."""
    shape = shapes.solution_shape(of)
    text = shown_texts(session, client, [of.case_id])[of.case_id]
    return shape | {"owner": text(of.owner)}


Showing = Callable[[str | None], str]
"""Shows a text of a case as somebody may see it; nothing where there is no text."""


def shown_texts(
    session: Session, client: Client, case_ids: Sequence[str]
) -> dict[str, Showing]:
    """Give what shows any text of these cases as this client may see it."""
    if partner(client) is None:
        return dict.fromkeys(case_ids, _as_written)
    known = identities(session, case_ids)
    return {one: partial(_masked_text, known=known[one]) for one in case_ids}


def _as_written(text: str | None) -> str:
    return text or ""


def _masked_text(text: str | None, *, known: Identity) -> str:
    return masked(text, known) if text else ""


_OUR_WORDS = frozenset(
    ("id", "task", "from", "department", "status", "by", "at", "replied_at", "step",
     "answered_at", "case", "kind", "division", "instead_of", "put_by", "put_at",
     "until", "due", "decided_at", "stands", "asked", "position", "ballot")
)  # fmt: skip


def _mask(value: Any, known: Identity, name: str = "") -> Any:  # noqa: ANN401  JSON
    if isinstance(value, dict):
        return {key: _mask(inner, known, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [_mask(inner, known, name) for inner in value]
    if isinstance(value, str) and name not in _OUR_WORDS:
        return masked(value, known)
    return value


def _without_customer(shape: Shape, known: Identity) -> Shape:
    return shape | {
        "customer": None,
        "on_behalf_of": None,
        "text": _mask(shape["text"], known),
        "desired_outcome": _mask(shape["desired_outcome"], known),
        "answer": _mask(shape["answer"], known),
    }
