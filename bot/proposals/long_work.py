"""Cards of what takes long: how it is stopped, and where its files are. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Button, ButtonStyle, Card, Line, Priority, Text, Tone
from bot.core.messages.message import msg
from bot.proposals.kinds import ProposalKind


def stop_button(stop: ActionRef) -> Button:
    """Ends what takes long."""
    return Button(msg("Stop"), stop, style=ButtonStyle.DANGER)


def stopping_card(kind: ProposalKind, payload: Mapping[str, Any], by: str) -> Card:
    """Somebody wants no more of it, and what there is follows. by: who."""
    words = kind.words(payload)
    return Card(words.stopping, (_aside((msg("Stopped by {by}.", by=by), " ", words.then)),), Tone.INFO)


def below_card(kind: ProposalKind, payload: Mapping[str, Any]) -> Card:
    """In place of what said how far it was, once its files come in messages of their own."""
    return Card(kind.words(payload).done, (_aside((msg("It is in the message below."),)),), Tone.SUCCESS)


def part_card(number: int, parts: int) -> Card:
    """With each file after the first."""
    return Card(msg("Part {number} of {parts}", number=number, parts=parts), (), Tone.NEUTRAL)


def _aside(words: Line) -> Text:
    return Text(words, subtle=True, priority=Priority.ESSENTIAL)
