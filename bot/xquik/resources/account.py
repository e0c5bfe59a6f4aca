"""The account at Xquik."""

from __future__ import annotations

from bot.xquik.models import Account, Credits, parse
from bot.xquik.resources.resource import Resource


class AccountResource(Resource):
    """Plan and balance."""

    async def show(self) -> Account:
        """Plan, monitors and balance. Free."""
        return parse(Account, await self._caller.get("/account"))

    async def credits(self) -> Credits:
        """The balance. Free."""
        return Credits.from_body(await self._caller.get("/credits"))
