"""What the bot may do in a channel, by Discord's published algorithm over REST data.

The gateway's cache would know it too, but a process that only relays has no gateway.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import discord

from adapters.discord.kinds import THREADS
from bot.core.messages.message import msg

_ADMINISTRATOR: Final = discord.Permissions(administrator=True).value

# What the bot asks for when it is invited, and what each bit is called in Discord's settings.
NAMES: Final[Mapping[str, str]] = {
    "view_channel": msg("View Channel"),
    "send_messages": msg("Send Messages"),
    "send_messages_in_threads": msg("Send Messages in Threads"),
    "create_public_threads": msg("Create Public Threads"),
    "embed_links": msg("Embed Links"),
    "attach_files": msg("Attach Files"),
    "read_message_history": msg("Read Message History"),
}
# Discord's settings of a forum call the same bit by another name.
_IN_FORUMS: Final[Mapping[str, str]] = {"send_messages": msg("Create Posts")}
NEEDED: Final = discord.Permissions(**dict.fromkeys(NAMES, True))


def missing(
    permissions: int, *, thread: bool = False, forum: bool = False, files: bool = False
) -> tuple[str, ...]:
    """The names of what a post would lack: nothing when it could be made."""
    held = discord.Permissions(permissions)
    if held.administrator:
        return ()
    wanted = ["view_channel", "send_messages_in_threads" if thread else "send_messages"]
    if files:
        wanted.append("attach_files")
    names = {**NAMES, **_IN_FORUMS} if forum else NAMES
    return tuple(names[name] for name in wanted if not getattr(held, name))


def effective(
    channel: Mapping[str, Any],
    roles: Iterable[Mapping[str, Any]],
    member: Mapping[str, Any],
    *,
    guild: str,
    owner: str = "",
) -> int:
    """The permission bits of a member in a channel (for a thread, give its parent).

    roles: all of the guild. The order is Discord's: roles, @everyone's overwrite, those of the
    roles together, the member's own.
    """
    person, held = str(member["user"]["id"]), {guild, *map(str, member["roles"])}
    granted = 0
    for role in roles:
        if str(role["id"]) in held:
            granted |= int(role["permissions"])
    if granted & _ADMINISTRATOR or person == owner:
        return discord.Permissions.all().value
    overwrites: Sequence[Mapping[str, Any]] = channel.get("permission_overwrites") or ()
    for group in (
        [o for o in overwrites if str(o["id"]) == guild],
        [o for o in overwrites if str(o["id"]) in held - {guild}],
        [o for o in overwrites if str(o["id"]) == person],
    ):
        for overwrite in group:
            granted &= ~int(overwrite["deny"])
        for overwrite in group:
            granted |= int(overwrite["allow"])
    # Who cannot see a channel can do nothing in it.
    return granted if discord.Permissions(granted).view_channel else 0


def is_thread(channel: Mapping[str, Any]) -> bool:
    """Whether a channel of the API is a thread."""
    return channel.get("type") in THREADS
