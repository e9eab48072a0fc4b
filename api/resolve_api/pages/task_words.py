"""What pages of tasks and requests say was done, or is wrong."""

from __future__ import annotations

from resolve.kit.language import Language
from resolve_api.pages.said import SAID
from resolve_api.pages.showing import DONE
from resolve_api.pages.task_form import NOTHING

DONE["draft_saved"] = lambda it: it.say("Your draft is saved; only your people see it.")
DONE["asked_neighbour"] = lambda it: it.say(
    "Your neighbour is asked. The reply appears here."
)
DONE["task_extended"] = lambda it: it.say("There is more time for this task now.")
DONE["task_withdrawn"] = lambda it: it.say(
    "No answer to this task is awaited any more."
)
DONE["task_asked_again"] = lambda it: it.say("The department is asked again.")

SAID.update(
    {
        "answer_form": lambda it, why: _said_of_form(it, why.pointer),
        "step_not_in_task": lambda it, _: it.say("Choose one of your own steps."),
        "not_a_neighbour": lambda it, _: it.say(
            "Choose one of your neighbours on the chain."
        ),
        "already_answered": lambda it, _: it.say(
            "Somebody of your department answered meanwhile. Both answers stand here: "
            "keep yours, take theirs, or put both together."
        ),
        "task_changed": lambda it, _: it.say(
            "Somebody changed the answer meanwhile. Both stand here: keep yours, take "
            "theirs, or put both together."
        ),
        "answer_draft_changed": lambda it, _: it.say(
            "Somebody else wrote on this answer meanwhile. Nothing is lost: keep "
            "yours, take theirs, or put both together."
        ),
        "review_open": lambda it, _: it.say(
            "The joint review has begun, so answers are not changed any more. Bring "
            "what you wrote into the talk of the case."
        ),
        "task_withdrawn": lambda it, _: it.say(
            "No answer to this task is awaited any more."
        ),
        "task_not_open": lambda it, _: it.say(
            "This can be done only while an answer is awaited."
        ),
        "not_answered": lambda it, _: it.say("There is no answer yet to change."),
        "not_returned": lambda it, _: it.say("This task was not handed back."),
        "not_a_colleague": lambda it, _: it.say("Choose somebody of the department."),
        "reason_missing": lambda it, _: it.say("Say in a sentence why."),
        "due_in_the_past": lambda it, _: it.say("Choose a time that is still to come."),
        "unknown_task": lambda it, _: it.say(
            "There is no such task, or it is none that you may see."
        ),
        "another_department": lambda it, _: it.say(
            "This belongs to another department. You can read it; they answer it."
        ),
    }
)


def _said_of_form(it: Language, pointer: str) -> str:
    if pointer == "/minutes":
        return it.say("Minutes are a whole number, such as 15.")
    if pointer == NOTHING:
        return it.say("Say what can change, or below what you observed.")
    if pointer:
        return it.say("Say it in words.")
    return it.say(
        "Propose at least one change, or say what you observed; one of both, please."
    )
