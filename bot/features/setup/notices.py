"""`setup notices`: where the bot tells that something of it needs somebody who manages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from bot.core.chat.answers import Reply
from bot.core.chat.cards import Card, ChannelMention, Text, Tone, line
from bot.core.chat.places import ChannelRef
from bot.core.commands.declaring import Option
from bot.core.commands.presets import SETTING, command
from bot.core.errors import UsageError
from bot.core.messages.message import msg
from bot.features.services import CommandCall
from bot.features.shared.channels import place_of
from bot.storage.places.contacts import ContactKind

_EXAMPLE = "setup notices channel:#alerts"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticesArgs:
    """Where notices go."""

    channel: Annotated[
        ChannelRef | None, Option("The channel for notices; shows the current one if left out", main=True)
    ] = None
    off: Annotated[bool, Option("Send notices to people directly again")] = False


async def notices(call: CommandCall, args: NoticesArgs) -> Reply:
    """Set the channel, or say where notices go."""
    contacts = call.services.contacts
    if args.channel is not None and args.off:
        raise UsageError(msg("Give a channel, or off."), option="off", example=_EXAMPLE)
    if args.channel is not None:
        place = await place_of(call, args.channel)
        await call.services.tenants.ensure(call.tenant)
        await contacts.put(call.tenant, ContactKind.CHANNEL, place.channel)
    elif args.off:
        await contacts.forget(call.tenant, ContactKind.CHANNEL)
    return Reply(
        _card((await contacts.of(call.tenant)).channel, changed=args.off or args.channel is not None)
    )


def _card(channel: str | None, *, changed: bool) -> Card:
    if channel is not None:
        said = msg(
            "When I cannot post in a channel, and when I can again, I say so in {channel}.",
            channel=ChannelMention(channel),
        )
        back = msg("To send them to people directly again: `setup notices off:yes`")
    else:
        said = msg(
            "When I cannot post in a channel, and when I can again, I say so directly to whoever made the "
            "routes, or else to whoever stored the key, installed the app, or owns the server or workspace."
        )
        back = msg("To send them to a channel: `setup notices channel:#alerts`")
    blocks = (Text(line(said)), Text(line(back), subtle=True))
    return Card(msg("Notices"), blocks, Tone.SUCCESS if changed else Tone.INFO)


NOTICES = command(
    "setup notices",
    notices,
    SETTING,
    "Show or set the channel for notices when messages do not get through",
    "setup notices",
    _EXAMPLE,
    looks=(),
)
