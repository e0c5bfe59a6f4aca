"""An interaction as the adapter sees it: what discord.py's object tells, and nothing that acts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import discord

from adapters.discord.kinds import EPHEMERAL
from bot.core.access import Actor
from bot.core.chat.ids import Destination, MessageRef, TenantId
from bot.core.chat.invocation import Invocation


@dataclass(frozen=True, slots=True)
class Incoming:
    """token: answers this interaction for 15 minutes. place: None in direct messages. pressed: the
    message that a button, or the form behind it, belongs to; pressed_private: only one person sees
    it. app_permissions: the bot's own in that channel. in_thread: the place is a thread. server_locale: the
    language that a community server says it is in, "" where Discord tells none.
    """

    id: int
    application_id: int
    token: str = field(repr=False)
    kind: discord.InteractionType
    data: Mapping[str, Any] = field(repr=False)
    actor: Actor
    place: Destination | None
    locale: str
    app_permissions: int
    in_thread: bool
    pressed: str | None = None
    pressed_private: bool = False
    server_locale: str = ""

    def invocation(self, place: Destination, received_at: float) -> Invocation:
        """The invocation, for interactions that come from a server. received_at: epoch seconds."""
        message = MessageRef(place, self.pressed) if self.pressed and not self.pressed_private else None
        return Invocation(str(self.id), self.actor, place, received_at, self.locale, message)


def read(interaction: discord.Interaction[Any]) -> Incoming:
    """The facts of an interaction."""
    message = interaction.message
    channel = interaction.channel
    return Incoming(
        id=interaction.id,
        application_id=interaction.application_id,
        token=interaction.token,
        kind=interaction.type,
        data=dict(interaction.data or {}),
        actor=_actor(interaction),
        place=_place(interaction),
        locale=str(interaction.locale),
        app_permissions=interaction.app_permissions.value,
        in_thread=isinstance(channel, discord.Thread),
        pressed=str(message.id) if message else None,
        pressed_private=bool(message and message.flags.value & EPHEMERAL),
        server_locale=str(interaction.guild_locale or ""),
    )


def _actor(interaction: discord.Interaction[Any]) -> Actor:
    user, rights = interaction.user, interaction.permissions
    roles: frozenset[str] = frozenset()
    if isinstance(user, discord.Member):
        roles = frozenset(str(role.id) for role in user.roles if not role.is_default())
    is_admin = interaction.guild_id is not None and (rights.administrator or rights.manage_guild)
    return Actor(str(user.id), user.display_name, roles, is_admin)


def _place(interaction: discord.Interaction[Any]) -> Destination | None:
    channel = interaction.channel
    if interaction.guild_id is None or channel is None:
        return None
    tenant = TenantId("discord", str(interaction.guild_id))
    if isinstance(channel, discord.Thread):
        return Destination(tenant, str(channel.parent_id), str(channel.id))
    return Destination(tenant, str(channel.id))
