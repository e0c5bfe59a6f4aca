"""The process is killed while every kind is under way: each is done once, and its message says so."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr
from sqlalchemy import update

from bot.cli.conversation import opened
from bot.core.chat.ids import TenantId
from bot.core.proposal_states import ProposalState
from bot.observability.known_secrets import KnownSecrets
from bot.settings import load
from bot.storage.migrate import create
from bot.storage.tables import proposals
from tests.conftest import PostgresServer
from tests.contracts.kinds.chats import DiscordSide, SlackSide
from tests.contracts.kinds.page import PageSide
from tests.contracts.kinds.printed import TerminalSide
from tests.contracts.kinds.sides import Control, KindSide
from tests.contracts.kinds.trials import ALL, LEAVING, Trial, Trials
from tests.journeys.crash.crash_run import CrashRun, staged
from tests.journeys.discord import place as discord_place
from tests.journeys.run import process
from tests.journeys.run.harness import Plan, free_port, until, vendors
from tests.journeys.run.process import Process
from tests.journeys.slack import place as slack_place

HELD = 900.0  # seconds for which Xquik answers no write: longer than any of this lasts
AT_ONCE = 0.001  # seconds
PATIENCE = 200.0  # seconds: thirty programs start at once for one of these
# Of what says itself how it ended.
OWN_TITLES = {
    "draw.run": "Draw result",
    "monitor.start": "Watching a search",
    "extraction.run": "Extraction #",
    "extraction.cancel": "was cancelled",
}
NOBODY: Any = None  # the bot runs in another process


async def _hold(control: Control) -> None:
    """Writes reach Xquik and are not answered. Estimates are none, though they are asked for by POST."""
    held = [{"method": method, "path": "*", "delay": HELD} for method in ("POST", "PATCH", "DELETE")]
    await control("faults", fault=[{"method": "POST", "path": "*/estimate", "delay": AT_ONCE}, *held])


async def _held(control: Control, count: int) -> None:
    """Until so many are held."""

    async def all_are() -> bool:
        listed = (await control("faults", "GET"))["faults"]
        return sum(int(one["matched"]) for one in listed if one["delay"] == HELD) >= count

    await until(all_are, PATIENCE, f"{count} writes under way")


async def _killed(
    sides: Sequence[KindSide],
    crash: Callable[[], Awaitable[None]],
    once_more: Callable[[], Awaitable[None]],
) -> None:
    """Everything is confirmed on these sides, whose sandbox is one; the process is killed, and another one
    brings every message to its end."""
    control = sides[0].control
    tried: list[dict[str, Trial]] = []
    trials = [Trials(side) for side in sides]
    first = tuple(name for name in ALL if name != LEAVING)
    for one in trials:
        tried.append(await one.asked(first))
    # Both sides have one account at Xquik, so what is in the way there is asked for when all else was.
    tried[0] |= await trials[0].asked((LEAVING,))
    await _hold(control)
    counted = await trials[0].counts()
    presses = [
        asyncio.create_task(side.confirm(trial.message))
        for side, kinds in zip(sides, tried, strict=True)
        for trial in kinds.values()
    ]
    await _held(control, len(presses))
    await crash()
    for press in presses:
        press.cancel()
    await asyncio.gather(*presses, return_exceptions=True)
    await once_more()
    for side, kinds in zip(sides, tried, strict=True):
        for trial in kinds.values():
            await _told(side, trial)
    after = await trials[0].counts()
    for name in ALL:
        assert after[name] - counted[name] == sum(name in kinds for kinds in tried), name


async def _told(side: KindSide, trial: Trial) -> None:
    """Whoever asked reads how it ended: in the message, or alone where only they were asked."""
    words = trial.kind.words({})
    done = OWN_TITLES.get(trial.kind.name, words.done)

    async def told() -> bool:
        look = await side.look(trial.message)
        if trial.kind.private and side.name != "playground":
            return any(done in one for one in await side.direct())
        return done in look.text and not ({"Confirm", "Cancel"} & set(look.buttons))

    await until(told, what=f"the end of {trial.kind.name} on {side.name}")


async def test_killed_on_discord_and_slack(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        running = await stage.start()
        await running.ready()
        await stage.vendors.discord.gateway.wait_connected(30)

        async def crash() -> None:
            await stage.kill()
            await stage.vendors.discord.gateway.wait_disconnected()

        async def once_more() -> None:
            await stage.vendors.control("faults", "DELETE")
            await stage.start()

        await _killed(_chats(stage), crash, once_more)


def _chats(stage: CrashRun) -> tuple[KindSide, KindSide]:
    alerts, general = stage.guild.channels.values()
    server = discord_place.Place(
        stage.vendors, stage.plan, NOBODY, stage.guild, alerts, general, stage.ada, stage.ada
    )
    return DiscordSide(server), SlackSide(slack_place.place_of(stage.vendors, stage.plan, NOBODY, stage.ws))


async def test_killed_in_the_playground(tmp_path: Path) -> None:
    port = free_port()
    address, data = f"http://127.0.0.1:{port}", tmp_path / "data"
    lives: list[Process] = []

    async def live() -> None:
        arguments = ("demo", "--port", str(port), "--data", str(data))
        lives.append(await process.start(*arguments, log=tmp_path / "demo.log", address=address))
        await lives[-1].ready()

    await live()
    try:
        async with httpx.AsyncClient(base_url=address, trust_env=False, timeout=60.0) as client:
            side = PageSide(client)
            async with AsyncExitStack() as page:

                async def load_page() -> None:
                    await side.open()
                    await page.enter_async_context(side.watching())

                async def once_more() -> None:
                    await live()
                    await load_page()

                await load_page()
                await _killed((side,), lives[-1].kill, once_more)
    finally:
        await lives[-1].kill()


# One of each way in which a kind is carried out: a keyed write, several of them, what is looked up before it
# is repeated, what Xquik works at for long, what costs as long as it runs, a change of the account, a page of
# Xquik's, and what is sealed.
SHAPES = (
    "tweet.create",
    "tweet.thread",
    "draw.run",
    "extraction.run",
    "monitor.start",
    "support.open",
    "credits.topup",
    "dm.send",
)


async def test_killed_in_a_terminal(tmp_path: Path) -> None:
    """`exec` is killed; who opens the database next carries on. Nobody waits at the terminal any more."""
    await _killed_typing(tmp_path, None, ALL)


async def test_killed_on_postgresql(tmp_path: Path, postgres: PostgresServer) -> None:
    """The same with transactions that run beside each other, and rows that two processes see."""
    assert set(SHAPES) <= set(ALL)
    made = postgres.create()
    try:
        await _killed_typing(tmp_path, made, SHAPES)
    finally:
        postgres.drop(made)


async def _killed_typing(tmp_path: Path, url: str | None, names: Sequence[str]) -> None:
    """url: of an empty database; None: a SQLite file."""
    async with vendors() as all_vendors, AsyncExitStack() as stack:
        plan = Plan(all_vendors, tmp_path, discord=False, slack=None)
        tenant = TenantId("slack", "T0001")
        config = plan.write({"storage": {"url": url}} if url else None)
        await create(url or f"sqlite:///{plan.database}")
        app = await opened(stack, load(config, environ={}), KnownSecrets())
        await app.services.tenants.ensure(tenant)
        await app.services.keys.put(tenant, SecretStr(all_vendors.sandbox.api_key))
        trials = Trials(TerminalSide(app, tmp_path, tenant))
        lines = await trials.lines(tuple(name for name in names if name != LEAVING))
        await _hold(all_vendors.control)
        where = ("exec", "--config", str(config), "--tenant", str(tenant), "--role", "admin", "--yes")
        typing: list[Process] = []

        async def typed(name: str, line: str) -> None:
            typing.append(await process.start(*where, line, log=tmp_path / f"{name}.log"))
            stack.push_async_callback(typing[-1].kill)

        store = app.services.proposals

        async def under_way() -> bool:
            # What is held too long is asked for again, so the requests that are held tell less than this.
            begun = [one for one in await store.unsettled() if one.state is ProposalState.DISPATCHING]
            return len(begun) == len(typing)

        for name, line in lines.items():
            await typed(name, line)
        await until(under_way, PATIENCE, "all but the last under way")
        last = await trials.lines(tuple(name for name in names if name == LEAVING))
        counted = await trials.counts()
        for name, line in last.items():
            await typed(name, line)
        await until(under_way, PATIENCE, "all under way")
        await asyncio.gather(*(one.kill() for one in typing))
        await all_vendors.control("faults", "DELETE")
        left = await store.unsettled()
        assert sorted(proposal.kind for proposal in left) == sorted(names)
        if url is not None:
            # Beside other machines a row is whoever's who held it last, for two minutes: they are over.
            over = update(proposals).values(poll_at=0.0)
            await app.database.write(lambda connection: connection.execute(over))
        await app.executor.recover()
        for proposal in left:
            await app.executor.outcome(tenant, proposal.id)
        ended = [await store.get(tenant, proposal.id) for proposal in left]
        assert {one.state for one in ended if one} == {ProposalState.DONE}
        after = await trials.counts()
        done = {name: after[name] - counted[name] for name in ALL}
        assert done == {name: int(name in names) for name in ALL}
