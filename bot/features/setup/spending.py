"""`setup spending`: above how many credits the bot asks before it spends them here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from bot.core.chat.answers import Reply
from bot.core.commands.cost import LEAST_ASK_ABOVE, MOST_ASK_ABOVE
from bot.core.commands.declaring import Option
from bot.core.commands.presets import SETTING, command
from bot.core.errors import UsageError
from bot.core.messages.message import msg
from bot.features.services import CommandCall
from bot.features.setup.cards import spending_card
from bot.features.setup.changing import set_or_taken_back


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendingArgs:
    """ask_above: credits; None shows what is set. off: the usual number counts again."""

    ask_above: Annotated[
        int | None,
        Option(
            "Ask before more credits than this are spent at once",
            main=True,
            ge=LEAST_ASK_ABOVE,
            le=MOST_ASK_ABOVE,
        ),
    ] = None
    off: Annotated[bool, Option("Remove it; the usual number counts then")] = False


async def spending(call: CommandCall, args: SpendingArgs) -> Reply:
    """Set it, or say what it is."""
    stored = call.services.spending
    changed = await set_or_taken_back(
        call,
        args.ask_above,
        off=args.off,
        put=lambda above: stored.put(call.tenant, above),
        remove=lambda: stored.remove(call.tenant),
        both=UsageError(msg("Give a number, or off."), option="off", example="setup spending 50"),
    )
    return Reply(spending_card(await stored.chosen(call.tenant), changed=changed))


SPENDING_LIMIT = command(
    "setup spending",
    spending,
    SETTING,
    "Show or set the number of credits above which the bot asks before it spends them",
    "setup spending",
    "setup spending 50",
    looks=(),
)
