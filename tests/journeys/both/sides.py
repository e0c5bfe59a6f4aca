"""Discord and Slack in the same words, for journeys that are the same on both."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, TypeAlias

from bot.core.commands.grammar import HelpWanted, parse
from tests.doubles import discord as discord_double
from tests.doubles.slack import Message as SlackMessage
from tests.journeys.discord import place as discord_place
from tests.journeys.run.harness import Vendors
from tests.journeys.run.scene import CATALOGUE
from tests.journeys.slack import place as slack_place

Message: TypeAlias = Any
"""A message of the platform's double."""

SECONDS = 8.0


class Side(ABC):
    """A place on one platform, with somebody who manages it and a member. A message is the platform's own."""

    name: str
    place: Any

    @property
    def vendors(self) -> Vendors:
        """The networks around the bot."""
        vendors: Vendors = self.place.vendors
        return vendors

    @property
    def posts(self) -> Sequence[Message]:
        """What everybody sees in #alerts."""
        posts: Sequence[Message] = self.place.alerts.messages
        return posts

    async def wait_for_posts(self, count: int, seconds: float = 20.0) -> Sequence[Message]:
        """The same, once there are so many."""
        posts: Sequence[Message] = await self.place.alerts.wait_for_messages(count, seconds)
        return posts

    async def watch(self, account: str = "nasa") -> None:
        """Watch an account, with the Confirm that this asks for."""
        await self.place.watch(account)

    async def restart(self) -> None:
        """Another process takes over what the bot has stored."""
        await self.place.restart()

    @abstractmethod
    async def elsewhere(self, key: str) -> Side:
        """Another place with the same bot, and a customer of its own."""

    @abstractmethod
    async def tell(self, line: str) -> Message:
        """Give a command that is answered privately; the answer."""

    @abstractmethod
    async def post(self, line: str) -> Message:
        """Give a command that is answered in the channel; the answer."""

    @abstractmethod
    async def keep_members_out(self) -> None:
        """Members see nothing of the team's inside."""

    @abstractmethod
    async def press(self, message: Message, label: str) -> None:
        """Press a button."""

    @abstractmethod
    async def asked(self, message: Message, label: str, *, member: bool = False) -> str:
        """Press a button; what whoever pressed is answered alone."""

    @abstractmethod
    async def fill(self, message: Message, label: str, values: dict[str, str]) -> None:
        """Press a button and send the form that it opens."""

    @abstractmethod
    def text(self, message: Message) -> str:
        """What a message says."""

    @abstractmethod
    def buttons(self, message: Message) -> list[str]:
        """The labels of its buttons."""

    @abstractmethod
    def pings(self, message: Message) -> bool:
        """Whether it notifies anybody."""

    @property
    @abstractmethod
    def files(self) -> dict[str, bytes]:
        """The files that everybody sees in #alerts, by their names."""

    @abstractmethod
    async def told(self) -> str:
        """The first direct message to whoever manages the place."""

    @abstractmethod
    async def until(self, holds: Callable[[], bool], what: str) -> None:
        """Return once it holds; what: for people."""

    async def becomes(self, message: Message, words: str) -> None:
        """Return once a message says something."""
        await self.until(lambda: words in self.text(message), words)


class OnDiscord(Side):
    """A server."""

    name = "discord"

    def __init__(self, place: discord_place.Place) -> None:
        self.place = place

    async def elsewhere(self, key: str) -> Side:
        return OnDiscord(await self.place.elsewhere(key))

    async def tell(self, line: str) -> Message:
        return await (await self.place.run(*_typed(line))).wait_for_answer()

    async def post(self, line: str) -> Message:
        return await self.place.posted(*_typed(line))

    async def keep_members_out(self) -> None:
        """They see nothing of it from the beginning."""

    async def press(self, message: Message, label: str) -> None:
        await self.place.press(message, label)

    async def asked(self, message: Message, label: str, *, member: bool = False) -> str:
        pressed = await self.place.press(message, label, self.place.ben if member else self.place.ada)
        await pressed.wait_for(lambda ix: ix.text)
        assert all(one.ephemeral for one in pressed.messages)
        return str(pressed.text)

    async def fill(self, message: Message, label: str, values: dict[str, str]) -> None:
        opened = await self.place.press(message, label)
        assert opened.modal is not None, opened.text
        await self.place.server.submit_modal(opened, values)

    def text(self, message: Message) -> str:
        return str(message.text)

    def buttons(self, message: Message) -> list[str]:
        return [str(one.get("label")) for one in message.buttons()]

    def pings(self, message: Message) -> bool:
        return bool(message.pings != discord_double.NOBODY)

    @property
    def files(self) -> dict[str, bytes]:
        return {file.filename: file.content for message in self.posts for file in message.attachments}

    async def told(self) -> str:
        (first, *_) = await self.place.server.dm(self.place.ada.user).wait_for_messages(1)
        return str(first.text)

    async def until(self, holds: Callable[[], bool], what: str) -> None:
        await self.place.server.world.changes.wait_for(holds, SECONDS, what)


class OnSlack(Side):
    """A workspace."""

    name = "slack"

    def __init__(self, place: slack_place.Place) -> None:
        self.place = place

    async def elsewhere(self, key: str) -> Side:
        return OnSlack(await self.place.elsewhere(key))

    async def tell(self, line: str) -> Message:
        return await (await self.place.run(line)).wait_for_ephemeral()

    async def post(self, line: str) -> Message:
        return await self.place.posted(line)

    async def keep_members_out(self) -> None:
        await self.tell("policy revoke view to:members")

    async def press(self, message: Message, label: str) -> None:
        await self.place.press(message, label)

    async def asked(self, message: Message, label: str, *, member: bool = False) -> str:
        pressed = await self.place.press(message, label, self.place.bob if member else self.place.ann)
        return str((await pressed.wait_for_ephemeral()).visible_text)

    async def fill(self, message: Message, label: str, values: dict[str, str]) -> None:
        view = await (await self.place.press(message, label)).wait_for_view()
        await self.place.ws.submit_view(view, values)

    def text(self, message: Message) -> str:
        return str(message.visible_text)

    def buttons(self, message: Message) -> list[str]:
        found = (one for block in message.blocks for one in block.get("elements", ()))
        return [str(one["text"]["text"]) for one in found if one.get("type") == "button"]

    def pings(self, message: Message) -> bool:
        return bool(message.pings)

    @property
    def files(self) -> dict[str, bytes]:
        return {file.name: file.content for message in self.posts for file in message.files}

    async def told(self) -> str:
        def first() -> SlackMessage | None:
            return next(iter(self.place.ann.dms), None)

        message = await self.place.server.wait_for(first, 20.0)
        return str(message.visible_text)

    async def until(self, holds: Callable[[], bool], what: str) -> None:
        await self.place.server.changes.until(holds, SECONDS, what)


def _typed(line: str) -> tuple[str, dict[str, tuple[str, ...]]]:
    """A line as the command and the values that Discord sends."""
    parsed = parse(CATALOGUE, line)
    assert not isinstance(parsed, HelpWanted)
    return parsed.command.name, dict(parsed.values)


@asynccontextmanager
async def _on_discord(directory: Path) -> AsyncIterator[Side]:
    async with discord_place.living(directory) as place:
        yield OnDiscord(place)


@asynccontextmanager
async def _on_slack(directory: Path) -> AsyncIterator[Side]:
    # In HTTP mode, where further workspaces install the app.
    async with slack_place.living(directory, "http") as place:
        yield OnSlack(place)


SIDES: dict[str, Callable[[Path], AbstractAsyncContextManager[Side]]] = {
    "discord": _on_discord,
    "slack": _on_slack,
}
