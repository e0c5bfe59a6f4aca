"""Support tickets at Xquik."""

from __future__ import annotations

from bot.xquik.models.base import Model


class TicketFile(Model, frozen=True, kw_only=True):
    """A picture or video of a message. size_bytes: bytes; status: "pending", "ready" or "failed"."""

    public_id: str = ""
    filename: str = ""
    kind: str = ""
    size_bytes: int = 0
    status: str = ""


class TicketWords(Model, frozen=True, kw_only=True):
    """A message. sender: "user", "support" or "system"."""

    body: str = ""
    sender: str = ""
    created_at: str | None = None
    attachments: tuple[TicketFile, ...] = ()


class Ticket(Model, frozen=True, kw_only=True):
    """A ticket. status: "open", "in_progress", "resolved" or "closed"; messages: oldest first, of one that
    was looked up alone."""

    public_id: str
    subject: str = ""
    status: str = ""
    message_count: int | None = None
    created_at: str | None = None
    updated_at: str | None = None
    messages: tuple[TicketWords, ...] = ()


class TicketReceipt(Model, frozen=True, kw_only=True):
    """That a ticket or a message was taken. public_id: of the ticket, or of the message."""

    public_id: str
