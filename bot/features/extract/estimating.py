"""What an extraction would cost, with the button that runs it."""

from __future__ import annotations

from bot.cards.extractions import estimate_card
from bot.core.access import Permission, allows
from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Button, ButtonStyle, Card
from bot.core.commands.asking import RUN_ACTION
from bot.core.commands.permits import held
from bot.core.messages.message import msg
from bot.features.extract.args import CollectArgs, request_of, values_of
from bot.features.services import CommandCall
from bot.features.shared.mending import kept_command


async def estimated(call: CommandCall, args: CollectArgs, further: tuple[Button, ...] = ()) -> Card:
    """What it would cost; the balance is told to those who may see it alone. further: more buttons."""
    request = request_of(args)
    xquik = await call.xquik()
    estimate = await xquik.extractions.estimate(request)
    may = await held(call.services.grants, call.invocation)
    buttons: tuple[Button, ...] = further
    if allows(may, Permission.SPEND) and estimate.estimated_results:
        key = await kept_command(call, RUN_ACTION, ("extract", "run"), values_of(args))
        run = Button(msg("Run it"), ActionRef(RUN_ACTION, key), style=ButtonStyle.PRIMARY)
        buttons = (run, *further)
    return estimate_card(request, estimate, buttons, balance=allows(may, Permission.VIEW))
