"""The second confirmation of a draw whose entries the credits do not cover. For one person alone: it tells
how far the credits go."""

from __future__ import annotations

from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Bold, Button, ButtonStyle, Card, Priority, Text, Tone, line
from bot.core.messages.message import Message, msg, nmsg


def partly_card(entries: int, covered: int | None, confirm: ActionRef, *, known: bool = True) -> Card:
    """Asks whether to draw among fewer than all. entries: how many there are at most, replies and
    reposters. covered: how many of them would be inspected, None for who must not learn the balance.
    known: whether Xquik said it at all."""
    lost = msg("Anybody who is not inspected cannot win, and what is inspected is charged.")
    yet = msg("Nothing is drawn yet. To draw among all, top up first and press Confirm again.")
    blocks = (
        Text(line(Bold(_reach(entries, covered, known)), " ", lost), priority=Priority.ESSENTIAL),
        Text(line(yet), subtle=True),
    )
    button = Button(msg("Draw among fewer"), confirm, style=ButtonStyle.DANGER)
    return Card(msg("Draw among fewer than all?"), blocks, Tone.DANGER, (button,))


def _reach(entries: int, covered: int | None, known: bool) -> Message:
    """How far the credits go."""
    if not known:
        return nmsg(
            "Xquik did not say whether the credits are enough for all entries, up to {n} reply or repost.",
            "Xquik did not say whether the credits are enough for all entries, up to {n} replies and "
            "reposts.",
            n=entries,
        )
    if covered is None:
        return nmsg(
            "The credits are not enough for all entries, up to {n} reply or repost.",
            "The credits are not enough for all entries, up to {n} replies and reposts.",
            n=entries,
        )
    return nmsg(
        "The credits are enough for {covered} of up to {n} reply or repost.",
        "The credits are enough for {covered} of up to {n} replies and reposts.",
        n=entries,
        covered=covered,
    )


def confirmed_partly_card() -> Card:
    """In place of that question, once it is answered."""
    said = Text(line(msg("The preview in the channel changes when it is done.")))
    return Card(msg("Drawing among as many as the credits cover…"), (said,), Tone.INFO)
