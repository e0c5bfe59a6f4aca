"""A stateful Discord for tests, which the real discord.py talks to over loopback HTTP and a websocket.

    async with DiscordServer() as server:
        guild = server.add_guild(name="Acme")
        channel = guild.add_channel("alerts")
        ada = guild.add_member(name="ada", admin=True)
        ...start the bot with server.token, server.api_url and server.gateway_url...
        await server.gateway.wait_connected()
        ix = await server.slash(guild, channel, ada, "draw run", {"tweet": "…", "winners": 3})
        message = await ix.wait_for_answer()
        await server.press(message, message.button("Confirm")["custom_id"], ada)
        assert channel.messages[0].pings == NOBODY
        assert server.violations == []

Where things are:
    server        `DiscordServer`: arrange guilds and users, order faults, look at what came of it
    world         `Guild`, `Channel`, `Member`, `Role`, `User`; a change here reaches the bot
    messages      `Message`, `Attachment`; `mentions.Pings` tells whom a message notifies
    people        the server's `slash`, `autocomplete`, `press`, `submit_modal`,
                  `message_command`, `user_command`, `redeliver`
    interactions  `Interaction`: first answer, modal, choices, original, follow-ups
    gateway       `server.gateway`: `wait_connected`, `drop`, `ask_to_reconnect`, `forget_sessions`
    faults        the server's `fail_next`, `delay`, `cut`, `hold`, `limit`
    rules_*       the published limits; `specification` adds what the published document says

Every request is checked. A broken rule is answered as Discord would and recorded in
`server.violations`; a refusal that follows from the state which a test arranged (10003 deleted
channel, 50001, 50013, 50007 …) is answered and appears in `server.requests` with its `code`, but
is no violation: a correct bot has to live with it.

Nothing sleeps: waiting is for a condition, with a timeout in seconds. Ids are real snowflakes.
Voice, polls, reactions, pins and moderation are not offered; a request for those is answered with
501 and is a violation that names the operation.
"""

from tests.doubles.discord.api import Request, Violation
from tests.doubles.discord.faults import Gate
from tests.doubles.discord.interactions import Callback, Interaction
from tests.doubles.discord.mentions import NOBODY, Pings
from tests.doubles.discord.messages import Attachment, Message
from tests.doubles.discord.options import NotOffered
from tests.doubles.discord.permissions import Permission
from tests.doubles.discord.redirect import redirected
from tests.doubles.discord.server import DiscordServer
from tests.doubles.discord.world import Channel, ChannelKind, Guild, Member, Role, User

__all__ = [
    "NOBODY",
    "Attachment",
    "Callback",
    "Channel",
    "ChannelKind",
    "DiscordServer",
    "Gate",
    "Guild",
    "Interaction",
    "Member",
    "Message",
    "NotOffered",
    "Permission",
    "Pings",
    "Request",
    "Role",
    "User",
    "Violation",
    "redirected",
]
