"""What a person typed into a form that could not be taken: put back into it, or shown. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.core.chat.cards import Block, Card, Form, InputKind, Priority, Quote, Text
from bot.core.messages.message import msg
from bot.core.text.invisible import blank


def filled(form: Form, values: Mapping[str, str]) -> Form:
    """The form with what was typed in place of what it came with; secrets stay empty."""
    inputs = tuple(
        one if one.kind is InputKind.SECRET else replace(one, value=values.get(one.name, one.value))
        for one in form.inputs
    )
    return replace(form, inputs=inputs)


def with_typed(card: Card, values: Mapping[str, str]) -> Card:
    """The card, and below it what was typed, to be copied."""
    quotes: tuple[Block, ...] = tuple(
        Quote(given, priority=Priority.OWN) for given in values.values() if not blank(given)
    )
    if not quotes:
        return card
    word = Text((msg("This is what you typed:"),), subtle=True)
    return replace(card, blocks=(*card.blocks, word, *quotes))
