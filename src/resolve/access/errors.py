"""What can go wrong with keys and repeated requests."""

from __future__ import annotations

from resolve.kit.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    Stale,
    Unauthorized,
)


class KeyMissing(Unauthorized):
    code = "key_missing"


class KeyUnknown(Unauthorized):
    """The key does not exist or was revoked."""

    code = "key_unknown"


class ScopeMissing(Forbidden):
    """The key may not do this."""

    code = "scope_missing"


class UnknownScope(Invalid):
    code = "unknown_scope"


class BadKeyName(Invalid):
    """Nothing that a key can be called."""

    code = "bad_key_name"


class NameTaken(Conflict):
    code = "name_taken"


class UnknownKey(NotFound):
    code = "unknown_key"


class KeyReused(Invalid):
    """The Idempotency-Key was used with another body."""

    code = "idempotency_key_reused"


class StillRunning(Conflict):
    """The first request with this Idempotency-Key has not ended."""

    code = "still_running"


class UnknownPerson(NotFound):
    code = "unknown_person"


class BadPerson(Invalid):
    """A value that nothing of a person can have."""

    code = "bad_person"


class LoginTaken(Conflict):
    """Somebody else has this login or e-mail."""

    code = "login_taken"


class PersonChanged(Stale):
    """Somebody else changed the person in between."""

    code = "person_changed"


class LastAdministrator(Conflict):
    """Nobody would be left who looks after people."""

    code = "last_administrator"


class SignInFailed(Unauthorized):
    """Login and password do not belong together; which of them is not told."""

    code = "sign_in_failed"


class TooManyTries(Unauthorized):
    """Somebody has to wait before the next try."""

    code = "too_many_tries"


class LinkEnded(NotFound):
    """The one-time link was used, is too old, or never was."""

    code = "link_ended"


class WeakPassword(Invalid):
    code = "weak_password"


class UnknownAbsence(NotFound):
    code = "unknown_absence"


class AbsenceEnded(Conflict):
    """It is over, or was taken back; it is not changed any more."""

    code = "absence_ended"


class BadAbsence(Invalid):
    """Nothing that an absence can be."""

    code = "bad_absence"


class NobodyThere(BadAbsence):
    """Nobody here who is away, or who could stand in."""

    code = "nobody_there"


class OwnSubstitute(BadAbsence):
    """Nobody stands in for themselves."""

    code = "own_substitute"


class DaysInNoOrder(BadAbsence):
    code = "days_in_no_order"


class DaysOver(BadAbsence):
    code = "days_over"


class AbsenceOverlaps(Conflict):
    """The person is away on one of these days already."""

    code = "absence_overlaps"


class SubstituteCircle(Conflict):
    """From substitute to substitute the work would come back to who is away."""

    code = "substitute_circle"
