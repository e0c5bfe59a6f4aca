"""The wiring of how an extraction that ended is shown."""

from __future__ import annotations

from bot.cards.extractions import job_card
from bot.core.chat.cards import Card
from bot.features.extract.jobs import asked, job_buttons
from bot.features.known import What
from bot.features.services import Services
from bot.proposals.extractions import JobPresenter
from bot.storage.places.local_numbers import Numbered
from bot.storage.writes.proposal_rows import StoredProposal
from bot.xquik.models import ExtractionJob


def extraction_presenter(services: Services) -> JobPresenter:
    """The card of what was begun here; from now on it has a number and is suggested."""

    async def present(proposal: StoredProposal, job: ExtractionJob) -> Card:
        number = await _number(services, proposal, job)
        return job_card(job, asked(proposal), job_buttons(job), number=number)

    return present


def cancelled_presenter(services: Services) -> JobPresenter:
    """The card of what was cancelled, wherever it was begun."""

    async def present(proposal: StoredProposal, job: ExtractionJob) -> Card:
        number = await _number(services, proposal, job)
        begun = (await services.extractions.of(proposal.tenant, (job.id,))).get(job.id)
        return job_card(job, None if begun is None else asked(begun), number=number)

    return present


async def _number(services: Services, proposal: StoredProposal, job: ExtractionJob) -> int:
    services.known.changed(proposal.tenant, What.EXTRACTIONS)
    given = await services.numbers.give(proposal.tenant, Numbered.EXTRACTION, (job.id,))
    return given[job.id]
