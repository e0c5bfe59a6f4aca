"""Performing a kind of proposal: what the executor asks of it, and the writes with an idempotency key.

A performer turns one step into an outcome and never raises for what the vendor can answer. When a
step is repeated is the executor's business; what a repetition may do is said here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from msgspec.structs import replace

from bot.core.errors import BotError, NotFound
from bot.core.messages.message import msg
from bot.proposals.acting import request_of
from bot.proposals.attempts import (
    AttemptDone,
    AttemptFailed,
    AttemptProblem,
    AttemptResult,
    AttemptUnknown,
    NoAnswer,
)
from bot.proposals.kinds import ProposalKinds
from bot.proposals.outcomes import of_action, of_error
from bot.proposals.ports import XquikClients
from bot.proposals.uploads import LONG, Uploads
from bot.storage.writes.media_of_proposals import ATTACHED
from bot.storage.writes.proposal_rows import StoredProposal
from bot.xquik.write_kinds import WRITES, FileContent, WriteName


class Performer(Protocol):
    """Performs the proposals of some kinds."""

    async def perform(self, proposal: StoredProposal, *, again: bool) -> AttemptResult:
        """Do it. again: an earlier attempt may have got through, or was cut short."""

    async def poll(self, proposal: StoredProposal) -> AttemptResult:
        """Look how something accepted stands now; `proposal.write_action` names it."""


class KeyedPerformer:
    """A write on X with an idempotency key: repeating the identical request is always right, since the
    vendor answers the same key with the same one action. Files that were attached go with the request where
    it takes one, and are uploaded before it otherwise, each under a key of its own."""

    def __init__(self, clients: XquikClients, write: WriteName, uploads: Uploads) -> None:
        self._clients = clients
        self._write = write
        self._uploads = uploads

    async def perform(self, proposal: StoredProposal, *, again: bool) -> AttemptResult:
        """Send it with the stored key."""
        request = request_of(proposal.payload)
        attached = request.pop(ATTACHED, None)
        if not attached:
            return await self._send(proposal, request, None, again)
        if WRITES[self._write].file_limit:
            content = await self._uploads.content(proposal)
            if isinstance(content, AttemptFailed):
                return content
            if self._write == "upload_media" and attached[0].get("long"):
                request[LONG] = True
            return await self._send(proposal, request, content, again)
        media = await self._uploads.media(proposal, again=again)
        if not isinstance(media, tuple):
            return media
        outcome = await self._send(proposal, {**request, "media": list(media)}, None, again)
        return await self._with_uploads(proposal, outcome, media)

    async def poll(self, proposal: StoredProposal) -> AttemptResult:
        """Ask for the record of the action. No error here says that the write failed."""
        if not WRITES[self._write].file_limit and await self._uploads.under_way(proposal):
            return await self.perform(proposal, again=True)
        known = proposal.write_action or ""
        try:
            action = await (await self._clients.client(proposal.tenant)).write_actions.show(known)
        except NotFound as error:
            remedy = msg("Check the account on X. Do it again only if it did not happen.")
            return AttemptUnknown(AttemptProblem(error.title, error.detail, remedy, error.code))
        except BotError as error:
            return NoAnswer(AttemptProblem.of(error), maybe_sent=True, after=error.retry_after)
        outcome = await self._noted(proposal, of_action(action, known))
        if WRITES[self._write].file_limit or not proposal.payload.get(ATTACHED):
            return outcome
        media = await self._uploads.media(proposal, again=True)
        return await self._with_uploads(proposal, outcome, media if isinstance(media, tuple) else ())

    async def _send(
        self, proposal: StoredProposal, request: dict[str, Any], file: FileContent | None, again: bool
    ) -> AttemptResult:
        try:
            writes = await self._clients.writes(proposal.tenant)
            key = proposal.idempotency_key
            action = await writes.perform(self._write, request, key, file=file)
        except BotError as error:
            return of_error(error, again=again)
        return await self._noted(proposal, of_action(action, action.id))

    async def _noted(self, proposal: StoredProposal, outcome: AttemptResult) -> AttemptResult:
        """The outcome, with an upload written down in the hand-off log."""
        if self._write == "upload_media" and isinstance(outcome, AttemptDone):
            await self._uploads.noted(proposal, outcome.result)
        return outcome

    async def _with_uploads(
        self, proposal: StoredProposal, outcome: AttemptResult, media: tuple[str, ...]
    ) -> AttemptResult:
        """The outcome of a write with what its uploads cost. media: the addresses that were sent."""
        uploads = await self._uploads.charged(proposal)
        match outcome:
            case AttemptDone(result):
                own = result.get("charged")
                total = None if own is None else own + uploads
                return replace(outcome, result={**result, "charged": total, "media": list(media)})
            case AttemptFailed(_, result) if uploads:
                return replace(
                    outcome, result={**result, "charged": uploads + int(result.get("charged") or 0)}
                )
            case _:
                return outcome


def performers(
    kinds: ProposalKinds, clients: XquikClients, own: Mapping[str, Performer], uploads: Uploads
) -> Mapping[str, Performer]:
    """Who carries out each kind. own: by name, for the kinds that are no keyed write; ValueError where one of
    those is missing, and where one is given for another."""
    alone = {kind.name for kind in kinds if kind.write is None}
    if alone != set(own):
        raise ValueError(f"kinds with a performer of their own are {sorted(alone)}, not {sorted(own)}")
    keyed = {
        kind.name: KeyedPerformer(clients, kind.write, uploads) for kind in kinds if kind.write is not None
    }
    return {**keyed, **own}
