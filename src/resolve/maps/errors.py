"""What can go wrong with maps."""

from __future__ import annotations

from resolve.kit.errors import Invalid, NotFound, Stale


class UnknownMap(NotFound):
    code = "unknown_map"


class UnknownVersion(NotFound):
    code = "unknown_version"


class IdMismatch(Invalid):
    """The map names another id than the place it is put at."""

    code = "id_mismatch"


class MapChanged(Stale):
    """Another version was published in between."""
