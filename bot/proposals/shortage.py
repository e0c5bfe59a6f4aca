"""The second confirmation of what the credits do not cover: a draw, an extraction. For one person alone: it
tells how far the credits go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

import msgspec

from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Bold, Button, ButtonStyle, Card, Priority, Text, Tone, line
from bot.core.messages.message import Message, msg, nmsg
from bot.core.x import prices

SayOfAll: TypeAlias = Callable[[int], Message]
"""Says something of so many."""
SayOfSome: TypeAlias = Callable[[int, int], Message]
"""The same, and how many of them the credits cover."""


class PartWords(msgspec.Struct, frozen=True, kw_only=True):
    """How it is asked whether a part is enough. price: credits of one of what is counted.

    title: of the question; lost: what a part means; yet, unsure: that nothing was done so far, and what is to
    be done first, where the credits are short and where nobody said; button: that accepts it; going: the
    title while it is done. unknown, short, reach: how far the credits go, of so many: not known, for who must
    not learn the balance, and (with how many are covered) for who may. none: where there are no credits at
    all.
    """

    price: int
    title: str
    lost: str
    yet: str
    unsure: str
    button: str
    going: str
    unknown: SayOfAll
    short: SayOfAll
    reach: SayOfSome
    none: str


def partly_card(
    words: PartWords, entries: int, covered: int | None, confirm: ActionRef, *, known: bool = True
) -> Card:
    """Asks whether to do less than all. entries: how many there are at most. covered: how many of them the
    credits cover, None for who must not learn the balance. known: whether Xquik said it at all."""
    if not known:
        reach = words.unknown(entries)
    else:
        reach = words.short(entries) if covered is None else words.reach(entries, covered)
    blocks = (
        Text(line(Bold(reach), " ", words.lost), priority=Priority.ESSENTIAL),
        Text(line(words.yet if known else words.unsure), subtle=True),
    )
    button = Button(words.button, confirm, style=ButtonStyle.DANGER)
    return Card(words.title, blocks, Tone.DANGER, (button,))


def confirmed_partly_card(words: PartWords) -> Card:
    """In place of that question, once it is answered."""
    said = Text(line(msg("The preview in the channel changes when it is done.")))
    return Card(words.going, (said,), Tone.INFO)


PART_OF_A_DRAW: Final = PartWords(
    price=prices.DRAW_PER_ENTRY,
    title=msg("Draw among fewer than all?"),
    lost=msg("Anybody who is not inspected cannot win, and what is inspected is charged."),
    yet=msg("Nothing is drawn yet. To draw among all, top up first and press Confirm again."),
    unsure=msg("Nothing is drawn yet. The credits could not be checked: press Confirm again in a minute."),
    button=msg("Draw among fewer"),
    going=msg("Drawing among as many as the credits cover…"),
    unknown=lambda entries: nmsg(
        "Xquik did not say whether the credits are enough for all entries, up to {n} reply or repost.",
        "Xquik did not say whether the credits are enough for all entries, up to {n} replies and reposts.",
        n=entries,
    ),
    short=lambda entries: nmsg(
        "The credits are not enough for all entries, up to {n} reply or repost.",
        "The credits are not enough for all entries, up to {n} replies and reposts.",
        n=entries,
    ),
    reach=lambda entries, covered: nmsg(
        "The credits are enough for {covered} of up to {n} reply or repost.",
        "The credits are enough for {covered} of up to {n} replies and reposts.",
        n=entries,
        covered=covered,
    ),
    none=msg("No credits are left, so no entry would be inspected. Nothing was drawn."),
)
"""Entries: replies and reposters."""

PART_OF_AN_EXTRACTION: Final = PartWords(
    price=1,
    title=msg("Collect only a part?"),
    lost=msg("Xquik ends it when the credits are used up; what it collected until then is kept and charged."),
    yet=msg("Nothing is collected yet. To collect all of it, top up first and press Confirm again."),
    unsure=msg(
        "Nothing is collected yet. The credits could not be checked: press Confirm again in a minute."
    ),
    button=msg("Collect a part"),
    going=msg("Collecting as much as the credits cover…"),
    unknown=lambda most: nmsg(
        "Xquik did not say whether the credits are enough for all of it, up to {n} credit.",
        "Xquik did not say whether the credits are enough for all of it, up to {n} credits.",
        n=most,
    ),
    short=lambda most: nmsg(
        "The credits are not enough for all of it, up to {n} credit.",
        "The credits are not enough for all of it, up to {n} credits.",
        n=most,
    ),
    reach=lambda most, covered: nmsg(
        "All of it may cost up to {n} credit, and {covered} are left.",
        "All of it may cost up to {n} credits, and {covered} are left.",
        n=most,
        covered=covered,
    ),
    none=msg("No credits are left. Nothing was collected."),
)
"""Credits."""
