"""By whose clock an answer is said: that of the person who alone sees it, or that of the place.

What everybody sees stays by the clock of the place, whoever has it drawn anew.
"""

from __future__ import annotations

from dataclasses import replace

from bot.core.chat.answers import Audience, Reply
from bot.core.chat.invocation import Invocation
from bot.core.chat.moments import Whence, in_zone, shows_moments, zone_for
from bot.core.errors import BotError
from bot.core.ports import Timezones


class ZoneReaders:
    """Sets the zones of the moments in answers. timezones: None for UTC alone."""

    def __init__(self, timezones: Timezones | None) -> None:
        self._timezones = timezones

    async def reply(self, invocation: Invocation, reply: Reply, audience: Audience) -> Reply:
        """The answer by the clock of who reads it. audience: of the command, or of the button that was
        pressed; an answer in place of a message is seen by whoever sees that."""
        card = reply.card
        if self._timezones is None or not shows_moments(card):
            return reply
        try:
            chosen = await self._timezones.chosen(invocation.tenant, invocation.actor.id)
        except BotError:  # what was done is worth more than how its time is said
            return reply
        zone, whence = zone_for(chosen, invocation.zone)
        if _everybody(invocation, reply, audience) or whence is Whence.NOBODY:
            zone = chosen.place
        return replace(reply, card=in_zone(card, zone))


def _everybody(invocation: Invocation, reply: Reply, audience: Audience) -> bool:
    """Whether others see it too."""
    if reply.replace and invocation.message is not None:
        return not invocation.alone
    return audience is Audience.CHANNEL
