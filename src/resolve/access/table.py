"""Who may do what: one table for pages, commands and the API (pure).

A person has the rights of every role, a key those of every scope. What of a right is
meant (whose task, which case) is decided where the thing is at hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum


class Right(StrEnum):
    """Something that may be allowed."""

    FILE = "file"  # file complaints
    READ_OWN = "read_own"  # see what one filed oneself
    READ = "read"  # see cases, tasks, maps; partners: of their own cases
    FEED = "feed"  # tell when steps of orders really began and ended
    TALK = "talk"  # take part in the talk of a case one may see
    ANSWER = "answer"  # answer tasks and requests of one's departments
    SETTLE = "settle"  # settle a complaint at once, within one's authority
    ANSWER_CUSTOMER = "answer_customer"  # answer and end the customer's side
    HANDLE = "handle"  # place, review, agree, extend, withdraw, close: any department
    MAPS = "maps"  # write, publish and retire maps
    REGISTER = "register"  # departments, calendars and who belongs to them
    PEOPLE = "people"  # people and how they sign in
    KEYS = "keys"  # keys of clients
    RUN = "run"  # failed events, health, verification of the journal


class Role(StrEnum):
    """What somebody is here; the first three come with a department."""

    HEAD = "head"
    MEMBER = "member"
    CHAMPION = "champion"
    QUALITY_MANAGER = "quality_manager"
    FRONTLINE = "frontline"
    ADMINISTRATOR = "administrator"


class Scope(StrEnum):
    """What a key may do."""

    FILE = "file"  # file complaints and read its own
    READ = "read"  # every GET
    ACT = "act"  # tasks, requests, place, answer, close
    ADMIN = "admin"  # maps, keys, departments, calendars


OWN_ROLES = (Role.QUALITY_MANAGER, Role.FRONTLINE, Role.ADMINISTRATOR)
"""The roles that no department gives."""

EVERYBODY = frozenset({Right.FILE, Right.READ_OWN})
"""What everybody who signs in may do, also before they belong to any department.

Seeing cases comes with a department or a role: until then nobody knows whether somebody
belongs to a partner. Administrators look after people and keys, not after complaints.
"""

_TAKES_PART = frozenset({Right.READ, Right.TALK})

ROLES: Mapping[Role, frozenset[Right]] = {
    Role.HEAD: _TAKES_PART | {Right.ANSWER},
    Role.MEMBER: _TAKES_PART | {Right.ANSWER},
    Role.CHAMPION: _TAKES_PART | {Right.ANSWER},
    Role.QUALITY_MANAGER: _TAKES_PART
    | {
        Right.ANSWER,
        Right.SETTLE,
        Right.ANSWER_CUSTOMER,
        Right.HANDLE,
        Right.MAPS,
    },
    Role.FRONTLINE: _TAKES_PART | {Right.SETTLE, Right.ANSWER_CUSTOMER},
    Role.ADMINISTRATOR: frozenset(
        {Right.MAPS, Right.REGISTER, Right.PEOPLE, Right.KEYS, Right.RUN}
    ),
}

SCOPES: Mapping[Scope, frozenset[Right]] = {
    Scope.FILE: frozenset({Right.FILE, Right.READ_OWN, Right.FEED}),
    Scope.READ: frozenset({Right.READ}),
    Scope.ACT: frozenset(
        {
            Right.TALK,
            Right.ANSWER,
            Right.SETTLE,
            Right.ANSWER_CUSTOMER,
            Right.HANDLE,
        }
    ),
    Scope.ADMIN: frozenset(
        {Right.MAPS, Right.REGISTER, Right.PEOPLE, Right.KEYS, Right.RUN}
    ),
}

_HOUSE_ONLY = frozenset({Right.SETTLE, Right.ANSWER_CUSTOMER, Right.HANDLE})


def rights_of_roles(roles: Iterable[Role]) -> frozenset[Right]:
    """Give what somebody with these roles may do.

    >>> Right.HANDLE in rights_of_roles([Role.HEAD])
    False
    """
    return EVERYBODY.union(*(ROLES[role] for role in roles))


def rights_of_scopes(
    scopes: Iterable[Scope], *, of_department: bool = False
) -> frozenset[Right]:
    """Give what a key may do; one of a department acts for that department only.

    >>> Right.HANDLE in rights_of_scopes([Scope.ACT], of_department=True)
    False
    """
    given = frozenset[Right]().union(*(SCOPES[scope] for scope in scopes))
    return given - _HOUSE_ONLY if of_department else given


def scopes_with(rights: Iterable[Right]) -> tuple[Scope, ...]:
    """Give the scopes of which each gives one of these rights."""
    wanted = frozenset(rights)
    return tuple(scope for scope, given in SCOPES.items() if given & wanted)
