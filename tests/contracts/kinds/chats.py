"""Discord and Slack as sides: the bot as `run` makes it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.app.wiring import App
from bot.core.chat.actions import ActionRef
from bot.core.chat.ids import TenantId
from tests.contracts.kinds.sides import Control, KindSide, Look, Message
from tests.doubles.slack.gestures import elements
from tests.journeys.both.sides import OnDiscord, OnSlack, Side
from tests.journeys.discord import place as discord_place
from tests.journeys.slack import place as slack_place

OPEN = "Open on X"


def _key(action: str) -> str:
    ref = ActionRef.parse(action)
    assert ref is not None
    return ref.key


class _Chat(KindSide):
    """What both have in common. side: the place, in the words of the journeys."""

    side: Side

    @property
    def app(self) -> App:
        app: App = self.side.place.bot.app
        return app

    @property
    def tenant(self) -> TenantId:
        tenant: TenantId = self.side.place.tenant
        return tenant

    @property
    def control(self) -> Control:
        return self.side.vendors.control

    async def ask(self, line: str, *, private: bool) -> Message:
        return await (self.side.tell(line) if private else self.side.post(line))

    async def fill(self, message: Message, label: str, values: dict[str, str]) -> None:
        await self.side.fill(message, label, values)

    async def posts(self) -> int:
        return len(self.side.posts)


class DiscordSide(_Chat):
    """A server."""

    name = "discord"

    def __init__(self, place: discord_place.Place) -> None:
        self.side = OnDiscord(place)

    async def look(self, message: Message) -> Look:
        return Look(message.text, tuple(self.side.buttons(message)), message.ephemeral)

    def key(self, message: Message) -> str:
        return _key(message.button("Confirm")["custom_id"])

    async def confirm(self, message: Message, times: int = 1) -> list[Any]:
        return list(await asyncio.gather(*(self.side.place.press(message, "Confirm") for _ in range(times))))

    async def link(self, message: Message) -> str:
        return str(next((one["url"] for one in message.buttons() if one.get("label") == OPEN), ""))

    async def direct(self) -> list[str]:
        place = self.side.place
        return [str(one.text) for one in place.server.dm(place.ada.user).messages]

    async def told(self, gestures: list[Any]) -> list[str]:
        found = [one for ix in gestures for one in ix.messages]
        assert all(one.ephemeral for one in found)
        return [str(one.text) for one in found]


class SlackSide(_Chat):
    """A workspace."""

    name = "slack"

    def __init__(self, place: slack_place.Place) -> None:
        self.side = OnSlack(place)

    async def ask(self, line: str, *, private: bool) -> Message:
        if private:
            return await self.side.tell(line)
        gesture = await self.side.place.run(line)
        # The pictures of the preview before this one may come meanwhile.
        return (await gesture.wait_for(lambda one: _said(one.messages)))[-1]

    async def posts(self) -> int:
        return len(_said(self.side.posts))

    async def look(self, message: Message) -> Look:
        buttons = tuple(self.side.buttons(message))
        return Look(message.visible_text, buttons, message.ephemeral_to is not None)

    def key(self, message: Message) -> str:
        return _key(slack_place.button(message, "Confirm"))

    async def confirm(self, message: Message, times: int = 1) -> list[Any]:
        return list(await asyncio.gather(*(self.side.place.press(message, "Confirm") for _ in range(times))))

    async def link(self, message: Message) -> str:
        found = (one for _, one in elements(message) if one["type"] == "button")
        return str(next((one["url"] for one in found if one["text"]["text"] == OPEN), ""))

    async def direct(self) -> list[str]:
        return [str(one.visible_text) for one in self.side.place.ann.dms]

    async def told(self, gestures: list[Any]) -> list[str]:
        # A gesture of the double knows all that came after it.
        found = {one.ts: one for ix in gestures for one in ix.ephemerals}
        return [str(one.visible_text) for one in found.values()]


def _said(messages: Sequence[Message]) -> list[Message]:
    """Those that are no picture below another one."""
    return [one for one in messages if one.via != "files.completeUploadExternal"]


@asynccontextmanager
async def discord_side(directory: Path) -> AsyncIterator[KindSide]:
    """A bot on Discord alone; no rule of Discord may be broken."""
    async with discord_place.living(directory) as place:
        yield DiscordSide(place)


@asynccontextmanager
async def slack_side(directory: Path) -> AsyncIterator[KindSide]:
    """A bot on Slack alone, in Socket Mode; no rule of Slack may be broken."""
    async with slack_place.living(directory) as place:
        yield SlackSide(place)
