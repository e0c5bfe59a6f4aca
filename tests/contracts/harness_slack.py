"""Slack as a harness: the real slack-bolt in Socket Mode against the Slack double."""

from __future__ import annotations

import os
import re
import socket
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from pydantic import SecretStr

from adapters.slack.check import findings
from adapters.slack.platform import SlackPlatform
from adapters.slack.settings import SlackSettings
from bot.core.chat.ids import Destination, MessageRef
from bot.core.findings import Finding
from bot.core.ports import Messenger
from bot.storage.engine.database import Database
from bot.storage.places.claims import StoredClaims
from tests.adapters.slack.harness import TENANT, SlackHarness, running, settings_of
from tests.contracts.contract_commands import catalogue
from tests.contracts.harnesses import PATIENCE, AdapterHarness, OpenForm, Seen, Shown, typed
from tests.contracts.running import RunningHarness, started
from tests.doubles.slack import Interaction, Message, SlackServer
from tests.doubles.slack.gestures import elements

_GROUP = re.compile(r"<!subteam\^(\w+)>")


def shown(message: Message) -> Shown:
    """A message as its readers see it."""
    buttons = [e["text"]["text"] for _, e in elements(message) if e["type"] == "button"]
    links = frozenset(url for url, _ in message.links)
    pings = tuple(_GROUP.sub(r"\1", ping) for ping in message.pings)
    return Shown(
        message.visible_text,
        links,
        pings,
        tuple(buttons),
        message.via != "user",
        message,
        frozenset(message.previewed),
    )


@dataclass
class SlackSeen:
    """One interaction."""

    harness: SlackContractHarness
    ix: Interaction

    @property
    def acknowledged_in(self) -> float | None:
        return self.ix.acked_in

    async def form(self) -> OpenForm:
        view = await self.ix.wait_for_view()
        before = tuple(m.visible_text for m in self.ix.ephemerals if m.seq < view.seq)
        filled = {b["block_id"]: str(e.get("initial_value", "")) for b, e in elements(view)}
        return OpenForm(view.title, filled, before, view)

    async def told(self, words: str = "") -> Shown:
        def find() -> Message | None:
            dms = [m for m in self.harness.house.ann.dms if m.seq > self.ix.seq]
            return next((m for m in [*self.ix.ephemerals, *dms] if words in m.visible_text), None)

        return shown(await self.harness.server.wait_for(find, PATIENCE))


class SlackContractHarness(RunningHarness):
    """See `harnesses.RunningHarness`."""

    name = "slack"
    person = "U1"
    other = "U2"
    groups = ("S0TEAM", "S0DESK")
    place = Destination(TENANT, "C0001")

    def __init__(self, server: SlackServer, database: Database) -> None:
        self.server = server
        super().__init__()
        self.house: SlackHarness
        self._wrong = False
        self._database = database

    @property
    def messenger(self) -> Messenger:
        return self.house.platform.messenger

    @property
    def window(self) -> float:
        return self.house.platform.messenger.idempotent_window

    @property
    def platform(self) -> SlackPlatform:
        return self.house.platform

    def another(self, *, refused: bool = False) -> SlackPlatform:
        self._wrong = self._wrong or refused
        return self._made(**({"bot_token": SecretStr("xoxb-wrong")} if refused else {}))

    async def check(self, *, refused: bool = False) -> Sequence[Finding]:
        self._wrong = self._wrong or refused
        return await findings(self._settings(**({"bot_token": SecretStr("xoxb-wrong")} if refused else {})))

    async def check_cut_off(self) -> Sequence[Finding]:
        return await findings(self._settings(api_url=_nowhere()))

    async def cut_off(self) -> SlackPlatform:
        return self._made(api_url=_nowhere())

    def _settings(self, **changes: Any) -> SlackSettings:
        return replace(settings_of(self.server, self.house.ws, "socket"), **changes)

    def _made(self, **changes: Any) -> SlackPlatform:
        settings = self._settings(**changes)
        claims = StoredClaims(self._database, time.time)
        return SlackPlatform(settings, self.house.dispatcher, claims, clock=time.time, random=os.urandom)

    async def command(self, path: str, **values: str | int) -> Seen:
        return SlackSeen(self, await self.house.slash(typed(path, values)))

    async def press(self, message: Shown, label: str) -> Seen:
        found = [e for _, e in elements(message.handle) if e["type"] == "button"]
        action = next(e["action_id"] for e in found if e["text"]["text"] == label)
        return SlackSeen(self, await self.house.ws.press(message.handle, action, self.house.ann))

    async def anew(self, message: Shown) -> Shown:
        return shown(message.handle)

    async def submit(self, form: OpenForm, values: Mapping[str, str]) -> Seen:
        return SlackSeen(self, await self.house.ws.submit_view(form.handle, values))

    async def again(self, failure: Shown, form: OpenForm, given: Mapping[str, str]) -> OpenForm:
        return await (await self.press(failure, "Change it")).form()

    async def redeliver(self, seen: Seen) -> None:
        assert isinstance(seen, SlackSeen)
        await self.server.redeliver(seen.ix)

    def database(self) -> Database:
        return self._database

    async def start(self) -> None:
        self.house = await self._stack.enter_async_context(
            running(self.server, self._database, commands=lambda _: catalogue(self.stage))
        )
        if self.other not in self.house.ws.users:
            self.house.ws.add_user(self.other, "eve")
            self.house.ws.users[self.other].owner = True

    async def channel(self, count: int = 0) -> list[Shown]:
        def seen() -> list[Message]:
            return [m for m in self.house.channel.messages if m.thread_ts is None and not m.files]

        await self.server.wait_for(lambda: len(seen()) >= count, PATIENCE)
        return [shown(message) for message in seen()]

    async def inside(self, thread: str) -> list[Shown]:
        return [shown(message) for message in self.house.channel.replies(thread)]

    async def direct(self, person: str) -> list[Shown]:
        return [shown(message) for message in self.house.ws.users[person].dms]

    async def files(self) -> dict[str, bytes]:
        return {f.name: f.content for f in self.house.ws.files.values() if f.completed and f.content}

    async def close_channel(self) -> None:
        self.house.channel.kick_bot()

    async def delete(self, ref: MessageRef) -> None:
        message = self.house.channel.message(ref.message)
        assert message is not None
        message.deleted = True

    async def be_busy(self) -> None:
        self.server.fail_next("chat.postMessage", status=429, headers={"Retry-After": "500"})

    async def lose_answers(self) -> None:
        self.server.fail_next("chat.postMessage", lost=True)

    def nowhere(self) -> Destination:
        return Destination(TENANT, "C404")

    def violations(self) -> list[Any]:
        # A wrong token breaks a rule, on purpose.
        return [] if self._wrong else list(self.server.violations)


def _nowhere() -> str:
    """The address of an API where nobody answers."""
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        return f"http://127.0.0.1:{nobody.getsockname()[1]}/api/"


@asynccontextmanager
async def slack_rig(sqlite_url: str) -> AsyncIterator[AdapterHarness]:
    """The adapter, connected to a Slack of its own."""
    database = await Database.open(sqlite_url)
    try:
        async with SlackServer() as server, started(SlackContractHarness(server, database)) as harness:
            yield harness
    finally:
        await database.close()
