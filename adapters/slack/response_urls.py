"""`response_url`: private answers that need no membership, five times within thirty minutes.

Source: docs.slack.dev/interactivity/handling-user-interaction#message_responses.
"""

from __future__ import annotations

import json

from adapters.slack import limits
from adapters.slack.clients import SlackClients
from adapters.slack.errors import CallRefused
from adapters.slack.escape import web_address
from adapters.slack.inline import Json
from adapters.slack.interaction import SlackInteraction
from adapters.slack.sending import QUIET
from bot.core.clocks import Clock


class ResponseUrl:
    """The address that came with one interaction; one that is not Slack's is never called.

    Uses by an earlier form of it are not known here; Slack then answers `used_url`, and the caller takes
    another way.
    """

    def __init__(self, clients: SlackClients, interaction: SlackInteraction, clock: Clock) -> None:
        self._clients = clients
        address = interaction.response_url
        self._url = address if web_address(address) and clients.is_slack(address) else None
        self._thread = interaction.thread
        self._until = interaction.issued_at + limits.RESPONSE_URL_SECONDS
        self._clock = clock
        self._uses = 0

    @property
    def left(self) -> int:
        """How many more times it can be used now."""
        if self._url is None or self._clock() >= self._until:
            return 0
        return limits.RESPONSE_URL_USES - self._uses

    async def post(self, body: Json) -> None:
        """A new private message. Raises CallRefused."""
        thread = {"thread_ts": self._thread} if self._thread else {}
        await self._send({"response_type": "ephemeral", "replace_original": False, **thread, **body})

    async def replace(self, body: Json) -> None:
        """The message whose button was pressed, anew."""
        await self._send({"replace_original": True, **body})

    async def _send(self, body: Json) -> None:
        if self._url is None or self.left <= 0:
            raise CallRefused("used_url")
        self._uses += 1
        session = self._clients.session
        async with session.post(self._url, json=QUIET | body, allow_redirects=False) as answer:
            text = await answer.text()
            if answer.status == 429:
                self._uses -= 1
            if answer.status != 200 or not _accepted(text):
                raise CallRefused(_code(text) or f"http_{answer.status}")


def _accepted(text: str) -> bool:
    return text.strip() in ("", "ok") or _code(text) == ""


def _code(text: str) -> str:
    """The error in an answer: JSON with `error`, or the bare code; "" for {"ok": true}."""
    try:
        data = json.loads(text)
    except ValueError:
        return text.strip()[:60]
    if isinstance(data, dict) and data.get("ok") is True:
        return ""
    return str(data.get("error", "refused")) if isinstance(data, dict) else "refused"
