"""What a process does by its roles, and which settings it needs for that. `run` and `check` both ask here."""

from __future__ import annotations

from collections.abc import Iterator, Set
from enum import Enum

from bot.app import platforms
from bot.core.errors import BotError, NotConfigured
from bot.settings import Settings
from bot.storage.secrets.vault import Vault

ALL = "all"


class Part(Enum):
    """What a process does on a platform."""

    SERVES = "serves"  # takes commands, and posts
    POSTS = "posts"
    NOTHING = "nothing"


def does(roles: Set[str], role: str) -> bool:
    """Whether a process with these roles has that one."""
    return ALL in roles or role in roles


def relays(roles: Set[str]) -> bool:
    """Whether such a process needs the lock of the one that relays."""
    return does(roles, "relay")


def discord_part(settings: Settings, roles: Set[str]) -> Part:
    """What such a process does in Discord."""
    if not platforms.wants_discord(settings):
        return Part.NOTHING
    if does(roles, "discord"):
        return Part.SERVES
    return Part.POSTS if relays(roles) else Part.NOTHING


def slack_part(settings: Settings, roles: Set[str]) -> Part:
    """What such a process does in Slack. In HTTP mode the web server takes its commands."""
    if not platforms.wants_slack(settings):
        return Part.NOTHING
    if does(roles, "slack") or (settings.slack.mode == "http" and does(roles, "web")):
        return Part.SERVES
    return Part.POSTS if relays(roles) else Part.NOTHING


def lacking(settings: Settings, roles: Set[str]) -> NotConfigured | None:
    """Why a process with these roles would have nobody to serve. `web` and `relay` need no platform: one
    takes what Xquik sends, the other sends it to what is configured, or will be."""
    discord, slack = platforms.wants_discord(settings), platforms.wants_slack(settings)
    if "discord" in roles and not discord:
        return NotConfigured(
            "This process is meant to serve Discord, but discord.token is not set.",
            remedy="Put the bot token into discord.token.",
        )
    if "slack" in roles and not slack:
        return NotConfigured(
            "This process is meant to serve Slack, but no Slack token is set.",
            remedy="Set slack.bot_token and slack.app_token.",
        )
    if ALL in roles and not (discord or slack):
        return NotConfigured(
            "Neither Discord nor Slack is configured, so there is nobody to serve.",
            remedy="Set discord.token, or slack.bot_token and slack.app_token. To look around without "
            "any account: xquik-bot demo.",
        )
    return None


def unmet(settings: Settings, roles: Set[str]) -> Iterator[tuple[str, BotError]]:
    """What is missing before anything is opened or asked: what it is about, and the error that `run` ends
    with."""
    nobody = lacking(settings, roles)
    if nobody is not None:
        yield "platforms", nobody
    part = slack_part(settings, roles)
    if part is not Part.NOTHING:
        try:
            platforms.slack_settings(settings, serves=part is Part.SERVES)
        except BotError as error:
            yield "slack", error
    try:
        Vault(settings.vault.keys)
    except BotError as error:
        yield "vault", error
