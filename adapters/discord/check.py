"""What is wrong with the set-up on Discord's side, if anything: for `xquik-bot check`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import discord

from adapters.discord.invite import invite_url
from adapters.discord.permissions import NAMES
from adapters.discord.platform import DiscordConnection, DiscordRefused, DiscordUnreachable, not_now
from adapters.discord.rest import LOST
from adapters.discord.tree import Json

_PAGE = 200


@dataclass(frozen=True, slots=True)
class PlatformFinding:
    """One line of the report. remedy: what to do, where it is not well. fatal: the bot cannot start so."""

    name: str
    well: bool
    detail: str
    remedy: str = ""
    fatal: bool = False


async def findings(connection: DiscordConnection, tree: Sequence[Json] | None) -> tuple[PlatformFinding, ...]:
    """The token, the servers with the bot's permissions, and the commands. Logs in; changes nothing.

    tree: the commands as this version declares them (`tree.command_tree`); None for a process that only
    posts.
    """
    try:
        await connection.login()
    except DiscordRefused as error:
        return (_trouble("token", error),)
    application = connection.rest.application_id
    found = [PlatformFinding("token", True, f"application {application}")]
    try:
        servers = await connection.rest.surely("GET", "/users/@me/guilds", query={"limit": _PAGE})
        found.extend(_servers(servers, application))
        if tree is None:
            return tuple(found)
        if connection.settings.shard_ids:
            await connection.choose_shards()
        offered = await connection.rest.surely(
            "GET", "/applications/{application_id}/commands", application_id=application
        )
    except DiscordRefused as error:
        return (*found, _trouble("shards", error))
    except (discord.DiscordException, *LOST) as error:
        return (*found, _trouble("requests", not_now(error)))
    return (*found, _commands(offered, tree))


def _servers(servers: Sequence[Mapping[str, Any]], application: int) -> Iterator[PlatformFinding]:
    if not servers:
        yield PlatformFinding("servers", False, "the bot is in none", f"Invite it: {invite_url(application)}")
    for server in servers:
        held = discord.Permissions(int(server["permissions"]))
        lacking = [label for name, label in NAMES.items() if not (held.administrator or getattr(held, name))]
        yield PlatformFinding(
            f"server {server['name']}",
            not lacking,
            f"lacks {', '.join(lacking)}" if lacking else "all permissions",
            "Give the bot's role these permissions, or at least in the channels it posts to."
            if lacking
            else "",
        )


def _commands(offered: Sequence[Mapping[str, Any]], tree: Sequence[Json]) -> PlatformFinding:
    there, wanted = ({str(c["name"]) for c in commands} for commands in (offered, tree))
    if there == wanted:
        return PlatformFinding("commands", True, f"{len(wanted)} in Discord")
    differing = ", ".join(sorted(there ^ wanted))
    return PlatformFinding(
        "commands", False, f"not up to date: {differing}", "Start the bot once; it brings them up to date."
    )


def _trouble(name: str, error: DiscordRefused) -> PlatformFinding:
    """An outage keeps the bot from nothing: it tries again until Discord is there."""
    return PlatformFinding(
        name, False, error.detail, error.remedy, fatal=not isinstance(error, DiscordUnreachable)
    )
