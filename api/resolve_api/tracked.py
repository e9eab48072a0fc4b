"""The address of a customer's private link."""

from __future__ import annotations

from resolve.kit.settings import Settings


def tracking_url(settings: Settings, token: str) -> str:
    """Give the whole link for a token."""
    return settings.link(f"/track/{token}")
