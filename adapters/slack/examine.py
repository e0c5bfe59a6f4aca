"""A look at the Slack set-up for `xquik-bot check`: the tokens, and the scopes they carry."""

from __future__ import annotations

import aiohttp
from slack_sdk.errors import SlackApiError

from adapters.slack.clients import Clients
from adapters.slack.manifest import SCOPES
from adapters.slack.outcomes import code_of
from adapters.slack.settings import SlackSettings
from bot.core.errors import NotConfigured, UpstreamUnavailable


async def examine(settings: SlackSettings) -> str:
    """What was found, in words. NotConfigured or UpstreamUnavailable with what to mend."""
    if settings.installs:
        return "HTTP mode; workspaces install the app at /slack/install"
    clients = Clients(settings.api_url)
    await clients.open()
    try:
        return await _look(settings, clients)
    except SlackApiError as error:
        raise NotConfigured(
            f"Slack does not accept a token ({code_of(error) or 'refused'}).",
            remedy="Copy slack.bot_token and slack.app_token again from the app's settings at Slack.",
        ) from None
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise UpstreamUnavailable(
            f"Slack could not be reached ({type(error).__name__}).",
            remedy="Check the network, the proxy and slack.api_url.",
        ) from None
    finally:
        await clients.close()


async def _look(settings: SlackSettings, clients: Clients) -> str:
    answer = await clients.client(settings.bot_token).auth_test()
    granted = {
        scope.strip()
        for name, value in dict(answer.headers).items()
        if name.lower() == "x-oauth-scopes"
        for scope in str(value).split(",")
    }
    missing = [scope for scope in SCOPES if granted and scope not in granted]
    if missing:
        raise NotConfigured(
            f"The bot token lacks {', '.join(missing)}.",
            remedy="Paste xquik-bot slack-manifest into the app's manifest and install the app again.",
        )
    if settings.mode == "socket" and settings.app_token is not None:
        secret = settings.app_token.get_secret_value()
        await clients.client().apps_connections_open(app_token=secret)
    return f"the tokens work in {answer.get('team') or answer.get('team_id')}"
