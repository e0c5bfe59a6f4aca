"""What is wrong with the set-up on Discord's side, if anything: for `xquik-bot check`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import discord

from adapters.discord.invite import invite_url
from adapters.discord.permissions import NAMES
from adapters.discord.platform import DiscordConnection, DiscordRefused, DiscordUnreachable, not_now
from adapters.discord.rest import LOST
from adapters.discord.tree import Json
from bot.core.findings import Finding, State

_PAGE = 200


async def findings(connection: DiscordConnection, tree: Sequence[Json] | None) -> tuple[Finding, ...]:
    """The token, the servers with the bot's permissions, and the commands. Logs in; changes nothing.

    tree: the commands as this version declares them (`tree.command_tree`); None for a process that only
    posts.
    """
    try:
        await connection.open()
    except DiscordRefused as error:
        return (_trouble("token", error),)
    application = connection.rest.application_id
    found = [_finding("token", "ok", f"application {application}")]
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


def _servers(servers: Sequence[Mapping[str, Any]], application: int) -> Iterator[Finding]:
    if not servers:
        yield _finding("servers", "warning", "the bot is in none", f"Invite it: {invite_url(application)}")
    for server in servers:
        held = discord.Permissions(int(server["permissions"]))
        lacking = [label for name, label in NAMES.items() if not (held.administrator or getattr(held, name))]
        yield _finding(
            f"server {server['name']}",
            "warning" if lacking else "ok",
            f"lacks {', '.join(lacking)}" if lacking else "all permissions",
            "Give the bot's role these permissions, or at least in the channels it posts to."
            if lacking
            else "",
        )


def _commands(offered: Sequence[Mapping[str, Any]], tree: Sequence[Json]) -> Finding:
    there, wanted = ({str(c["name"]) for c in commands} for commands in (offered, tree))
    if there == wanted:
        return _finding("commands", "ok", f"{len(wanted)} in Discord")
    differing = ", ".join(sorted(there ^ wanted))
    return _finding(
        "commands",
        "warning",
        f"not up to date: {differing}",
        "Start the bot once; it brings them up to date.",
    )


def _trouble(name: str, error: DiscordRefused) -> Finding:
    """An outage keeps the bot from nothing: it tries again until Discord is there."""
    state: State = "warning" if isinstance(error, DiscordUnreachable) else "failed"
    return _finding(name, state, error.detail, error.remedy)


def _finding(name: str, state: State, detail: str, remedy: str = "") -> Finding:
    return Finding(f"discord {name}", state, detail, remedy)
