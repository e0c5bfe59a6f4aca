"""The wiring of how an extraction is shown while it collects, and when it ended."""

from __future__ import annotations

from bot.cards.extractions import job_card, running_card
from bot.cards.people import people
from bot.core.chat.cards import Card
from bot.features.extract.jobs import asked, job_buttons
from bot.features.known import What
from bot.features.services import Services
from bot.proposals.extractions import JobPresenter, ProgressPresenter, cancel_buttons
from bot.storage.places.local_numbers import Numbered
from bot.storage.writes.proposal_rows import StoredProposal
from bot.xquik.models import ExtractionJob


def extraction_presenter(services: Services) -> JobPresenter:
    """The card of what was begun here."""

    async def present(proposal: StoredProposal, job: ExtractionJob) -> Card:
        number = await _number(services, proposal, job.id)
        return job_card(job, asked(proposal), job_buttons(job), number=number)

    return present


def cancelled_presenter(services: Services) -> JobPresenter:
    """The card of what was cancelled, wherever it was begun."""

    async def present(proposal: StoredProposal, job: ExtractionJob) -> Card:
        number = await _number(services, proposal, job.id)
        begun = (await services.extractions.of(proposal.tenant, (job.id,))).get(job.id)
        return job_card(job, None if begun is None else asked(begun), number=number)

    return present


def progress_presenter(services: Services) -> ProgressPresenter:
    """The card of what collects; from its beginning on it has a number, and is suggested."""

    async def present(proposal: StoredProposal, job_id: str, job: ExtractionJob | None) -> Card:
        number = await _number(services, proposal, job_id)
        who = people(proposal.requester_name, proposal.decided_by_name or proposal.requester_name)
        return running_card(number, job, proposal.payload, who, cancel_buttons(job_id))

    return present


async def _number(services: Services, proposal: StoredProposal, job: str) -> int:
    await services.known.changed(proposal.tenant, What.EXTRACTIONS)
    given = await services.numbers.give(proposal.tenant, Numbered.EXTRACTION, (job,))
    return given[job]
