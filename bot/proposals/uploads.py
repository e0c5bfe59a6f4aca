"""Attached files on their way to X: each is uploaded once, under a key that was stored before the request.

A payload names its files under `attached`, and those of a tweet stand in its `media` too, as
`attached:<id>`, in the order in which they were given. What became of each upload stands with the file
(`bot.storage.writes.media_files`), so that whoever goes on after a crash knows which are done:

| the file has | then |
|---|---|
| no record | the upload is sent, or sent again: the same key and bytes are the same upload |
| a record of Xquik's | Xquik is asked how it stands |
| an address | it is uploaded: nothing is sent |
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from msgspec.structs import replace

from bot.core.errors import BotError, NotFound
from bot.core.messages.message import Message, msg
from bot.core.x.media_refs import kept_as
from bot.proposals.acting import OPTION, request_of
from bot.proposals.attempts import (
    Accepted,
    AttemptDone,
    AttemptFailed,
    AttemptProblem,
    AttemptResult,
    AttemptUnknown,
    NoAnswer,
)
from bot.proposals.handoff import HandoffLog
from bot.proposals.outcomes import of_action, of_error
from bot.proposals.ports import Step, XquikClients, no_step
from bot.storage.writes.media_files import MediaFile, MediaFiles
from bot.storage.writes.media_of_proposals import ATTACHED
from bot.storage.writes.proposal_rows import StoredProposal
from bot.xquik.write_kinds import FileContent

LONG: Final = "is_long_video"


class Uploads:
    """Brings attached files to X. step: told the name of each step."""

    def __init__(
        self, clients: XquikClients, files: MediaFiles, handoff: HandoffLog, step: Step = no_step
    ) -> None:
        self._clients = clients
        self._files = files
        self._handoff = handoff
        self._step = step

    async def content(self, proposal: StoredProposal) -> FileContent | AttemptFailed | None:
        """The one file that goes with the request itself; None where none was attached."""
        attached = proposal.payload.get(ATTACHED) or ()
        if not attached:
            return None
        (file,) = await self._of(proposal) or (None,)
        data = None if file is None else await self._files.content(proposal.tenant, file.id)
        if file is None or data is None or file.sha256 != attached[0]["sha256"]:
            return _gone(str(attached[0]["name"]), {"charged": 0})
        return FileContent(file.name, file.content_type, data)

    async def noted(self, proposal: StoredProposal, result: Mapping[str, Any]) -> None:
        """The one file of a proposal is at Xquik by the request itself."""
        source = next((str(file["source"]) for file in proposal.payload.get(ATTACHED) or ()), "")
        await self._handoff.uploaded(
            proposal.tenant,
            f"{proposal.id}-upload",
            media_id=result.get("media_id"),
            media_url=result.get("media_url"),
            source=source,
        )

    async def media(self, proposal: StoredProposal, *, again: bool) -> tuple[str, ...] | AttemptResult:
        """The addresses of a proposal's media once all of it is uploaded; else how far that is. again: an
        earlier attempt may have got through."""
        files = {file.id: file for file in await self._of(proposal)}
        charged = sum(_charged(proposal, file) for file in files.values())
        for one in proposal.payload.get(ATTACHED) or ():
            file = files.get(one["id"])
            if file is None or file.sha256 != one["sha256"]:
                return _gone(str(one["name"]), {"charged": charged})
            if file.media_url is None:
                outcome = await self._upload(proposal, file, again=again)
                if not isinstance(outcome, MediaFile):
                    return _before(outcome, charged)
                files[file.id] = outcome
                charged += outcome.charged or 0
        urls = {kept_as(file.id): file.media_url or "" for file in files.values()}
        return tuple(urls.get(str(item), str(item)) for item in proposal.payload.get("media") or ())

    async def under_way(self, proposal: StoredProposal) -> bool:
        """Whether what Xquik has is an upload, and not the write itself."""
        if not proposal.payload.get(ATTACHED):
            return False
        files = await self._of(proposal)
        return proposal.write_action in {file.write_action for file in files}

    async def charged(self, proposal: StoredProposal) -> int:
        """What the uploads cost so far, those of an earlier attempt not counted."""
        return sum(_charged(proposal, file) for file in await self._of(proposal))

    async def _upload(
        self, proposal: StoredProposal, file: MediaFile, *, again: bool
    ) -> MediaFile | AttemptResult:
        outcome = await (
            self._asked(proposal, file) if file.write_action else self._sent(proposal, file, again)
        )
        self._step("upload_answered")
        match outcome:
            case AttemptDone(result) if result.get("media_url"):
                return await self._done(proposal, file, result)
            case AttemptDone():
                return AttemptFailed(AttemptProblem(_FAILED, _UNNAMED, _AGAIN_LATER))
            case Accepted():
                await self._files.accepted(proposal.tenant, file.id, outcome.write_action)
        return outcome

    async def _sent(self, proposal: StoredProposal, file: MediaFile, again: bool) -> AttemptResult:
        try:
            data = await self._files.content(proposal.tenant, file.id)
            if data is None or not file.upload_key:
                return _gone(file.name, {})
            account = request_of(proposal.payload)[OPTION]
            request: dict[str, Any] = {OPTION: account}
            if any(one["id"] == file.id and one.get("long") for one in proposal.payload[ATTACHED]):
                request[LONG] = True
            content = FileContent(file.name, file.content_type, data)
            writes = await self._clients.writes(proposal.tenant)
            action = await writes.perform("upload_media", request, file.upload_key, file=content)
        except BotError as error:
            return of_error(error, again=again)
        return of_action(action, action.id)

    async def _asked(self, proposal: StoredProposal, file: MediaFile) -> AttemptResult:
        known = file.write_action or ""
        try:
            action = await (await self._clients.client(proposal.tenant)).write_actions.show(known)
        except NotFound as error:
            return AttemptUnknown(AttemptProblem.of(error))
        except BotError as error:
            return NoAnswer(AttemptProblem.of(error), maybe_sent=True, after=error.retry_after)
        return of_action(action, known)

    async def _done(self, proposal: StoredProposal, file: MediaFile, result: Mapping[str, Any]) -> MediaFile:
        told = replace(
            file,
            write_action=result.get("write_action") or file.write_action,
            media_id=result.get("media_id"),
            media_url=str(result["media_url"]),
            charged=int(result.get("charged") or 0),
        )
        # Noted first: once the file has its address, nobody comes here again.
        await self._handoff.uploaded(
            proposal.tenant,
            f"{file.id}-upload",
            media_id=told.media_id,
            media_url=told.media_url,
            source=file.source,
        )
        self._step("noted")
        await self._files.uploaded(
            proposal.tenant,
            file.id,
            write_action=told.write_action,
            media_id=told.media_id,
            media_url=told.media_url or "",
            charged=told.charged or 0,
        )
        self._step("uploaded")
        return told

    async def _of(self, proposal: StoredProposal) -> tuple[MediaFile, ...]:
        ids = [str(file["id"]) for file in proposal.payload.get(ATTACHED) or ()]
        return await self._files.several(proposal.tenant, ids) if ids else ()


def _charged(proposal: StoredProposal, file: MediaFile) -> int:
    """What the upload of a file cost, where it was done for this proposal."""
    own = (file.upload_key or "").startswith(f"xqb-{proposal.id}-")
    return (file.charged or 0) if own else 0


def _before(outcome: AttemptResult, charged: int) -> AttemptResult:
    """What an upload that did not work means for what it was for: certainly that it did not happen.
    charged: of the uploads before."""
    match outcome:
        case AttemptFailed(problem, result):
            noted = {**result, "charged": charged + int(result.get("charged") or 0)}
            return AttemptFailed(replace(problem, title=_FAILED), noted)
        case AttemptUnknown(problem):
            return AttemptFailed(replace(problem, title=_FAILED, remedy=_UNSURE, again=False))
        case _:
            return outcome


def _gone(name: str, result: Mapping[str, Any]) -> AttemptFailed:
    what: Message = msg("The attached file {name} is not kept any more.", name=name)
    problem = AttemptProblem(_FAILED, what, msg("Attach it again, and run the command again."), "media_gone")
    return AttemptFailed(problem, result)


_FAILED: Final = msg("The media could not be uploaded")
_UNNAMED: Final = msg("Xquik did not say where the uploaded file is.")
_AGAIN_LATER: Final = msg("Run the command again. If it fails again, write to Xquik support.")
_UNSURE: Final = msg(
    "Nothing else was sent. `credits show` tells whether the upload was charged. Run the command again if "
    "you still want it."
)
