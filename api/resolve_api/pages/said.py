"""Errors in the reader's language, by their code.

An error of ours carries English words for clients and the command line; pages say the
same by its code. Each part of the pages adds its own: `SAID["code"] = lambda it, why:
it.say("...")`; `why.extra` holds facts.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from resolve.kit.errors import ResolveError
from resolve.kit.language import Language

Saying = Callable[[Language, ResolveError], str]


def bad_person(it: Language, pointer: str) -> str:
    """Say what a field of a person takes."""
    if pointer == "/login":
        return it.say(
            "A login is one word of at most 100 signs, without spaces and without "
            "@ : / \\."
        )
    if pointer == "/email":
        return it.say(
            "This is not an e-mail address. It has no spaces, and an @ inside."
        )
    return it.say("This cannot be used here.")


SAID: dict[str, Saying] = {
    "sign_in_failed": lambda it, _: it.say(
        "Login and password do not fit. Try again, or ask the administrator for a "
        "one-time link."
    ),
    "too_many_tries": lambda it, why: it.say(
        "Too many tries. Please wait {time} and try again.",
        time=it.duration(timedelta(seconds=why.extra.get("seconds", 60))),
    ),
    "link_ended": lambda it, _: it.say(
        "This link was used already or is too old. Ask the administrator for a new one."
    ),
    "weak_password": lambda it, _: it.say(
        "Choose a longer password, at least 10 characters, that nobody guesses: three "
        "or four words in a row are easy to remember."
    ),
    "login_taken": lambda it, _: it.say("Somebody else has this already."),
    "bad_person": lambda it, why: bad_person(it, why.pointer),
    "last_administrator": lambda it, _: it.say(
        "Nobody would be left who looks after people. Make somebody else administrator "
        "first."
    ),
    "person_changed": lambda it, _: it.say(
        "Somebody else changed this in between. Look at it again."
    ),
    "not_allowed": lambda it, _: it.say(
        "This page is not among those for your roles. Ask the administrator if you "
        "need it."
    ),
    "from_elsewhere": lambda it, _: it.say(
        "This was sent from a page of another site. Open the page here and send it "
        "again."
    ),
    "not_found": lambda it, _: it.say("There is nothing at this address."),
    "body_too_large": lambda it, _: it.say("This is more than can be taken at once."),
    "method_not_allowed": lambda it, _: it.say(
        "This address only takes what a form sends. Go back and use the page."
    ),
    "internal_error": lambda it, _: it.say(
        "Something went wrong on our side; nothing was changed. Try again; if it stays "
        "so, tell the administrator the time of it."
    ),
    "database_busy": lambda it, _: it.say(
        "The database is busy; nothing was changed. Try again in a moment."
    ),
}


def said(language: Language, why: ResolveError) -> str:
    """Say what is wrong and what to do; by the nearest class whose code is known."""
    for kind in type(why).__mro__:
        code = getattr(kind, "code", "")
        if code in SAID:
            return SAID[code](language, why)
    return language.say(
        "This cannot be done: {reason}", reason=f"{why.message} {why.hint}".strip()
    )
