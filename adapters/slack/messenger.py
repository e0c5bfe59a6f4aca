"""Posting as the bot, one call a message.

Slack has no idempotency for `chat.postMessage`. Each message carries the delivery's key in its
metadata, where `find` sees it if the app was granted a `*:history` scope (by default it is not), and
a `client_msg_id` derived from it, which Slack may use. So `idempotent_window` is nothing.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

import msgspec
from cachetools import TTLCache
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import limits
from adapters.slack.errors import code_of, gone, note, outcome
from adapters.slack.inline import Json
from adapters.slack.interaction import SlackInteraction
from adapters.slack.owners import primary_owner
from adapters.slack.people import SlackPeople
from adapters.slack.render import overflow
from adapters.slack.sending import direct, manner, send, upload
from adapters.slack.tables import NO_TABLES, TakenTables, WorkspaceTables
from adapters.slack.tokens import Tokens
from bot.core.access import Actor
from bot.core.chat.cards import Card, File, Text, line
from bot.core.chat.delivery_results import (
    Absent,
    Busy,
    Delivered,
    DeliveryResult,
    Found,
    Gone,
    Lookup,
    Refused,
    Unreadable,
)
from bot.core.chat.ids import Destination, MessageRef, TenantId
from bot.core.chat.places import ANYWHERE, PlaceFacts, PlaceKind, Placement
from bot.core.clocks import Monotonic, Sleep
from bot.core.messages.message import Joined, JoinedBy, msg
from bot.core.ports import Messenger
from bot.core.throttle import Throttle
from bot.i18n.readers import TOLD_ALONE, Readers
from bot.i18n.translator import Translator

EVENT_TYPE = "xquik_delivery"
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://xquik.com/slack")
_TIMESTAMP = re.compile(r"\d{1,20}\.\d{1,20}", re.ASCII)  # what Slack names messages by
_PAGE = 200
_PAGES = 5
# Slack stamps messages by its own clock; look a little further back than ours says.
_SKEW = 5.0
# Seconds that a message waits here for its turn in the channel; what is longer waits in its lane.
_LONGEST_WAIT = 2.0
_log = logging.getLogger(__name__)


class _History(msgspec.Struct, frozen=True):
    """Where to read: the channel or one thread of it, from `oldest` on."""

    channel: str
    thread: str | None
    oldest: str


_ONE_A_SECOND: Final = msg("Slack takes about one message a second in a channel")


class SlackMessenger(Messenger):
    """A `Messenger`. `idempotent_window`: seconds within which the same key is posted once."""

    idempotent_window = 0.0

    def __init__(
        self,
        tokens: Tokens,
        *,
        ticks: Monotonic = time.monotonic,
        rate: float = limits.MESSAGES_A_SECOND,
        sleep: Sleep = asyncio.sleep,
        readers: Readers = TOLD_ALONE,
        tables: TakenTables | None = None,
    ) -> None:
        """ticks: seconds that never go back; rate: messages a second in a channel; readers: in whose language
        something is said; tables: what is known of who takes them, None for a new one."""
        self._tables = tables or TakenTables(ticks)
        self._readers = readers
        self._tokens = tokens
        self._throttle = Throttle(rate, limits.MESSAGES_AT_ONCE, ticks)
        self._sleep = sleep
        self._people = SlackPeople(ticks)
        self._scopes: TTLCache[str, frozenset[str]] = TTLCache(2_000, 600.0, ticks)

    async def post(
        self,
        to: Destination,
        card: Card,
        key: str,
        files: Sequence[File] = (),
        *,
        placement: Placement = ANYWHERE,
    ) -> DeliveryResult:
        """Post a card; files, its own and for what a message does not hold of it, follow in the message's
        thread. Slack has no forums to place it in."""
        del placement
        wait = self._throttle.wait(place := f"{to.tenant.workspace}/{to.channel}", _LONGEST_WAIT)
        if wait is None:
            return Busy(self._throttle.until(place), _ONE_A_SECOND)
        try:
            if wait:
                await self._sleep(wait)
            client = await self._tokens.client(to.tenant)
            reader = await self._readers.place(to.tenant)
            card = reader.card(card)
            tables = self._tables.of(to.tenant.workspace)
            channel, ts = await self._post(client, (to.channel, to.thread), card, key, tables)
        except Exception as error:  # every failure of a send is a result, by contract
            return _logged("post", error)
        if all_files := (*overflow(card), *reader.files(files)):
            await self._attach(client, channel, to.thread or ts, all_files, reader)
        return Delivered(ts)

    def turn_in(self, to: Destination) -> float:
        """Seconds until Slack takes a further message in the channel, 0 for now."""
        return self._throttle.until(f"{to.tenant.workspace}/{to.channel}")

    async def edit(self, ref: MessageRef, card: Card) -> DeliveryResult:
        """Replace the content of our message; its metadata stays, and nobody is notified anew. Files below
        it stay too, and with them what the message did not hold."""
        channel, ts = ref.destination.channel, ref.message
        if not _TIMESTAMP.fullmatch(ts):
            return gone("message_not_found")
        try:
            client = await self._tokens.client(ref.destination.tenant)
            card = (await self._readers.place(ref.destination.tenant)).card(card)

            async def call(body: Json) -> object:
                return await client.chat_update(channel=channel, ts=ts, parse="none", **body)

            await send(card, call, self._tables.of(ref.destination.tenant.workspace), parsed=True)
        except Exception as error:
            return _logged("edit", error)
        return Delivered(ts)

    async def delete(self, ref: MessageRef) -> DeliveryResult:
        """Delete our message. Replies below it stay, under a line saying that it was deleted."""
        if not _TIMESTAMP.fullmatch(ref.message):
            return Delivered(ref.message)
        try:
            client = await self._tokens.client(ref.destination.tenant)
            await client.chat_delete(channel=ref.destination.channel, ts=ref.message)
        except Exception as error:
            if code_of(error) != "message_not_found":
                return _logged("delete", error)
        return Delivered(ref.message)

    async def thread(self, ref: MessageRef, title: str) -> DeliveryResult:
        """The message itself, or the one whose thread it is in: replies stand below it, without a name."""
        del title
        if not _TIMESTAMP.fullmatch(ref.message):
            return gone("message_not_found")
        return Delivered(ref.destination.thread or ref.message)

    async def publish(self, ref: MessageRef) -> DeliveryResult:
        """Slack has nothing of the kind."""
        del ref
        return Refused(msg("Slack has no channels whose messages are published to others."))

    async def facts(self, to: Destination) -> PlaceFacts | None:
        """Known without asking: a channel or a thread, and Slack marks none for sensitive content."""
        return PlaceFacts(PlaceKind.CHANNEL if to.thread is None else PlaceKind.THREAD)

    async def tell(
        self, tenant: TenantId, person: str, card: Card, key: str, files: Sequence[File] = ()
    ) -> DeliveryResult:
        """Send a person a direct message; it notifies nobody else."""
        try:
            client = await self._tokens.client(tenant)
            reader = await self._readers.person(tenant, person)
            own, files = replace(reader.card(card), pings=()), reader.files(files)
            there, tables = (await direct(client, person), None), self._tables.of(tenant.workspace)
            channel, ts = await self._post(client, there, own, key, tables)
        except Exception as error:
            return _logged("tell", error)
        if all_files := (*overflow(own), *files):
            await self._attach(client, channel, ts, all_files, reader)
        return Delivered(ts)

    async def owner(self, tenant: TenantId) -> DeliveryResult:
        """The primary owner of the workspace, else one of its owners."""
        try:
            client = await self._tokens.client(tenant)
            owner = await primary_owner(client)
        except Exception as error:
            return _logged("owner", error)
        return Delivered(owner) if owner else Refused(msg("Slack does not say who owns the workspace."))

    async def actor(self, tenant: TenantId, person: str) -> Actor | None:
        """The person as Slack tells of them, at most a minute ago."""
        if not person:
            return Actor(person, person)
        try:
            client = await self._tokens.client(tenant)
            found = await self._people.told(
                client, SlackInteraction(tenant.workspace, None, False, person, person)
            )
        except Exception as error:
            _logged("actor", error)
            return None
        return None if found is None else found.actor

    async def check(self, to: Destination) -> DeliveryResult:
        """Whether the bot is in the channel, or may post without being in it."""
        try:
            client = await self._tokens.client(to.tenant)
            answer = await client.conversations_info(channel=to.channel)
        except Exception as error:
            return _logged("check", error)
        channel: Json = answer["channel"]
        if channel.get("is_archived"):
            return gone("is_archived")
        inside = channel.get("is_member") or channel.get("is_im") or channel.get("is_mpim")
        if not inside and "chat:write.public" not in _granted(answer.headers):
            return gone("not_in_channel")
        return Delivered("")

    async def find(self, to: Destination, key: str, after: float) -> Lookup:
        """Look for the key in the metadata of our messages, where the app may read them."""
        try:
            client = await self._tokens.client(to.tenant)
            scopes = await self._granted_scopes(client, to.tenant)
            if not any(scope.endswith(":history") for scope in scopes):
                return Unreadable()
            info: Json = (await client.conversations_info(channel=to.channel))["channel"]
            if _history_scope(info) not in scopes:
                return Unreadable()
            where = _History(to.channel, to.thread, f"{max(0.0, after - _SKEW):.6f}")
            return await _search(client, where, lambda message: _key(message) == key)
        except Exception as error:
            _logged("find", error)
            return Unreadable()

    async def _post(
        self,
        client: AsyncWebClient,
        to: tuple[str, str | None],
        card: Card,
        key: str,
        tables: WorkspaceTables,
    ) -> tuple[str, str]:
        """The channel and the timestamp of the new message. to: a channel, and a thread of it."""
        channel, thread = to
        metadata = {"event_type": EVENT_TYPE, "event_payload": {"key": key}}

        async def call(body: Json) -> tuple[str, str]:
            answer = await client.chat_postMessage(
                channel=channel,
                thread_ts=thread,
                metadata=metadata,
                client_msg_id=str(uuid.uuid5(_NAMESPACE, key)),
                **manner(card),
                **body,
            )
            return str(answer["channel"]), str(answer["ts"])

        return await send(card, call, tables)

    async def _attach(
        self, client: AsyncWebClient, channel: str, thread: str, files: Sequence[File], reader: Translator
    ) -> None:
        """Put files below a message; when Slack takes them not, a word says so in their place."""
        try:
            await upload(client, channel, files, thread=thread)
        except Exception as error:
            _logged("upload", error)
            names = Joined(tuple(file.name for file in files), JoinedBy.COMMA)
            lost = msg("Slack did not accept {files}.", files=names)
            words = reader.card(Card(msg("A file is missing"), (Text(line(lost)),)))

            async def call(body: Json) -> object:
                return await client.chat_postMessage(
                    channel=channel, thread_ts=thread, **manner(words), **body
                )

            try:
                await send(words, call, NO_TABLES)
            except Exception as second:
                _logged("upload note", second)  # no message: a log line

    async def _granted_scopes(self, client: AsyncWebClient, tenant: TenantId) -> frozenset[str]:
        held = self._scopes.get(tenant.workspace)
        if held is None:
            held = _granted((await client.auth_test()).headers)
            self._scopes[tenant.workspace] = held
        return held


def _granted(headers: Any) -> frozenset[str]:
    """The scopes of the token, as every answer of the Web API names them."""
    for name, value in dict(headers).items():
        if name.lower() == "x-oauth-scopes":
            return frozenset(scope.strip() for scope in str(value).split(","))
    return frozenset()


def _history_scope(channel: Json) -> str:
    if channel.get("is_im"):
        return "im:history"
    if channel.get("is_mpim"):
        return "mpim:history"
    return "groups:history" if channel.get("is_private") else "channels:history"


async def _search(client: AsyncWebClient, where: _History, wanted: Callable[[Json], bool]) -> Lookup:
    cursor: str | None = None
    for _ in range(_PAGES):
        common: Json = {"limit": _PAGE, "oldest": where.oldest, "include_all_metadata": True}
        if where.thread is None:
            answer = await client.conversations_history(channel=where.channel, cursor=cursor, **common)
        else:
            answer = await client.conversations_replies(
                channel=where.channel, ts=where.thread, cursor=cursor, **common
            )
        for message in answer["messages"]:
            if wanted(message):
                return Found(str(message["ts"]))
        cursor = (answer.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return Absent()
    return Unreadable()


def _key(message: Json) -> str | None:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != EVENT_TYPE:
        return None
    key = (metadata.get("event_payload") or {}).get("key")
    return key if isinstance(key, str) else None


def _logged(what: str, error: Exception) -> DeliveryResult:
    result = outcome(error)
    if not isinstance(result, Gone):
        note(_log, logging.INFO, what, error)
    return result
