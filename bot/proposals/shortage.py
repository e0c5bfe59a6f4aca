"""The second confirmation of a draw whose entries the credits do not cover. For one person alone: it tells
how far the credits go."""

from __future__ import annotations

from bot.cards.figures import count, plural
from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Bold, Button, ButtonStyle, Card, Priority, Text, Tone, line


def partly_card(entries: int, covered: int | None, confirm: ActionRef, *, known: bool = True) -> Card:
    """Asks whether to draw among fewer than all. entries: how many there are at most, replies and
    reposters. covered: how many of them would be inspected, None for who must not learn the balance.
    known: whether Xquik said it at all."""
    most = f"up to {plural(entries, 'reply or repost', 'replies and reposts')}"
    if not known:
        said = f"Xquik did not say whether the credits are enough for all entries, {most}. "
    elif covered is None:
        said = f"The credits are not enough for all entries, {most}. "
    else:
        said = f"The credits are enough for {count(covered)} of {most}. "
    blocks = (
        Text(
            line(Bold(said), "Anybody who is not inspected cannot win, and what is inspected is charged."),
            priority=Priority.ESSENTIAL,
        ),
        Text(
            line("Nothing is drawn yet. To draw among all, top up first and press Confirm again."),
            subtle=True,
        ),
    )
    button = Button("Draw among fewer", confirm, style=ButtonStyle.DANGER)
    return Card("Draw among fewer than all?", blocks, Tone.DANGER, (button,))


def confirmed_partly_card() -> Card:
    """In place of that question, once it is answered."""
    said = Text(line("The preview in the channel changes when it is done."))
    return Card("Drawing among as many as the credits cover…", (said,), Tone.INFO)
