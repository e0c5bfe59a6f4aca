"""The JSON that Discord would send for the things of `world` and `messages`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.doubles.discord.messages import Attachment, Message
    from tests.doubles.discord.world import Channel, Guild, Member, Role, User

Json = dict[str, Any]
_JOINED = datetime(2024, 1, 1, tzinfo=UTC).isoformat()


def user(user: User) -> Json:
    return {
        "id": str(user.id),
        "username": user.name,
        "global_name": user.name,
        "discriminator": "0",
        "avatar": None,
        "bot": user.bot,
        "public_flags": 0,
        "flags": 0,
        "primary_guild": None,
    }


def member(member: Member, *, with_user: bool = False, channel: Channel | None = None) -> Json:
    """A member; inside an interaction (`channel` given) it carries its computed permissions."""
    data: Json = {
        "roles": [str(role.id) for role in member.roles],
        "nick": None,
        "avatar": None,
        "banner": None,
        "joined_at": _JOINED,
        "premium_since": None,
        "communication_disabled_until": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
    }
    if with_user:
        data["user"] = user(member.user)
    if channel is not None:
        data["permissions"] = str(member.permissions_in(channel))
    return data


def role(role: Role) -> Json:
    return {
        "id": str(role.id),
        "name": role.name,
        "description": None,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "icon": None,
        "unicode_emoji": None,
        "position": role.position,
        "permissions": str(int(role.permissions)),
        "managed": role.managed,
        "mentionable": role.mentionable,
        "flags": 0,
    }


def channel(channel: Channel) -> Json:
    """A channel, thread or DM, each with the keys of its kind."""
    data: Json = {
        "id": str(channel.id),
        "type": int(channel.kind),
        "flags": (1 << 4) if channel.require_tag else 0,
        "last_message_id": str(channel.messages[-1].id) if channel.messages else None,
    }
    if channel.guild is None:
        assert channel.recipient is not None
        return data | {"recipients": [user(channel.recipient)]}
    data |= {"guild_id": str(channel.guild.id), "name": channel.name}
    if channel.is_thread:
        return data | _thread(channel)
    if channel.kind in (15, 16):
        data["available_tags"] = [
            {
                "id": str(tag),
                "name": name,
                "moderated": tag in channel.moderated_tags,
                "emoji_id": None,
                "emoji_name": None,
            }
            for tag, name in channel.tags.items()
        ]
    return data | {
        "nsfw": channel.nsfw,
        "position": 0,
        "parent_id": None,
        "topic": None,
        "rate_limit_per_user": 0,
        "permission_overwrites": [o.payload() for o in channel.overwrites],
    }


def _thread(thread: Channel) -> Json:
    assert thread.parent is not None
    return {
        "parent_id": str(thread.parent.id),
        "owner_id": str(thread.owner_id),
        "message_count": len(thread.messages),
        "total_message_sent": len(thread.history),
        "member_count": 1,
        "rate_limit_per_user": 0,
        "applied_tags": [str(tag) for tag in thread.applied_tags],
        "thread_metadata": {
            "archived": thread.archived,
            "locked": thread.locked,
            "auto_archive_duration": thread.auto_archive_minutes,
            "archive_timestamp": _JOINED,
            "create_timestamp": _JOINED,
            "invitable": True,
        },
    }


# What a new guild has that no test changes.
_GUILD_DEFAULTS: Json = {
    "icon": None,
    "description": None,
    "home_header": None,
    "splash": None,
    "discovery_splash": None,
    "features": [],
    "banner": None,
    "application_id": None,
    "region": "automatic",
    "afk_channel_id": None,
    "afk_timeout": 300,
    "system_channel_id": None,
    "system_channel_flags": 0,
    "widget_enabled": False,
    "widget_channel_id": None,
    "verification_level": 0,
    "default_message_notifications": 0,
    "mfa_level": 0,
    "explicit_content_filter": 0,
    "max_presences": None,
    "max_members": 500_000,
    "max_stage_video_channel_users": 50,
    "max_video_channel_users": 25,
    "vanity_url_code": None,
    "premium_tier": 0,
    "premium_subscription_count": 0,
    "rules_channel_id": None,
    "safety_alerts_channel_id": None,
    "public_updates_channel_id": None,
    "premium_progress_bar_enabled": False,
    "premium_progress_bar_enabled_user_updated_at": None,
    "nsfw": False,
    "nsfw_level": 0,
    "emojis": [],
    "stickers": [],
    "incidents_data": None,
}


def guild_settings(guild: Guild) -> Json:
    """What `GET /guilds/{id}` tells."""
    return _GUILD_DEFAULTS | {
        "id": str(guild.id),
        "name": guild.name,
        "owner_id": str(guild.owner_id),
        "roles": [role(r) for r in guild.roles.values()],
        "preferred_locale": guild.locale,
    }


def guild(guild: Guild) -> Json:
    """GUILD_CREATE: settings plus channels, threads and, without the members intent, the bot alone."""
    return guild_settings(guild) | {
        "joined_at": _JOINED,
        "large": False,
        "unavailable": False,
        "member_count": len(guild.members),
        "members": [member(guild.bot, with_user=True)],
        "channels": [channel(c) for c in guild.channels.values() if not c.is_thread],
        "threads": [channel(c) for c in guild.channels.values() if c.is_thread],
        "presences": [],
        "voice_states": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def attachment(attachment: Attachment) -> Json:
    return {
        "id": str(attachment.id),
        "filename": attachment.filename,
        "size": len(attachment.content),
        "url": attachment.url,
        "proxy_url": attachment.url,
        "content_type": attachment.content_type,
    } | ({"description": attachment.description} if attachment.description else {})


def message(message: Message) -> Json:
    """A message as REST and MESSAGE_CREATE show it (the latter adds `guild_id` and `member`)."""
    data: Json = {
        "id": str(message.id),
        "channel_id": str(message.channel.id),
        "type": message.kind,
        "author": user(message.author),
        "content": message.content,
        "embeds": message.embeds,
        "components": message.components,
        "attachments": [attachment(a) for a in message.attachments],
        "flags": int(message.flags),
        "timestamp": message.created_at.isoformat(),
        "edited_timestamp": message.edited_at.isoformat() if message.edited_at else None,
        "tts": False,
        "pinned": False,
        "mention_everyone": message.pings.everyone or message.pings.here,
        "mentions": [],
        "mention_roles": [str(r) for r in message.pings.roles],
    }
    if message.nonce is not None:
        data["nonce"] = message.nonce
    if message.message_snapshots:
        data["message_snapshots"] = message.message_snapshots
    if message.poll is not None:
        data["poll"] = message.poll
    if message.message_reference is not None:
        data["message_reference"] = message.message_reference
    if message.interaction_metadata is not None:
        data["interaction_metadata"] = message.interaction_metadata
    if message.thread is not None:
        data["thread"] = channel(message.thread)
    return data
