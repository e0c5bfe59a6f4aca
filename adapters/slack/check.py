"""A look at the Slack set-up for `xquik-bot check`: the tokens, and the scopes they carry."""

from __future__ import annotations

from adapters.slack.clients import SlackClients
from adapters.slack.manifest import SCOPES
from adapters.slack.settings import SlackSettings
from adapters.slack.token_check import accepted
from bot.core.errors import BotError, UpstreamUnavailable
from bot.core.findings import Finding, failed


async def findings(settings: SlackSettings) -> tuple[Finding, ...]:
    """What `examine` finds, or what it ends with."""
    try:
        return (await examine(settings),)
    except UpstreamUnavailable as error:  # `run` tries again until it is there
        return (Finding("slack", "warning", error.detail, error.remedy),)
    except BotError as error:
        return (failed("slack", error),)


async def examine(settings: SlackSettings) -> Finding:
    """Try the tokens that this process uses. NotConfigured when Slack refuses one, SlackUnreachable when
    it does not answer."""
    if settings.installs:
        return Finding("slack", "ok", "HTTP mode; workspaces install the app at /slack/install")
    clients = SlackClients(settings.api_url)
    await clients.open()
    try:
        return await _look(settings, clients)
    finally:
        await clients.close()


async def _look(settings: SlackSettings, clients: SlackClients) -> Finding:
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
        return Finding(
            "slack",
            "warning",
            f"the bot token lacks {', '.join(missing)}",
            "Paste xquik-bot slack-manifest into the app's manifest and install the app again.",
        )
    return Finding("slack", "ok", f"the tokens work in {answer.get('team') or answer.get('team_id')}")
