"""Asking before a command spends many credits. Pure."""

from __future__ import annotations

from bot.cards.figures import credits_
from bot.core.chat.cards import (
    Block,
    Button,
    ButtonStyle,
    Card,
    Code,
    Field,
    Fields,
    Text,
    Timestamp,
    Tone,
    line,
)
from bot.core.commands.spending import SpendingCards, SpendingQuestion


def question_card(asked: SpendingQuestion) -> Card:
    """The estimate, and why it is asked, with Confirm and Cancel."""
    estimate = f"up to {credits_(asked.credits)}"
    blocks: list[Block] = [
        Text(line(asked.command.summary)),
        Fields((Field("Command", (Code(asked.command.name),)), Field("Estimate", (estimate,)))),
        Text(
            line(
                f"Here the bot asks before it spends more than {credits_(asked.above)} at once: ",
                Code("setup spending"),
                " changes that.",
            ),
            subtle=True,
        ),
        Text(
            line(
                f"Requested by {asked.requester}. Can be confirmed until ", Timestamp(asked.expires_at), "."
            ),
            subtle=True,
        ),
    ]
    if asked.grown:
        blocks.insert(0, Text(line("It costs more by now than what was confirmed. Nothing was spent.")))
    buttons = (
        Button("Confirm", asked.confirm, style=ButtonStyle.PRIMARY),
        Button("Cancel", asked.cancel),
    )
    tone = Tone.WARNING if asked.grown else Tone.INFO
    return Card(f"Spend {estimate}?", tuple(blocks), tone, buttons)


def declined_card(name: str) -> Card:
    """Somebody decided against it."""
    return Card("Cancelled", (Text(line(f"{name} decided against it. Nothing was spent.")),), Tone.INFO)


SPENDING_CARDS = SpendingCards(question_card, declined_card)
