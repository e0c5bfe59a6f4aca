"""Support tickets, as their customer reads them."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.responses import Response

from bot.sandbox.calls import LIST_PAGE, ApiCall, Operation, cursor_of, offset_of
from bot.sandbox.config import API_PREFIX
from bot.sandbox.pictures import landscape
from bot.sandbox.problems import ApiProblem, json_response
from bot.sandbox.records import TicketAttachment, TicketMessage, TicketRecord
from bot.sandbox.world.snowflake import iso


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
    ticket = call.sandbox.tickets.get(call.path["id"])
    if ticket is None or ticket.owner != call.owner:
        raise ApiProblem(404, "not_found", "No such ticket.")
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


OPERATIONS = (
    Operation("downloadSupportAttachment", "GET", "/support/attachments/{id}", get_attachment),
    Operation("listTickets", "GET", "/support/tickets", list_tickets),
    Operation("getTicket", "GET", "/support/tickets/{id}", get_ticket),
)
