"""`relay mute|unmute|mutes`: accounts that a channel does not want to see, whatever its routes say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from bot.core.chat.answers import Reply
from bot.core.chat.cards import (
    Card,
    ChannelMention,
    Line,
    Table,
    Text,
    Timestamp,
    Tone,
    UserMention,
    line,
)
from bot.core.chat.places import ChannelRef
from bot.core.commands.declaring import NoArgs, Option
from bot.core.commands.presets import INSIDE_LOCAL, SETTING, command
from bot.core.errors import NotFound, UsageError
from bot.core.messages.message import msg
from bot.core.x.references import Username
from bot.features.services import CommandCall, here


@dataclass(frozen=True, kw_only=True)
class MutingPlace:
    """Where."""

    channel: Annotated[ChannelRef | None, Option("The channel; this one if left out")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MuteArgs(MutingPlace):
    """Whom, and where."""

    account: Annotated[Username, Option("The X account", main=True, suggest="watched")]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmuteArgs(MutingPlace):
    """Whom, and where."""

    account: Annotated[Username, Option("The X account", main=True, suggest="muted")]


async def mute(call: CommandCall, args: MuteArgs) -> Reply:
    """Show nothing of an account in a channel any more."""
    channel = await _channel(call, args)
    name = str(args.account)
    actor = call.invocation.actor.id
    new = await call.services.relay.mutes.mute(call.tenant, channel, name, actor, call.services.clock())
    title = (
        msg("@{account} is muted", account=name) if new else msg("@{account} is already muted", account=name)
    )
    said = msg(
        "Nothing from this account is posted in {channel}, whatever the routes say.",
        channel=ChannelMention(channel),
    )
    undo = (
        msg("To undo it: `relay unmute {account}`", account=name)
        if channel == here(call).channel
        else msg("To undo it: `relay unmute {account} channel:{channel}`", account=name, channel=channel)
    )
    return Reply(Card(title, (Text(line(said)), Text(line(undo), subtle=True)), Tone.SUCCESS))


async def unmute(call: CommandCall, args: UnmuteArgs) -> Reply:
    """Show an account in a channel again."""
    channel = await _channel(call, args)
    name = str(args.account)
    if not await call.services.relay.mutes.unmute(call.tenant, channel, name):
        raise NotFound(
            msg("@{account} is not muted there.", account=name),
            remedy=msg("`relay mutes` shows the muted accounts."),
        )
    said = msg("It is shown in {channel} again, from the next event on.", channel=ChannelMention(channel))
    title = msg("@{account} is not muted any more", account=name)
    return Reply(Card(title, (Text(line(said)),), Tone.SUCCESS))


async def mutes(call: CommandCall, _args: NoArgs) -> Reply:
    """Every muted account."""
    found = await call.services.relay.mutes.of_tenant(call.tenant)
    if not found:
        nobody = line(msg("No account is muted."), " ", msg("`relay mute nasa` mutes @nasa in this channel."))
        return Reply(Card(msg("Muted accounts"), (Text(nobody),), Tone.INFO))
    rows: tuple[tuple[Line, ...], ...] = tuple(
        (
            (f"@{one.account}",),
            (ChannelMention(one.channel),),
            (UserMention(one.by),),
            (Timestamp(one.at, relative=True),),
        )
        for one in found
    )
    columns = (msg("Account"), msg("Channel"), msg("By"), msg("Since"))
    return Reply(Card(msg("Muted accounts"), (Table(columns, rows),), Tone.INFO))


async def _channel(call: CommandCall, args: MuteArgs | UnmuteArgs) -> str:
    if args.channel is not None:
        found = await call.services.platform(call.tenant).channels.channel(call.tenant, args.channel)
        if found is None:
            wanted = args.channel.name or args.channel.id
            raise NotFound(
                msg("I cannot see a channel {channel} here.", channel=repr(wanted)),
                remedy=msg("Check the name. `relay mutes` shows the channels that muted somebody."),
            )
        return found.id
    channel = here(call).channel
    if not channel:
        raise UsageError(
            msg("Say in which channel."), option="channel", example="relay mute nasa channel:#alerts"
        )
    return channel


MUTING = (
    command(
        "relay mute",
        mute,
        SETTING,
        "Mute an X account in a channel",
        "relay mute nasa",
    ),
    command(
        "relay unmute",
        unmute,
        SETTING,
        "Unmute an X account in a channel",
        "relay unmute nasa",
    ),
    command(
        "relay mutes",
        mutes,
        INSIDE_LOCAL,
        "List the muted accounts, and where they are muted",
        "relay mutes",
    ),
)
