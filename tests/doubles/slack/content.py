"""What every way of sending a message shares: its text, blocks, attachments and metadata, checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from . import reading
from .blockkit import MESSAGE_TEXT, check_blocks, unknown_blocks, with_ids
from .errors import Refused, broken
from .model import Edit, Json, Message

if TYPE_CHECKING:
    from .server import SlackServer

TEXT = 40_000
ATTACHMENTS = 100


@dataclass(frozen=True, slots=True)
class Content:
    """A checked message body. ``None`` means that the sender did not mention it."""

    text: str = ""
    blocks: list[Json] | None = None
    attachments: list[Json] | None = None
    metadata: Json | None = None
    names_linked: bool = False
    has_text: bool = field(default=False)


def read_content(
    server: SlackServer, where: str, get: Callable[[str], Any], *, needs_body: bool = True
) -> Content:
    """Reads a message through ``get(name)``; raises what Slack answers to a bad one.

    Blocks without a ``text`` are accepted, as Slack does, but recorded: notifications and screen
    readers have nothing to show then.
    """
    text, blocks, attachments = get("text"), get("blocks"), get("attachments")
    if get("markdown_text"):
        if text or blocks:
            raise broken("markdown_text_conflict")
        text, blocks = get("markdown_text"), [{"type": "markdown", "text": get("markdown_text")}]
    if text is not None and not isinstance(text, str):
        raise broken("invalid_arguments", "[ERROR] must provide a string [json-pointer:/text]")
    if needs_body and not (text or blocks or attachments):
        raise broken("no_text")
    if text and len(text) > TEXT:
        raise broken("msg_too_long")
    _check_blocks(blocks)
    if unknown := unknown_blocks(blocks, server.unknown_blocks):
        raise Refused("invalid_blocks", unknown)  # no program knows which workspace has a new block already
    _check_attachments(attachments)
    if (blocks or attachments) and not text:
        server.violation("no_text_fallback", where, "blocks or attachments were sent without `text`")
    names_linked = str(get("link_names") or "").lower() in ("1", "true") or get("parse") == "full"
    metadata = _checked_metadata(get("metadata"))
    stamped = with_ids(blocks, lambda: server.new_id("b")[-5:]) if blocks else blocks
    return Content(text or "", stamped, attachments, metadata, names_linked, text is not None)


def _check_blocks(blocks: Any) -> None:
    if not blocks:
        return
    if not isinstance(blocks, list):
        raise broken("invalid_blocks_format")
    problems = check_blocks(blocks, "message")
    if problems:
        raise broken("invalid_blocks", *problems)
    length = reading.text_length(blocks)
    if length > MESSAGE_TEXT:
        raise broken("msg_blocks_too_long", f"[ERROR] {length} characters of text in blocks")


def _check_attachments(attachments: Any) -> None:
    if not attachments:
        return
    if not isinstance(attachments, list):
        raise broken("invalid_attachments")
    if len(attachments) > ATTACHMENTS:
        raise broken("too_many_attachments")
    for i, attachment in enumerate(attachments):
        if not isinstance(attachment, dict):
            raise broken("invalid_attachments")
        problems = check_blocks(attachment.get("blocks") or [], "message", f"/attachments/{i}/blocks")
        if problems:
            raise broken("invalid_blocks", *problems)


def _checked_metadata(metadata: Any) -> Json | None:
    if not metadata:
        return None if metadata is None else {}
    if not isinstance(metadata, dict) or set(metadata) - {"event_type", "event_payload", "entities"}:
        raise broken("invalid_metadata_format")
    event, payload = metadata.get("event_type"), metadata.get("event_payload")
    if not isinstance(event, str) or not event or not isinstance(payload, dict):
        raise broken(
            "invalid_metadata_schema", "[ERROR] needs event_type (string) and event_payload (object)"
        )
    return dict(metadata)


def fill(message: Message, content: Content) -> Message:
    """A new message with this content."""
    message.text = content.text
    message.blocks = content.blocks or []
    message.attachments = content.attachments or []
    message.metadata = content.metadata or None
    message.names_linked = content.names_linked
    return message


def change(message: Message, content: Content, at: float) -> None:
    """``chat.update`` semantics: text alone takes the blocks away; what is not mentioned stays."""
    message.edits.append(Edit(at, message.text, message.blocks, message.metadata))
    if content.blocks is not None:
        message.blocks = content.blocks
    elif content.has_text:
        message.blocks = []
    if content.has_text:
        message.text = content.text
    if content.attachments is not None:
        message.attachments = content.attachments
    if content.metadata is not None:
        message.metadata = content.metadata or None
    message.names_linked = content.names_linked
