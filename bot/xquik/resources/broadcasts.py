"""Broadcasts on X: live video."""

from __future__ import annotations

from bot.xquik.models import Broadcast, LiveCheck, parse_paid
from bot.xquik.resources.resource import Resource
from bot.xquik.transport.wire import segment


class BroadcastsResource(Resource):
    """Broadcasts, and who is live."""

    async def show(self, broadcast_id: str) -> Broadcast:
        """One as it is now; nobody is counted as watching by that. 1 credit."""
        body = await self._caller.get(f"/x/broadcasts/{segment(broadcast_id)}")
        return parse_paid(Broadcast, body.get("broadcast"))

    async def live(self, name: str) -> LiveCheck:
        """Whether an account broadcasts now, with its latest broadcast. 1 credit."""
        return parse_paid(LiveCheck, await self._caller.get(f"/x/users/{segment(name)}/live"))
