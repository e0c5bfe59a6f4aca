"""What was typed behind a command, for whoever is to confirm it: whole. Pure."""

from __future__ import annotations

from typing import Final

from bot.core.chat.cards import Field, Fields, Priority
from bot.core.chat.invocation import Values
from bot.core.text.invisible import marked

_SHORT: Final = 60  # characters of an option that can stand beside another


def given_options(values: Values) -> tuple[Fields, ...]:
    """A block with the options as they were given, with what nobody sees in them; none where there are none.
    Somebody else than who typed them may be the one who confirms. A block of its own: a long one must not
    take the room of the price."""
    texts = {name: marked(" ".join(given)) for name, given in values.items()}
    items = [Field(name, (text,), short=len(text) <= _SHORT) for name, text in texts.items() if text.strip()]
    return (Fields(tuple(items), priority=Priority.ESSENTIAL),) if items else ()
