"""A list that never ends, or ends early: what is free stops reading, and why is said in any language."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.core.chat import card_json
from bot.core.chat.cards import Card, line
from bot.core.commands.listing import Column, Listing, PageRows
from bot.core.messages.message import msg
from bot.features.shared import listing_whole
from tests.features.harness import BotHarness
from tests.features.listing_asked import asked, confirmed, ended
from tests.i18n.left_over import english_in_card

NAMES = "Followers of cafe_luna csv ada Ada credits show"


@pytest.fixture
async def sending(house: BotHarness) -> AsyncIterator[BotHarness]:
    """A house whose lanes deliver."""
    await house.app.relay.start()
    yield house


async def test_pages_without_anything_new_end_a_free_list() -> None:
    fetched = []

    async def fetch(_call: Any, _args: Any, cursor: str, _size: int) -> PageRows[str]:
        fetched.append(cursor)
        return PageRows(("a", "b") if len(fetched) == 1 else (), after=f"c{len(fetched)}")

    async def draw(*_: Any) -> tuple[()]:
        return ()

    endless: Listing[Any, str] = Listing(
        title=lambda _: msg("List"),
        fetch=fetch,
        identity=str,
        draw=draw,
        empty=lambda _: line(msg("Nothing.")),
        columns=(Column("name", str),),
    )
    call: Any = None
    assert [one async for one in listing_whole.items_of(call, endless, None)] == ["a", "b"]
    assert len(fetched) == 4


async def test_why_a_file_ends_early_is_said_in_any_language(sending: BotHarness) -> None:
    await sending.control("credits", body={"balance": 331})
    preview = await asked(sending, rows="500")
    outcome: Card = await ended(sending, await confirmed(sending, preview))
    assert "Not enough Xquik credits." in str(outcome.blocks)
    stored = card_json.decode(card_json.encode(outcome))
    assert english_in_card(stored, NAMES) == set()
