"""Which extraction is meant, what was asked for with it, and who may see what it collected."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Annotated, Final, TypeAlias

from bot.cards.extractions import AskedExtraction
from bot.core.access import Permission
from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Button
from bot.core.commands import permits
from bot.core.commands.declaring import Option
from bot.core.errors import StorageUnavailable
from bot.core.messages.message import msg
from bot.core.policy import Deed
from bot.core.text.shortening import cut
from bot.features.services import CommandCall
from bot.features.shared.numbers import item_meant, not_here
from bot.features.shared.permitted import require
from bot.proposals.extractions import JOB_ID, cancel_buttons
from bot.storage.places.local_numbers import Numbered
from bot.storage.writes.proposal_rows import StoredProposal
from bot.xquik.models import ExtractionJob

SHOW_ACTION: Final = "extract.show"
EXPORT_ACTION: Final = "extract.export"

ExtractionOption: TypeAlias = Annotated[
    str,
    Option(
        "The number of the extraction, like #3, or its id", main=True, max_length=80, suggest="extractions"
    ),
]
RunningOption: TypeAlias = Annotated[
    str,
    Option(
        "The number of the extraction, like #3, or its id",
        main=True,
        max_length=80,
        suggest="extractions_running",
    ),
]
OverOption: TypeAlias = Annotated[
    str,
    Option(
        "The number of the extraction, like #3, or its id",
        main=True,
        max_length=80,
        suggest="extractions_over",
    ),
]


async def job_meant(call: CommandCall, given: str) -> str:
    """The id of the extraction that is named; NotFound for a number that none has here."""
    job = await item_meant(call, Numbered.EXTRACTION, given)
    if job is None or not JOB_ID.fullmatch(job):
        said = msg("There is no extraction {job} here.", job=cut(given, 40))
        raise not_here(Numbered.EXTRACTION, given, said)
    return job


async def asked_of(call: CommandCall, jobs: Collection[str]) -> Mapping[str, AskedExtraction]:
    """What was asked for here, by the ids of jobs; nothing where it cannot be read now."""
    try:
        found = await call.services.extractions.of(call.tenant, jobs)
    except StorageUnavailable:
        return {}
    return {job: asked(proposal) for job, proposal in found.items()}


def asked(proposal: StoredProposal) -> AskedExtraction:
    """What was confirmed, and by whom."""
    by = proposal.decided_by_name or proposal.requester_name
    return AskedExtraction(proposal.payload, proposal.requester_name, by, proposal.requester)


async def permit(call: CommandCall, job: str, command: str) -> None:
    """NotPermitted unless the person may run that command, or had this extraction run."""
    deed = Deed(Permission.VIEW, command)
    if (await permits.standing(call.services.grants, call.invocation)).may(deed):
        return
    own = (await asked_of(call, (job,))).get(job)
    if own is None or own.requester_id != call.invocation.actor.id:
        await require(call, deed)


def job_buttons(job: ExtractionJob) -> tuple[Button, ...]:
    """What can be done with one: its results shown and exported once there are any, and while it runs it can
    be cancelled. The keys are its own id: what they reach is looked up with the tenant's own Xquik key."""
    if not JOB_ID.fullmatch(job.id):
        return ()
    if job.active:
        return cancel_buttons(job.id)
    if not job.total_results:
        return ()
    return (
        Button(msg("Show"), ActionRef(SHOW_ACTION, job.id)),
        Button(msg("Export"), ActionRef(EXPORT_ACTION, job.id)),
    )
