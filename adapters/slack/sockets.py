"""Socket Mode: the SDK's connection, over our session, with addresses that are asked for with patience.

Left alone the SDK asks for an address again every few seconds, in two log lines with a traceback, and where
the address was had but not connected to, with the same address for ever, although its ticket holds once and
not for long.
"""

from __future__ import annotations

import logging
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp

from adapters.slack.clients import SlackClients
from adapters.slack.errors import TROUBLES, code_of, outcome
from bot.core.chat.delivery_results import Busy
from bot.core.clocks import Sleep
from bot.core.ports import Remember

# Seconds until Slack is asked again, doubled each time.
_AGAIN_AFTER: Final = 1.0
_LONGEST: Final = 60.0
_log = logging.getLogger(__name__)


class _Session:
    """What the SDK uses of aiohttp's session; an address is used for one try."""

    def __init__(self, session: aiohttp.ClientSession, client: Any) -> None:
        self._session = session
        self._client = client

    @property
    def closed(self) -> bool:
        return self._session.closed

    async def close(self) -> None:
        await self._session.close()

    async def ws_connect(self, url: str, **more: Any) -> Any:
        self._client.wss_uri = None
        return await self._session.ws_connect(url, **more)


async def new_socket(
    app: AsyncApp, token: str, clients: SlackClients, *, ping: float, sleep: Sleep, remember: Remember
) -> AsyncSocketModeHandler:
    """The connection, not yet connected. token: the app's. ping: seconds between pings."""
    handler = AsyncSocketModeHandler(
        app, token, logger=clients.log, web_client=clients.client(), ping_interval=ping
    )
    client = handler.client
    # The SDK's own session knows neither NO_PROXY nor our certificates.
    await client.aiohttp_client_session.close()
    client.aiohttp_client_session = _Session(clients.new_session(None), client)  # type: ignore[assignment]
    client.proxy = clients.websocket_proxy

    async def issued() -> str:
        """The address of the next connection. Whoever has its ticket can connect in our place."""
        wait = _AGAIN_AFTER
        while True:
            try:
                answer = await clients.client().apps_connections_open(app_token=token)
                break
            except TROUBLES as error:
                result = outcome(error)
                wait = max(wait, result.retry_after) if isinstance(result, Busy) else wait
                said = code_of(error) or type(error).__name__
                _log.warning("Slack gives no connection (%s); next try in %.0f s", said, wait)
            await sleep(wait)
            wait = min(2 * wait, _LONGEST)
        url = str(answer["url"])
        for name, value in parse_qsl(urlsplit(url).query):
            if name == "ticket":
                remember(value, passing=True)
        return url

    client.issue_new_wss_url = issued  # type: ignore[method-assign]
    return handler
