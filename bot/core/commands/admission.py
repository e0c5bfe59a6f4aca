"""What has to be there before anything is run: the permission, a key, and the state behind a button."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.core.chat.actions import ActionRef
from bot.core.chat.invocation import Invocation
from bot.core.commands import permits
from bot.core.commands.declaring import Action, Command
from bot.core.commands.journal import NO_JOURNAL, Journal
from bot.core.errors import Expired, NotPermitted
from bot.core.messages.message import msg
from bot.core.policy import Standing
from bot.core.ports import Access, ButtonStates, Keys


class Admission:
    """Looks all of it up where it is stored; nothing is asked of a platform or of Xquik."""

    def __init__(
        self, access: Access, keys: Keys, states: ButtonStates, journal: Journal = NO_JOURNAL
    ) -> None:
        self._journal = journal
        self._access = access
        self._keys = keys
        self._states = states

    async def permit(self, invocation: Invocation, what: Command[Any] | Action) -> None:
        """NotPermitted, with who can change it, for who may not; the attempt is recorded."""
        try:
            await permits.require(self._access, invocation, what.deed)
        except NotPermitted:
            await self._journal.refused(invocation, what.deed)
            raise

    async def may(self, invocation: Invocation, what: Command[Any] | Action) -> bool:
        """Whether the person may, without an attempt."""
        return (await self.standing(invocation)).may(what.deed)

    async def standing(self, invocation: Invocation) -> Standing:
        """What decides what the person may do."""
        return await permits.standing(self._access, invocation)

    async def need_key(self, invocation: Invocation) -> None:
        """NotConfigured where no Xquik key is stored."""
        await permits.need_key(self._keys, invocation.tenant)

    async def state(self, invocation: Invocation, action: Action, ref: ActionRef) -> Mapping[str, Any]:
        """What the button remembers; Expired when that is gone."""
        if not action.stored:
            return {"key": ref.key}
        state = await self._states.recall(invocation.tenant, ref.name, ref.key)
        if state is None:
            raise Expired(msg("This button has expired."))
        return state
