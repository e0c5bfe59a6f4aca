"""Cards of the X accounts that act where none is named. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from bot.cards.account import HEALTH
from bot.core.chat.cards import (
    Block,
    Bold,
    Button,
    Card,
    ChannelMention,
    Code,
    Inline,
    Line,
    Table,
    Text,
    Tone,
    line,
)
from bot.core.x.default_accounts import DefaultAccount, Scope
from bot.xquik.models import XAccount


@dataclass(frozen=True, slots=True)
class DefaultStatus:
    """A default and the connected account that it means now; None when that is connected no more."""

    default: DefaultAccount
    account: XAccount | None


def default_set_card(default: DefaultAccount, buttons: tuple[Button, ...] = ()) -> Card:
    """A default was set."""
    said = line(Bold(f"@{default.username}"), " is used ", *_where(default), " when no account is named.")
    match default.scope:
        case Scope.PLACE:
            note = line("A channel can have its own: ", Code("account use NAME channel:#…"), ".")
        case Scope.CHANNEL:
            note = line("A person's own default takes precedence: ", Code("account mine NAME"), ".")
        case Scope.PERSON:
            note = line("It takes precedence over the defaults for channels.")
        case _:
            assert_never(default.scope)
    shown = line(" Every preview shows the account before anything is sent.")
    return Card(
        "Default account set", (Text(said), Text((*note, *shown), subtle=True)), Tone.SUCCESS, buttons
    )


def mine_card(own: DefaultStatus | None, buttons: tuple[Button, ...] = ()) -> Card:
    """One's own default."""
    if own is None:
        how = line("You have no default of your own. ", Code("account mine NAME"), " sets one.")
        return Card("Your default account", (Text(how),), Tone.INFO)
    name, state = _named(own)
    said = line(name, f" ({state}) is used when you name no account.")
    tone = Tone.INFO if own.account is not None and own.account.is_healthy else Tone.WARNING
    return Card("Your default account", (Text(said),), tone, buttons)


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
        blocks.append(Text(line("When you name no account here, ", Bold(f"@{acting}"), " is used.")))
    elif trouble:
        blocks.append(Text(line(trouble)))
    elif not connected:
        blocks.append(Text(line("No X account is connected. Connect one in the Xquik dashboard.")))
    if standings:
        rows: list[tuple[Line, ...]] = []
        for one in standings:
            name, state = _named(one)
            rows.append((_where(one.default), (name,), (state,)))
        blocks.append(Table(("Where", "X account", "State"), tuple(rows)))
    else:
        blocks.append(Text(line("No default is set. ", Code("account use NAME"), " sets one.")))
    order = "An account you name comes first, then your default, the channel's, and the one for all channels."
    blocks.append(Text(line(order), subtle=True))
    ill = any(one.account is None or not one.account.is_healthy for one in standings)
    return Card("Default accounts", tuple(blocks), Tone.WARNING if ill else Tone.INFO)


def _where(default: DefaultAccount) -> Line:
    match default.scope:
        case Scope.PLACE:
            return ("in all channels",)
        case Scope.CHANNEL:
            return ("in ", ChannelMention(default.subject))
        case Scope.PERSON:
            return ("for you",)
        case _:
            assert_never(default.scope)


def _named(standing: DefaultStatus) -> tuple[Inline, str]:
    if standing.account is None:
        return Bold(f"@{standing.default.username}"), "not connected any more"
    account = standing.account
    return Bold(f"@{account.username}"), HEALTH.get(account.health, account.health)
