"""Asking before a command spends many credits, or reads what stays with one person. Pure."""

from __future__ import annotations

from bot.cards.figures import credits_
from bot.cards.given_options import given_options
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
from bot.core.commands.consent import Consent
from bot.core.commands.spending import SpendingCards, SpendingQuestion
from bot.core.messages.message import msg


def question_card(asked: SpendingQuestion) -> Card:
    """What is asked, and why, with Confirm and Cancel."""
    return _spending(asked) if asked.consent is None else _reading(asked, asked.consent)


def _spending(asked: SpendingQuestion) -> Card:
    listing, price = asked.command.listing, credits_(asked.credits)
    guessed = listing is not None and listing.guessed
    estimate = msg("about {credits}", credits=price) if guessed else msg("up to {credits}", credits=price)
    blocks: list[Block] = [
        Text(line(asked.command.summary)),
        Fields(
            (
                Field(msg("Command"), (Code(asked.command.name),)),
                Field(msg("Estimate"), (estimate,)),
            ),
            priority=Priority.ESSENTIAL,
        ),
        *given_options(asked.values),
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
        _until(asked),
    ]
    if asked.grown:
        blocks.insert(0, Text(line(msg("It costs more by now than what was confirmed. Nothing was spent."))))
    tone = Tone.WARNING if asked.grown else Tone.INFO
    return Card(msg("Spend {estimate}?", estimate=estimate), tuple(blocks), tone, _buttons(asked))


def _reading(asked: SpendingQuestion, consent: Consent) -> Card:
    blocks: list[Block] = [
        Fields(consent.fields, priority=Priority.ESSENTIAL),
        *((Text(consent.note),) if consent.note else ()),
        _until(asked),
    ]
    if asked.changed:
        changed = msg("What this is about changed since it was asked. Nothing was read.")
        blocks.insert(0, Text(line(changed)))
    tone = Tone.WARNING if asked.changed else Tone.INFO
    return Card(consent.title, tuple(blocks), tone, _buttons(asked))


def _until(asked: SpendingQuestion) -> Text:
    said = msg(
        "Requested by {person}. Can be confirmed until {until}.",
        person=asked.requester,
        until=Timestamp(asked.expires_at),
    )
    return Text(line(said), subtle=True)


def _buttons(asked: SpendingQuestion) -> tuple[Button, ...]:
    return (
        Button(msg("Confirm"), asked.confirm, style=ButtonStyle.PRIMARY),
        Button(msg("Cancel"), asked.cancel),
    )


def declined_card(name: str) -> Card:
    """Somebody decided against it."""
    said = msg("{person} decided against it. Nothing was spent.", person=name)
    return Card(msg("Cancelled"), (Text(line(said)),), Tone.INFO)


SPENDING_CARDS = SpendingCards(question_card, declined_card)
