"""Every example of every declared command, and what has to exist for it to work."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx

from bot.app.serving import Bot
from bot.core.chat.answers import Audience
from bot.core.chat.ids import Destination, TenantId
from bot.core.commands.declaring import Command
from bot.core.commands.grammar import HelpWanted, parse
from bot.core.commands.local_numbers import written
from bot.core.policy import PolicyRule
from bot.core.routes.events import MONITOR_TYPES
from bot.core.routes.route import Route
from bot.core.x.default_accounts import DefaultAccount, Scope
from bot.features.catalogue import catalogue
from bot.storage.places.local_numbers import Numbered
from bot.xquik.draw_requests import DrawRequest
from bot.xquik.draw_runs import DrawRuns
from bot.xquik.extraction_runs import ExtractionRuns
from bot.xquik.models import WriteAction
from bot.xquik.transport.caller import Caller
from bot.xquik.write_kinds import JSON, WriteName
from bot.xquik.writes import XquikWrites

CATALOGUE = catalogue(())
TWEET = "https://x.com/xquik/status/1893456789012345678"


@dataclass(frozen=True)
class Example:
    """One example of one command, as the declaration shows it."""

    command: Command[Any]
    text: str

    @property
    def public(self) -> bool:
        """Whether its answer stands in the channel."""
        return self.command.audience is Audience.CHANNEL


EXAMPLES = [Example(command, text) for command in CATALOGUE for text in command.examples]


def values(line: str) -> dict[str, tuple[str, ...]]:
    """The raw values by option of a line."""
    parsed = parse(CATALOGUE, line)
    assert not isinstance(parsed, HelpWanted)
    return parsed.values


async def set_scene(bot: Bot, tenant: TenantId, channel: str, line: str) -> str:
    """Make what a line speaks of exist; returns the line with the ids and numbers that it got."""
    words = line.split()
    if words[0] == "draw" and "#3" in words:
        return line.replace("#3", await _number(bot, tenant, Numbered.DRAW, await _draw(bot, tenant)))
    if words[0] == "draft" and "#3" in words:
        xquik = await bot.app.services.xquik.of(tenant)
        made = await xquik.drafts.create("Our launch is on Friday")
        return line.replace("#3", await _number(bot, tenant, Numbered.DRAFT, made.id))
    if words[0] == "extract" and "#3" in words:
        job = await _extraction(bot, tenant, over=words[1] in ("show", "export"))
        return line.replace("#3", await _number(bot, tenant, Numbered.EXTRACTION, job))
    if (words[0] == "monitor" and re.search(r"pause|resume|remove|edit", line)) or words[0] == "events":
        xquik = await bot.app.services.xquik.of(tenant)
        await xquik.monitors.create("nasa", MONITOR_TYPES)
    if words[:2] == ["monitor", "metrics"]:
        xquik = await bot.app.services.xquik.of(tenant)
        await xquik.post_monitors.create(words[2], ("post.likes.changed",))
    if words[0] == "style" and words[1] in ("show", "compare", "delete", "performance"):
        xquik = await bot.app.services.xquik.of(tenant)
        for name in ("nasa", "esa"):
            await xquik.styles.analyze(name)
    if (found := await _made_at_xquik(bot, line)) is not None:
        return found
    if words[:2] == ["policy", "reset"]:
        await bot.app.services.rules.put(tenant, PolicyRule("draw run", channel=channel))
    if words[0] == "relay" and "alerts-nasa" in words:
        await _route(bot, tenant, channel)
    if words[:2] == ["account", "forget"]:
        scope, subject = (Scope.CHANNEL, channel) if len(words) > 2 else (Scope.PLACE, "")
        await bot.app.services.accounts.defaults.put(tenant, DefaultAccount(scope, subject, "acme"))
    if words[0] == "account":
        xquik = await bot.app.services.xquik.of(tenant)
        (account, *_) = await xquik.x_accounts.list()
        return re.sub(r"acme\w*", account.username, line)
    if words[:2] == ["community", "delete"]:  # only who made one can delete it
        community = await _performed(bot, tenant, "create_community", name="Space watchers")
        return line.replace("1490000000000000001", community.community_id or "")
    if words[:2] == ["tweet", "delete"]:
        return f"tweet delete {await _own_tweet(bot, tenant)}"
    if words[:2] == ["tweet", "action"]:
        return f"tweet action {(await _posted(bot, tenant)).id}"
    if words[:2] == ["support", "file"]:
        said = [{"body": "Please look", "attachments": [{"filename": "shot.png"}]}]
        opened = await _control(bot, "tickets", subject="Help", messages=said)
        ticket = await (await bot.app.services.xquik.of(tenant)).support.show(str(opened["id"]))
        return f"support file {ticket.messages[0].attachments[0].public_id}"
    if words[:2] == ["tweet", "likers"]:  # X shows them to the author alone
        return f"tweet likers {await _own_tweet(bot, tenant)}"
    return line


async def _control(bot: Bot, endpoint: str, method: str = "POST", **body: Any) -> Any:
    """Steer the sandbox."""
    origin = bot.app.settings.xquik.base_url.partition("/api/")[0]
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.request(method, f"{origin}/_control/{endpoint}", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def _made_at_xquik(bot: Bot, line: str) -> str | None:
    """The line about something that only Xquik's own pages make; None where it needs no such thing."""
    if line.startswith("events show"):
        seen = await _control(bot, "emit", username="nasa", type="tweet.new")
        return line.replace("9001", str(seen["id"]))
    if line.startswith("credits status"):
        begun = await _control(bot, "topups", dollars=25)
        return line.replace("cs_live_a1B2c3", str(begun["session"]))
    if line.startswith(("support show", "support reply", "support close")):
        opened = await _control(bot, "tickets", subject="Help", messages=[{"body": "Please"}])
        return line.replace("tkt_a1b2c3d4e5f6a1b2c3d4e5f6", str(opened["id"]))
    return None


async def _own_tweet(bot: Bot, tenant: TenantId) -> str:
    """The id of a tweet of the connected account: no other can be deleted."""
    posted = (await _posted(bot, tenant)).tweet_id
    assert posted is not None
    return posted


async def _posted(bot: Bot, tenant: TenantId) -> WriteAction:
    """How the connected account wrote a tweet."""
    return await _performed(bot, tenant, "create_tweet", text="Soon gone")


async def _performed(bot: Bot, tenant: TenantId, write: WriteName, **payload: str) -> WriteAction:
    """What the connected account did on X."""
    xquik = await bot.app.services.xquik.of(tenant)
    (account,) = await xquik.x_accounts.list()
    writes = XquikWrites(bot.app.transport, await bot.app.keys.key(tenant))
    given: dict[str, JSON] = {"account": account.username, **payload}
    action = await writes.perform(write, given, f"scene-{uuid4().hex}")
    while not action.terminal:
        await asyncio.sleep(action.poll_after)
        action = await xquik.write_actions.show(action.id)
    return action


async def _draw(bot: Bot, tenant: TenantId) -> str:
    runs = DrawRuns(Caller(bot.app.transport, await bot.app.keys.key(tenant)))
    return (await runs.run(DrawRequest(tweet_url=TWEET, winner_count=2), f"scene-{uuid4().hex}")).draw.id


async def _extraction(bot: Bot, tenant: TenantId, *, over: bool) -> str:
    """The id of an extraction, which runs, or has ended."""
    runs = ExtractionRuns(Caller(bot.app.transport, await bot.app.keys.key(tenant)))
    request = {"toolType": "follower_explorer", "targetUsername": "cafe_luna", "resultsLimit": 12}
    job = (await runs.run(request, f"scene-{uuid4().hex}")).id
    xquik = await bot.app.services.xquik.of(tenant)
    while over and (await xquik.extractions.show(job, rows=1)).job.active:
        continue
    return job


async def _number(bot: Bot, tenant: TenantId, kind: Numbered, item: str) -> str:
    return written((await bot.app.services.numbers.give(tenant, kind, [item]))[item])


async def _route(bot: Bot, tenant: TenantId, channel: str) -> None:
    routes = bot.app.services.relay.routes
    if await routes.named(tenant, "alerts-nasa") is None:
        place = Destination(tenant, channel)
        route = Route(bot.app.services.new_id(), "alerts-nasa", place, accounts=("nasa",))
        await routes.add(route, bot.app.clock())


def outcome(bot: Bot, command: str) -> dict[str, float]:
    """How often a command ended in which way so far."""
    found: dict[str, float] = {}
    for metric in bot.app.figures.commands.collect():
        for sample in metric.samples:
            if sample.name.endswith("_total") and sample.labels["command"] == command:
                found[sample.labels["outcome"]] = sample.value
    return found


__all__ = ["CATALOGUE", "EXAMPLES", "TWEET", "Example", "outcome", "set_scene", "values"]
