"""The `state` of a Slack install under way: given out once, taken back once."""

from __future__ import annotations

from base64 import urlsafe_b64encode

from sqlalchemy import delete

from bot.core.clocks import Clock, RandomBytes
from bot.storage.engine.database import Database
from bot.storage.engine.statements import count
from bot.storage.tables import slack_oauth_states

# Seconds a person has between "Add to Slack" and its last click.
LIFETIME = 600.0
# Seconds by which the clocks of two machines may differ.
CLOCKS_APART = 60.0


class OAuthStates:
    """The stored states. clock: epoch seconds; random: that many bytes."""

    def __init__(self, database: Database, clock: Clock, random: RandomBytes) -> None:
        self._database = database
        self._clock = clock
        self._random = random

    async def issue(self) -> str:
        """A new state (256 random bits), good for `LIFETIME` seconds."""
        state = urlsafe_b64encode(self._random(32)).rstrip(b"=").decode()
        row = {"state": state, "expires_at": self._clock() + LIFETIME}
        await self._database.write(lambda c: c.execute(slack_oauth_states.insert(), row))
        return state

    async def consume(self, state: str) -> bool:
        """True once for a state that was issued and has not expired."""
        named = slack_oauth_states.c.state == state
        now = self._clock()
        # One with more time left than any is given was issued before the clock was set back.
        fresh = slack_oauth_states.c.expires_at.between(now, now + LIFETIME + CLOCKS_APART)
        statement = delete(slack_oauth_states).where(named, fresh, slack_oauth_states.c.expires_at > now)
        return await self._database.write(lambda connection: count(connection, statement)) > 0
