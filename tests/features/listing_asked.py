"""A list that is asked for as a file, as people do."""

from __future__ import annotations

import csv
import io

from bot.core.chat.cards import Card
from bot.proposals import listing_files as reading
from tests.features.edge import Screen
from tests.features.harness import HERE, BotHarness

WHO = "cafe_luna"
FOLLOWERS = 3_120
BUTTON = "All as a file…"


async def asked(house: BotHarness, form: str = "csv", rows: str = "", who: str = WHO) -> Screen:
    """`user followers`, “All as a file…”, and the form sent."""
    listed = await house.say(f"user followers @{who}")
    opened = await house.press(listed, BUTTON)
    return await house.submit(opened, format=form, rows=rows)


def key_of(card: Card) -> str:
    """The proposal that a card is of."""
    refs = [button.action for button in card.buttons if button.action is not None]
    return next(ref.key for ref in refs if ref.name.startswith("pending.") or ref.name == reading.GO_ON)


async def ended(house: BotHarness, screen: Screen) -> Card:
    """How what is under way ended."""
    return await house.app.executor.outcome(HERE, key_of(screen.card))


def rows_of(content: bytes) -> list[dict[str, str]]:
    """A file of csv as people's programs read it."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


async def spent(house: BotHarness, before: int) -> int:
    """Credits since then."""
    return before - await house.credits()


async def confirmed(house: BotHarness, preview: Screen) -> Screen:
    """The same, after Confirm was pressed."""
    await house.press(preview, "Confirm")
    return preview
