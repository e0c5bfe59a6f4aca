"""Who a person is: their name, language, and whether they may manage the workspace."""

from __future__ import annotations

import logging
from dataclasses import dataclass

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.bounded import Bounded
from adapters.slack.occasion import Occasion
from adapters.slack.ports import Clock
from bot.core.access import Actor

KEPT = 5_000
# Short, because whether someone is an admin decides what they may do.
SECONDS = 60.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the workspace. locale: BCP 47."""

    actor: Actor
    locale: str = "en"


class People:
    """Members by workspace and id."""

    def __init__(self, clock: Clock) -> None:
        self._held: Bounded[tuple[str, str], Person] = Bounded(KEPT, SECONDS, clock)

    async def person(self, client: AsyncWebClient, occasion: Occasion) -> Person:
        """The person of an occasion. Where Slack does not tell, one without any privilege."""
        key = (occasion.team, occasion.user)
        held = self._held.get(key)
        if held is not None:
            return held
        try:
            answer = await client.users_info(user=occasion.user, include_locale=True)
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            _log.warning("users.info failed: %s", type(error).__name__)
            return Person(Actor(occasion.user, occasion.user_name or occasion.user))
        person = _person(occasion, answer.get("user") or {})
        self._held.put(key, person)
        return person


def _person(occasion: Occasion, user: dict[str, object]) -> Person:
    profile = user.get("profile")
    shown = profile.get("display_name") if isinstance(profile, dict) else None
    name = shown or user.get("real_name") or user.get("name") or occasion.user_name or occasion.user
    manages = any(user.get(flag) is True for flag in ("is_admin", "is_owner", "is_primary_owner"))
    # A guest or a deleted account manages nothing, whatever else the flags say.
    limited = any(user.get(flag) is True for flag in ("is_restricted", "is_ultra_restricted", "deleted"))
    actor = Actor(occasion.user, str(name), is_admin=manages and not limited)
    return Person(actor, str(user.get("locale") or "en"))
