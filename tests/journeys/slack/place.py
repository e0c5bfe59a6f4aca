"""A Slack workspace with people, and the bot in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.app.serving import Bot
from bot.core.chat.ids import TenantId
from tests.doubles.slack import Channel, Interaction, Message, SlackServer, User, Workspace
from tests.journeys.run.harness import Plan, Vendors, give_key, start, vendors


@dataclass
class Place:
    """A workspace with #alerts and #general, ann who manages it and bob who is a member."""

    vendors: Vendors
    plan: Plan
    bot: Bot
    ws: Workspace
    alerts: Channel
    general: Channel
    ann: User
    bob: User

    @property
    def server(self) -> SlackServer:
        """Slack."""
        return self.vendors.slack

    @property
    def tenant(self) -> TenantId:
        """The workspace, for the bot."""
        return TenantId("slack", self.ws.id)

    async def run(self, line: str, who: User | None = None, where: Channel | None = None) -> Interaction:
        """Type `/xquik line`."""
        return await self.ws.slash(who or self.ann, where or self.alerts, "/xquik", line)

    async def press(self, message: Message, label: str, who: User | None = None) -> Interaction:
        """Press the button with that label."""
        return await self.ws.press(message, button(message, label), who or self.ann)

    async def watch(self, account: str = "nasa") -> None:
        """Watch an account: the preview that only ann sees, and her Confirm."""
        preview = await (await self.run(f"monitor add {account}")).wait_for_ephemeral()
        assert f"watching @{account}" in (await self.decide(preview, "Confirm")).lower()

    async def decide(self, preview: Message, label: str) -> str:
        """Press a button of a private preview; what stands in its place then."""
        before = preview.visible_text
        pressed = await self.press(preview, label)
        await pressed.wait_for(lambda _: preview.visible_text != before)
        return preview.visible_text

    async def posted(self, line: str, who: User | None = None, where: Channel | None = None) -> Message:
        """Run a command that answers in the channel; the message."""
        ix = await self.run(line, who, where)
        return await ix.wait_for_message()

    async def restart(self) -> None:
        """Stop the bot, and start another one on what the first has stored."""
        await self.bot.stop()
        self.bot = await start(self.plan.write())
        if self.plan.slack == "socket":
            await self.server.wait_connected()

    async def elsewhere(self, key: str | None) -> Place:
        """Another workspace that installs the same bot (HTTP mode), another customer of Xquik."""
        team = f"T{len(self.server.workspaces) + 1:04}"
        ws = furnish(self.server, team, installed=False)
        made = place_of(self.vendors, self.plan, self.bot, ws)
        await install(made)
        if key is not None:
            await give_key(self.bot, made.tenant, key)
        return made


def button(message: Message, label: str) -> str:
    """The action of the button with that label."""
    for block in message.blocks:
        for element in (*block.get("elements", []), block.get("accessory") or {}):
            if element.get("type") == "button" and element["text"]["text"] == label:
                return str(element["action_id"])
    raise LookupError(f"no button {label!r} in {message.visible_text!r}")


def furnish(server: SlackServer, team: str = "T0001", *, installed: bool = True) -> Workspace:
    """A workspace with its channels and people."""
    ws = server.add_workspace(team, f"Acme {team}", installed=installed)
    number = team.removeprefix("T")
    ws.add_channel(f"C{number}A", "alerts")
    ws.add_channel(f"C{number}G", "general")
    ws.add_user(f"U{number}ANN", "ann", admin=True, owner=True)
    ws.add_user(f"U{number}BOB", "bob")
    return ws


def place_of(all_vendors: Vendors, plan: Plan, bot: Bot, ws: Workspace) -> Place:
    """The people and channels of a furnished workspace."""
    alerts, general = ws.channels.values()
    ann, bob = (user for user in ws.users.values() if not user.is_bot)
    return Place(all_vendors, plan, bot, ws, alerts, general, ann, bob)


async def install(place: Place) -> None:
    """Install the app as a person does: the bot's page, Slack's consent, and back."""
    allowed = await place.server.authorize(f"{place.plan.address}/slack/install", place.ws, place.ann)
    back = f"{place.plan.address}/slack/oauth_redirect?{allowed.query_string}"
    page = await place.server.get(back, {"Cookie": allowed.cookie_header})
    assert page.status_code == 200, page.text


@asynccontextmanager
async def living(directory: Path, mode: str = "socket", *, key: bool = True) -> AsyncIterator[Place]:
    """The bot of a configuration with Slack alone, connected; no rule of Slack may be broken.

    mode: "socket", or "http" on a real port, where the workspace installs the app by OAuth.
    """
    async with vendors() as all_vendors:
        ws = furnish(all_vendors.slack, installed=mode == "socket")
        plan = Plan(all_vendors, directory, discord=False, slack=mode)
        bot = await start(plan.write())
        place = place_of(all_vendors, plan, bot, ws)
        try:
            if mode == "socket":
                await all_vendors.slack.wait_connected()
            else:
                all_vendors.slack.events_url = f"{plan.address}/slack/events"
                await install(place)
            if key:
                await give_key(bot, place.tenant, all_vendors.sandbox.api_key)
            yield place
        finally:
            await place.bot.stop()
        assert all_vendors.broken_rules == []
