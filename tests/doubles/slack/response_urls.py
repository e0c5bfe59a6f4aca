"""``response_url``: five posts in thirty minutes (source: Slack's guide to handling interactions)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import web

from .answers import post_as_bot
from .content import change, read_content
from .errors import Refused, broken
from .interaction import Interaction
from .model import Channel, Json, Message

if TYPE_CHECKING:
    from .server import SlackServer

USES = 5
LIFETIME = 30 * 60.0
KEYS = frozenset({
    "text", "blocks", "attachments", "response_type", "replace_original", "delete_original",
    "thread_ts", "metadata",
    "mrkdwn", "parse", "link_names", "unfurl_links", "unfurl_media",
})  # fmt: skip


@dataclass(slots=True)
class ResponseUrl:
    id: str
    channel: Channel
    reader: str
    issued_at: float
    source: Message | None = None
    """The message whose button was pressed: what ``replace_original`` and ``delete_original`` mean."""
    interaction: Interaction | None = None
    uses: int = 0


class ResponseUrls:
    def __init__(self, server: SlackServer) -> None:
        self._server = server
        self._issued: dict[str, ResponseUrl] = {}

    def issue(self, channel: Channel, reader: str, source: Message | None = None) -> tuple[str, ResponseUrl]:
        record = ResponseUrl(self._server.new_id("r"), channel, reader, self._server.clock(), source)
        self._issued[record.id] = record
        return f"{self._server.base_url}/response/{channel.workspace.id}/{record.id}", record

    async def handle(self, request: web.Request) -> web.Response:
        server = self._server
        try:
            record = self._issued.get(request.match_info["id"])
            if record is None:
                raise broken("invalid_url")
            given = _parsed(await request.text())
            fault = server.faults.take("response_url", {"channel": record.channel.id})
            if fault is not None and fault.status is not None:
                return web.Response(status=fault.status, headers=fault.headers, text=fault.body)
            if record.interaction is not None:
                record.interaction.response_posts.append(given)
            self._use(record, given)
        except Refused as refused:
            server.refused("response_url", refused)
            return web.json_response(refused.body(), status=404 if "url" in refused.error else 400)
        finally:
            server.changes.notify()
        return web.Response(text="ok")

    def _use(self, record: ResponseUrl, given: Json) -> None:
        if self._server.clock() - record.issued_at > LIFETIME:
            raise broken("expired_url")
        if record.uses >= USES:
            raise broken("used_url")
        record.uses += 1
        unknown = sorted(set(given) - KEYS)
        if unknown:
            raise broken("invalid_arguments", f"[ERROR] unknown fields: {', '.join(unknown)}")
        if given.get("delete_original"):
            self._original(record).deleted = True
        elif given.get("replace_original"):
            self._replace(record, given)
        else:
            in_channel = given.get("response_type") == "in_channel"
            if given.get("response_type") not in (None, "ephemeral", "in_channel"):
                raise broken("invalid_arguments", "[ERROR] response_type must be ephemeral or in_channel")
            reader = None if in_channel else record.reader
            post_as_bot(self._server, record.channel, given, "response_url", reader)

    def _original(self, record: ResponseUrl) -> Message:
        if record.source is None or record.source.deleted:
            raise broken("no_original", "[ERROR] there is no message to replace or delete")
        return record.source

    def _replace(self, record: ResponseUrl, given: Json) -> None:
        """Replacing needs the whole message anew: what is not sent is gone."""
        original = self._original(record)
        content = read_content(self._server, "response_url", given.get)
        change(original, content, self._server.clock())
        original.blocks, original.attachments = content.blocks or [], content.attachments or []


def _parsed(text: str) -> Json:
    try:
        given: Any = json.loads(text)
    except ValueError:
        raise broken("invalid_payload") from None
    if not isinstance(given, dict):
        raise broken("invalid_payload")
    return given
