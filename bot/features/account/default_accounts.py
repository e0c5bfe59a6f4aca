"""`account use|forget|mine|default`: which X account acts where none is named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, TypeAlias

from bot.core.access import Permission
from bot.core.chat.actions import ActionRef
from bot.core.chat.answers import Audience, Reply
from bot.core.chat.cards import Button
from bot.core.chat.places import ChannelRef
from bot.core.commands.declaring import Action, Effect, NoArgs, Option
from bot.core.commands.presets import INSIDE, SETTING_AT_XQUIK, Rights, command
from bot.core.errors import NotFound
from bot.core.messages.message import msg
from bot.core.x.default_accounts import DefaultAccount, Scope
from bot.core.x.references import Username
from bot.features.account.cards import DefaultStatus, default_set_card, defaults_card, mine_card, said_card
from bot.features.services import CommandCall
from bot.features.shared.accounts import ACCOUNTS, CONNECTED
from bot.proposals.acting import choose, found

FORGET_MINE: Final = "account.forget_mine"
_OF_CHANNEL: Final = msg("The channel; all channels if left out")


ConnectedAccount: TypeAlias = Annotated[
    Username, Option("The connected X account", main=True, suggest=ACCOUNTS, menu=CONNECTED)
]


@dataclass(frozen=True, slots=True, kw_only=True)
class UseArgs:
    """Which account, and where."""

    account: ConnectedAccount
    channel: Annotated[ChannelRef | None, Option(_OF_CHANNEL)] = None


async def use(call: CommandCall, args: UseArgs) -> Reply:
    """Make an account the default of the place or of a channel."""
    scope, subject = await _scope(call, args.channel)
    default = await _chosen(call, args.account, scope, subject)
    await call.services.accounts.defaults.put(call.tenant, default)
    return Reply(default_set_card(default))


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetArgs:
    """Where."""

    channel: Annotated[ChannelRef | None, Option(_OF_CHANNEL, main=True)] = None


async def forget(call: CommandCall, args: ForgetArgs) -> Reply:
    """Take the default of the place or of a channel back."""
    scope, subject = await _scope(call, args.channel)
    if not await call.services.accounts.defaults.remove(call.tenant, scope, subject):
        raise NotFound(
            msg("No default account is set there."), remedy=msg("`account default` shows what is set.")
        )
    said = msg("If there is a more general default, it applies now.")
    return Reply(said_card(msg("Default account removed"), said))


@dataclass(frozen=True, slots=True, kw_only=True)
class MineArgs:
    """Which account."""

    account: Annotated[
        Username | None,
        Option("The connected X account to use for you", main=True, suggest=ACCOUNTS, menu=CONNECTED),
    ] = None


async def mine(call: CommandCall, args: MineArgs) -> Reply:
    """Make an account one's own default, or see which one is."""
    person = call.invocation.actor.id
    if args.account is not None:
        default = await _chosen(call, args.account, Scope.PERSON, person)
        await call.services.accounts.defaults.put(call.tenant, default)
        return Reply(default_set_card(default, _forgetting()))
    connected = await call.services.accounts.connected(call.invocation)
    defaults = await call.services.accounts.defaults.applying(call.tenant, "", person)
    own = next((one for one in defaults if one.scope is Scope.PERSON), None)
    if own is None:
        return Reply(mine_card(None))
    return Reply(mine_card(DefaultStatus(own, found(connected, own)), _forgetting()))


async def forget_mine(call: CommandCall, _state: Mapping[str, Any], _values: Mapping[str, str]) -> Reply:
    """Have no default of one's own any more."""
    await call.services.accounts.defaults.remove(call.tenant, Scope.PERSON, call.invocation.actor.id)
    title = msg("You have no default account of your own")
    said = msg("The defaults set for this channel or for all channels apply to you.")
    return Reply(said_card(title, said))


async def show(call: CommandCall, _args: NoArgs) -> Reply:
    """What is set for the place, its channels and oneself, and who acts here."""
    accounts = call.services.accounts
    connected = await accounts.connected(call.invocation)
    person = call.invocation.actor.id
    stored = await accounts.defaults.of_tenant(call.tenant)
    # Other people's own defaults are theirs.
    shown = [one for one in stored if one.scope is not Scope.PERSON or one.subject == person]
    standings = tuple(DefaultStatus(one, found(connected, one)) for one in shown)
    menu = await accounts.menu(call.invocation)
    return Reply(defaults_card(standings, connected, menu.chosen, menu.question))


async def _scope(call: CommandCall, channel: ChannelRef | None) -> tuple[Scope, str]:
    if channel is None:
        return Scope.PLACE, ""
    known = await call.services.platform(call.tenant).channels.channel(call.tenant, channel)
    if known is None:
        raise NotFound(
            msg("I cannot see a channel {channel} here.", channel=repr(channel.name or channel.id)),
            remedy=msg("Check the name. `account default` shows the channels that have one."),
            option="channel",
        )
    return Scope.CHANNEL, known.id


async def _chosen(call: CommandCall, account: Username, scope: Scope, subject: str) -> DefaultAccount:
    """The default that names a connected account; one that cannot act now is taken too, since that
    passes: `account default` and each preview say how it is."""
    connected = await call.services.accounts.connected(call.invocation)
    able = tuple(one.as_healthy() for one in connected)
    one = choose(able, str(account), (), example="account use").account
    by, now = call.invocation.actor.id, call.services.clock()
    return DefaultAccount(scope, subject, one.username, one.id, one.x_user_id, by, now)


def _forgetting() -> tuple[Button, ...]:
    return (Button(msg("Remove my default"), action=ActionRef(FORGET_MINE, "0")),)


DEFAULTS = (
    command(
        "account use",
        use,
        SETTING_AT_XQUIK,
        "Set the default X account, for all channels or for one",
        "account use acme",
        "account use acme_news channel:#alerts",
    ),
    command(
        "account forget",
        forget,
        SETTING_AT_XQUIK,
        "Remove the default X account, for all channels or for one",
        "account forget",
        "account forget channel:#alerts",
    ),
    command(
        "account mine",
        mine,
        Rights(Effect.SETTINGS, Permission.PUBLISH, Audience.PRIVATE),
        "Show or set your own default X account",
        "account mine acme_news",
        looks=(),
    ),
    command(
        "account default",
        show,
        INSIDE,
        "Show the default X accounts, and which one you use here",
        "account default",
    ),
)

DEFAULT_ACTIONS = (
    Action(
        FORGET_MINE, forget_mine, Permission.PUBLISH, needs_key=False, stored=False, command="account mine"
    ),
)
