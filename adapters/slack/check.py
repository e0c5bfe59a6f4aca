"""A look at the Slack set-up for `xquik-bot check`: the tokens, and the scopes they carry."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.slack.clients import SlackClients
from adapters.slack.manifest import SCOPES
from adapters.slack.settings import SlackSettings
from adapters.slack.token_check import accepted


@dataclass(frozen=True, slots=True)
class Seen:
    """What was found, in words. remedy: what to do, where the bot can start and something lacks."""

    detail: str
    remedy: str = ""


async def examine(settings: SlackSettings) -> Seen:
    """Try the tokens that this process uses. NotConfigured when Slack refuses one, SlackUnreachable when
    it does not answer."""
    if settings.installs:
        return Seen("HTTP mode; workspaces install the app at /slack/install")
    clients = SlackClients(settings.api_url)
    await clients.open()
    try:
        return await _look(settings, clients)
    finally:
        await clients.close()


async def _look(settings: SlackSettings, clients: SlackClients) -> Seen:
    answer = await accepted("slack.bot_token", clients.client(settings.bot_token).auth_test())
    granted = {
        scope.strip()
        for name, value in dict(answer.headers).items()
        if name.lower() == "x-oauth-scopes"
        for scope in str(value).split(",")
    }
    if settings.serves and settings.mode == "socket" and settings.app_token is not None:
        secret = settings.app_token.get_secret_value()
        await accepted("slack.app_token", clients.client().apps_connections_open(app_token=secret))
    missing = [scope for scope in SCOPES if granted and scope not in granted]
    if missing:
        return Seen(
            f"the bot token lacks {', '.join(missing)}",
            "Paste xquik-bot slack-manifest into the app's manifest and install the app again.",
        )
    return Seen(f"the tokens work in {answer.get('team') or answer.get('team_id')}")
