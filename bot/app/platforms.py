"""Making the chat platforms that the settings ask for. Adapters are imported inside functions, so
that a process which serves one of them, or none, starts without the rest.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.app.wiring import App
from bot.core.errors import NotConfigured
from bot.settings import DiscordSection, Settings, SettingsError

if TYPE_CHECKING:
    from adapters.discord.check import PlatformFinding
    from adapters.discord.platform import DiscordConnection, DiscordPlatform
    from adapters.discord.settings import DiscordSettings
    from adapters.slack.check import Seen
    from adapters.slack.platform import SlackPlatform
    from adapters.slack.settings import SlackSettings


def wants_discord(settings: Settings) -> bool:
    """Whether Discord is configured."""
    return settings.discord.token is not None


def wants_slack(settings: Settings) -> bool:
    """Whether Slack is meant to be on: what is then missing is an error of its own."""
    slack = settings.slack
    given = (slack.bot_token, slack.app_token, slack.signing_secret, slack.client_id, slack.client_secret)
    return any(one is not None for one in given)


def discord_settings(section: DiscordSection) -> DiscordSettings:
    """The adapter's settings from ours."""
    from adapters.discord.settings import DiscordSettings

    if section.token is None:
        raise NotConfigured("discord.token is not set.", remedy="Put the bot token into the settings.")
    return DiscordSettings(
        token=section.token,
        api_url=section.api_url,
        gateway_url=section.gateway_url,
        shard_ids=section.shard_ids,
    )


def slack_settings(settings: Settings, *, serves: bool = True) -> SlackSettings:
    """The adapter's settings from ours; SettingsError names what is missing. serves: whether the process
    takes commands, or only posts."""
    from adapters.slack.settings import API_URL, SlackSettings

    section = settings.slack
    try:
        return SlackSettings(
            mode=section.mode,
            bot_token=section.bot_token,
            app_token=section.app_token,
            signing_secret=section.signing_secret,
            client_id=section.client_id,
            client_secret=section.client_secret,
            api_url=section.api_url or API_URL,
            public_url=settings.web.public_url,
            messages_per_second=section.messages_per_second,
            trusted_proxies=settings.web.trusted_proxies,
            serves=serves,
        )
    except ValueError as error:
        raise SettingsError(f"{error}.") from None


def make_discord(app: App) -> DiscordPlatform:
    """The whole Discord adapter over the application. Add its ports once it has started."""
    from adapters.discord.platform import DiscordPlatform

    return DiscordPlatform(
        discord_settings(app.settings.discord),
        app.dispatcher,
        claims=app.claims,
        facts=app.facts,
        tenants=app.tenants,
        recovery=app.relay.recovery,
        clock=app.clock,
        remember=app.remember,
    )


def make_discord_sender(app: App) -> DiscordConnection:
    """Only what posts: for a process that relays and serves no commands. Add its ports after the login."""
    from adapters.discord.platform import DiscordConnection

    return DiscordConnection(discord_settings(app.settings.discord))


def make_slack(app: App, *, serves: bool = True) -> SlackPlatform:
    """The Slack adapter over the application. serves: as for `slack_settings`."""
    from adapters.slack.platform import SlackPlatform
    from bot.storage.places.installations import StoredInstallation, StoredInstallations
    from bot.storage.places.oauth_states import OAuthStates

    installations = StoredInstallations(app.database, app.vault, app.remember)

    async def save(
        *,
        enterprise: str | None,
        team: str | None,
        bot_user: str,
        installed_at: float,
        bundle: Mapping[str, Any],
    ) -> None:
        await installations.save(StoredInstallation(enterprise, team, bot_user, installed_at, bundle))

    platform = SlackPlatform(
        slack_settings(app.settings, serves=serves),
        app.dispatcher,
        app.claims,
        clock=app.clock,
        random=os.urandom,
        installations=installations,
        save=save,
        states=OAuthStates(app.database, app.clock, os.urandom),
        facts=app.facts,
        remember=app.remember,
        recovery=app.relay.recovery,
        installers=app.services.contacts,
    )
    app.add_platform("slack", platform.messenger, platform.channels, platform.names)
    return platform


async def examine_discord(settings: Settings, *, serves: bool = True) -> tuple[PlatformFinding, ...]:
    """The token, the servers and, where the process takes commands, these; one finding each."""
    from adapters.discord.check import findings
    from adapters.discord.platform import DiscordConnection
    from adapters.discord.tree import command_tree
    from bot.features.catalogue import catalogue

    connection = DiscordConnection(discord_settings(settings.discord))
    try:
        return await findings(connection, command_tree(catalogue(())) if serves else None)
    finally:
        await connection.stop()


async def discord_application_id(settings: Settings) -> int:
    """Which application the token is of."""
    from adapters.discord.platform import DiscordConnection

    connection = DiscordConnection(discord_settings(settings.discord))
    try:
        await connection.login()
        return connection.rest.application_id
    finally:
        await connection.stop()


async def examine_slack(settings: Settings, *, serves: bool = True) -> Seen:
    """Try the tokens; raises what `run` ends with, or UpstreamUnavailable where it would try again."""
    from adapters.slack.check import examine

    return await examine(slack_settings(settings, serves=serves))
