"""How much of Slack's limits on an app's manifest the commands use.

Source: docs.slack.dev/reference/app-manifest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from adapters.slack import limits


class ManifestRoom(msgspec.Struct, frozen=True):
    """One limit. what: in words; used, most: of it."""

    what: str
    used: int
    most: int


def manifest_rooms(made: Mapping[str, Any]) -> tuple[ManifestRoom, ...]:
    """Every limit on commands and shortcuts in a manifest; lengths are those of the longest."""
    features = made["features"]
    commands, shortcuts = features["slash_commands"], features["shortcuts"]
    return (
        ManifestRoom("slash commands", len(commands), limits.COMMANDS),
        ManifestRoom("name of a command", _longest(commands, "command"), limits.COMMAND_NAME),
        ManifestRoom("description of a command", _longest(commands, "description"), limits.DESCRIPTION),
        ManifestRoom("usage hint", _longest(commands, "usage_hint"), limits.USAGE_HINT),
        ManifestRoom("shortcuts", len(shortcuts), limits.SHORTCUTS),
        ManifestRoom("name of a shortcut", _longest(shortcuts, "name"), limits.SHORTCUT_NAME),
        ManifestRoom(
            "description of a shortcut", _longest(shortcuts, "description"), limits.SHORTCUT_DESCRIPTION
        ),
        ManifestRoom("events", len(made["settings"]["event_subscriptions"]["bot_events"]), limits.EVENTS),
        ManifestRoom("scopes", len(made["oauth_config"]["scopes"]["bot"]), limits.SCOPES),
    )


def _longest(things: list[dict[str, Any]], key: str) -> int:
    return max((len(str(one.get(key, ""))) for one in things), default=0)
