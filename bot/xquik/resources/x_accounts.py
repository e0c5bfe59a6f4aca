"""The X accounts that are connected to an account at Xquik."""

from __future__ import annotations

from typing import Any

from bot.xquik.models import Page, XAccount, parse_page
from bot.xquik.resources.paging import whole
from bot.xquik.resources.resource import Resource
from bot.xquik.transport.wire import segment


class XAccountsResource(Resource):
    """The connected X accounts."""

    async def show(self, account_id: str) -> XAccount:
        """One of them, by Xquik's own id. Free."""
        return XAccount.from_body(await self._caller.get(f"/x/accounts/{segment(account_id)}"))

    async def list(self) -> tuple[XAccount, ...]:
        """The connected X accounts and their health, all pages. Free."""

        async def fetch(cursor: str | None) -> Page[XAccount]:
            body = await self._caller.get("/x/accounts", {"cursor": cursor})
            accounts = tuple(XAccount.from_body(one) for one in _objects(body.get("accounts")))
            page = parse_page(dict[str, Any], {**body, "accounts": []}, "accounts")
            return Page(accounts, page.has_more, page.next_cursor)

        return await whole(fetch, identity=lambda one: f"{one.id} {one.username}")


def _objects(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
