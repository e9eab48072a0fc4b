"""Time zones as people call them: a city and its country."""

from __future__ import annotations

from functools import cache

from babel import Locale
from babel.core import get_global


@cache
def zone_in_words(zone: str, code: str) -> str:
    """Name a zone in a language; one that lies nowhere keeps its own name.

    >>> zone_in_words("Europe/Kyiv", "en"), zone_in_words("Europe/Kyiv", "ru")
    ('Kyiv, Ukraine', 'Киев, Украина')
    >>> zone_in_words("UTC", "en")
    'UTC'
    """
    place = Locale(code)
    same = _same_zones(zone)
    territory = next((_TERRITORIES[one] for one in same if one in _TERRITORIES), "")
    country = place.territories.get(territory, "") if territory != _NOWHERE else ""
    if not country or "/" not in zone:
        return zone
    known = (place.time_zones.get(one, {}).get("city", "") for one in same)
    city = next(filter(None, known), zone.rpartition("/")[2].replace("_", " "))
    return f"{city}, {country}"


_ALIASES = get_global("zone_aliases")
_TERRITORIES = get_global("zone_territories")
_NOWHERE = "001"


def _same_zones(zone: str) -> list[str]:
    """Give all names of a zone; translations stand under its oldest one."""
    present = _ALIASES.get(zone, zone)
    older = [old for old, new in _ALIASES.items() if new == present]
    return [zone, present, *older]
