"""The account at Xquik."""

from __future__ import annotations

from bot.xquik.models import Account, Credits, Identity, Topup, parse
from bot.xquik.resources.resource import Resource


class AccountResource(Resource):
    """Plan and balance."""

    async def show(self) -> Account:
        """Plan, monitors and balance. Free."""
        return parse(Account, await self._caller.get("/account"))

    async def credits(self) -> Credits:
        """The balance. Free."""
        return Credits.from_body(await self._caller.get("/credits"))

    async def topup(self, session: str) -> Topup:
        """How a checkout for credits stands, by its session. Free."""
        return Topup.from_body(await self._caller.get("/credits/topup/status", {"session_id": session}))

    async def set_locale(self, locale: str) -> None:
        """Set the language of the account at Xquik: en, es or tr. Free. The answer says no more than that it
        was set."""
        await self._caller.ask("PATCH", "/account", kind="write", json={"locale": locale})

    async def set_identity(self, username: str) -> str:
        """Link an X username (without @) to the account; the one that is linked now. Free."""
        body = {"username": username}
        answer = await self._caller.ask("PUT", "/account/x-identity", kind="write", json=body)
        return parse(Identity, answer.body).x_username
