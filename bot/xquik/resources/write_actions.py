"""How writes on X stand. Making one is `bot.xquik.writes`."""

from __future__ import annotations

from bot.xquik.errors import retry_after
from bot.xquik.models import WriteAction
from bot.xquik.resources.resource import Resource
from bot.xquik.transport.wire import segment


class WriteActionsResource(Resource):
    """The records of writes."""

    async def show(self, action_id: str) -> WriteAction:
        """How far a write has got. Free."""
        answer = await self._caller.ask("GET", f"/x/write-actions/{segment(action_id)}", kind="read")
        return WriteAction.from_body(answer.body, retry_after=retry_after(answer.body, answer.headers))
