"""Identities: the tenant (whose settings), the destination (which place), which message."""

from __future__ import annotations

from dataclasses import dataclass

PLATFORMS = ("discord", "slack", "playground", "terminal")


@dataclass(frozen=True, slots=True, order=True)
class TenantId:
    """One Discord guild, Slack workspace or playground: the unit that owns a key, routes and policy.

    platform: one of `PLATFORMS`. workspace: the platform's own id, never containing ":".
    """

    platform: str
    workspace: str

    def __str__(self) -> str:
        return f"{self.platform}:{self.workspace}"

    def is_everyone(self, role: str) -> bool:
        """Whether the role with this id is everybody: Discord's @everyone has the id of its server.
        Source: docs.discord.com/developers/topics/permissions."""
        return self.platform == "discord" and role == self.workspace

    @classmethod
    def parse(cls, text: str) -> TenantId:
        """The inverse of `str`; ValueError names what is wrong."""
        platform, colon, workspace = text.partition(":")
        if not colon or not workspace or platform not in PLATFORMS:
            msg = f"{text!r} is not PLATFORM:WORKSPACE with a platform of {', '.join(PLATFORMS)}"
            raise ValueError(msg)
        return cls(platform, workspace)


@dataclass(frozen=True, slots=True, order=True)
class Destination:
    """A place messages go to. A lane of the relay is one destination.

    channel: empty where nothing can be posted: a person alone, or somebody at a terminal.
    """

    tenant: TenantId
    channel: str
    thread: str | None = None

    def __str__(self) -> str:
        return f"{self.tenant}/{self.channel}" + (f"/{self.thread}" if self.thread else "")


@dataclass(frozen=True, slots=True)
class MessageRef:
    """A message of ours that can be edited for as long as it exists."""

    destination: Destination
    message: str
