"""What can go wrong with maps."""

from __future__ import annotations

from resolve.kit.errors import Conflict, Invalid, NotFound, Stale


class UnknownMap(NotFound):
    code = "unknown_map"


class UnknownVersion(NotFound):
    code = "unknown_version"


class MapRetired(UnknownMap):
    """It is there to be looked at, but nothing new is placed on it."""

    code = "map_retired"


class UnknownDraft(NotFound):
    code = "unknown_draft"


class DraftChanged(Stale):
    """Somebody else saved the draft in between; `extra` holds its new `revision`."""

    code = "draft_changed"


class NothingBefore(Conflict):
    """There is no version before the first."""

    code = "nothing_before"


class IdMismatch(Invalid):
    """The map names another id than the place it is put at."""

    code = "id_mismatch"


class MapChanged(Stale):
    """Another version was published in between."""
