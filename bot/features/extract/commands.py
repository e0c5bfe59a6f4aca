"""`extract estimate|run|status|list|show|export|cancel`: collecting many people or tweets of X.

Running one spends credits, so it is a proposal: previewed with its price, confirmed once, sent under the key
that is stored with it, and followed to its end (`bot.proposals.extractions`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.cards.extractions import cancel_preview, extraction_preview, job_card, nothing_card
from bot.core.access import Permission
from bot.core.chat.answers import Answer, Audience, Proposal, Reply
from bot.core.commands.declaring import Action, Effect, Group
from bot.core.commands.local_numbers import written
from bot.core.commands.presets import FREE, INSIDE, SPENDING, Rights, command, listing_command
from bot.core.commands.price_list import EXTRACTION
from bot.core.errors import Conflict
from bot.core.messages.message import msg
from bot.features.extract.args import FILTERS_TAKEN, CollectArgs, unasked
from bot.features.extract.estimating import bounded, estimated, nothing_in
from bot.features.extract.jobs import RunningOption, asked_of, job_buttons, job_meant, permit
from bot.features.extract.kinds import EXTRACTION_CANCEL, EXTRACTION_RUN
from bot.features.extract.listed import JOBS
from bot.features.extract.narrowing import FILTERS, filters_button
from bot.features.extract.results import EXPORT, RESULTS, SHOW, ExtractionArgs, export
from bot.features.services import CommandCall
from bot.features.shared.numbers import hinting, number_of
from bot.proposals.extractions import CANCEL_JOB
from bot.storage.places.local_numbers import Numbered

_CANCELLING: Final = Rights(Effect.SETTINGS, Permission.SPEND, Audience.CHANNEL)


async def estimate(call: CommandCall, args: CollectArgs) -> Reply:
    """What it would cost, with the buttons that narrow it and run it."""
    return Reply(await estimated(call, args, await filters_button(call, args)))


async def run(call: CommandCall, args: CollectArgs) -> Answer:
    """A preview with everything that is asked for and its price, to be confirmed; where there is nothing to
    collect, that it is so."""
    bound = await bounded(call, args)
    request, cost = bound.request, bound.estimate
    if nothing_in(cost):
        return Reply(nothing_card(request, await filters_button(call, args)))
    preview = extraction_preview(request, cost, counted=bound.counted)
    return EXTRACTION_RUN.proposal(request, preview, credits=cost.credits_required)


async def status(call: CommandCall, args: ExtractionArgs) -> Reply:
    """How one stands, for those who see the team's inside and who had it run."""
    job_id = await job_meant(call, args.extraction)
    await permit(call, job_id, "extract status")  # no message: a command
    xquik = await call.xquik()
    async with hinting(call, Numbered.EXTRACTION, args.extraction, job_id):
        job = (await xquik.extractions.show(job_id, rows=1)).job
    number = await number_of(call, Numbered.EXTRACTION, job.id)
    asked = (await asked_of(call, (job.id,))).get(job.id)
    return Reply(job_card(job, asked, job_buttons(job), number=number))


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningArgs:
    """Which extraction that is under way."""

    extraction: RunningOption


async def cancel(call: CommandCall, args: RunningArgs) -> Proposal:
    """A question before one is cancelled; Conflict for one that is over."""
    job_id = await job_meant(call, args.extraction)
    async with hinting(call, Numbered.EXTRACTION, args.extraction, job_id):
        return await _cancelling(call, job_id)


async def _cancelling(call: CommandCall, job_id: str) -> Proposal:
    xquik = await call.xquik()
    job = (await xquik.extractions.show(job_id, rows=1)).job
    number = await number_of(call, Numbered.EXTRACTION, job.id)
    if not job.active:
        called = job.id if number is None else written(number)
        over = Conflict(
            msg("Extraction {job} is over, so there is nothing to cancel.", job=called),
            remedy=msg("`extract status {job}` shows how it ended.", job=called),
        )
        raise over
    asked = (await asked_of(call, (job.id,))).get(job.id)
    preview = cancel_preview(job, asked, number)
    return EXTRACTION_CANCEL.proposal({"extraction": job.id}, preview, credits=0)


async def _cancel_pressed(
    call: CommandCall, state: Mapping[str, Any], _values: Mapping[str, str]
) -> Proposal:
    return await _cancelling(call, str(state["key"]))


EXTRACT: Final = Group(
    "extract",
    "Collect followers, replies, searches and more, as a file",
    (
        command(
            "extract estimate",
            estimate,
            FREE,
            "Say what collecting something would cost, before it is run",
            "extract estimate followers target:@cafe_luna filters:min_followers=1000",
            "extract estimate replies target:https://x.com/xquik/status/1893456789012345678",
            "extract estimate community-search target:1490000000000000001 query:launch",
            more=unasked,
            operations=("POST /extractions/estimate",),
            notes=FILTERS_TAKEN,
        ),
        command(
            "extract run",
            run,
            SPENDING,
            "Collect people or tweets; shows the price and asks",
            "extract run followers target:@cafe_luna limit:100",
            more=unasked,
            cost=EXTRACTION,
            notes=FILTERS_TAKEN,
            operations=("POST /extractions/estimate", "POST /extractions", "GET /extractions/{id}"),
        ),
        command(
            "extract status",
            status,
            FREE,
            "Show how an extraction stands",
            "extract status #3",
            operations=("GET /extractions/{id}",),
        ),
        listing_command(
            "extract list",
            JOBS,
            INSIDE,
            "List extractions, newest first",
            "extract list",
            "extract list status:done tool:followers",
            operations=("GET /extractions",),
        ),
        listing_command(
            "extract show",
            RESULTS,
            FREE,
            "Show what an extraction collected",
            "extract show #3",
            operations=("GET /extractions/{id}",),
        ),
        command(
            "extract export",
            export,
            FREE,
            "Export what an extraction collected as a file",
            "extract export #3 format:xlsx",
            operations=("GET /extractions/{id}", "GET /extractions/{id}/export"),
        ),
        command(
            "extract cancel",
            cancel,
            _CANCELLING,
            "Cancel an extraction that is under way; asks first",
            "extract cancel #3",
            operations=("GET /extractions/{id}", "DELETE /extractions/{id}"),
        ),
    ),
    default="list",
    instead="run",
)

CANCEL: Final = Action(
    CANCEL_JOB, _cancel_pressed, Permission.SPEND, Audience.CHANNEL, stored=False, command="extract cancel"
)
EXTRACT_ACTIONS: Final = (FILTERS, SHOW, EXPORT, CANCEL)
