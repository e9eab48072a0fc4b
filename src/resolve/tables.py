"""Names every table once, so that the metadata knows them all."""

from __future__ import annotations

from sqlmodel import SQLModel

from resolve.access.models import ApiKey, KeptAnswer
from resolve.cases.models import Case, CaseFlowRun, Remark
from resolve.clocks.models import Clock
from resolve.complaints.models import Complaint
from resolve.departments.models import DepartmentRecord, StoredCalendar
from resolve.journal.models import (
    FeedEntry,
    JournalEntry,
    JournalHead,
    Seal,
    SealedHead,
)
from resolve.maps.models import Map, MapVersion
from resolve.messages.models import Message
from resolve.outbox.models import Event
from resolve.solutions.models import Solution
from resolve.tasks.models import Answer, Request, Task

TABLES: tuple[type[SQLModel], ...] = (
    ApiKey,
    KeptAnswer,
    StoredCalendar,
    DepartmentRecord,
    Map,
    MapVersion,
    Case,
    CaseFlowRun,
    Remark,
    Complaint,
    Task,
    Answer,
    Request,
    Solution,
    Clock,
    Message,
    Event,
    JournalEntry,
    JournalHead,
    Seal,
    SealedHead,
    FeedEntry,
)

metadata = SQLModel.metadata
