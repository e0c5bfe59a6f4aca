"""What was paid for is shown, whatever cannot be stored behind it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.core.chat.cards import Quote
from bot.core.errors import StorageUnavailable
from bot.sandbox.world.articles import COMET_ID
from bot.xquik.models import Page, User
from bot.xquik.resources.users import UsersResource
from tests.features.edge import buttons, words
from tests.features.harness import HERE, TWEET, BotHarness
from tests.features.listing_asked import asked

ARTICLE = f"article show https://x.com/esa/status/{COMET_ID}"


async def away(*_: object, **__: object) -> Any:
    raise StorageUnavailable("the disk of the database is full", code="storage")


class _Full:
    """The database, on whose disk no answer has room any more."""

    write = staticmethod(away)

    def __init__(self, database: Any) -> None:
        self._database = database

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)


def keep_nothing(house: BotHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    """No answer can be kept; what is reserved and charged can."""
    answers = house.app.services.answers
    monkeypatch.setattr(answers, "_database", _Full(answers._database))


async def test_a_page_is_shown_where_its_buttons_cannot_be_kept(
    house: BotHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await house.credits()
    monkeypatch.setattr(house.app.services.states, "keep", away)
    shown = (await house.say("user followers cafe_luna")).card
    assert "Followers of @cafe_luna" in shown.title and "the disk of the database is full" in words(shown)
    assert not [one for one in buttons(shown) if one.action is not None]
    assert before - await house.credits() == 20


async def test_an_article_that_cannot_be_kept_is_read_once(
    house: BotHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await house.credits()
    keep_nothing(house, monkeypatch)
    shown = await house.say(ARTICLE)
    assert any(
        isinstance(block, Quote) and "A comet is a letter" in block.text for block in shown.card.blocks
    )
    assert shown.reply.files[0].name == f"article-{COMET_ID}.md"
    assert before - await house.credits() == 5


async def test_trends_that_cannot_be_kept_are_shown(
    house: BotHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_nothing(house, monkeypatch)
    assert "Istanbul" in (await house.say("trends region:Istanbul")).card.title


@pytest.mark.parametrize("line", [f"media get {TWEET}", f"media get {TWEET} 1893500000000000001"])
async def test_a_gallery_is_shown_where_its_row_cannot_be_written(
    house: BotHarness, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    monkeypatch.setattr(house.app.services.manifest, "done", away)
    shown = (await house.say(line)).card
    assert any(one.url and "/g" in one.url for one in buttons(shown))


async def test_a_download_that_fails_says_why_where_its_row_cannot_be_written(
    house: BotHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    for way in ("failed", "unknown"):
        monkeypatch.setattr(house.app.services.manifest, way, away)
    await house.fault(path="/x/media/download", status=402, code="insufficient_credits", times=1)
    assert (await house.say(f"media get {TWEET}")).failure.title == "Not enough Xquik credits"
    await house.fault(path="/x/media/download", answer_lost=True, times=1)
    assert (await house.say(f"media get {TWEET}")).failure.title == "The outcome is not known"


async def test_a_text_of_emoji_as_long_as_it_may_be_keeps_its_buttons(house: BotHarness) -> None:
    """Escaped it would be twelve times as long as a state may be."""
    shown = (await house.say(f"analyze score text:{'🚀' * 24_900}")).card
    assert "Score" in words(shown)
    assert "All as a file…" in [one.label for one in buttons(shown)]


async def test_half_a_character_is_kept_all_the_same(house: BotHarness) -> None:
    states = house.app.services.states
    for text in ("\ud83d", "a\x00b", "🚀"):
        key = await states.keep(HERE, "a", {"text": text}, lifetime=60.0)
        assert await states.recall(HERE, "a", key) == {"text": text}


async def test_rows_that_cannot_be_read_are_told_of_in_pages_and_files(
    house: BotHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    followers = UsersResource.followers

    async def odd(self: UsersResource, name: str, **how: Any) -> Page[User]:
        page = await followers(self, name, **how)
        return Page(page.items[2:], page.has_more, page.next_cursor, 2)

    monkeypatch.setattr(UsersResource, "followers", odd)
    said = "2 more rows came in a shape that cannot be read, and are left out."
    assert said in words((await house.say("user followers cafe_luna")).card)
    before = await house.credits()
    outcome = await house.confirm(await asked(house, rows="298"))
    # They are paid for: a second page for two others would cost more than was confirmed.
    assert "part of it as a file" in outcome.title and said in words(outcome)
    assert "What was confirmed covers no further page: 298 credits." in words(outcome)
    assert before - await house.credits() == 20 + 1 + 298 and "about 298 credits" in words(outcome)


async def test_a_page_of_a_file_that_cannot_be_stored_is_not_read_again(
    house: BotHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    preview = await asked(house, rows="300")
    before = await house.credits()
    pages = house.app.services.pages
    add, failures = pages.add, iter([True, True])

    async def full_at_first(*given: Any) -> bool:
        return await away() if next(failures, False) else await add(*given)

    monkeypatch.setattr(pages, "add", full_at_first)
    outcome = await house.confirm(preview)
    assert "300 profiles as a file" in outcome.title
    assert before - await house.credits() == 300
