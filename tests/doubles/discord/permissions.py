"""Permission bits and the published algorithm that combines roles and channel overwrites.

Numbers are Discord's; they are written here anew instead of being taken from discord.py, so that a
mistake there cannot hide behind the same mistake here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntFlag


class Permission(IntFlag):
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_MESSAGES_IN_THREADS = 1 << 38


EVERYTHING = (1 << 53) - 1  # every bit that exists; what an administrator has

# What @everyone has in a new server, as far as these bits go.
EVERYONE_DEFAULT = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.USE_APPLICATION_COMMANDS
    | Permission.CREATE_PUBLIC_THREADS
    | Permission.SEND_MESSAGES_IN_THREADS
)


@dataclass(slots=True)
class Overwrite:
    """Allow and deny bits of one role (`kind` 0) or member (`kind` 1) in one channel."""

    target: int
    kind: int
    allow: int = 0
    deny: int = 0

    def payload(self) -> dict[str, object]:
        return {
            "id": str(self.target),
            "type": self.kind,
            "allow": str(self.allow),
            "deny": str(self.deny),
        }


def combine(
    base: int, overwrites: Iterable[Overwrite], *, everyone: int, roles: Iterable[int], member: int
) -> int:
    """Permissions in a channel: @everyone's overwrite, then all roles' together, then the member's
    own.
    """
    if base & Permission.ADMINISTRATOR:
        return EVERYTHING
    by_target = {o.target: o for o in overwrites}
    result = base
    if (shared := by_target.get(everyone)) is not None:
        result = (result & ~shared.deny) | shared.allow
    held = [by_target[r] for r in roles if r in by_target and r != everyone]
    for overwrite in held:
        result &= ~overwrite.deny
    for overwrite in held:
        result |= overwrite.allow
    if (own := by_target.get(member)) is not None:
        result = (result & ~own.deny) | own.allow
    if not result & Permission.VIEW_CHANNEL:
        return 0  # who cannot see a channel can do nothing in it
    return result
