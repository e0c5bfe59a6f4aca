"""Who a person is: their name, language, timezone, user groups, and whether they are a full member of the
workspace or manage it.

User groups are what Slack has for roles: `policy grant publish to:@social-team` speaks of one.

In a channel shared through Slack Connect there are people of other companies, and the flags that Slack
tells of them are about their own workspace. They have no groups, are no members and manage nothing here;
what everyone may do they may do too. Guests are of the workspace and may be in its groups, but are no full
members. An account of an Enterprise Grid organisation is of the workspaces that Slack lists with it; where
it tells no list, nothing is made of what the account is elsewhere.
Sources: docs.slack.dev/apis/slack-connect, …/reference/objects/user-object.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

import aiohttp
import msgspec
from cachetools import TTLCache
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.errors import code_of
from adapters.slack.interaction import SlackInteraction
from bot.core.access import Actor
from bot.core.clocks import Monotonic
from bot.core.times.zones import told_zone

KEPT = 5_000
WORKSPACES = 200
# Short, because whether someone is an admin decides what they may do.
SECONDS = 60.0
_MANAGING = ("is_admin", "is_owner", "is_primary_owner")
_LIMITED = ("is_restricted", "is_ultra_restricted", "is_stranger", "deleted")
_log = logging.getLogger(__name__)


class WorkspaceMember(msgspec.Struct, frozen=True):
    """A member of the workspace. locale: BCP 47. zone: IANA name of their timezone, "" where Slack tells
    none."""

    actor: Actor
    locale: str = "en"
    zone: str = ""


class SlackPeople:
    """Members by workspace and id."""

    def __init__(self, ticks: Monotonic) -> None:
        self._held: TTLCache[tuple[str, str], WorkspaceMember] = TTLCache(KEPT, SECONDS, ticks)
        self._groups: TTLCache[str, Mapping[str, frozenset[str]]] = TTLCache(WORKSPACES, SECONDS, ticks)

    async def person(self, client: AsyncWebClient, interaction: SlackInteraction) -> WorkspaceMember:
        """The person of an interaction. Where Slack does not tell, one without any privilege."""
        told = await self.told(client, interaction)
        return told or WorkspaceMember(Actor(interaction.user, interaction.user_name or interaction.user))

    async def told(self, client: AsyncWebClient, interaction: SlackInteraction) -> WorkspaceMember | None:
        """The same; None where Slack does not tell."""
        key = (interaction.team, interaction.user)
        held = self._held.get(key)
        if held is not None:
            return held
        user, groups = await asyncio.gather(
            _told(client, interaction), self._of_groups(client, interaction.team)
        )
        if user is None:
            return None
        person = _person(interaction, user, groups.get(interaction.user, frozenset()))
        self._held[key] = person
        return person

    async def _of_groups(self, client: AsyncWebClient, team: str) -> Mapping[str, frozenset[str]]:
        """The user groups of each member; none where Slack does not tell."""
        held = self._groups.get(team)
        if held is not None:
            return held
        found: dict[str, frozenset[str]] = {}
        try:
            answer = await client.usergroups_list(include_users=True)
            for group in answer.get("usergroups") or []:
                for member in group.get("users") or []:
                    found[member] = found.get(member, frozenset()) | {str(group["id"])}
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            _log.info("usergroups.list: %s", code_of(error) or type(error).__name__)
        self._groups[team] = found
        return found


async def _told(client: AsyncWebClient, interaction: SlackInteraction) -> dict[str, object] | None:
    """What Slack says of the person, None when it does not."""
    try:
        answer = await client.users_info(user=interaction.user, include_locale=True)
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        _log.warning("users.info: %s", code_of(error) or type(error).__name__)
        return None
    return dict(answer.get("user") or {})


def _person(
    interaction: SlackInteraction, user: dict[str, object], groups: frozenset[str]
) -> WorkspaceMember:
    profile = user.get("profile")
    shown = profile.get("display_name") if isinstance(profile, dict) else None
    name = shown or user.get("real_name") or user.get("name") or interaction.user_name or interaction.user
    belongs = _belongs(interaction, user)
    # A guest, an outsider or a deleted account manages nothing, whatever else the flags say.
    full = belongs and not any(user.get(flag) is True for flag in _LIMITED)
    manages = full and any(user.get(flag) is True for flag in _MANAGING)
    roles = groups if belongs else frozenset()
    actor = Actor(interaction.user, str(name), roles, is_admin=manages, is_member=full)
    return WorkspaceMember(actor, str(user.get("locale") or "en"), told_zone(str(user.get("tz") or "")))


def _belongs(interaction: SlackInteraction, user: dict[str, object]) -> bool:
    """Whether the account is one of the workspace. An organisation's account is listed in several."""
    if user.get("team_id") == interaction.team:
        return True
    account = user.get("enterprise_user")
    teams = account.get("teams") if isinstance(account, dict) else None
    return isinstance(teams, list) and interaction.team in teams
