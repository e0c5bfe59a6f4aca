"""`credits alert`: below which balance a channel is told of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

from bot.cards.budgets import alert_card
from bot.core.chat.answers import Reply
from bot.core.chat.places import ChannelRef
from bot.core.commands.budgets import MOST
from bot.core.commands.declaring import Option
from bot.core.commands.presets import SETTING, command
from bot.core.errors import UsageError
from bot.core.messages.message import msg
from bot.features.services import CommandCall
from bot.features.shared.channels import place_of
from bot.storage.places.balance_alerts import BalanceAlert


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertArgs:
    """below: credits; None shows what is set."""

    below: Annotated[
        int | None, Option("Tell once fewer credits than this are left", main=True, ge=1, le=MOST)
    ] = None
    channel: Annotated[ChannelRef | None, Option("The channel that is told")] = None
    off: Annotated[bool, Option("Tell no channel any more")] = False


async def alert(call: CommandCall, args: AlertArgs) -> Reply:
    """Set it, take it back, or say what is set."""
    alerts = call.services.alerts
    if args.off and (args.below is not None or args.channel is not None):
        raise UsageError(msg("Give a number, or off."), option="off", example=_EXAMPLE)
    if args.off:
        await alerts.remove(call.tenant)
        return Reply(alert_card(None, "", changed=True))
    standing = await alerts.of(call.tenant)
    if args.below is None and args.channel is None:
        below = None if standing is None else standing.below
        return Reply(alert_card(below, standing.place.channel if standing else "", changed=False))
    below = args.below if args.below is not None else standing.below if standing else None
    if below is None:
        raise UsageError(msg("Say below how many credits."), option="below", example=_EXAMPLE)
    if args.channel is None and standing is None:
        raise UsageError(msg("Say which channel is told."), option="channel", example=_EXAMPLE)
    place = standing.place if args.channel is None and standing else await place_of(call, _named(args))
    await alerts.put(BalanceAlert(below, place))
    return Reply(alert_card(below, place.channel, changed=True))


def _named(args: AlertArgs) -> ChannelRef:
    assert args.channel is not None  # noqa: S101 - looked at above
    return args.channel


_EXAMPLE: Final = "credits alert 1000 channel:#alerts"
ALERT: Final = command(
    "credits alert",
    alert,
    SETTING,
    "Show or set the balance below which a channel is told",
    "credits alert",
    _EXAMPLE,
    looks=(),
)
