"""Messages become mail: in words, in the reader's language, each once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, select

from resolve.complaints.models import Complaint
from resolve.complaints.service import answer
from resolve.departments.service import DepartmentChange, change
from resolve.handling.letters import Told, letters
from resolve.handling.mail import send_waiting
from resolve.handling.moving import fire_due_clocks
from resolve.handling.recipients import Recipient
from resolve.kit.database import Database, reading, transaction
from resolve.kit.errors import Unavailable
from resolve.kit.ids import new_id
from resolve.kit.language import language
from resolve.messages.mail import Letter, as_mail
from resolve.messages.models import Message, MessageKind
from resolve.messages.service import Note, person, tell
from resolve.reviews.models import (
    Ballot,
    BallotKind,
    MetBy,
    Objection,
    ObjectionStatus,
)
from resolve.solutions.models import Solution, SolutionStatus
from resolve.tasks.models import Request
from resolve.tasks.requests import ask, reply
from tests.builders import (
    MONDAY,
    all_rows,
    filed,
    published,
    tasks_by_department,
    work,
)

ADMINISTRATOR = "administrator"
SPOKEN = pytest.mark.parametrize("code", ["en", "ru", "uk"])


def headed(database: Database, **heads: str) -> None:
    """Give departments heads, `head` or `head <address>`."""
    with transaction(database) as session:
        for department, head in heads.items():
            name, _, address = head.partition(" <")
            wanted = DepartmentChange(head=name, email=address.rstrip(">"))
            change(session, department, wanted, who=ADMINISTRATOR, at=MONDAY)


def mailed(database: Database, folder: Path, *, most: int = 500) -> list[EmailMessage]:
    send_waiting(database, folder, at=MONDAY, most=most)
    return [
        message_from_bytes(path.read_bytes(), policy=default)
        for path in sorted(folder.glob("*.eml"))
    ]


def about(mails: Sequence[EmailMessage], subject: str) -> EmailMessage:
    (found,) = [mail for mail in mails if subject in str(mail["Subject"])]
    return found


def body(mail: EmailMessage) -> str:
    return str(mail.get_content()).replace("\r\n", "\n")


def written(database: Database, code: str) -> list[tuple[MessageKind, Letter]]:
    with reading(database) as session:
        messages = session.exec(select(Message).order_by(Message.id)).all()
        to = Recipient("Reader", None, code)
        told = [
            Told(one.id, one, _partner(to) if _is_to_a_partner(one) else to)
            for one in messages
        ]
        found = letters(session, told, house=language(code))
    return [
        (MessageKind(one.kind), found[one.id]) for one in messages if one.id in found
    ]


def _is_to_a_partner(message: Message) -> bool:
    return message.recipient == "department:carrier"


def _partner(to: Recipient) -> Recipient:
    return replace(to, is_partner=True)


def test_the_head_gets_the_question_with_what_matters_to_the_customer(
    database: Database, tmp_path: Path
) -> None:
    published(database)
    headed(database, packing="Olha <olha@example.com>")
    case = filed(database).case_id
    work(database)

    mails = mailed(database, tmp_path)

    (mail,) = [one for one in mails if "olha@example.com" in str(one["To"])]
    task = tasks_by_department(database, case)["packing"]
    assert str(mail["To"]) == "Olha <olha@example.com>"
    assert "What can change for the customer" in str(mail["Subject"])
    text = body(mail)
    assert text.startswith("Good day, Olha!\n\n")
    assert "what can change here so that the promise" in text
    assert "It stands for 1 customer." in text
    assert "The way to the customer" in text
    assert "We look forward to your answer by 4 March 2026" in text
    assert f"Open the task:\n    http://127.0.0.1:8000/tasks/{task.id}\n" in text
    assert "resolve " not in text


def test_a_letter_to_a_department_holds_no_word_of_the_customer(
    database: Database, tmp_path: Path
) -> None:
    published(database)
    headed(database, packing="Olha", carrier="Ivan")
    customer = {"name": "Zed Quux", "email": "zed@example.com"}
    filed(database, "My parcel was squashed.", customer=customer)
    work(database)

    for mail in mailed(database, tmp_path):
        said = body(mail) + str(mail["Subject"]) + str(mail["To"])
        assert not any(word in said for word in ("squashed", "Quux", "zed@"))


def test_mailing_twice_is_mailing_once(database: Database, tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    published(database)
    filed(database)
    work(database)

    first = send_waiting(database, folder, at=MONDAY, most=500)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    again = send_waiting(database, folder, at=MONDAY, most=500)

    assert (first, again) == (len(all_rows(database, Message)), 0)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert {f"{one.id}.eml" for one in all_rows(database, Message)} == set(before)


def test_at_most_so_many_are_mailed_at_once_the_oldest_first(
    database: Database, tmp_path: Path
) -> None:
    folder = tmp_path / "mail"
    published(database)
    for n in range(3):
        filed(database, reference=str(n), touchpoint="?")

    assert send_waiting(database, folder, at=MONDAY, most=2) == 2
    ids = sorted(one.id for one in all_rows(database, Message))
    assert sorted(path.stem for path in folder.iterdir()) == ids[:2]
    assert send_waiting(database, folder, at=MONDAY, most=2) == 1


def test_a_folder_that_cannot_be_written_keeps_the_mail_waiting(
    database: Database, tmp_path: Path
) -> None:
    published(database)
    filed(database, touchpoint="?")
    (tmp_path / "file").write_text("")

    with pytest.raises(Unavailable, match="the mail waits"):
        send_waiting(database, tmp_path / "file" / "mail", at=MONDAY, most=5)

    assert send_waiting(database, tmp_path / "mail", at=MONDAY, most=5) == 1


@pytest.mark.parametrize(
    ("said", "subject"),
    [
        ("uk", "Наша відповідь на вашу скаргу"),
        ("ru-RU", "Наш ответ на вашу жалобу"),
        ("de", "Our answer to your complaint"),
        (None, "Our answer to your complaint"),
    ],
)
def test_the_customer_gets_the_answer_in_the_language_of_the_complaint(
    database: Database, tmp_path: Path, said: str | None, subject: str
) -> None:
    _answered(database, said, {"name": "Zed", "email": "zed@example.com"})

    mail = about(mailed(database, tmp_path), subject)

    assert str(mail["To"]) == "Zed <zed@example.com>"
    assert "We send it anew {today}." in body(mail)
    assert "A voucher" in body(mail)


@pytest.mark.parametrize("customer", [None, {"name": "Zed"}, {"email": "no address"}])
def test_a_customer_without_an_address_has_the_answer_in_the_list_only(
    database: Database, tmp_path: Path, customer: dict[str, str] | None
) -> None:
    _answered(database, "en", customer)

    mails = mailed(database, tmp_path)

    assert not [one for one in mails if "Our answer" in str(one["Subject"])]
    assert all(one.mailed_at for one in all_rows(database, Message))


@SPOKEN
def test_every_kind_of_message_has_its_words_in_every_language(
    database: Database, code: str
) -> None:
    _everything(database)

    kinds = written(database, code)

    assert {kind for kind, _ in kinds} == set(MessageKind)
    for kind, letter in kinds:
        assert letter.subject
        assert "{" not in letter.subject
        assert kind == MessageKind.ANSWER or "    http://" in letter.body


def test_words_of_different_languages_differ(database: Database) -> None:
    _everything(database)

    bodies = [
        {letter.body for _, letter in written(database, code)}
        for code in ("en", "ru", "uk")
    ]

    assert len(set.union(*bodies)) == sum(len(some) for some in bodies) - 2  # ANSWER


def test_a_request_tells_a_neighbour_what_is_needed_and_a_partner_where_to_read(
    database: Database,
) -> None:
    _everything(database)

    requests = [one for kind, one in written(database, "en") if kind == "request"]

    assert "Photos of Mr. Quux's parcel" in requests[0].body
    assert "Photos of Mr. Quux's parcel" not in requests[1].body
    assert "You can read it in the case." in requests[1].body


@given(st.text(), st.text(), st.text())
def test_nothing_in_a_name_adds_a_line_to_the_head_of_a_mail(
    name: str, address: str, subject: str
) -> None:
    letter = Letter(name, address, "en", subject, "Words")

    read = message_from_bytes(as_mail(letter, "id", MONDAY).as_bytes(), policy=default)

    assert set(read.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "Content-Language",
        "Auto-Submitted", "Content-Type", "Content-Transfer-Encoding", "MIME-Version",
    }  # fmt: skip
    assert len(read["To"].addresses) == 1


@pytest.mark.parametrize(
    "name", ["Eve\r\nBcc: all@example.com", "Eve\nX: y", "Eve\u2028X: y", "a@b, c@d"]
)
def test_names_that_try_to_are_one_recipient(name: str) -> None:
    letter = Letter(name, f"{name}@example.com", "en", name, "Words")

    read = message_from_bytes(as_mail(letter, "id", MONDAY).as_bytes(), policy=default)

    assert read["Bcc"] is None
    assert read["X"] is None
    (to,) = read["To"].addresses
    assert to.domain == "localhost"


def _answered(
    database: Database, language: str | None, customer: dict[str, str] | None
) -> None:
    published(database)
    made = filed(database, language=language, customer=customer)
    with transaction(database) as session:
        text, remedy = "We send it anew {today}.", "A voucher"
        answer(
            session, made.number, text=text, remedy=remedy,
            who=ADMINISTRATOR, at=MONDAY,
        )  # fmt: skip


def _everything(database: Database, *, owner: str = "Ann") -> None:
    """Let every kind of message be told."""
    _answered(database, "en", {"name": "Zed Quux", "email": "zed@example.com"})
    headed(database, packing="Olha", stock="Ivan", carrier="Lee")
    filed(database, touchpoint="?")
    work(database)
    case = all_rows(database, Message)[0].case_id
    tasks = tasks_by_department(database, case)
    with transaction(database) as session:
        for department in ("stock", "carrier"):
            ask(
                session, tasks["packing"].id, department=department,
                what="Photos of Mr. Quux's parcel", who=ADMINISTRATOR, at=MONDAY,
                by=MONDAY + timedelta(days=1),
            )  # fmt: skip
    later = MONDAY + timedelta(days=60)
    made = [one.id for one in all_rows(database, Request)]
    with transaction(database) as session:
        reply(session, made[0], accept=True, who=ADMINISTRATOR, at=MONDAY)
        fire_due_clocks(session, at=later, most=100)
    work(database, at=later)
    with transaction(database) as session:
        of_complaint = {"complaint": all_rows(database, Complaint)[0].id}
        facts: dict[str, Any] = {"task": tasks["stock"].id, "proposal": 1}
        notes = [
            Note(MessageKind.IN_PLACE, "department:stock", case, case, facts),
            Note(MessageKind.NEEDS_A_PERSON, person("Ann"), case, case, {"event": 7}),
            Note(MessageKind.RETURNED, person("Ann"), case, case, facts),
            Note(MessageKind.MENTION, person("Ann"), case, case, facts),
            Note(MessageKind.NOT_ACCEPTED, person("Ann"), case, case, of_complaint),
        ]
        tell(session, notes, at=later)
        _review(session, case, tasks["stock"].id, at=later)
        _changes(session, case, tasks["stock"].id, owner, at=later)


def _changes(
    session: Session, case: str, task: str, owner: str, *, at: datetime
) -> None:
    """Let everything be told that is told of a change in place."""
    side = {"orders": 30, "value": 7200.0, "low": 7000.0, "high": 7400.0}
    verdict = {
        "verdict": "proven", "measure": "time_of_step", "orders": [30, 30],
        "before": side, "after": side, "effect": -720.0, "low": -900.0, "high": -500.0,
        "day": "2026-10-04T22:30:00+00:00",
    }  # fmt: skip
    solution = Solution(
        id=new_id(), case_id=case, round=1, task_id=task, proposal=1, owner=owner,
        due=at.date(), status=SolutionStatus.PROVEN, agreed_at=at, agreed_by="qm",
        measure="time_of_step", prove_days=30, verdict=verdict,
    )  # fmt: skip
    session.add(solution)
    session.flush()
    facts = {"agreement": solution.id, "task": task, "proposal": 1}
    kinds = (MessageKind.PROVEN, MessageKind.NOT_PROVEN, MessageKind.TOO_FEW)
    notes = [Note(one, "department:carrier", solution.id, case, facts) for one in kinds]
    tell(session, notes, at=at)


def test_who_contributed_is_thanked_by_name(database: Database) -> None:
    _everything(database)
    [letter] = [
        one for kind, one in written(database, "en") if kind == MessageKind.PROVEN
    ]
    assert letter.subject.startswith("It works, thank you")
    assert "Thank you to everybody who contributed:\n    Ann\n" in letter.body
    assert "10\N{NO-BREAK SPACE}% shorter" in letter.body
    compared = "Compared: 30 orders begun since 4 October 2026, and 30 begun"
    assert compared in " ".join(letter.body.split())


def test_a_partner_reads_names_in_letters_as_the_pages_show_them(
    database: Database,
) -> None:
    _everything(database, owner="Ann Quux")

    told = {kind: one.body for kind, one in written(database, "en")}

    assert "Iryna ••• gives this reason" in told[MessageKind.OBJECTION_MET]
    assert "    Ann •••\n" in told[MessageKind.PROVEN]


def _review(session: Session, case: str, task: str, *, at: datetime) -> None:
    """Let everything be told that is told in a joint review."""
    ballot = Ballot(
        id=new_id(), case_id=case, round=1, kind=BallotKind.PROPOSAL, task_id=task,
        proposal=1, put_by="qm", put_at=at, until=at, wording="Call Mr. Quux before.",
    )  # fmt: skip
    objection = Objection(
        id=new_id(), ballot_id=ballot.id, case_id=case, voter="department:stock",
        text="Mr. Quux will be away.", who="qm", at=at, status=ObjectionStatus.MET,
        met_by=MetBy.MANAGER, met_who="qm", met_at=at, met_name="Iryna Quux",
        met_text="He wrote to me.",
    )  # fmt: skip
    session.add(ballot)
    session.flush()
    session.add(objection)
    session.flush()
    facts = {"ballot": ballot.id, "objection": objection.id, "department": "stock"}
    kinds = (
        MessageKind.VOTE, MessageKind.OBJECTION, MessageKind.OBJECTION_MET,
        MessageKind.ALL_VOTED, MessageKind.DECIDED,
    )  # fmt: skip
    notes = [Note(one, "department:carrier", ballot.id, case, facts) for one in kinds]
    due = {"ballot": ballot.id}
    notes.append(Note(MessageKind.PAST_DUE, person("Ann"), ballot.id, case, due))
    tell(session, notes, at=at)
