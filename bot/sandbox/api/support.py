"""Support tickets, as their customer reads them."""

from __future__ import annotations

import asyncio
import hashlib
import re
from typing import Annotated, Any, Literal

import msgspec
from starlette.responses import Response

from bot.sandbox.calls import LIST_PAGE, ApiCall, Operation, cursor_of, offset_of
from bot.sandbox.config import API_PREFIX
from bot.sandbox.pictures import landscape
from bot.sandbox.problems import ApiProblem, json_response
from bot.sandbox.records import TicketAttachment, TicketMessage, TicketRecord
from bot.sandbox.world.snowflake import iso

_KEY = re.compile(r"[A-Za-z0-9._:-]{8,128}", re.ASCII)


def _json(ticket: TicketRecord) -> dict[str, Any]:
    return {
        "publicId": ticket.id,
        "subject": ticket.subject,
        "status": ticket.status,
        "createdAt": iso(ticket.created_at),
        "updatedAt": iso(ticket.updated_at),
    }


def _message_json(call: ApiCall, message: TicketMessage) -> dict[str, Any]:
    return {
        "body": message.body,
        "sender": message.sender,
        "createdAt": iso(message.created_at),
        "attachments": [_attachment_json(call, one) for one in message.attachments],
    }


def _attachment_json(call: ApiCall, attachment: TicketAttachment) -> dict[str, Any]:
    return {
        "publicId": attachment.id,
        "filename": attachment.filename,
        "contentType": attachment.content_type,
        "kind": attachment.content_type.partition("/")[0],
        "sizeBytes": attachment.size,
        "status": "ready",
        "url": f"{call.sandbox.origin}{API_PREFIX}/support/attachments/{attachment.id}",
    }


async def list_tickets(call: ApiCall) -> Response:
    """Latest activity first."""
    limit = call.integer("limit", LIST_PAGE, 1, LIST_PAGE)
    skipped = offset_of(call.query("cursor", "after"))
    mine = [ticket for ticket in call.sandbox.tickets if ticket.owner == call.owner]
    mine.sort(key=lambda ticket: (-ticket.updated_at, ticket.id))
    page = mine[skipped : skipped + limit]
    rows = [{**_json(ticket), "messageCount": len(ticket.messages)} for ticket in page]
    body: dict[str, Any] = {"tickets": rows, "hasMore": skipped + limit < len(mine)}
    if body["hasMore"]:
        body["nextCursor"] = cursor_of(str(skipped + limit))
    return json_response(body)


async def get_ticket(call: ApiCall) -> Response:
    ticket = _mine(call)
    messages = [_message_json(call, one) for one in ticket.messages]
    return json_response({**_json(ticket), "messages": messages})


async def get_attachment(call: ApiCall) -> Response:
    """A picture that is drawn of its id, whatever it is called."""
    wanted = call.path["id"]
    mine = (ticket for ticket in call.sandbox.tickets if ticket.owner == call.owner)
    files = (file for ticket in mine for message in ticket.messages for file in message.attachments)
    if not any(file.id == wanted for file in files):
        raise ApiProblem(404, "not_found", "No such attachment.")
    return Response(await asyncio.to_thread(landscape, wanted), media_type="application/octet-stream")


class _NewTicket(msgspec.Struct):
    subject: Annotated[str, msgspec.Meta(min_length=1, max_length=500, pattern=r"\S")]
    body: Annotated[str, msgspec.Meta(min_length=1, max_length=10_000, pattern=r"\S")]


class _NewMessage(msgspec.Struct):
    body: Annotated[str, msgspec.Meta(min_length=1, max_length=10_000, pattern=r"\S")]


class _NewStatus(msgspec.Struct):
    status: Literal["open", "resolved", "closed"]


async def create_ticket(call: ApiCall) -> Response:
    """With an Idempotency-Key the same text is the same ticket; another text is a conflict."""
    new, key = call.shaped(_NewTicket), _key(call)
    mine = [ticket for ticket in call.sandbox.tickets if ticket.owner == call.owner]
    known = next((one for one in mine if key and one.messages[0].key == key), None)
    if known is not None:
        return _receipt(call, known.messages[0], known.id, replayed=True)
    number = call.sandbox.store.next("ticket")
    message = _message(call, new.body, f"ticket:{number}", key)
    ticket = call.sandbox.tickets.put(
        TicketRecord(
            id=f"tkt_{call.sandbox.secret(f'ticket:{number}')[:24]}",
            owner=call.owner,
            subject=new.subject,
            created_at=call.now,
            updated_at=call.now,
            messages=[message],
        )
    )
    return _receipt(call, message, ticket.id)


async def add_message(call: ApiCall) -> Response:
    """As `create_ticket`. What was resolved is open again."""
    new, key, ticket = call.shaped(_NewMessage), _key(call), _mine(call)
    known = next((one for one in ticket.messages[1:] if key and one.key == key), None)
    if known is not None:
        return _receipt(call, known, known.id, replayed=True)
    if ticket.status == "closed":
        raise ApiProblem(409, "closed", "The ticket is closed.")
    message = _message(call, new.body, f"{ticket.id}:{len(ticket.messages)}", key)
    ticket.messages.append(message)
    ticket.status, ticket.updated_at = "open", call.now
    call.sandbox.tickets.put(ticket)
    return _receipt(call, message, message.id)


async def update_ticket(call: ApiCall) -> Response:
    new, ticket = call.shaped(_NewStatus), _mine(call)
    ticket.status, ticket.updated_at = new.status, call.now
    call.sandbox.tickets.put(ticket)
    return json_response({"publicId": ticket.id, "status": ticket.status})


def _mine(call: ApiCall) -> TicketRecord:
    ticket = call.sandbox.tickets.get(call.path["id"])
    if ticket is None or ticket.owner != call.owner:
        raise ApiProblem(404, "not_found", "No such ticket.")
    return ticket


def _key(call: ApiCall) -> str:
    """The Idempotency-Key, "" without one."""
    key = call.request.headers.get("idempotency-key", "")
    if key and _KEY.fullmatch(key) is None:
        raise ApiProblem(
            400, "invalid_idempotency_key", "Idempotency-Key must be 8 to 128 of A-Z a-z 0-9 . _ : -"
        )
    return key


def _message(call: ApiCall, body: str, place: str, key: str) -> TicketMessage:
    return TicketMessage(
        body=body,
        sender="user",
        created_at=call.now,
        id=f"msg_{call.sandbox.secret(f'message:{place}')[:24]}",
        key=key,
        request_hash=_fingerprint(call),
    )


def _fingerprint(call: ApiCall) -> str:
    return hashlib.sha256(call.request.url.path.encode() + call.body).hexdigest()


def _receipt(call: ApiCall, message: TicketMessage, public_id: str, *, replayed: bool = False) -> Response:
    if replayed and message.request_hash != _fingerprint(call):
        raise ApiProblem(
            409, "idempotency_key_conflict", "Reuse this Idempotency-Key only with the original request."
        )
    answer = json_response({"publicId": public_id, "attachments": []}, 200 if replayed else 201)
    if replayed:
        answer.headers["Idempotency-Replayed"] = "true"
    return answer


OPERATIONS = (
    Operation("downloadSupportAttachment", "GET", "/support/attachments/{id}", get_attachment),
    Operation("listTickets", "GET", "/support/tickets", list_tickets),
    Operation("getTicket", "GET", "/support/tickets/{id}", get_ticket),
    Operation("createTicket", "POST", "/support/tickets", create_ticket, "writes"),
    Operation("addTicketMessage", "POST", "/support/tickets/{id}/messages", add_message, "writes"),
    Operation("updateTicketStatus", "PATCH", "/support/tickets/{id}", update_ticket, "writes"),
)
