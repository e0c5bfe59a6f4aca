"""What people, channels and groups of a workspace are called, for texts that name them by id."""

from __future__ import annotations

import logging
from collections.abc import Mapping

import aiohttp
from cachetools import TTLCache
from slack_sdk.errors import SlackApiError

from adapters.slack.errors import code_of
from adapters.slack.sole_token import NotInstalled
from adapters.slack.tokens import Tokens
from bot.core.chat.cards import Choice
from bot.core.chat.ids import TenantId
from bot.core.clocks import Monotonic

SECONDS = 300.0
KEPT = 5_000
WORKSPACES = 200
_TROUBLES = (SlackApiError, NotInstalled, aiohttp.ClientError, TimeoutError)
_log = logging.getLogger(__name__)


class SlackNames:
    """A `Names` of `adapters.slack.notation`. Never raises for what Slack can answer."""

    def __init__(self, tokens: Tokens, ticks: Monotonic) -> None:
        self._tokens = tokens
        self._held: TTLCache[tuple[str, str], str] = TTLCache(KEPT, SECONDS, ticks)
        self._groups: TTLCache[str, Mapping[str, str]] = TTLCache(WORKSPACES, SECONDS, ticks)

    async def person(self, tenant: TenantId, user: str) -> str | None:
        """As their colleagues see them: the display name, else the real one."""
        held = self._held.get((tenant.workspace, user))
        if held is not None:
            return held
        try:
            client = await self._tokens.client(tenant)
            told = (await client.users_info(user=user)).get("user") or {}
        except _TROUBLES as error:
            _untold("users.info", error)
            return None
        profile = told.get("profile") or {}
        shown = profile.get("display_name") or told.get("real_name") or told.get("name")
        return self._keep(tenant, user, shown)

    async def channel(self, tenant: TenantId, channel: str) -> str | None:
        """Without #; None for one that the bot cannot see."""
        held = self._held.get((tenant.workspace, channel))
        if held is not None:
            return held
        try:
            client = await self._tokens.client(tenant)
            told = (await client.conversations_info(channel=channel)).get("channel") or {}
        except _TROUBLES as error:
            _untold("conversations.info", error)
            return None
        return self._keep(tenant, channel, told.get("name"))

    async def group(self, tenant: TenantId, group: str) -> str | None:
        """The handle of a user group, without @."""
        return (await self._handles(tenant)).get(group) or None

    async def groups(self, tenant: TenantId) -> tuple[Choice, ...]:
        """The user groups, by handle, as mentions."""
        handles = await self._handles(tenant)
        named = sorted((handle, group) for group, handle in handles.items() if handle)
        return tuple(Choice(f"@{handle}", f"<!subteam^{group}|@{handle}>") for handle, group in named)

    async def _handles(self, tenant: TenantId) -> Mapping[str, str]:
        held = self._groups.get(tenant.workspace)
        if held is None:
            try:
                client = await self._tokens.client(tenant)
                told = (await client.usergroups_list()).get("usergroups") or []
            except _TROUBLES as error:
                _untold("usergroups.list", error)
                return {}
            held = {str(one.get("id")): str(one.get("handle") or "") for one in told}
            self._groups[tenant.workspace] = held
        return held

    def _keep(self, tenant: TenantId, identity: str, name: object) -> str | None:
        if not isinstance(name, str) or not name:
            return None
        self._held[(tenant.workspace, identity)] = name
        return name


def _untold(method: str, error: BaseException) -> None:
    _log.info("%s: %s", method, code_of(error) or type(error).__name__)
