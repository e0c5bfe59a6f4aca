"""What a customer and Xquik have had to do with each other, as the control endpoints make it up: top-ups and
support tickets."""

from __future__ import annotations

from typing import Any

import msgspec

from bot.sandbox.problems import ApiProblem
from bot.sandbox.records import TicketAttachment, TicketMessage, TicketRecord, TopupRecord
from bot.sandbox.state import Sandbox

_CREDITS_PER_DOLLAR = 6_666


class _Topup(msgspec.Struct):
    dollars: int = 10
    status: str = "processing"


class _Attachment(msgspec.Struct):
    filename: str
    content_type: str = "image/png"
    size: int = 1_000


class _Message(msgspec.Struct):
    body: str
    sender: str = "user"
    attachments: list[_Attachment] = []


class _Ticket(msgspec.Struct):
    subject: str
    messages: list[_Message]
    status: str = "open"


def begun_topup(sandbox: Sandbox, owner: str, body: dict[str, Any]) -> dict[str, Any]:
    """A checkout of ``dollars`` with a ``status``; one that is paid has its credits added."""
    asked = _shaped(body, _Topup)
    bought = asked.dollars * _CREDITS_PER_DOLLAR
    number = sandbox.store.next("topup")
    values = {"id": f"cs_sandbox_{number}", "owner": owner, "dollars": asked.dollars, "credits": bought}
    topup = sandbox.topups.put(_shaped({**values, "status": asked.status}, TopupRecord))
    if topup.status == "paid":
        sandbox.credits.add(owner, bought)
    return {"session": topup.id, "credits": bought}


def ended_topups(sandbox: Sandbox, owner: str, body: dict[str, Any]) -> dict[str, Any]:
    """Checkouts that are not paid get a ``status``: that of a ``session``, or "all"."""
    wanted, status = str(body["session"]), str(body.get("status", "paid"))
    changed = []
    for topup in list(sandbox.topups):
        if topup.owner != owner or topup.status != "processing" or wanted not in ("all", topup.id):
            continue
        topup.status = _shaped({**msgspec.structs.asdict(topup), "status": status}, TopupRecord).status
        sandbox.topups.put(topup)
        if topup.status == "paid":
            sandbox.credits.add(owner, topup.credits)
        changed.append(topup.id)
    return {"sessions": changed}


def opened_ticket(sandbox: Sandbox, owner: str, body: dict[str, Any]) -> dict[str, Any]:
    """A ticket with its ``messages``, each a minute after the one before, the last of them now."""
    asked = _shaped(body, _Ticket)
    if not asked.messages:
        raise ApiProblem(400, "invalid_input", "A ticket has one message at least.")
    number, now = sandbox.store.next("ticket"), sandbox.now()
    first = now - 60.0 * (len(asked.messages) - 1)
    messages = [
        _shaped(
            {
                "body": one.body,
                "sender": one.sender,
                "created_at": first + 60.0 * place,
                "attachments": _attachments(sandbox, number, place, one.attachments),
            },
            TicketMessage,
        )
        for place, one in enumerate(asked.messages)
    ]
    values = {
        "id": f"tkt_{sandbox.secret(f'ticket:{number}')[:24]}",
        "owner": owner,
        "subject": asked.subject,
    }
    times = {"created_at": first, "updated_at": now, "messages": messages}
    ticket = sandbox.tickets.put(_shaped({**values, **times, "status": asked.status}, TicketRecord))
    return {"id": ticket.id}


def _attachments(
    sandbox: Sandbox, ticket: int, place: int, given: list[_Attachment]
) -> list[TicketAttachment]:
    return [
        TicketAttachment(
            id=f"att_{sandbox.secret(f'attachment:{ticket}:{place}:{number}')[:24]}",
            filename=one.filename,
            content_type=one.content_type,
            size=one.size,
        )
        for number, one in enumerate(given)
    ]


def _shaped(body: dict[str, Any], shape: type[Any]) -> Any:
    try:
        return msgspec.convert(body, shape, from_attributes=True)
    except msgspec.ValidationError as error:
        raise ApiProblem(400, "invalid_input", str(error)) from error
