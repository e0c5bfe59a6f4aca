"""What an extraction would cost, with the button that runs it; without a limit, the estimate is the limit."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from bot.cards.extractions import estimate_card, nothing_card
from bot.core.access import Permission, allows
from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Button, ButtonStyle, Card
from bot.core.commands.asking import RUN_ACTION
from bot.core.commands.permits import standing
from bot.core.errors import UsageError
from bot.core.messages.message import msg
from bot.core.policy import Deed
from bot.core.x.extraction_tools import MOST_RESULTS, tool_called
from bot.features.extract.args import CollectArgs, example_of, request_of, values_of, zone_of
from bot.features.services import CommandCall
from bot.features.shared.mending import kept_command
from bot.xquik.models import ExtractionEstimate

_UNKNOWN: Final = "unknown"


class BoundedExtraction(msgspec.Struct, frozen=True):
    """A request, and what it costs at the most. counted: how many results X counts, where that is more than
    one extraction collects and nobody asked for a limit; 0 otherwise."""

    request: dict[str, Any]
    estimate: ExtractionEstimate
    counted: int = 0


async def bounded(call: CommandCall, args: CollectArgs) -> BoundedExtraction:
    """The request, and what it costs at the most. Without a limit nothing at Xquik would hold it to its
    estimate, so that is its limit; UsageError asks for one where there is no estimate."""
    request = request_of(args, await zone_of(call))
    extractions = (await call.xquik()).extractions
    estimate = await extractions.estimate(request)
    if args.limit is not None or nothing_in(estimate):
        return BoundedExtraction(request, estimate)
    results = estimate.estimated_results
    if results < 1 or estimate.source == _UNKNOWN:
        raise UsageError(
            msg("Xquik cannot say how many results this has, so it needs a limit."),
            option="limit",
            example=f"{example_of(tool_called(args.tool))} limit:100",
            remedy=msg("Give `limit:`, the most results that you want to pay for."),
        )
    request["resultsLimit"] = min(results, MOST_RESULTS)
    if results > MOST_RESULTS:
        return BoundedExtraction(request, await extractions.estimate(request), results)
    return BoundedExtraction(request, estimate)


def nothing_in(estimate: ExtractionEstimate) -> bool:
    """Whether Xquik knows that there is nothing to collect; not where it cannot say."""
    return estimate.estimated_results < 1 and estimate.source != _UNKNOWN


async def estimated(call: CommandCall, args: CollectArgs, further: tuple[Button, ...] = ()) -> Card:
    """What it would cost; the balance is told to those who may see it alone. further: more buttons."""
    asked = await bounded(call, args)
    request, estimate = asked.request, asked.estimate
    if nothing_in(estimate):
        return nothing_card(request, further)
    here = await standing(call.services.grants, call.invocation)
    running = Deed(Permission.SPEND, "extract run")  # no message: a command
    buttons: tuple[Button, ...] = further
    if here.may(running):
        key = await kept_command(call, RUN_ACTION, ("extract", "run"), values_of(args))
        run = Button(msg("Run it"), ActionRef(RUN_ACTION, key), style=ButtonStyle.PRIMARY)
        buttons = (run, *further)
    balance = allows(here.held, Permission.VIEW)
    return estimate_card(request, estimate, buttons, balance=balance, counted=asked.counted)
