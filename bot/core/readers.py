"""By whose clock an answer is said: that of the person who alone sees it, or that of the place."""

from __future__ import annotations

from bot.core.answers import Audience
from bot.core.cards import Card
from bot.core.errors import BotError
from bot.core.invocation import Invocation
from bot.core.moments import Whence, in_zone, shows_moments, zone_for
from bot.core.ports import Timezones


class Readers:
    """Sets the zones of the moments in answers. timezones: None for UTC alone."""

    def __init__(self, timezones: Timezones | None) -> None:
        self._timezones = timezones

    async def card(self, invocation: Invocation, card: Card, audience: Audience) -> Card:
        """The card by the clock of who reads it."""
        if self._timezones is None or not shows_moments(card):
            return card
        try:
            chosen = await self._timezones.chosen(invocation.tenant, invocation.actor.id)
        except BotError:  # what was done is worth more than how its time is said
            return card
        zone, whence = zone_for(chosen, invocation.zone)
        if audience is Audience.CHANNEL or whence is Whence.NOBODY:
            zone = chosen.place
        return in_zone(card, zone)
