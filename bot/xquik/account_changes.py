"""What changes the account at Xquik itself, and no tweet: tickets, connected X accounts, pages on which it is
paid. Imported by `bot.proposals` and `bot.app` alone, like `bot.xquik.writes`.

Each request is sent once. Tickets and replies take an Idempotency-Key: the same key with the same text is
the same ticket. A state and a disconnection need none: twice is once. Raises XquikAnswerLost when it may have
been done.
"""

from __future__ import annotations

import re
from typing import Final

from bot.xquik.models import BillingPage, Checkout, TicketReceipt, parse
from bot.xquik.transport.caller import Caller
from bot.xquik.transport.wire import segment

_KEY: Final = re.compile(r"[A-Za-z0-9._:-]{8,128}", re.ASCII)


class AccountChanges:
    """The changes that one key may make."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def open_ticket(self, subject: str, body: str, idempotency_key: str) -> str:
        """Open a ticket; its public id. idempotency_key: 8–128 of A–Z, a–z, 0–9 and ._:-, stored before this
        call; ValueError for another."""
        written = {"subject": subject, "body": body}
        answer = await self._caller.ask(
            "POST",
            "/support/tickets",
            kind="write",
            json=written,
            idempotency_key=_checked(idempotency_key),
        )
        return parse(TicketReceipt, answer.body).public_id

    async def reply(self, ticket: str, body: str, idempotency_key: str) -> str:
        """Add a message to a ticket, by its public id, which is answered. idempotency_key: as of
        `open_ticket`."""
        path = f"/support/tickets/{segment(ticket)}/messages"
        answer = await self._caller.ask(
            "POST", path, kind="write", json={"body": body}, idempotency_key=_checked(idempotency_key)
        )
        return parse(TicketReceipt, answer.body).public_id

    async def close(self, ticket: str) -> None:
        """Close a ticket, by its public id."""
        path = f"/support/tickets/{segment(ticket)}"
        await self._caller.ask("PATCH", path, kind="write", json={"status": "closed"})

    async def topup(self, dollars: int) -> Checkout:
        """Make a page on which credits are paid for, which costs nothing yet. dollars: whole, from 10.
        The one that is open is answered again. Conflict (`topup_in_progress`) while another is under way."""
        answer = await self._caller.ask("POST", "/credits/topup", kind="write", json={"dollars": dollars})
        return parse(Checkout, {"url": answer.body.get("redirect_url") or answer.body.get("url")})

    async def subscribe(self, tier: str | None) -> BillingPage:
        """Make a page on which a plan is paid for, or the plan that there is is managed; costs nothing yet.
        tier: "starter", "pro" or "business"; None: chosen there."""
        asked = {} if tier is None else {"tier": tier}
        answer = await self._caller.ask("POST", "/subscribe", kind="write", json=asked)
        return parse(BillingPage, answer.body)

    async def disconnect(self, account: str) -> None:
        """Disconnect an X account, by Xquik's own id. NotFound where it is not connected."""
        await self._caller.ask("DELETE", f"/x/accounts/{segment(account)}", kind="delete")


def _checked(key: str) -> str:
    if _KEY.fullmatch(key) is None:
        raise ValueError("an Idempotency-Key of a ticket is 8 to 128 letters, digits and ._:-")
    return key
