"""Taking in a file that somebody hands in with a form, before a command is run with it."""

from __future__ import annotations

from typing import Final

from bot.core.access import Denied, Permission
from bot.core.chat.invocation import Invocation
from bot.core.commands import permits
from bot.core.commands.journal import NO_JOURNAL, Journal
from bot.core.errors import NotPermitted
from bot.core.media.limits import measured
from bot.core.policy import Deed
from bot.core.ports import Access
from bot.core.x.media_refs import kept_as, plain_name
from bot.storage.writes.media_files import MediaFiles

# Whoever may run one of these may hand in a file; what is then done with it is asked about anew.
_TAKE_FILES: Final = (
    "media upload",  # no message: a command
    "tweet post",  # no message: a command
    "tweet reply",  # no message: a command
    "tweet quote",  # no message: a command
    "profile avatar",  # no message: a command
    "profile banner",  # no message: a command
)


class FilesTakenIn:
    """Implements `bot.core.ports.Attaching`: what may be posted is kept, for those who may post."""

    def __init__(self, files: MediaFiles, access: Access, journal: Journal = NO_JOURNAL) -> None:
        self._files = files
        self._journal = journal
        self._access = access

    async def permit(self, invocation: Invocation) -> None:
        """NotPermitted for who may do nothing with a file: asked before the first byte is read."""
        standing = await permits.standing(self._access, invocation)
        verdicts = [standing.verdict(Deed(Permission.PUBLISH, command)) for command in _TAKE_FILES]
        refused = [verdict for verdict in verdicts if isinstance(verdict, Denied)]
        if len(refused) == len(verdicts):
            await self._journal.refused(invocation, Deed(Permission.PUBLISH, _TAKE_FILES[0]))
            raise NotPermitted(refused[0].reason, remedy=refused[0].remedy)

    async def keep(self, invocation: Invocation, name: str, data: bytes) -> str:
        """The value of an option for a file; Rejected for what Xquik would not take."""
        await self.permit(invocation)
        plain = plain_name(name)
        found = measured(plain, data)
        kept = await self._files.keep(
            invocation.tenant, invocation.actor.id, name=plain, source=plain, data=data, measured=found
        )
        return kept_as(kept.id)
