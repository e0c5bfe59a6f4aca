"""The support tickets of an account at Xquik."""

from __future__ import annotations

from bot.xquik.models import Page, Ticket, parse, parse_page
from bot.xquik.resources.resource import Resource
from bot.xquik.transport.wire import segment


class SupportResource(Resource):
    """Support tickets."""

    async def list(self, *, cursor: str | None = None, rows: int = 200) -> Page[Ticket]:
        """The tickets, latest activity first, without their messages; rows: 1–200. Free."""
        query = {"cursor": cursor, "limit": rows}
        return parse_page(Ticket, await self._caller.get("/support/tickets", query), "tickets")

    async def show(self, ticket: str) -> Ticket:
        """One ticket with its messages, by its public id. Free."""
        return parse(Ticket, await self._caller.get(f"/support/tickets/{segment(ticket)}"))
