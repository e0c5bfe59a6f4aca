"""The app manifest for Slack, made from the declarations.

Source: docs.slack.dev/reference/app-manifest.
"""

from __future__ import annotations

from typing import Any, Final

from adapters.slack import limits
from adapters.slack.shortcuts import RUN, message_shortcuts
from bot.core.commands.declaring import Catalogue

# The least that the adapter needs: the command, posting, finding channels, people and their groups,
# files, and direct messages. No history of any conversation.
SCOPES: Final = (
    "channels:read",
    "chat:write",
    "commands",
    "files:write",
    "groups:read",
    "im:write",
    "usergroups:read",
    "users:read",
)
# Without it, media is named by links alone.
OPTIONAL_SCOPES: Final = ("files:read",)
# The second row: what may let messages through again. Each needs only `channels:read` or `groups:read`.
EVENTS: Final = (
    *("app_home_opened", "app_uninstalled", "tokens_revoked"),
    *("member_joined_channel", "channel_unarchive", "group_unarchive"),
)


def manifest(
    catalogue: Catalogue, *, mode: str = "socket", public_url: str | None = None, command: str = "/xquik"
) -> dict[str, Any]:
    """The manifest as JSON data. public_url: needed in HTTP mode; ValueError without it."""
    if mode == "http" and not public_url:
        raise ValueError("HTTP mode needs web.public_url: Slack calls the bot there")
    events_url = f"{(public_url or '').rstrip('/')}/slack/events" if mode == "http" else None
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": "Xquik",
            "description": "Draws, media, trends, monitors and tweets on X",
            "background_color": "#0f1419",
        },
        "features": _features(catalogue, command, events_url),
        "oauth_config": _oauth(mode, public_url),
        "settings": _settings(mode, events_url),
    }


def usage_hint(catalogue: Catalogue) -> str:
    """What Slack shows while the command is typed: the groups."""
    return "[" + " | ".join(group.name for group in catalogue.groups)[: limits.USAGE_HINT - 2] + "]"


def _features(catalogue: Catalogue, command: str, events_url: str | None) -> dict[str, Any]:
    slash: dict[str, Any] = {
        "command": command,
        "description": "Everything the bot can do; alone it shows help",
        "usage_hint": usage_hint(catalogue),
        # Channels and people arrive as <#C1|name> and <@U1|name>, which the grammar reads.
        "should_escape": True,
    }
    entries = message_shortcuts(catalogue)
    entries.append(
        {
            "name": "Run a command",
            "type": "global",
            "callback_id": RUN,
            "description": "Any command of the bot",
        }
    )
    return {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": True,
        },
        "bot_user": {"display_name": "xquik", "always_online": True},
        "shortcuts": entries,
        "slash_commands": [slash | ({"url": events_url} if events_url else {})],
    }


def _oauth(mode: str, public_url: str | None) -> dict[str, Any]:
    found: dict[str, Any] = {"scopes": {"bot": list(SCOPES), "bot_optional": list(OPTIONAL_SCOPES)}}
    if mode == "http" and public_url:
        found["redirect_urls"] = [f"{public_url.rstrip('/')}/slack/oauth_redirect"]
    return found


def _settings(mode: str, events_url: str | None) -> dict[str, Any]:
    events: dict[str, Any] = {"bot_events": list(EVENTS)}
    interactivity: dict[str, Any] = {"is_enabled": True}
    if events_url:
        events["request_url"] = events_url
        interactivity |= {"request_url": events_url, "message_menu_options_url": events_url}
    return {
        "event_subscriptions": events,
        "interactivity": interactivity,
        "org_deploy_enabled": mode == "http",
        "socket_mode_enabled": mode == "socket",
        "token_rotation_enabled": False,
    }
