"""Who asked for something and who confirmed it, in words."""

from __future__ import annotations


def people(requester: str, by: str) -> str:
    """Who asked and who confirmed, as a sentence."""
    if requester == by:
        return f"Requested and confirmed by {by}."
    return f"Requested by {requester}. Confirmed by {by}."
