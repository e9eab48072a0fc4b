"""What can go wrong with tasks and requests."""

from __future__ import annotations

from resolve.kit.errors import Conflict, Forbidden, Invalid, NotFound, Stale


class UnknownTask(NotFound):
    code = "unknown_task"


class UnknownRequest(NotFound):
    code = "unknown_request"


class NotYours(Forbidden):
    """The task or request belongs to another department."""

    code = "another_department"


class AlreadyAnswered(Conflict):
    """`answer` is the one that is there; it can be changed until the review opens."""

    code = "already_answered"


class ReviewOpen(Conflict):
    """The review is open or over: answers are not changed any more."""

    code = "review_open"


class TaskWithdrawn(Conflict):
    code = "task_withdrawn"


class NotAnswered(Conflict):
    """There is no answer yet that could be changed."""

    code = "not_answered"


class TaskNotOpen(Conflict):
    code = "task_not_open"


class StepNotInTask(Invalid):
    code = "step_not_in_task"


class NotANeighbour(Invalid):
    code = "not_a_neighbour"


class AnswerForm(Invalid):
    """Both forms of an answer at once, or none."""

    code = "answer_form"


class DueInThePast(Invalid):
    code = "due_in_the_past"


class AlreadyReplied(Conflict):
    code = "already_replied"


class TaskChanged(Stale):
    """Somebody else changed the answer in between."""
