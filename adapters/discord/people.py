"""Who a person is in a server, where no interaction says it."""

from __future__ import annotations

from typing import Any

import discord

from adapters.discord.rest import LOST, Rest
from bot.core.access import Actor, BotRemoved
from bot.core.chat.ids import TenantId

_NOT_THERE = 404


async def member_of(rest: Rest, tenant: TenantId, person: str) -> Actor | BotRemoved | None:
    """A member with their roles, and whether they may manage the server; somebody without any privilege where
    they are no member. None when Discord does not say now."""
    if not (tenant.workspace.isdigit() and person.isdigit()):
        return Actor(person, person)
    guild = int(tenant.workspace)
    try:
        server = await _server(rest, guild)
        if server is None:
            return BotRemoved()
        roles = await rest.surely("GET", "/guilds/{guild_id}/roles", guild_id=guild)
        member = await rest.surely(
            "GET", "/guilds/{guild_id}/members/{user_id}", guild_id=guild, user_id=int(person)
        )
    except discord.HTTPException as error:
        return Actor(person, person) if error.status == _NOT_THERE else None
    except (discord.DiscordException, *LOST):
        return None
    own = frozenset(map(str, member["roles"]))
    held = [role for role in roles if str(role["id"]) in own | {tenant.workspace}]
    manages = str(server.get("owner_id")) == person or any(map(_manages, held))
    return Actor(person, str(member.get("nick") or person), own, manages)


async def _server(rest: Rest, guild: int) -> dict[str, Any] | None:
    """The server; None where the bot is not in it any more. Raises DiscordException."""
    try:
        server: dict[str, Any] = await rest.surely("GET", "/guilds/{guild_id}", guild_id=guild)
    except (discord.NotFound, discord.Forbidden):
        return None
    return server


def _manages(role: dict[str, Any]) -> bool:
    rights = discord.Permissions(int(role["permissions"]))
    return rights.administrator or rights.manage_guild
