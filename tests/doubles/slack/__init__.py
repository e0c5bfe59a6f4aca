"""A stateful local Slack for tests: the real slack-bolt and slack-sdk talk to it, tests look at it.

It serves the Web API, OAuth, uploads, response_urls and Socket Mode on one loopback port, or posts
signed payloads to the bot's own address (HTTP mode). Every request is checked against Slack's published
rules; what breaks one is answered as Slack would and noted in ``server.violations``::

    async with SlackServer() as server:
        ws = server.add_workspace("T0001")
        alerts, ann = ws.add_channel("C0001", "alerts"), ws.add_user("U1", "ann", admin=True)
        app = AsyncApp(client=AsyncWebClient(token=ws.bot_token, base_url=server.api_url))
        handler = AsyncSocketModeHandler(app, ws.app_token)
        await handler.connect_async()
        await server.wait_connected()

        ix = await ws.slash(ann, alerts, "/xquik", "draw run tweet:1")   # returns once acknowledged
        assert ix.acked_in < 3 and ix.ephemerals[0].text == "…"
        card = await ix.wait_for_message()                               # event-driven, no sleeping
        ix = await ws.press(card, "x1:confirm:k", ann)
        view = await ix.wait_for_view()
        await ws.submit_view(view, {"block/action": "value"})
        assert card.pings == [] and server.violations == []

HTTP mode: set ``server.events_url`` (and ``server.events_app``, an ASGI app, to do without a network).

Gestures (``ws.…``): slash, press, submit_view, close_view, shortcut, message_shortcut, suggest, event, say.
``Interaction``: ack, acks, acked_in, options, response_posts, ephemerals, messages, views, wait_for….
State: ``ws.channels, users, views, files, ephemerals``; ``channel.messages, history, replies``;
``user.views`` (the stack of open modals), ``home``, ``dms``; ``message.edits, deleted, pings, notified,
links, previewed, emphasis, visible_text, action_ids``; ``channel.standing`` (with tombstones).
Workspace levers: grant_scopes, withdraw_scopes, revoke_tokens, deactivate; ``channel.archive, kick_bot``.
Server levers: fail_next, channel_rate, ack_limit, trigger_lifetime, enforce_retry_after,
dedupe_client_msg_id, clock.
Delivery: redeliver, resend_unacked, ask_to_reconnect, cut_sockets, verify_url; sign and post (forgeries).
OAuth: authorize → ``Authorization`` (query, cookie_header) for the bot's redirect address.
Record: violations, refusals (every ``ok: false``), requests, calls(method).

``violations`` and ``refusals`` differ: an archived channel, a revoked token or a rate limit is a state
that no sender can know beforehand, and is only a refusal; what no correct program sends is both. Rules
that Slack does not answer for have names of their own: ``no_text_fallback``, ``not_acknowledged``,
``ack_too_late``, ``payload_not_accepted``, ``invalid_ack``, ``unknown_thread``, ``thread_ts_of_a_reply``,
``upload_length_mismatch``, ``bad_challenge``, ``no_scopes``, ``no_state``.
"""

from __future__ import annotations

from .api import ApiRequest
from .blockkit import check_blocks, check_view
from .errors import Refusal, Violation
from .faults import Fault
from .gestures import NotSubmittable
from .interaction import Ack, Interaction
from .model import Channel, File, Message, User, UserGroup, View
from .oauth import Authorization
from .server import SlackServer
from .workspace import DEFAULT_SCOPES, Enterprise, Grant, Workspace

__all__ = [
    "DEFAULT_SCOPES",
    "Ack",
    "ApiRequest",
    "Authorization",
    "Channel",
    "Enterprise",
    "Fault",
    "File",
    "Grant",
    "Interaction",
    "Message",
    "NotSubmittable",
    "Refusal",
    "SlackServer",
    "User",
    "UserGroup",
    "View",
    "Violation",
    "Workspace",
    "check_blocks",
    "check_view",
]
