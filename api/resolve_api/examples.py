"""Examples of the documentation: one small story, from filing to the answer."""

from __future__ import annotations

from typing import Any

ID = "0199aa00-0000-7000-8000-000000000001"
CASE_ID = "0199aa00-0000-7000-8000-000000000002"
TASK_ID = "0199aa00-0000-7000-8000-000000000003"
REQUEST_ID = "0199aa00-0000-7000-8000-000000000004"
AGREEMENT_ID = "0199aa00-0000-7000-8000-000000000005"
RUN_ID = "0199aa00-0000-7000-8000-000000000006"
AT = "2026-11-21T09:30:00Z"
DUE = "2026-11-25T09:30:00Z"

FILING = {
    "text": "The parcel came three days late.",
    "map": "order-to-delivery",
    "touchpoint": "delivery",
    "promise": "on-time",
    "reference": "call-4711",
    "order": "4711",
    "customer": {"name": "Olena Kovalenko", "email": "olena@example.com"},
}
SHORT_FILING = {"text": "Nobody answers the telephone."}
SETTLED_FILING = {
    "text": "The box was dented.",
    "map": "order-to-delivery",
    "touchpoint": "delivery",
    "promise": "intact",
    "settled_at_once": True,
    "remedy": "A new one from the shelf",
}
INTERNAL_FILING = {
    "text": "The list of what is in the box was missing.",
    "map": "order-to-delivery",
    "handover": {"from": "pick", "to": "pack", "late": False},
}
TRACKING_URL = "https://resolve.example.com/track/AZmqAAAAcACAAAAAAAAAAdo4OvN0Q2Vq"
CLOCK = {
    "kind": "answer",
    "state": "running",
    "due": DUE,
    "rule": {"name": "answer", "version": 1, "working_days": 10, "calendar": "default",
             "calendar_revision": 0},
    "events": [{"what": "start", "at": AT}],
}  # fmt: skip
LINKS = {"self": f"/api/v1/complaints/{ID}", "case": f"/api/v1/cases/{CASE_ID}"}
FILED = {
    "id": ID,
    "number": "C-2026-000123",
    "case": CASE_ID,
    "status": "received",
    "tracking_url": TRACKING_URL,
    "clocks": [CLOCK],
    "warnings": [],
    "links": LINKS,
}
COMPLAINT: dict[str, Any] = FILING | {
    "id": ID,
    "number": "C-2026-000123",
    "case": CASE_ID,
    "status": "received",
    "tracking_url": TRACKING_URL,
    "stage": 1,
    "language": "en",
    "source": "web shop",
    "handover": None,
    "internal_of": None,
    "version": 1,
    "occurred_at": None,
    "desired_outcome": None,
    "severity": None,
    "safety": False,
    "on_behalf_of": None,
    "received_at": AT,
    "answered_at": None,
    "answer": None,
    "closed_at": None,
    "closed_as": None,
    "clocks": [CLOCK],
    "links": LINKS,
}
CONCERN = {"touchpoint": "delivery", "promise": "on-time"}
AGREEMENT = {
    "id": AGREEMENT_ID,
    "task": TASK_ID,
    "proposal": 1,
    "owner": "Head of packing",
    "due": "2026-12-15",
    "status": "agreed",
    "round": 1,
    "agreed_at": AT,
    "outcome_at": None,
    "where": {"step": "pack"},
    "measure": "time_of_step",
    "expected": -0.2,
    "prove_days": 30,
    "prove_orders": None,
    "in_place_on": None,
    "backdated": False,
    "orders_so_far": None,
    "verdict": None,
    "judged_at": None,
}
CASE = {
    "id": CASE_ID,
    "status": "tasks",
    "round": 1,
    "concern": CONCERN,
    "map": "order-to-delivery",
    "version": 1,
    "owner": "quality-manager",
    "facilitator": "quality-manager",
    "departments": ["carrier", "packing"],
    "complaints": [ID],
    "agreements": [],
    "flow_runs": [RUN_ID],
    "opened_at": AT,
    "reviewed_at": None,
    "closed_at": None,
    "merged_into": None,
}
REQUEST = {
    "id": REQUEST_ID,
    "task": TASK_ID,
    "from": "packing",
    "department": "stock",
    "status": "open",
    "what": "Picked goods by noon",
    "by": None,
    "at": AT,
    "reply": None,
    "replied_at": None,
}
TASK = {
    "id": TASK_ID,
    "case": CASE_ID,
    "department": "packing",
    "round": 1,
    "status": "open",
    "asked_at": AT,
    "due": DUE,
    "assignee": None,
    "returned_at": None,
    "revision": 1,
    "customers": 1,
    "steps": ["pack", "check"],
    "neighbours": ["stock", "carrier"],
    "path": ["check", "load", "deliver"],
    "question": "What can you change so that it is delivered on the promised day?",
    "facts": None,
    "answer": None,
    "requests": [],
}
ANSWER = {
    "proposals": [
        {
            "change": "Pack orders in the sequence of their promised day",
            "step": "pack",
            "need": {"department": "stock", "what": "Picked goods by noon"},
        }
    ],
    "minutes": 20,
}
NOTHING_TO_CHANGE = {"nothing_to_change": {"observed": "Packed within two hours."}}
ANSWERED = TASK | {
    "status": "answered",
    "revision": 2,
    "answer": {
        "proposals": [
            {"number": 1, "change": "Pack by promised day", "step": "pack"},
        ],
        "minutes": 20,
        "answered_at": AT,
        "by_word_of_mouth": False,
    },
}
RETURNED = TASK | {"revision": 2, "returned_at": AT}
ENTRY = {
    "seq": 1,
    "at": AT,
    "who": "key:0199aa00",
    "what": "filed",
    "data": {"complaint": ID},
    "previous": "0" * 64,
    "hash": "a" * 64,
}
FEED_ENTRY = {
    "position": 1,
    "at": AT,
    "kind": "filed",
    "case": CASE_ID,
    "complaint": ID,
}
DEPARTMENT = {
    "id": "packing",
    "title": {"en": "Packing"},
    "kind": "internal",
    "head": "Head of packing",
    "email": "packing@example.com",
    "calendar": None,
    "revision": 2,
}
HOURS = {
    "zone": "Europe/Kyiv",
    "week": {"mon": ["09:00-18:00"], "tue": ["09:00-18:00"]},
    "holidays": {"country": "UA", "add": ["2026-12-31"], "drop": []},
}
HOURS_YAML = """\
zone: Europe/Kyiv
week: {mon: ["09:00-18:00"], tue: ["09:00-18:00"]}
holidays: {country: UA, add: [2026-12-31]}
"""
MAP_YAML = """\
resolve: 1
id: order-to-delivery
departments: {packing: {}, carrier: {kind: partner}}
promises: {on-time: {within: P5D}}
steps:
  pack: {department: packing, time: PT4H, gives: It arrives whole}
  deliver: {department: carrier, time: P1D, gives: It is at the door on the day}
handovers: [{from: pack, to: deliver}]
touchpoints: {delivery: {step: deliver, promises: [on-time]}}
"""
MAP_VERSION = {
    "id": "order-to-delivery",
    "version": 1,
    "digest": "b" * 64,
    "published_at": AT,
    "published_by": "key:0199aa00",
}
MAP_ENTRY = {
    "id": "order-to-delivery",
    "status": "published",
    "version": 1,
    "title": {"en": "Order to delivery"},
}
MAP = MAP_VERSION | {
    "status": "published",
    "newest": 1,
    "title": {"en": "Order to delivery"},
    "departments": [{"id": "packing", "title": {"en": "Packing"}, "kind": "internal"}],
    "promises": [{"id": "on-time", "title": {"en": "On time"}, "within": "P5D"}],
    "touchpoints": [
        {"id": "delivery", "title": {"en": "At the door"}, "step": "deliver",
         "promises": ["on-time"]}
    ],
    "steps": [{"id": "pack", "title": {"en": "Pack"}, "department": "packing"}],
    "source": MAP_YAML,
}  # fmt: skip
WALK = {
    "map": "order-to-delivery",
    "version": 1,
    "concern": CONCERN,
    "departments": [
        {"department": "carrier", "kind": "partner", "distance": 1,
         "steps": ["deliver"], "path": ["deliver"], "neighbours": ["packing"]}
    ],
}  # fmt: skip


def page(*rows: object) -> dict[str, object]:
    """Give a page with these rows."""
    return {"data": list(rows), "page": {"next_cursor": None, "has_more": False}}


STEP_TIME = {
    "order": "4711",
    "step": "pack",
    "started": AT,
    "ended": DUE,
    "source": "erp",
}
TAKEN = {
    "rows": 2,
    "new": 1,
    "same": 0,
    "replaced": 0,
    "rejected": [
        {
            "row": 1,
            "code": "ends_before_it_starts",
            "detail": "It ends before it starts.",
        }
    ],
}
_LINK = {
    "orders": 400,
    "median": 5400.0,
    "nine_of_ten": 14400.0,
    "allotted": 7200.0,
    "longest_way": 1.0,
    "late_by": 3600.0,
    "gain": 0.03,
    "weakest": True,
}
TIMING = {
    "map": "order-to-delivery",
    "version": 1,
    "concern": CONCERN,
    "period": {"since": None, "until": None},
    "made_at": AT,
    "more_since": 0,
    "orders": {"known": 412, "looked_at": 412, "ended": 400, "open": 12},
    "began": AT,
    "as_of": AT,
    "within": 432000.0,
    "allotted": 302400.0,
    "on_time": {"share": 0.8, "low": 0.76, "high": 0.84},
    "on_time_with_open": {"share": 0.79, "low": 0.75, "high": 0.83},
    "time": {
        "median": 345600.0,
        "quartiles": [295200.0, 410400.0],
        "nine_of_ten": 651600.0,
    },
    "chain": [
        {"step": "pack", "steps": ["pack"], "departments": ["packing"],
         "worked": 3600.0, **_LINK},
    ],
    "inside_loops": [
        {"handover": {"from": "check", "to": "pack"}, "orders": 40, "median": 5400.0,
         "nine_of_ten": 14400.0},
    ],
    "weakest": 0,
}  # fmt: skip
WAITS = {
    "map": "order-to-delivery",
    "version": 1,
    "orders": 608,
    "since": AT,
    "until": DUE,
    "handovers": [
        {"from": "pick", "to": "pack", "within": 3600.0, "count": 590, "mean": 7200.0,
         "median": 5400.0, "known": 1.0,
         "causes": {"batching": 600.0, "contention": 1800.0, "prioritisation": 0.0,
                    "unavailability": 3600.0, "extraneous": 1200.0}}
    ],
}  # fmt: skip
