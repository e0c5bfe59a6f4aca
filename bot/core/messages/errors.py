"""What errors say to people: `str(error)` is English, for logs."""

from __future__ import annotations

from bot.core.messages.message import Message, msg


def said_by(error: Exception) -> str:
    """What an error was made with: its message where it is one, else its words."""
    first = error.args[0] if error.args else ""
    return first if isinstance(first, Message) else str(error)


def of_option(option: str, error: Exception) -> Message:
    """The same as a sentence that names the option at fault."""
    why = said_by(error)
    if why.endswith((".", "?")):
        return msg("{option}: {why}", option=option, why=why)
    return msg("{option}: {why}.", option=option, why=why)
