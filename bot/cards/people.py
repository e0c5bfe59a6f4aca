"""Who asked for something and who confirmed it, in words."""

from __future__ import annotations

from bot.core.messages.message import Message, msg


def people(requester: str, by: str) -> Message:
    """Who asked and who confirmed, as a sentence."""
    if requester == by:
        return msg("Requested and confirmed by {by}.", by=by)
    return msg("Requested by {requester}. Confirmed by {by}.", requester=requester, by=by)
