"""Slack, as the settings describe it. The adapter is imported inside functions, so that a process which
serves another platform, or none, starts without it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from bot.app.wiring import App
from bot.core.errors import BotError, NotConfigured
from bot.core.findings import Finding
from bot.settings import Settings, SettingsError
from bot.storage.engine.database import Database
from bot.storage.places.installations import StoredInstallations
from bot.storage.places.oauth_states import OAuthStates

if TYPE_CHECKING:
    from adapters.slack.platform import SlackPlatform
    from adapters.slack.settings import SlackSettings


class Slack(msgspec.Struct, frozen=True):
    """See `bot.app.platforms.declared.DeclaredPlatform`."""

    name: str = "slack"
    title: str = "Slack"
    needed: str = "slack.bot_token and slack.app_token"

    def wanted(self, settings: Settings) -> bool:
        """Whether any of its secrets is set."""
        slack = settings.slack
        given = (
            slack.bot_token,
            slack.app_token,
            slack.signing_secret,
            slack.client_id,
            slack.client_secret,
        )
        return any(one is not None for one in given)

    def on_the_web(self, settings: Settings) -> bool:
        """In HTTP mode."""
        return settings.slack.mode == "http"

    def absent(self) -> NotConfigured:
        """Without any of its secrets."""
        return NotConfigured(
            "This process is meant to serve Slack, but no Slack token is set.",
            remedy="Set slack.bot_token and slack.app_token.",
        )

    def elsewhere(self, settings: Settings) -> NotConfigured | None:
        """In HTTP mode."""
        if not self.on_the_web(settings):
            return None
        return NotConfigured(
            'With slack.mode = "http" the processes with the role web serve Slack, and the role slack '
            "is not needed.",
            remedy='Leave out the process with that role, or set slack.mode = "socket".',
        )

    def unusable(self, settings: Settings, *, serves: bool) -> BotError | None:
        """What its mode needs and has not got."""
        try:
            slack_settings(settings, serves=serves)
        except BotError as error:
            return error
        return None

    async def check(self, settings: Settings, *, serves: bool) -> Sequence[Finding]:
        """The tokens, and the scopes they carry."""
        from adapters.slack.check import findings

        return await findings(slack_settings(settings, serves=serves))

    async def among_processes(self, settings: Settings, database: Database) -> Sequence[Finding]:
        """Slack gives each event to one of them; nothing is shared out."""
        del settings, database
        return ()

    def make(self, app: App, *, serves: bool) -> SlackPlatform:
        """The whole adapter."""
        from adapters.slack.platform import SlackPlatform

        installations = StoredInstallations(app.database, app.vault, app.remember)
        return SlackPlatform(
            slack_settings(app.settings, serves=serves),
            app.dispatcher,
            app.claims,
            clock=app.clock,
            random=os.urandom,
            installations=installations,
            states=OAuthStates(app.database, app.clock, os.urandom),
            kv=app.kv,
            remember=app.remember,
            readers=app.readers,
            attaching=app.attaching,
            recovery=app.relay.recovery,
            installers=app.services.contacts,
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
