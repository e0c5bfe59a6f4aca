"""Discord as a harness: the real discord.py against the Discord double."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr

from adapters.discord.check import findings
from adapters.discord.platform import DiscordConnection, DiscordPlatform
from adapters.discord.tree import command_tree
from bot.core.chat.ids import Destination, MessageRef, TenantId
from bot.core.findings import Finding
from bot.core.ports import Messenger
from bot.storage.engine.database import Database
from tests.adapters.discord.harness import DiscordHarness, made, running
from tests.contracts.contract_commands import catalogue
from tests.contracts.harnesses import PATIENCE, AdapterHarness, OpenForm, Post, Seen, Shown
from tests.contracts.running import RunningHarness, started
from tests.contracts.screen_discord import followed, notifies, read
from tests.doubles.discord import Channel, ChannelKind, DiscordServer, Interaction, Message, Permission
from tests.doubles.discord.interactions import Callback

MESSAGES = "/channels/*/messages"
_NO_PREVIEW = 1 << 2  # a message's flag


def shown(message: Message) -> Shown:
    """A message as its readers see it."""
    screen = read(message.components, content=message.content)
    previewed = frozenset() if message.flags & _NO_PREVIEW else frozenset(followed(message.content))
    return Shown(
        screen.text,
        screen.links,
        notifies(message.pings),
        screen.buttons,
        message.author.bot,
        message,
        previewed,
    )


@dataclass
class DiscordSeen:
    """One interaction."""

    harness: DiscordContractHarness
    ix: Interaction

    @property
    def acknowledged_in(self) -> float | None:
        return self.ix.first_response.after if self.ix.first_response else None

    async def form(self) -> OpenForm:
        modal = self.ix.modal
        first = self.ix.first_response
        assert modal is not None and first is not None, "no form was opened"
        before = () if first.type == Callback.MODAL else (f"answer {first.type}",)
        fields = [c["component"] for c in modal["components"] if c["type"] == 18]
        filled = {field["custom_id"]: str(field.get("value", "")) for field in fields}
        return OpenForm(modal["title"], filled, before, self.ix)

    async def told(self, words: str = "") -> Shown:
        def find() -> Message | None:
            own = [*self.ix.messages, *self.harness.server.dm(self.ix.user).messages]
            return next((m for m in own if not m.loading and words in shown(m).text), None)

        message = await self.harness.until(find, f"a private answer with {words!r}")
        assert message.ephemeral or message.channel.guild is None, "everybody sees that"
        return shown(message)


class DiscordContractHarness(RunningHarness):
    """See `harnesses.RunningHarness`."""

    name = "discord"

    def __init__(self, server: DiscordServer, database: Database) -> None:
        self.server = server
        super().__init__()
        self._database = database
        self._guild = server.add_guild(name="Acme")
        self._channel = self._guild.add_channel("general")
        self._ben = self._guild.add_member(name="ben")
        self._eve = self._guild.add_member(name="eve")
        self._guild.owner_id = self._eve.id
        self._news = self._guild.add_channel("news", kind=ChannelKind.ANNOUNCEMENT)
        self._forum = self._guild.add_channel("posts", kind=ChannelKind.FORUM, tags=("news", "media"))
        self._adult = self._guild.add_channel("adult", nsfw=True)
        self.person, self.other = str(self._ben.id), str(self._eve.id)
        roles = [self._guild.add_role(name) for name in ("writers", "desk")]
        self.groups = (str(roles[0].id), str(roles[1].id))
        self._tenant = TenantId("discord", str(self._guild.id))
        self.place = Destination(self._tenant, str(self._channel.id))
        self._house: DiscordHarness
        self._wrong = False

    @property
    def messenger(self) -> Messenger:
        return self._house.platform.messenger

    @property
    def window(self) -> float:
        return self._house.platform.messenger.idempotent_window

    @property
    def platform(self) -> DiscordPlatform:
        return self._house.platform

    def another(self, *, refused: bool = False) -> DiscordPlatform:
        token: dict[str, Any] = {"token": SecretStr("a.wrong.one")} if refused else {}
        self._wrong = self._wrong or refused
        return made(self.server, self._database, self._house.dispatcher, **token)

    async def check(self, *, refused: bool = False) -> Sequence[Finding]:
        unused = self.another(refused=refused)
        connection = DiscordConnection(unused.settings)
        try:
            return await findings(connection, command_tree(self._house.dispatcher.catalogue))
        finally:
            await connection.stop()

    async def check_cut_off(self) -> Sequence[Finding]:
        await self.server.stop()
        return await self.check()

    async def cut_off(self) -> DiscordPlatform:
        await self.server.stop()
        return self.another()

    async def command(self, path: str, **values: str | int) -> Seen:
        return DiscordSeen(self, await self.server.slash(self._guild, self._channel, self._ben, path, values))

    async def press(self, message: Shown, label: str) -> Seen:
        custom_id = message.handle.button(label)["custom_id"]
        return DiscordSeen(self, await self.server.press(message.handle, custom_id, self._ben))

    async def anew(self, message: Shown) -> Shown:
        return shown(message.handle)

    async def submit(self, form: OpenForm, values: Mapping[str, str]) -> Seen:
        return DiscordSeen(self, await self.server.submit_modal(form.handle, values))

    async def again(self, failure: Shown, form: OpenForm, given: Mapping[str, str]) -> OpenForm:
        return await (await self.press(failure, "Change it")).form()

    async def redeliver(self, seen: Seen) -> None:
        assert isinstance(seen, DiscordSeen)
        self.server.redeliver(seen.ix)

    def database(self) -> Database:
        return self._database

    async def start(self) -> None:
        self._house = await self._stack.enter_async_context(
            running(self.server, self._database, commands=lambda _: catalogue(self.stage))
        )

    async def channel(self, count: int = 0) -> list[Shown]:
        return [shown(message) for message in await self._channel.wait_for_messages(count)]

    async def inside(self, thread: str) -> list[Shown]:
        return [shown(m) for m in self._guild.channels[int(thread)].messages if m.content or m.components]

    def announcements(self) -> Destination:
        return self._at(self._news)

    def published(self) -> list[Shown]:
        return [shown(message) for message in self._news.messages if message.crossposted]

    def forum(self) -> Destination:
        return self._at(self._forum)

    def posts(self) -> list[Post]:
        return [
            Post(
                post.name,
                frozenset(self._forum.tags[tag] for tag in post.applied_tags),
                tuple(shown(message) for message in post.messages),
            )
            for post in self._forum.threads
        ]

    def sensitive(self) -> Destination:
        return self._at(self._adult)

    def _at(self, channel: Channel) -> Destination:
        return Destination(self._tenant, str(channel.id))

    async def direct(self, person: str) -> list[Shown]:
        member = self._ben if person == self.person else self._eve
        return [shown(message) for message in self.server.dm(member.user).messages]

    async def files(self) -> dict[str, bytes]:
        answers = [m for ix in self.server.interactions.values() for m in ix.messages]
        messages = [*self._channel.messages, *answers, *self.server.dm(self._ben.user).messages]
        return {file.filename: file.content for m in messages for file in m.attachments}

    async def close_channel(self) -> None:
        self._channel.deny(self._guild.bot, Permission.SEND_MESSAGES)

    async def delete(self, ref: MessageRef) -> None:
        message = self._channel.message(int(ref.message))
        assert message is not None
        self.server.remove_message(message)

    async def be_busy(self) -> None:
        self.server.fail_next("POST", MESSAGES, 429, retry_after=500.0)

    async def lose_answers(self) -> None:
        self.server.cut("POST", MESSAGES, performed=True, times=None)

    def nowhere(self) -> Destination:
        return Destination(self._tenant, "123456789012345678")

    def violations(self) -> list[Any]:
        # A wrong token breaks a rule, on purpose.
        return [] if self._wrong else list(self.server.violations)

    async def until(self, find: Callable[[], Message | None], what: str) -> Message:
        """What `find` finds, once it finds something."""
        await self.server.world.changes.wait_for(find, PATIENCE, what)
        found = find()
        assert found is not None
        return found


@asynccontextmanager
async def discord_rig(sqlite_url: str) -> AsyncIterator[AdapterHarness]:
    """The adapter, connected to a Discord of its own."""
    database = await Database.open(sqlite_url)
    try:
        async with DiscordServer() as server, started(DiscordContractHarness(server, database)) as harness:
            yield harness
    finally:
        await database.close()
