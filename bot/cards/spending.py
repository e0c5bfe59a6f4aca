"""Asking before a command spends many credits. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot.cards.figures import credits_
from bot.core.chat.cards import (
    Block,
    Button,
    ButtonStyle,
    Card,
    Code,
    Field,
    Fields,
    Priority,
    Text,
    Timestamp,
    Tone,
    line,
)
from bot.core.chat.invocation import Values
from bot.core.commands.spending import SpendingCards, SpendingQuestion
from bot.core.messages.message import msg
from bot.core.text.shortening import printable, shorten

_LONGEST: Final = 300  # characters of the options


def question_card(asked: SpendingQuestion) -> Card:
    """The estimate, and why it is asked, with Confirm and Cancel."""
    estimate = msg("up to {credits}", credits=credits_(asked.credits))
    blocks: list[Block] = [
        Text(line(asked.command.summary)),
        Fields(
            (
                Field(msg("Command"), (Code(asked.command.name),)),
                Field(msg("Estimate"), (estimate,)),
                *_given(asked.values),
            ),
            priority=Priority.ESSENTIAL,
        ),
        Text(
            line(
                msg(
                    "Here the bot asks before it spends more than {credits} at once: "
                    "`setup spending` changes that.",
                    credits=credits_(asked.above),
                )
            ),
            subtle=True,
        ),
        Text(
            line(
                msg(
                    "Requested by {person}. Can be confirmed until {until}.",
                    person=asked.requester,
                    until=Timestamp(asked.expires_at),
                )
            ),
            subtle=True,
        ),
    ]
    if asked.grown:
        blocks.insert(0, Text(line(msg("It costs more by now than what was confirmed. Nothing was spent."))))
    buttons = (
        Button(msg("Confirm"), asked.confirm, style=ButtonStyle.PRIMARY),
        Button(msg("Cancel"), asked.cancel),
    )
    tone = Tone.WARNING if asked.grown else Tone.INFO
    return Card(msg("Spend {estimate}?", estimate=estimate), tuple(blocks), tone, buttons)


def _given(values: Values) -> Iterator[Field]:
    """What the credits would be spent on: somebody else may be the one who confirms."""
    for name, texts in values.items():
        text = printable(" ".join(texts))
        if text.strip():
            yield Field(name, (shorten(text, _LONGEST),))


def declined_card(name: str) -> Card:
    """Somebody decided against it."""
    said = msg("{person} decided against it. Nothing was spent.", person=name)
    return Card(msg("Cancelled"), (Text(line(said)),), Tone.INFO)


SPENDING_CARDS = SpendingCards(question_card, declined_card)
