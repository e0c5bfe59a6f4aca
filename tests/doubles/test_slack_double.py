"""The local Slack, driven by the real slack-bolt in both of its modes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.routing import Route

from tests.doubles.slack import Channel, SlackServer, User, Workspace

EVENTS = "http://bot.test/slack/events"


@dataclass(slots=True)
class Office:
    """A server with one workspace, one channel and one person."""

    server: SlackServer
    ws: Workspace
    channel: Channel
    ann: User

    @property
    def client(self) -> AsyncWebClient:
        return AsyncWebClient(token=self.ws.bot_token, base_url=self.server.api_url)

    def rules_broken(self) -> list[str]:
        return [violation.rule for violation in self.server.violations]


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    async with SlackServer() as server:
        ws = server.add_workspace("T0001")
        yield Office(
            server, ws, ws.add_channel("C0001", "alerts"), ws.add_user("U1", "ann", locale="de-DE")
        )


MODAL = {
    "type": "modal",
    "callback_id": "form",
    "title": {"type": "plain_text", "text": "A form"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "what",
            "label": {"type": "plain_text", "text": "What"},
            "element": {"type": "plain_text_input", "action_id": "text"},
        }
    ],
}
CARD = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "A card"}},
    {
        "type": "actions",
        "elements": [
            {
                "type": "button",
                "action_id": "x1:open:k",
                "text": {"type": "plain_text", "text": "Open"},
                "value": "42",
            }
        ],
    },
]


def make_app(office: Office) -> AsyncApp:
    """A bot with a command that posts, a button that opens a form, and a form that answers."""
    app = AsyncApp(
        client=office.client,
        signing_secret=office.server.signing_secret,
        raise_error_for_unhandled_request=False,
    )
    seen: list[Any] = []

    @app.command("/xquik")
    async def command(ack: Any, command: dict[str, Any], client: AsyncWebClient, respond: Any) -> None:
        await ack(f"working on {command['text']}")
        await client.chat_postMessage(channel=command["channel_id"], text="A card", blocks=CARD)

    @app.action("x1:open:k")
    async def pressed(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @app.view("form")
    async def submitted(
        ack: Any, view: dict[str, Any], body: dict[str, Any], client: AsyncWebClient
    ) -> None:
        text = view["state"]["values"]["what"]["text"]["value"]
        if text == "bad":
            await ack(response_action="errors", errors={"what": "not that"})
            return
        await ack()
        await client.chat_postEphemeral(channel="C0001", user=body["user"]["id"], text=f"got {text}")

    @app.event("app_home_opened")
    async def home(event: dict[str, Any]) -> None:
        seen.append(event["user"])

    app.seen = seen  # type: ignore[attr-defined]  # a probe of this test
    return app


@pytest.fixture(params=["socket", "http"])
async def bot(request: pytest.FixtureRequest, office: Office) -> AsyncIterator[AsyncApp]:
    app = make_app(office)
    if request.param == "socket":
        handler = AsyncSocketModeHandler(app, office.ws.app_token, ping_interval=1)
        await handler.connect_async()
        await office.server.wait_connected()
        yield app
        await handler.close_async()
    else:
        adapter = AsyncSlackRequestHandler(app)
        office.server.events_url = EVENTS
        office.server.events_app = Starlette(
            routes=[Route("/slack/events", adapter.handle, methods=["POST"])]
        )
        yield app


async def test_a_command_is_acknowledged_and_posts_a_card(office: Office, bot: AsyncApp) -> None:
    ix = await office.ws.slash(office.ann, office.channel, "/xquik", "draw run")
    card = await ix.wait_for_message()
    assert (ix.acked_in or 9) < 3
    assert [m.text for m in ix.ephemerals] == ["working on draw run"]
    assert office.channel.messages == [card]
    assert card.visible_text == "A card\nOpen"
    assert office.server.violations == []


async def test_a_button_opens_a_form_and_the_form_answers(office: Office, bot: AsyncApp) -> None:
    await office.ws.slash(office.ann, office.channel, "/xquik", "x")
    (card,) = await office.channel.wait_for_messages(1)
    pressed = await office.ws.press(card, "x1:open:k", office.ann)
    view = await pressed.wait_for_view()
    assert office.ann.views == [view]

    await office.ws.submit_view(view, {"what/text": "bad"})
    assert view.errors == {"what": "not that"}
    assert view.open

    sent = await office.ws.submit_view(view, {"text": "good"})
    assert (await sent.wait_for_ephemeral()).text == "got good"
    assert office.ann.views == []
    assert office.server.violations == []
