"""What can go wrong with keys and repeated requests."""

from __future__ import annotations

from resolve.kit.errors import Conflict, Forbidden, Invalid, NotFound, Unauthorized


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
