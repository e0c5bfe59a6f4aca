"""Extractions: begun under the key that was stored first, followed to their end, and cancelled.

A job is begun once: the same key is the same job at Xquik, however often it is sent. From then on its id is
kept with the proposal, and looking at it is free. It may take minutes or hours; a restart goes on looking.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

from cachetools import FIFOCache

from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Button, ButtonStyle, Card
from bot.core.clocks import Clock
from bot.core.errors import (
    BotError,
    Conflict,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    StorageUnavailable,
    UpstreamUnavailable,
)
from bot.core.messages.message import Message, msg, nmsg
from bot.core.x.extraction_tools import tool_of
from bot.proposals.attempts import (
    Accepted,
    AttemptDone,
    AttemptFailed,
    AttemptProblem,
    AttemptResult,
    AttemptUnknown,
    NoAnswer,
    checked_first,
    never_sent,
)
from bot.proposals.ports import XquikClients
from bot.storage.writes.proposal_rows import StoredProposal
from bot.xquik.errors import NotSent
from bot.xquik.models import ExtractionJob
from bot.xquik.resources.extractions import ExtractionsResource

CANCEL_JOB: Final = "extract.cancel"
"""The button that asks whether a job is to be cancelled; its key is the id of the job."""
JOB_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,50}", re.ASCII)
"""What an id at Xquik can be; short enough for the key of a button."""
REPEATED_FOR: Final = 3_600.0
"""Seconds from the click for which the request is repeated with its key: Xquik does not say for how long it
knows one."""
FOLLOWED_FOR: Final = 86_400.0
"""Seconds from the click for which a job is looked at."""
SLOWEST: Final = 30.0
"""Seconds between two looks at a job that takes long, unless Xquik wants more."""
_LOOK_AGAIN: Final = 10.0
_KEPT: Final = 500
_IN_PROGRESS: Final = "idempotency_in_progress"

JobPresenter: TypeAlias = Callable[[StoredProposal, ExtractionJob], Awaitable[Card]]
"""The card of a job that is over."""
ProgressPresenter: TypeAlias = Callable[[StoredProposal, str, ExtractionJob | None], Awaitable[Card]]
"""The card of a job that is under way, by its id; without the job before it was looked at."""


class ExtractionPerformer:
    """Performs `extraction.run`. The payload is the body of the request. clock: epoch seconds."""

    def __init__(
        self, clients: XquikClients, present: JobPresenter, present_progress: ProgressPresenter, clock: Clock
    ) -> None:
        self._clients = clients
        self._present = present
        self._present_progress = present_progress
        self._clock = clock
        # What was told of each job last: a message is edited only where there is something new.
        self._told: FIFOCache[str, int] = FIFOCache(_KEPT)

    async def perform(self, proposal: StoredProposal, *, again: bool) -> AttemptResult:
        """Begin it under its key; where an earlier request got through, that finds its job."""
        if again and self._since_click(proposal) > REPEATED_FOR:
            return AttemptUnknown(_NOT_CONFIRMED)
        try:
            runs = await self._clients.extraction_runs(proposal.tenant)
            begun = await runs.run(proposal.payload, proposal.idempotency_key)
        except (NotSent, StorageUnavailable) as error:
            return NoAnswer(AttemptProblem.of(error), maybe_sent=again, after=error.retry_after)
        except BotError as error:
            if error.code == _IN_PROGRESS:
                return NoAnswer(_BEGINNING, maybe_sent=True, after=error.retry_after or _LOOK_AGAIN)
            if again and checked_first(error):
                return NoAnswer(AttemptProblem.of(error), maybe_sent=True, after=error.retry_after)
            problem = AttemptProblem.of(error).offering(never_sent(error))
            if isinstance(error, OutcomeUnknown | UpstreamUnavailable) and not problem.again:
                return NoAnswer(problem, maybe_sent=True, after=error.retry_after)
            return AttemptFailed(problem)
        return Accepted(begun.id, begun.poll_after, await self._progress(proposal, begun.id, None))

    async def poll(self, proposal: StoredProposal) -> AttemptResult:
        """Look how it stands."""
        job_id = proposal.write_action or ""
        try:
            xquik = await self._clients.client(proposal.tenant)
            found = await xquik.extractions.show(job_id, rows=1)
        except NotFound as error:
            return AttemptUnknown(AttemptProblem(error.title, error.detail, _LOOK, error.code))
        except BotError as error:
            return NoAnswer(AttemptProblem.of(error), maybe_sent=True, after=error.retry_after)
        job = found.job
        if not job.active:
            return await self._ended(proposal, job)
        waited = self._since_click(proposal)
        if waited > FOLLOWED_FOR:
            return AttemptUnknown(_STILL)
        after = max(found.poll_after, min(SLOWEST, waited / 20))
        told = self._told.get(proposal.id)
        shown = None if told == job.total_results else await self._progress(proposal, job_id, job)
        return Accepted(job_id, after, shown)

    async def _ended(self, proposal: StoredProposal, job: ExtractionJob) -> AttemptResult:
        """The outcome: also of a job that failed with what it had, which is kept and paid for."""
        self._told.pop(proposal.id, None)
        charged = _charge(job)
        if job.status == "failed" and not job.total_results:
            return AttemptFailed(_failed(job), {"charged": 0})
        return AttemptDone({"extraction": job.id, "charged": charged}, await self._present(proposal, job))

    async def _progress(
        self, proposal: StoredProposal, job_id: str, job: ExtractionJob | None
    ) -> Card | None:
        """How far it is; None where that cannot be said now: it goes on all the same."""
        try:
            card = await self._present_progress(proposal, job_id, job)
        except StorageUnavailable:
            return None
        self._told[proposal.id] = 0 if job is None else job.total_results
        return card

    def _since_click(self, proposal: StoredProposal) -> float:
        return self._clock() - (proposal.claimed_at or proposal.created_at)


class ExtractionCanceller:
    """Performs `extraction.cancel`. The payload: `extraction`, the id of the job."""

    def __init__(self, clients: XquikClients, present: JobPresenter) -> None:
        self._clients = clients
        self._present = present

    async def perform(self, proposal: StoredProposal, *, again: bool) -> AttemptResult:
        """Cancel it; twice is once. What Xquik refuses is looked at: it may be over."""
        job_id = str(proposal.payload.get("extraction", ""))
        try:
            extractions = (await self._clients.client(proposal.tenant)).extractions
            try:
                await extractions.cancel(job_id)
            except (Conflict, Rejected) as error:
                job = (await extractions.show(job_id, rows=1)).job
                if job.status != "canceled":
                    return AttemptFailed(_over(job, error), {"charged": 0, "charge_said": not job.active})
            else:
                job = await _cancelled(extractions, job_id)
        except (UpstreamUnavailable, OutcomeUnknown, RateLimited, StorageUnavailable) as error:
            sent = again or not isinstance(error, NotSent | RateLimited | StorageUnavailable)
            return NoAnswer(AttemptProblem.of(error), maybe_sent=sent, after=error.retry_after)
        except BotError as error:
            return AttemptFailed(AttemptProblem.of(error).offering(never_sent(error)), {"charged": 0})
        return AttemptDone({"charged": 0}, await self._present(proposal, job))

    async def poll(self, proposal: StoredProposal) -> AttemptResult:
        """The same: cancelling twice is once."""
        return await self.perform(proposal, again=True)


def cancel_buttons(job: str) -> tuple[Button, ...]:
    """Asks whether the job is to be cancelled; none for an id that a button cannot carry."""
    if not JOB_ID.fullmatch(job):
        return ()
    return (Button(msg("Cancel it"), ActionRef(CANCEL_JOB, job), style=ButtonStyle.DANGER),)


async def _cancelled(extractions: ExtractionsResource, job_id: str) -> ExtractionJob:
    """A job after Xquik cancelled it, as far as it can be looked at: that it is cancelled is known."""
    try:
        return (await extractions.show(job_id, rows=1)).job
    except BotError:
        return ExtractionJob(id=job_id, status="canceled")


def _failed(job: ExtractionJob) -> AttemptProblem:
    code = job.error_message or ""
    detail: Message = (
        msg("Xquik ended it without a result: {code}.", code=code[:60])
        if code
        else msg("Xquik ended it without a result.")
    )
    return AttemptProblem(msg("Nothing was collected"), detail, _TRY_LATER, code[:60] or None, again=True)


def _over(job: ExtractionJob, error: BotError) -> AttemptProblem:
    """Why a job cannot be cancelled. error: what Xquik said."""
    if job.active:
        return AttemptProblem.of(error)
    charged = _charge(job)
    said = (
        nmsg(
            "It ended before it could be cancelled. What it collected is kept, and its run was charged: "
            "about {n} credit.",
            "It ended before it could be cancelled. What it collected is kept, and its run was charged: "
            "about {n} credits.",
            n=charged,
        )
        if charged
        else msg("It ended before it could be cancelled. It collected nothing, and nothing was charged.")
    )
    return AttemptProblem(
        msg("The extraction is over already"), said, msg("`extract status {job}` shows it.", job=job.id)
    )


def _charge(job: ExtractionJob) -> int:
    """Credits that its results cost: Xquik's answer does not say what it charged."""
    tool = tool_of(job.tool_type)
    return job.total_results * (1 if tool is None else tool.price)


_TRY_LATER: Final = msg("Try again in a few minutes. `extract estimate` costs nothing.")
_LOOK: Final = msg("`extract list` shows what there is.")
_BEGINNING: Final = AttemptProblem(
    msg("The extraction is beginning"),
    msg("Xquik has the request and has not answered it."),
    msg("Look at `extract list` in a few minutes; it is not run a second time."),
)
_STILL: Final = AttemptProblem(
    msg("The extraction still runs"),
    msg("It has taken more than a day, so it is not looked at any more from here."),
    msg("`extract list` shows how it stands."),
)
_NOT_CONFIRMED: Final = AttemptProblem(
    msg("The extraction is not confirmed"),
    msg("The connection was lost when it was to begin, and Xquik gave no answer for an hour."),
    msg("Look at `extract list` before you run it again: a second one costs credits again."),
    again=True,
)
