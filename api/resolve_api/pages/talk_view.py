"""The talk of a case as its page shows it."""

from __future__ import annotations

from typing import Any

from resolve.cases.models import TalkEntry
from resolve.cases.said import Talk
from resolve.kit.ids import is_id
from resolve_api.pages.case_words import Reading

Facts = dict[str, Any]


def entries(it: Reading, talk: Talk) -> list[Facts]:
    """Show what was said, in the order of time."""
    return [_entry(it, one) for one in talk.entries]


def _entry(it: Reading, one: TalkEntry) -> Facts:
    subject, place = subject_of(it, one.about)
    return {
        "id": one.id,
        "who": it.called(one.who),
        "department": it.department(one.department_id) if one.department_id else "",
        "at": one.at,
        "text": it.text(one.text),
        "taken_back": one.text is None,
        "subject": subject,
        "place": place,
        "told": [it.called(name) for name in one.mentions],
        "mine": one.who == it.visit.who,
    }


def subject_of(it: Reading, about: dict[str, Any]) -> tuple[str, str]:
    """Say what an entry is tied to, and where that stands on the page."""
    if "step" in about:
        title = it.language.say("Step: {step}", step=it.step(about["step"]))
        return title, "departments"
    task = next((t for t in it.sheet.tasks if t.id == about.get("task")), None)
    if task is None:
        return "", ""
    number = about["proposal"]
    said = it.language.say(
        "Proposal {number} of {department}",
        number=number,
        department=it.department(task.department_id),
    )
    return said, f"proposal-{task.id}:{number}"


def about_choices(it: Reading) -> list[tuple[str, str]]:
    """Give what an entry may be tied to: a proposal, or a step taking part."""
    proposals = [
        (
            f"proposal:{task.id}:{one['number']}",
            {"task": task.id, "proposal": one["number"]},
        )
        for task in it.sheet.present_tasks
        if task.id in it.sheet.answers
        for one in (it.sheet.answers[task.id].content or {}).get("proposals", ())
    ]
    walked = it.sheet.walk.participants if it.sheet.walk else ()
    steps = [(f"step:{step}", {"step": step}) for one in walked for step in one.steps]
    return [(value, subject_of(it, about)[0]) for value, about in [*proposals, *steps]]


def read_about(choice: str) -> dict[str, Any]:
    """Read a choice of `about_choices` back."""
    kind, _, rest = choice.partition(":")
    if kind == "step" and rest:
        return {"step": rest}
    task, _, number = rest.rpartition(":")
    if kind == "proposal" and number.isdecimal():
        return {"task": task, "proposal": int(number[:9])}
    return {"unknown": choice} if choice else {}


def people_choices(it: Reading) -> list[tuple[str, str, str]]:
    """Give who can be mentioned: value, name, and what is written after @."""
    departments = [
        (f"department:{name}", it.department(name), name)
        for name in it.sheet.taking_part
    ]
    people = {
        one.id: (f"person:{one.id}", f"{one.name} · {it.department(of)}", one.login)
        for one, of in it.sheet.people
    }
    leading = it.sheet.case.facilitator.removeprefix("person:")
    found = [*departments, *people.values()]
    known = {leading, f"person:{leading}"} & set(it.sheet.names)
    if known and leading not in people and not any(o[2] == leading for o in found):
        written = "" if is_id(leading) else leading
        found.append((leading, it.called(known.pop()), written))
    return [one for one in found if one[0] != it.visit.who]
