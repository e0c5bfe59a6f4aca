"""People who click in Discord all the while, in a server of every shard."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.doubles.discord import Channel, DiscordServer, Guild, Interaction, Member
from tests.doubles.discord.interactions import FIRST_ANSWER_SECONDS

_PAUSE = 0.25
# Discord's ids have a shard's number above these bits.
_SHARD_BITS = 22


@dataclass(frozen=True, slots=True)
class Corner:
    """A channel, and who types and presses there."""

    guild: Guild
    channel: Channel
    who: Member


@dataclass
class Clicks:
    """asked, answered: how many. slowest: seconds. unanswered: what got no answer in time. expected: why that
    is no wonder, when it is: the process of its shard was killed; asked when a click goes unanswered."""

    server: DiscordServer
    corners: list[Corner]
    expected: Callable[[], bool]
    answered: int = 0
    slowest: float = 0.0
    excused: int = 0
    unanswered: list[str] = field(default_factory=list)

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for corner in self.corners:
                tasks.create_task(self._person(corner))

    async def _person(self, at: Corner) -> None:
        """Asks for help, and presses what the answer offers."""
        while True:
            asked = await self.server.slash(at.guild, at.channel, at.who, "help", wait=False)
            if await self._acknowledged(asked):
                for label, custom_id in _buttons(asked):
                    pressed = await self.server.press(asked, custom_id, at.who, wait=False)
                    await self._acknowledged(pressed, label)
                    break
            await asyncio.sleep(_PAUSE)

    async def _acknowledged(self, asked: Interaction, what: str = "help") -> bool:
        excused = self.expected()
        try:
            await asked.wait_for_response(FIRST_ANSWER_SECONDS)
        except TimeoutError:
            if excused or self.expected():
                self.excused += 1
            else:
                self.unanswered.append(what)
            return False
        assert asked.first_response is not None
        self.answered += 1
        self.slowest = max(self.slowest, asked.first_response.after)
        return True

    @property
    def line(self) -> str:
        """What came of them."""
        return (
            f"clicks: {self.answered:,} acknowledged, the slowest after {self.slowest:.2f} s; "
            f"without an answer {self.excused} in trouble and {len(self.unanswered)} at other times"
        )


def corners(server: DiscordServer, shards: int) -> list[Corner]:
    """A server for every shard."""
    first = server.world.next_id() >> _SHARD_BITS
    made = []
    for number in range(shards):
        guild = server.add_guild(id=(first + number) << _SHARD_BITS, name=f"Corner {number}")
        made.append(
            Corner(guild, guild.add_channel("talk"), guild.add_member(name=f"ben{number}", admin=True))
        )
    return made


def _buttons(asked: Interaction) -> list[tuple[str, str]]:
    if asked.original is None or asked.original.deleted:
        return []
    found: list[dict[str, Any]] = [b for b in asked.original.buttons() if b.get("custom_id")]
    return [(str(b.get("label")), str(b["custom_id"])) for b in found if not b.get("disabled")]
