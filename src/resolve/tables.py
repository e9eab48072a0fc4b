"""Names every table once, so that the metadata knows them all."""

from __future__ import annotations

from sqlmodel import SQLModel

from resolve.access.models import (
    Absence,
    ApiKey,
    KeptAnswer,
    OneTimeLink,
    Patience,
    Person,
    SignIn,
)
from resolve.attachments.models import AttachedContent, Attachment
from resolve.cases.models import Case, CaseFlowRun, HiddenWords, Remark, TalkEntry
from resolve.clocks.models import Clock
from resolve.complaints.finding import Findable, FindableState
from resolve.complaints.models import Complaint
from resolve.departments.models import (
    DepartmentRecord,
    Membership,
    StoredCalendar,
    Touch,
)
from resolve.handovers.models import HandoverStandard
from resolve.journal.models import (
    FeedEntry,
    JournalEntry,
    JournalHead,
    Seal,
    SealedHead,
)
from resolve.maps.models import Map, MapDraft, MapVersion
from resolve.messages.models import Delivery, Message
from resolve.outbox.models import Event
from resolve.reviews.models import Ballot, Division, Objection, Vote
from resolve.solutions.models import Solution
from resolve.steptimes.models import KeptTimes, OrderTime, StepTime, TimesOfMap
from resolve.tasks.models import Answer, Request, Task, TaskDraft

TABLES: tuple[type[SQLModel], ...] = (
    Person,
    SignIn,
    OneTimeLink,
    Patience,
    Absence,
    ApiKey,
    KeptAnswer,
    StoredCalendar,
    DepartmentRecord,
    Membership,
    Touch,
    Map,
    MapVersion,
    MapDraft,
    HandoverStandard,
    Case,
    CaseFlowRun,
    Remark,
    TalkEntry,
    HiddenWords,
    Complaint,
    AttachedContent,
    Attachment,
    Task,
    Answer,
    TaskDraft,
    Request,
    Division,
    Ballot,
    Vote,
    Objection,
    Solution,
    StepTime,
    OrderTime,
    TimesOfMap,
    KeptTimes,
    Clock,
    Message,
    Delivery,
    Event,
    JournalEntry,
    JournalHead,
    Seal,
    SealedHead,
    FeedEntry,
    Findable,
    FindableState,
)

metadata = SQLModel.metadata
