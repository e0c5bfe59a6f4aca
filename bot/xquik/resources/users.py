"""People on X."""

from __future__ import annotations

from bot.xquik.models import User, parse
from bot.xquik.resources.resource import Resource
from bot.xquik.transport.wire import segment


class UsersResource(Resource):
    """Profiles on X."""

    async def show(self, name: str) -> User:
        """One profile, by username without @ or by id. 1 credit."""
        return parse(User, await self._caller.get(f"/x/users/{segment(name)}"))
