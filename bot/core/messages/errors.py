"""What errors say to people: `str(error)` is English, for logs."""

from __future__ import annotations

from bot.core.messages.message import Message


def said_by(error: Exception) -> str:
    """What an error was made with: its message where it is one, else its words."""
    first = error.args[0] if error.args else ""
    return first if isinstance(first, Message) else str(error)
