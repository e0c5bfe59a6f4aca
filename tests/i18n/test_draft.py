"""`draft` is said whole in another language."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.proposals.cards import CONFIRM
from tests.features.edge import ref_of
from tests.features.harness import MEMBER, TEAM, BotHarness, open_house, with_accounts
from tests.i18n.strict import left_beyond_code

VALUES = "Launch Friday ready acme acme_news engagement Ada Tim Ben UTC news Account Draft post"


@pytest.fixture
async def two(tmp_path: Path, empty_bot: Path) -> AsyncIterator[BotHarness]:
    """A house with two connected X accounts."""
    async with open_house(tmp_path, empty_bot, config=with_accounts("acme", "acme_news")) as opened:
        yield opened


async def test_drafts_are_said_whole(two: BotHarness) -> None:
    for line in (
        "draft",
        'draft save "Launch Friday" topic:ready goal:engagement',
        "draft list",
        "draft show #1",
        "draft show #9",
        "draft show 999",
        "draft post #1",
        "draft post #1 account:acme",
        "draft delete #1",
        "draft delete #1",
    ):
        said = left_beyond_code(await two.say(line), f"{VALUES} draft account xyzzyq")
        assert said == set(), line


async def test_a_draft_of_somebody_else_is_said_whole(two: BotHarness) -> None:
    await two.say('draft save "Launch Friday"')
    await two.say('draft save "Launch Friday"', TEAM)
    for line in ("draft list", "draft show #1", "draft delete #1", "draft delete #2"):
        for actor in (MEMBER, TEAM):
            assert left_beyond_code(await two.say(line, actor), f"{VALUES} draft publish") == set(), line


async def test_the_buttons_of_a_draft_are_said_whole(two: BotHarness) -> None:
    saved = await two.say('draft save "Launch Friday"')
    asked = await two.press(saved, "Post…")
    assert left_beyond_code(asked, VALUES) == set()
    proposed = await two.press(asked.form.action, values={"account": "acme"})
    assert left_beyond_code(proposed, VALUES) == set()
    assert ref_of(proposed.card, "Confirm").name == CONFIRM
    assert left_beyond_code(await two.press(saved, "Delete"), VALUES) == set()


async def test_many_drafts_are_said_whole(two: BotHarness) -> None:
    for _ in range(12):
        await two.say('draft save "Launch Friday"')
    first = await two.say("draft list")
    assert left_beyond_code(first, VALUES) == set()
    assert left_beyond_code(await two.press(first, "Next"), VALUES) == set()
