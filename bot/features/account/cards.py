"""Cards of the X accounts that act where none is named. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

import msgspec

from bot.cards.account import HEALTH
from bot.cards.figures import credits_, when
from bot.core.chat.cards import (
    Block,
    Bold,
    Button,
    Card,
    ChannelMention,
    Code,
    Field,
    Fields,
    Line,
    Link,
    Priority,
    Table,
    Text,
    Tone,
    line,
)
from bot.core.messages.message import Argument, Joined, JoinedBy, Message, msg, nmsg
from bot.core.x.default_accounts import DefaultAccount, Scope
from bot.xquik.models import XAccount


class DefaultStatus(msgspec.Struct, frozen=True):
    """A default and the connected account that it means now; None when that is connected no more."""

    default: DefaultAccount
    account: XAccount | None


class WhatStops(msgspec.Struct, frozen=True):
    """What hangs on a connected account in a place. defaults: those that name it; waiting: previews that
    would be done as it; running: what was confirmed as it and is under way. What does not stop: watched:
    whether its tweets are; hourly: credits that this costs an hour; routes: names of those that bring them.
    others: of all else how many monitors are on, what they cost an hour, and how many routes there are.
    """

    defaults: tuple[DefaultAccount, ...]
    waiting: int
    running: int
    watched: bool
    hourly: int
    routes: tuple[str, ...]
    others: tuple[int, int, int] = (0, 0, 0)


def disconnect_preview(account: XAccount, stops: WhatStops, question: str) -> Card:
    """What is disconnected, what stops by it here, and what goes on."""
    name = f"@{account.username}"
    everything = msg("Whatever is done as {name}, wherever this Xquik account is used", name=name)
    fields = [
        Field(msg("Account"), (Link(name, f"https://x.com/{account.username}"),)),
        Field(msg("State"), (HEALTH.get(account.health, account.health),)),
        Field(msg("What stops"), (everything,), short=False),
    ]
    if stops.defaults:
        fields.append(Field(msg("Default account"), (_default_of(stops.defaults),), short=False))
    if stops.waiting:
        previews = nmsg(
            "{n} that can then not be confirmed any more",
            "{n} that can then not be confirmed any more",
            n=stops.waiting,
        )
        fields.append(Field(msg("Open previews"), (previews,), short=False))
    if stops.running:
        running = nmsg("{n} that may fail now", "{n} that may fail now", n=stops.running)
        fields.append(Field(msg("Under way"), (running,), short=False))
    if stops.watched:
        costs = msg(
            "its tweets are still watched, for {credits} an hour; `monitor remove {name}` ends that",
            credits=credits_(stops.hourly),
            name=account.username,
        )
        fields.append(Field(msg("What goes on"), (costs,), short=False))
    if stops.routes:
        fields.append(
            Field(
                msg("Routes that go on"),
                (msg("{names}", names=Joined(stops.routes, JoinedBy.COMMA)),),
                short=False,
            )
        )
    monitors, hourly, routes = stops.others
    if monitors or routes:
        parts: list[Argument] = []
        if monitors:
            all_else = nmsg(
                "{n} other monitor, for {credits} an hour",
                "{n} other monitors, for {credits} an hour",
                n=monitors,
                credits=credits_(hourly),
            )
            parts.append(all_else)
        if routes:
            parts.append(nmsg("{n} other route", "{n} other routes", n=routes))
        fields.append(Field(msg("Goes on as well"), (msg("{what}", what=Joined(tuple(parts))),), short=False))
    back = msg("Only the Xquik dashboard can connect it again, with its login on X.")
    blocks = (Fields(tuple(fields), Priority.ESSENTIAL), Text(line(back), priority=Priority.ESSENTIAL))
    return Card(question, blocks, Tone.WARNING)


def _default_of(defaults: Sequence[DefaultAccount]) -> Message:
    """Where it is the default; of people how many, since whose is theirs."""
    people = sum(one.scope is Scope.PERSON for one in defaults)
    where: list[Argument] = [_where(one) for one in defaults if one.scope is not Scope.PERSON]
    if people:
        where.append(nmsg("of {n} person", "of {n} people", n=people))
    return msg("{where}; there it has to be chosen anew", where=Joined(tuple(where), JoinedBy.COMMA))


def connected_card(account: XAccount) -> Card:
    """One connected account, and how it is."""
    since = account.connected_at or account.created_at
    fields = (
        Field(msg("Account"), (Link(f"@{account.username}", f"https://x.com/{account.username}"),)),
        Field(msg("State"), (HEALTH.get(account.health, account.health),)),
        Field(msg("Connected"), when(since)),
        Field(msg("Last changed"), when(account.updated_at, relative=True)),
        *((Field(msg("Id on X"), (Code(account.x_user_id),)),) if account.x_user_id else ()),
    )
    tone = Tone.INFO if account.is_healthy else Tone.WARNING
    return Card(msg("Connected X account"), (Fields(fields),), tone)


def default_set_card(default: DefaultAccount, buttons: tuple[Button, ...] = ()) -> Card:
    """A default was set."""
    shown = msg("Every preview shows the account before anything is sent.")
    blocks = (Text(line(_used(default))), Text(line(_precedence(default.scope), " ", shown), subtle=True))
    return Card(msg("Default account set"), blocks, Tone.SUCCESS, buttons)


def _used(default: DefaultAccount) -> Message:
    name = Bold(f"@{default.username}")
    match default.scope:
        case Scope.PLACE:
            return msg("{name} is used in all channels when no account is named.", name=name)
        case Scope.CHANNEL:
            return msg(
                "{name} is used in {channel} when no account is named.",
                name=name,
                channel=ChannelMention(default.subject),
            )
        case Scope.PERSON:
            return msg("{name} is used for you when no account is named.", name=name)
        case _:
            assert_never(default.scope)


def _precedence(scope: Scope) -> Message:
    match scope:
        case Scope.PLACE:
            return msg("A channel can have its own: `account use NAME channel:#…`.")
        case Scope.CHANNEL:
            return msg("A person's own default takes precedence: `account mine NAME`.")
        case Scope.PERSON:
            return msg("It takes precedence over the defaults for channels.")
        case _:
            assert_never(scope)


def mine_card(own: DefaultStatus | None, buttons: tuple[Button, ...] = ()) -> Card:
    """One's own default."""
    title = msg("Your default account")
    if own is None:
        how = line(msg("You have no default of your own."), " ", msg("`account mine NAME` sets one."))
        return Card(title, (Text(how),), Tone.INFO)
    said = msg("{name} ({state}) is used when you name no account.", name=_name(own), state=_state(own))
    tone = Tone.INFO if own.account is not None and own.account.is_healthy else Tone.WARNING
    return Card(title, (Text(line(said)),), tone, buttons)


def said_card(title: str, said: str) -> Card:
    """Something was taken back."""
    return Card(title, (Text(line(said)),), Tone.SUCCESS)


def defaults_card(
    standings: Sequence[DefaultStatus], connected: Sequence[XAccount], acting: str, trouble: str
) -> Card:
    """Who acts here for the person who asks, and what is set. acting: a username, "" when it would be
    asked for; trouble: why, "" when nothing is amiss."""
    blocks: list[Block] = []
    if acting:
        said = msg("When you name no account here, {name} is used.", name=Bold(f"@{acting}"))
        blocks.append(Text(line(said)))
    elif trouble:
        blocks.append(Text(line(trouble)))
    elif not connected:
        said = msg("No X account is connected. Connect one in the Xquik dashboard.")
        blocks.append(Text(line(said)))
    if standings:
        rows: list[tuple[Line, ...]] = [
            ((_where(one.default),), (_name(one),), (_state(one),)) for one in standings
        ]
        blocks.append(Table((msg("Where"), msg("X account"), msg("State")), tuple(rows)))
    else:
        blocks.append(Text(line(msg("No default is set."), " ", msg("`account use NAME` sets one."))))
    order = msg(
        "An account you name comes first, then your default, the channel's, and the one for all channels."
    )
    blocks.append(Text(line(order), subtle=True))
    ill = any(one.account is None or not one.account.is_healthy for one in standings)
    return Card(msg("Default accounts"), tuple(blocks), Tone.WARNING if ill else Tone.INFO)


def _where(default: DefaultAccount) -> Message:
    match default.scope:
        case Scope.PLACE:
            return msg("in all channels")
        case Scope.CHANNEL:
            return msg("in {channel}", channel=ChannelMention(default.subject))
        case Scope.PERSON:
            return msg("for you")
        case _:
            assert_never(default.scope)


def _name(standing: DefaultStatus) -> Bold:
    account = standing.account
    return Bold(f"@{standing.default.username if account is None else account.username}")


def _state(standing: DefaultStatus) -> str:
    """A health that only Xquik knows is told in its word."""
    if standing.account is None:
        return msg("not connected any more")
    return HEALTH.get(standing.account.health, standing.account.health)
