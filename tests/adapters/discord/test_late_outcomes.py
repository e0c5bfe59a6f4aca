"""What one person alone confirmed and takes minutes: Discord lets its message be changed for 15, then a
direct message tells it, and the channel never does.

Discord, the adapter and the executor go by one clock that only the test moves.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from bot.core.access import Permission
from bot.core.chat import card_json
from bot.core.chat.answers import Answer, Audience, Proposal
from bot.core.chat.ids import TenantId
from bot.core.chat.invocation import Call
from bot.core.commands.declaring import Catalogue, Command, Effect, Group, NoArgs
from bot.core.proposal_states import ProposalState
from bot.proposals.awaiting import LATER
from bot.proposals.kinds import ProposalKinds
from bot.proposals.previews import write_preview
from bot.storage.engine.database import Database
from tests.adapters import around
from tests.adapters.around import GatedStates, Noted
from tests.adapters.discord.harness import made
from tests.conftest import ManualClock
from tests.doubles.discord import DiscordServer, Message
from tests.doubles.discord.interactions import TOKEN_SECONDS
from tests.doubles.discord.world import Member
from tests.journeys.run.harness import until
from tests.proposals.harness import KINDS, POST, ProposalsHarness

CONFIRMED = 1_700_000_000.0
PRIVATE = ProposalKinds(replace(kind, private=True) for kind in KINDS)


@dataclass
class Late:
    """Somebody's preview, which they alone see, confirmed and accepted by Xquik. key: of its proposal; ada:
    whose it is."""

    server: DiscordServer
    house: ProposalsHarness
    clock: ManualClock
    platform: Any
    tenant: TenantId
    person: str
    message: Message
    key: str
    ada: Member

    async def look(self) -> None:
        """What a bot does every few seconds."""
        await self.house.executor.clicks.look()
        for _ in range(20):
            await asyncio.sleep(0)

    async def end(self) -> None:
        """Xquik is done, and is asked."""
        await self.house.executor.sweep()
        row = await self.house.store.get(self.tenant, self.key)
        assert row is not None and row.state is ProposalState.DONE

    async def waiting(self) -> list[Any]:
        """What the outbox has for the person."""
        return [*await self.house._deliveries("tell")]

    async def nothing_waits(self) -> bool:
        """Whether nothing tells it any more."""
        return not await self.waiting()

    async def delivered(self) -> list[str]:
        """What the person reads once the outbox has delivered what is due."""
        for row in await self.waiting():
            if row.not_before <= self.clock.now:
                card = card_json.decode(row.card)
                await self.platform.messenger.tell(self.tenant, self.person, card, row.key)
        member = next(one for one in self.server.world.users.values() if str(one.id) == self.person)
        return [str(one.text) for one in self.server.dm(member).messages]


@asynccontextmanager
async def previewed(store: Database, directory: Path) -> AsyncIterator[Late]:
    """Somebody has a preview that they alone see."""
    clock = ManualClock(CONFIRMED)
    async with DiscordServer(clock=clock) as server:
        guild = server.add_guild(name="Acme")
        ada = guild.add_member(name="ada", admin=True)
        channel = guild.add_channel("alerts")
        house = ProposalsHarness(store, clock, directory, kinds=PRIVATE)

        async def propose(_call: Call[Any], _args: Any) -> Answer:
            kind = PRIVATE["tweet.create"]
            return Proposal(kind.name, POST, write_preview(kind, POST, None), credits=30)

        words, needs = ("thing", "post"), Permission.USE
        post = Command(
            words, "Post", NoArgs, propose, Effect.PUBLISH, needs, Audience.PRIVATE, ("thing post",)
        )
        catalogue = Catalogue(
            groups=(Group("thing", "Things", (post,)),), actions=house.actions.actions(), suggestions={}
        )
        states = GatedStates(store, time.time, os.urandom)
        dispatcher = around.dispatcher(store, catalogue, states, Noted(), proposals=house.pending)
        platform = made(server, store, dispatcher, monotonic=clock)
        await platform.start()
        try:
            await server.gateway.wait_connected()
            shown = await server.slash(guild, channel, ada, "thing post")
            message = await shown.wait_for_answer()
            button = message.button("Confirm")["custom_id"]
            tenant, key = TenantId("discord", str(guild.id)), str(button).rpartition(":")[2]
            await until(lambda: key in house.executor.clicks.previews._shown)
            yield Late(server, house, clock, platform, tenant, str(ada.id), message, key, ada)
            assert channel.messages == [], "the channel learns nothing"
            assert server.violations == []
        finally:
            await platform.stop()


@asynccontextmanager
async def confirmed(store: Database, directory: Path) -> AsyncIterator[Late]:
    """They pressed Confirm below it."""
    async with previewed(store, directory) as late:
        late.house.vendor.plan.append("accept")
        button = late.message.button("Confirm")["custom_id"]
        pressed = await late.server.press(late.message, button, late.ada)
        await pressed.wait_for_answer()
        assert late.message.ephemeral and "Posting" in late.message.text
        waiting = late.house.executor.clicks._waiting
        await until(lambda: late.key in waiting and waiting[late.key].until >= CONFIRMED + LATER)
        yield late


@pytest.mark.parametrize("after", [60.0, LATER - 1.0])
async def test_an_outcome_of_the_first_thirteen_minutes_stands_in_the_message(
    store: Database, tmp_path: Path, after: float
) -> None:
    async with confirmed(store, tmp_path) as late:
        late.clock.advance(after)
        await late.look()
        await late.end()
        await late.server.world.changes.wait_for(
            lambda: "Posted on X" in late.message.text, 5.0, "the edited message"
        )
        await until(late.nothing_waits, what="its withdrawal from the outbox")
        assert await late.delivered() == []


@pytest.mark.parametrize("after", [LATER, TOKEN_SECONDS - 5.0, TOKEN_SECONDS + 60.0])
async def test_a_later_one_is_told_directly_and_nothing_is_asked_of_an_old_token(
    store: Database, tmp_path: Path, after: float
) -> None:
    async with confirmed(store, tmp_path) as late:
        asked = len(late.server.requests)
        late.clock.advance(after)
        await late.look()
        await late.end()
        (told,) = await late.delivered()
        assert "Posted on X" in told
        assert "Posting" in late.message.text, "as it was left"
        late_requests = late.server.requests[asked:]
        assert not [one for one in late_requests if "/webhooks/" in one.path]


async def test_an_edit_that_comes_too_late_leaves_it_to_the_direct_message(
    store: Database, tmp_path: Path
) -> None:
    """The machine slept between the end of it and the edit of the message."""
    async with confirmed(store, tmp_path) as late:
        held = asyncio.Event()
        hold = late.house.store.outcomes.hold

        async def slow(tenant: TenantId, proposal: str, until: float) -> frozenset[str]:
            found = await hold(tenant, proposal, until)
            await held.wait()
            return found

        late.house.store.outcomes.hold = slow  # type: ignore[method-assign]  # one that takes its time
        late.clock.advance(60.0)
        await late.end()
        late.clock.advance(TOKEN_SECONDS)
        held.set()
        await late.look()
        (told,) = await late.delivered()
        assert "Posted on X" in told and "Posting" in late.message.text
