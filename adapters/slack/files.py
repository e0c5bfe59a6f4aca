"""Files that people hand in with a form, fetched from Slack with the bot's own token.

Slack keeps them where a token with `files:read` opens them. The token goes to Slack's own hosts alone,
whatever the payload says, and no redirect takes it elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import aiohttp
from pydantic import SecretStr

from adapters.slack.clients import SlackClients
from adapters.slack.inline import Json
from bot.core.chat.invocation import Invocation
from bot.core.errors import NotConfigured, Rejected
from bot.core.media.limits import UPLOAD, too_large
from bot.core.messages.message import Message, msg
from bot.core.ports import Attaching
from bot.core.x.media_refs import plain_name

SCOPE: Final = "files:read"
"""What Slack asks for before an app may read what people attach. Everything else works without it."""
_SECONDS: Final = 30.0
_LIST: Final = 10


def files_in(state: Mapping[str, Mapping[str, Json]]) -> dict[str, list[Json]]:
    """The files of a submitted view, by the name of the input; Slack sends each with all that it knows."""
    return {
        name: [file for file in element["files"] if isinstance(file, dict)][:_LIST]
        for name, elements in state.items()
        for element in elements.values()
        if isinstance(element.get("files"), list)
    }


class SlackFiles:
    """Brings them to the bot."""

    def __init__(self, clients: SlackClients, attaching: Attaching | None) -> None:
        self._clients = clients
        self._attaching = attaching

    async def values(
        self, invocation: Invocation, files: Mapping[str, Sequence[Json]], token: SecretStr
    ) -> dict[str, str]:
        """The values that stand for them, by the name of the input. BotError for who may not attach, and
        for what cannot be taken; token: of the workspace."""
        found: dict[str, str] = {}
        for name, given in files.items():
            if given and self._attaching is not None:
                await self._attaching.permit(invocation)
                kept = [await self._kept(self._attaching, invocation, file, token) for file in given]
                found[name] = " ".join(kept)
        return found

    async def _kept(
        self, attaching: Attaching, invocation: Invocation, file: Mapping[str, Any], token: SecretStr
    ) -> str:
        name = str(file.get("name") or "")
        return await attaching.keep(invocation, name, await self._fetched(file, plain_name(name), token))

    async def _fetched(self, file: Mapping[str, Any], name: str, token: SecretStr) -> bytes:
        url = str(file.get("url_private_download") or file.get("url_private") or "")
        if not self._clients.is_slack(url):
            raise _lost(name, msg("Slack did not say where it is"))
        headers = {"Authorization": f"Bearer {token.get_secret_value()}"}  # no message: a header
        timeout = aiohttp.ClientTimeout(total=_SECONDS)
        session = self._clients.session
        received = bytearray()
        why: Message = msg("Slack did not answer in time")
        try:
            async with session.get(url, headers=headers, timeout=timeout, allow_redirects=False) as answer:
                kind = answer.headers.get("Content-Type", "")
                # Without the scope Slack leads to a page to log in, or answers with one.
                if answer.status in (301, 302, 303, 307, 401, 403) or kind.startswith("text/html"):
                    raise NotConfigured(
                        msg("The bot may not read files in this workspace."),
                        remedy=msg(
                            "Give a link instead. Someone who manages the app can add the scope {scope} and "
                            "install it again.",
                            scope=SCOPE,
                        ),
                    )
                if answer.status == 200:
                    async for chunk in answer.content.iter_chunked(64 * 1024):
                        received += chunk
                        if len(received) > UPLOAD:
                            raise too_large(name, UPLOAD)
                    return bytes(received)
                why = msg("Slack answered {status}", status=str(answer.status))
        except TimeoutError:
            pass
        except aiohttp.ClientError as error:
            why = msg("the connection to Slack failed ({error})", error=type(error).__name__)
        raise _lost(name, why)


def _lost(name: str, why: Message) -> Rejected:
    return Rejected(
        msg("{name} could not be fetched: {why}.", name=name, why=why),
        remedy=msg("Attach it again, or give a link. Nothing was sent to X."),
        code="media_download_failed",
        option="media",
    )
