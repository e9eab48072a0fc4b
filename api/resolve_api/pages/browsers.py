"""Browsers named as people name them."""

from __future__ import annotations

_BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("YaBrowser", "Yandex"), ("Vivaldi", "Vivaldi"),
    ("SamsungBrowser", "Samsung Internet"), ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
    ("Windows", "Windows"), ("Mac OS", "macOS"), ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)  # fmt: skip
_LONGEST = 60


def browser_name(device: str) -> str:
    """Name a browser and its system by what it calls itself.

    >>> browser_name("Mozilla/5.0 (X11; Linux x86_64) Chrome/130.0 Safari/537.36")
    'Chrome, Linux'
    >>> browser_name("curl/8.5"), browser_name("")
    ('curl/8.5', '')
    """
    named = [
        next((name for mark, name in marks if mark in device), "")
        for marks in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(filter(None, named)) or device[:_LONGEST]
