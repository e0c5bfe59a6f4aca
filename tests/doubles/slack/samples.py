"""Small well-formed blocks and views, to build a test's message from or to break one rule in."""

from __future__ import annotations

from typing import Any

from .model import Json


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def section(text: str = "Words", **more: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(action_id: str = "x1:open:k", text: str = "Open", **more: Any) -> Json:
    return {"type": "button", "action_id": action_id, "text": plain(text), **more}


def actions(*elements: Json, **more: Any) -> Json:
    return {"type": "actions", "elements": list(elements), **more}


def text_input(block_id: str = "what", **element: Any) -> Json:
    field = {"type": "plain_text_input", "action_id": "text", **element}
    return {"type": "input", "block_id": block_id, "label": plain("What"), "element": field}


def select(n: int = 2, **more: Any) -> Json:
    options = [{"text": plain(f"Option {i}"), "value": str(i)} for i in range(n)]
    return {"type": "static_select", "action_id": "pick", "options": options, **more}


def modal(*blocks: Json, **more: Any) -> Json:
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain("A form"),
        "submit": plain("Send"),
        "blocks": list(blocks),
        **more,
    }
